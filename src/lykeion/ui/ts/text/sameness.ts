// Whether two texts say the same, whatever spaces and quotes they are written with.
import { isBlank, isBlock, parsed } from "./pieces";

/** The names of what `after` has otherwise than `before`; nothing when a reader could not tell them apart. */
export function lost(before: string, after: string): string[] {
  const [old, fresh] = [told(wrapped(before)), told(wrapped(after))];
  const names = new Set<string>();
  const left = counted(fresh);
  for (const one of old) {
    const count = left.get(one) ?? 0;
    if (count) left.set(one, count - 1);
    else names.add(one);
  }
  if (!names.size && old.join("\n") !== fresh.join("\n")) names.add("…");
  return [...names].map((one) => (one.startsWith("<") ? one : `“${one.slice(0, 40)}”`));
}

export const same = (one: string, other: string): boolean => !lost(one, other).length && !lost(other, one).length;

function counted(all: string[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const one of all) counts.set(one, (counts.get(one) ?? 0) + 1);
  return counts;
}

/** Bare text at the top is a paragraph to an editor. */
function wrapped(html: string): HTMLElement {
  const body = parsed(html);
  let run: ChildNode[] = [];
  const done = (): void => {
    const blank = (node: Node): boolean => node.nodeType === Node.TEXT_NODE && isBlank(node.nodeValue ?? "");
    if (!run.every((node) => node.nodeType === Node.COMMENT_NODE || blank(node))) {
      const kept = run.slice(run.findIndex((node) => !blank(node)), run.findLastIndex((node) => !blank(node)) + 1);
      const made = body.ownerDocument.createElement("p");
      (kept[0] as ChildNode).before(made);
      made.append(...kept);
    }
    run = [];
  };
  for (const node of [...body.childNodes]) {
    if (node.nodeType === Node.ELEMENT_NODE && isBlock(node.nodeName.toLowerCase())) done();
    else run.push(node);
  }
  done();
  return body;
}

/** Tags with their attributes in order, texts without spaces (an empty block holds one in editors). */
function told(element: Element): string[] {
  const words: string[] = [];
  for (const node of element.childNodes) {
    if (node.nodeType === Node.COMMENT_NODE) words.push(`<!--${node.nodeValue ?? ""}-->`);
    else if (node.nodeType === Node.TEXT_NODE) words.push((node.nodeValue ?? "").replace(/\s+/g, ""));
    else if (!isLastBreak(node)) words.push(tag(node as Element), ...inside(node as Element), `</${node.nodeName.toLowerCase()}>`);
  }
  return words.filter(Boolean);
}

/** What stands in a frame is for browsers that have none. */
const inside = (element: Element): string[] => (element.localName === "iframe" ? [] : told(element));

/** A break before the end of a block shows nothing. */
function isLastBreak(node: Node): boolean {
  const after = [...(node.parentNode?.childNodes ?? [])];
  const rest = after.slice(after.indexOf(node as ChildNode) + 1);
  return node.nodeName === "BR" && isBlock(node.parentNode?.nodeName.toLowerCase() ?? "") && rest.every((one) => one.nodeType === Node.TEXT_NODE && isBlank(one.nodeValue ?? ""));
}

function tag(element: Element): string {
  const attributes = [...element.attributes].filter((one) => one.value !== "" || !["class", "style"].includes(one.name)).map((one) => `${one.name}=${attribute(element, one)}`);
  return `<${[element.nodeName.toLowerCase(), ...attributes.sort()].join(" ")}>`;
}

function attribute(element: Element, { name, value }: Attr): string {
  if (name === "class") return value.trim().split(/\s+/).join(" ");
  if (name !== "style") return value.trim();
  return (element as HTMLElement).style.cssText || value.trim();
}
