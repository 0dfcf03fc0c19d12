import { childWrappers, domElement, wrapperOf, type ElementLike } from "./dom";
import { startedBlock, type StartedBlock } from "./registry";

type Listener = (name: string, data: unknown) => void;

/** The client side of the XBlock runtime, version 1: what a block's start function gets as `runtime`. */
export class LmsRuntime {
  /** In a frame: tells the page around it as well. */
  static told: Listener | undefined;
  private static readonly listeners = new Map<string, Set<Listener>>();

  constructor(readonly element: HTMLElement) {}

  /** The address of a handler of the block that `element` belongs to. */
  handlerUrl = (element: ElementLike, handler: string, suffix = "", query = "", thirdParty = false): string => {
    const wrapper = wrapperOf(element);
    const prefix = wrapper.dataset.handlerPrefix;
    if (!prefix) throw new Error(`The block ${wrapper.dataset.usageId ?? ""} has no data-handler-prefix, so it has no handlers`);
    const open = thirdParty ? prefix.replace(/\/handler$/, "/handler_noauth") : prefix;
    const path = [open, handler, suffix && suffix.replace(/^\//, "")].filter(Boolean).join("/");
    return query ? `${path}?${query.replace(/^\?/, "")}` : path;
  };

  /** The started blocks directly below `element`, in the order of the page. */
  children = (element: ElementLike): StartedBlock[] =>
    childWrappers(domElement(element)).map(startedBlock).filter((block) => block !== undefined);

  /** The child of that name; undefined when there is none. */
  childMap = (element: ElementLike, name: string): StartedBlock | undefined =>
    this.children(element).find((child) => child.name === name);

  /** Tells everybody who listens, on this page, that something happened in this block. */
  notify = (name: string, data?: unknown): void => {
    this.element.dispatchEvent(new CustomEvent(`xblock:${name}`, { bubbles: true, detail: data }));
    for (const listener of LmsRuntime.listeners.get(name) ?? []) listener(name, data);
    LmsRuntime.told?.(name, data);
  };

  listenTo = (name: string, listener: Listener): void => {
    const known = LmsRuntime.listeners.get(name) ?? new Set();
    LmsRuntime.listeners.set(name, known.add(listener));
  };

  stopListening = (name: string, listener: Listener): void => {
    LmsRuntime.listeners.get(name)?.delete(listener);
  };

  /** Fetches the page's copy of a block anew; here the page itself is the copy. */
  refreshXBlock = (_element: ElementLike): void => location.reload();
}
