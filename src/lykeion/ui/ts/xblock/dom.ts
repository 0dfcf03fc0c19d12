// How blocks find each other in the page. An element may come wrapped in jQuery.

/** What blocks pass as "element": a DOM element, or a jQuery object around one. */
export type ElementLike = Element | JQueryLike;

export const BLOCK = ".xblock, .xblock-v1";
export const ASIDE = ".xblock_asides-v1";

export function domElement(given: ElementLike): HTMLElement {
  const element = given instanceof Element ? given : given[0];
  if (!(element instanceof HTMLElement)) throw new Error("The runtime was asked about an element that is not in the page");
  return element;
}

/** The wrapper of the block or aside that `element` is, or is in. */
export function wrapperOf(given: ElementLike): HTMLElement {
  const wrapper = domElement(given).closest<HTMLElement>(`${BLOCK}, ${ASIDE}`);
  if (!wrapper) throw new Error("The runtime was asked about an element that is in no block");
  return wrapper;
}

/** The blocks below `element` with no other block between. */
export function childWrappers(element: Element): HTMLElement[] {
  return [...element.querySelectorAll<HTMLElement>(BLOCK)].filter((found) => found.parentElement?.closest(BLOCK) === element);
}

/** The JSON the server handed to the block's start function; undefined when it handed none. */
export function initArgs(wrapper: Element): unknown {
  const script = [...wrapper.children].find((child) => child.matches(".xblock-json-init-args, .xblock_json_init_args"));
  return script?.textContent ? JSON.parse(script.textContent) : undefined;
}
