/** One way to put an answer together. */
export interface Composer {
  /** Sets the controls to an answer; `undefined` for none. */
  read(answer: unknown): void;
  /** The answer that the controls say now; `undefined` for none. */
  value(): unknown;
}

/** Begins on a form; `changed` is to be called when a control changed without an event of its own. */
export type Compose = (form: HTMLElement, settings: DOMStringMap, changed: () => void) => Composer;

type Fields = Record<string, unknown>;

export function asObject(value: unknown): Fields {
  return typeof value === "object" && value !== null && !Array.isArray(value) ? (value as Fields) : {};
}

export function asText(value: unknown): string {
  return typeof value === "string" || typeof value === "number" ? String(value) : "";
}

export function asList(value: unknown): unknown[] {
  return Array.isArray(value) ? value : [];
}

export function all<T extends HTMLElement>(form: HTMLElement, selector: string): T[] {
  return [...form.querySelectorAll<T>(selector)];
}

export function one<T extends Element>(form: HTMLElement, selector: string): T {
  const found = form.querySelector<T>(selector);
  if (!found) throw new Error(`The form has no ${selector}`);
  return found;
}

/** A shape for a drawing. */
export function shape(name: string, attributes: Record<string, string | number>, text = ""): SVGElement {
  const element = document.createElementNS("http://www.w3.org/2000/svg", name);
  for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, String(value));
  element.textContent = text;
  return element;
}
