/** A block whose start function has run: whatever that returned, with its name, type and element on it. */
export interface StartedBlock {
  type: string | undefined;
  name: string | undefined;
  element: HTMLElement;
  runtime?: unknown;
  [member: string]: unknown;
}

const started = new WeakMap<Element, StartedBlock>();

export function startedBlock(wrapper: Element): StartedBlock | undefined {
  return started.get(wrapper);
}

export function remember(wrapper: HTMLElement, block: StartedBlock): void {
  started.set(wrapper, block);
}
