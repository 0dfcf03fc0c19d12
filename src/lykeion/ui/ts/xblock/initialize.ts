import jQuery from "jquery";
import { ASIDE, BLOCK, domElement, initArgs, type ElementLike } from "./dom";
import { sayFailed } from "./failed";
import { remember, startedBlock, type StartedBlock } from "./registry";

const RETRY_MS = 100;
const RETRIES = 50;
const OF_AUTHORS = ".xblock-studio_view, .xblock-author_view"; // Studio of Open edX gives these their element in jQuery
const gone = new WeakSet<Element>();

/** Starts one block, after those inside it. Starting it again gives the same object. */
function initializeBlock(given: ElementLike): StartedBlock | undefined {
  const wrapper = domElement(given);
  initializeBlocks(wrapper);
  return start(wrapper, [initArgs(wrapper)]);
}

/** Starts every block below `given` (and the one it is), the innermost first; then the asides. */
function initializeBlocks(given: ElementLike): void {
  const root = domElement(given);
  const blocks = within(root, BLOCK).filter((wrapper) => !wrapper.matches(ASIDE));
  for (const wrapper of blocks.reverse()) start(wrapper, [initArgs(wrapper)]);
  initializeAsides(root);
}

function initializeAsides(given: ElementLike): void {
  for (const wrapper of within(domElement(given), ASIDE)) initializeAside(wrapper);
}

/** Starts an aside; its function also gets the block it stands beside, wrapped in jQuery. */
function initializeAside(given: ElementLike): StartedBlock | undefined {
  const wrapper = domElement(given);
  return start(wrapper, [jQuery(blockBeside(wrapper)), initArgs(wrapper)]);
}

function within(root: HTMLElement, selector: string): HTMLElement[] {
  const below = [...root.querySelectorAll<HTMLElement>(selector)];
  return root.matches(selector) ? [root, ...below] : below;
}

function blockBeside(aside: HTMLElement): Element | undefined {
  const id = CSS.escape(aside.dataset.blockId ?? "");
  const named = `[data-usage-id="${id}"]:not(${ASIDE})`;
  return aside.parentElement?.querySelector(`:scope > ${named}`) ?? document.querySelector(named) ?? undefined;
}

function start(wrapper: HTMLElement, args: unknown[], retries = RETRIES): StartedBlock | undefined {
  const known = startedBlock(wrapper);
  if (known) return known;
  const name = wrapper.dataset.init;
  if (!name) return keep(wrapper, {});
  const initialize: unknown = window[name];
  if (typeof initialize === "function") return keep(wrapper, call(wrapper, initialize, args));
  later(wrapper, name, args, retries);
  return undefined;
}

/** Scripts that came with a swap may still be on their way. */
function later(wrapper: HTMLElement, name: string, args: unknown[], retries: number): void {
  if (gone.has(wrapper) && retries === RETRIES) return;
  gone.add(wrapper);
  if (retries === 0) return failed(wrapper, `asks for the function ${name}, which no script brought`);
  setTimeout(() => document.contains(wrapper) && start(wrapper, args, retries - 1), RETRY_MS);
}

/** Blocks' start functions are plain functions or constructors; `new` serves both, except for arrows. */
function call(wrapper: HTMLElement, initialize: Function, args: unknown[]): unknown {
  const Runtime = window[wrapper.dataset.runtimeClass ?? "LmsRuntime"]?.[`v${wrapper.dataset.runtimeVersion ?? "1"}`];
  if (!Runtime) return failed(wrapper, `asks for the unknown runtime ${wrapper.dataset.runtimeClass}`);
  const element = wrapper.matches(OF_AUTHORS) ? jQuery(wrapper) : wrapper;
  try {
    return initialize.prototype ? Reflect.construct(initialize, [new Runtime(wrapper), element, ...args]) : initialize(new Runtime(wrapper), element, ...args);
  } catch (error) {
    return failed(wrapper, `failed to start in ${initialize.name}`, error);
  }
}

function failed(wrapper: HTMLElement, what: string, error?: unknown): void {
  console.error(`The block ${wrapper.dataset.usageId} ${what}`, ...(error === undefined ? [] : [error]));
  sayFailed(wrapper);
}

function keep(wrapper: HTMLElement, made: unknown): StartedBlock {
  const object = typeof made === "object" && made !== null ? (made as Record<string, unknown>) : {};
  const block = Object.assign(object, { element: wrapper, name: wrapper.dataset.name, type: wrapper.dataset.blockType });
  remember(wrapper, block);
  wrapper.classList.add("xblock-initialized");
  wrapper.dispatchEvent(new CustomEvent("xblock-initialized", { bubbles: true }));
  return block;
}

export const XBlock = { initializeBlock, initializeBlocks, initializeAside, initializeAsides, initializeXBlocks: initializeBlocks };
export type XBlockWorld = typeof XBlock;
