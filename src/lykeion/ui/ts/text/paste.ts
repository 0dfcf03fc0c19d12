// What comes from a word processor or a web page, reduced to what it says.
import { parsed } from "./pieces";

const KEPT = new Set("p h1 h2 h3 h4 h5 h6 ul ol li dl dt dd table caption thead tbody tfoot tr th td a img strong em u s sub sup code pre blockquote br hr figure figcaption kbd abbr cite q del ins mark time".split(" "));
const DROPPED = new Set("script style meta link title xml head noscript template iframe object embed form input button select textarea svg math canvas audio video".split(" "));
const ATTRIBUTES: Record<string, string[]> = { a: ["href", "title"], img: ["src", "alt", "width", "height"], td: ["colspan", "rowspan"], th: ["colspan", "rowspan", "scope"], ol: ["start", "type"], abbr: ["title"], time: ["datetime"] };
const RENAMED: Record<string, string> = { b: "strong", i: "em", strike: "s", center: "p", big: "strong" };
const BLOCKS = "p, h1, h2, h3, h4, h5, h6, ul, ol, table, blockquote, pre, div, figure, hr, dl";

export interface Pasted {
  html: string;
  /** Pictures that are on the computer only, and did not come along. */
  pictures: number;
}

export function cleaned(html: string): Pasted {
  const body = parsed(html.replace(/<!\[(?:end)?if[^\]]*\]>|<\?xml[^>]*>/gi, ""));
  for (const one of body.querySelectorAll("*")) if (DROPPED.has(one.localName) || one.localName.includes(":") && !one.textContent?.trim()) one.remove();
  removeComments(body);
  for (const one of body.querySelectorAll<HTMLElement>("[style*='mso-list']")) mark(one);
  wordLists(body);
  for (const one of [...body.querySelectorAll<HTMLElement>("*")]) meant(one);
  const pictures = localPictures(body);
  for (const one of [...body.querySelectorAll<HTMLElement>("*")].reverse()) reduce(one);
  for (const one of body.querySelectorAll("p, strong, em, li")) if (!one.textContent?.trim() && !one.querySelector("img, br, table, hr")) one.remove();
  return { html: body.innerHTML.trim(), pictures };
}

function removeComments(body: HTMLElement): void {
  const walker = body.ownerDocument.createTreeWalker(body, NodeFilter.SHOW_COMMENT);
  const found: Node[] = [];
  while (walker.nextNode()) found.push(walker.currentNode);
  for (const one of found) (one as Comment).remove();
}

/** Word writes the sign of a list item as text; we keep what kind of sign it is. */
function mark(one: HTMLElement): void {
  const style = one.getAttribute("style") ?? "";
  if (/mso-list:\s*ignore/i.test(style)) {
    const item = one.closest<HTMLElement>("p, h1, h2, h3, h4, h5, h6");
    if (item) item.dataset.sign = (one.textContent ?? "").trim();
    one.remove();
  }
}

const level = (one: Element): number => Number(/mso-list:[^;]*\blevel(\d+)/i.exec(one.getAttribute("style") ?? "")?.[1] ?? 0);

/** Paragraphs of Word that are items of lists become lists. */
function wordLists(body: HTMLElement): void {
  let lists: HTMLElement[] = [];
  let last: Element | null = null;
  for (const one of [...body.querySelectorAll<HTMLElement>("p")]) {
    const depth = level(one);
    if (!depth) continue;
    if (!last || last.nextElementSibling !== one) lists = [];
    while (lists.length > depth) lists.pop();
    while (lists.length < depth) lists.push(newList(body, one, lists));
    const item = body.ownerDocument.createElement("li");
    item.append(...one.childNodes);
    (lists[depth - 1] as HTMLElement).append(item);
    last = lists[0] as Element;
    one.remove();
  }
}

function newList(body: HTMLElement, before: HTMLElement, lists: HTMLElement[]): HTMLElement {
  const numbered = /^\(?(\d+|[a-z]{1,4})[.)]/i.test(before.dataset.sign ?? "");
  const list = body.ownerDocument.createElement(numbered ? "ol" : "ul");
  const above = lists[lists.length - 1];
  if (!above) before.before(list);
  else (above.lastElementChild ?? above.appendChild(body.ownerDocument.createElement("li"))).append(list);
  return list;
}

/** Looks that mean something become elements that do. */
function meant(one: HTMLElement): void {
  const name = one.localName;
  const style = one.getAttribute("style") ?? "";
  const heavy = /(^|[;\s])font-weight:\s*(bold|[6-9]00)/i.test(style);
  const slanted = /(^|[;\s])font-style:\s*italic/i.test(style);
  if (/^MsoTitle$/i.test(one.className)) return void rename(one, "h2");
  if (name === "span" || name === "font") {
    const wrap = [heavy && !one.closest("h1, h2, h3, h4, h5, h6, strong") ? "strong" : "", slanted && !one.closest("em") ? "em" : ""].filter(Boolean);
    for (const tag of wrap) surround(one, tag);
  }
  if ((name === "b" || name === "strong") && /(^|[;\s])font-weight:\s*(normal|400)/i.test(style)) one.replaceWith(...one.childNodes);
}

function surround(one: HTMLElement, tag: string): void {
  const made = one.ownerDocument.createElement(tag);
  made.append(...one.childNodes);
  one.append(made);
}

function localPictures(body: HTMLElement): number {
  const away = [...body.querySelectorAll<HTMLImageElement>("img")].filter((one) => !/^(https?:|data:image\/|blob:|\/)/i.test(one.getAttribute("src") ?? ""));
  for (const one of away) one.remove();
  return away.length;
}

function reduce(one: HTMLElement): void {
  const name = RENAMED[one.localName];
  if (name) return reduce(rename(one, name));
  if (one.localName === "div" && !one.querySelector(BLOCKS)) return reduce(rename(one, "p"));
  const empty = one.localName === "a" && !one.hasAttribute("href");
  if (!KEPT.has(one.localName) || empty) return one.replaceWith(...one.childNodes);
  const kept = ATTRIBUTES[one.localName] ?? [];
  for (const { name: attribute, value } of [...one.attributes]) {
    const risky = /^(href|src)$/.test(attribute) && !leadsOn(value, attribute);
    if (risky || !(kept.includes(attribute) || attribute === "lang" || attribute === "dir")) one.removeAttribute(attribute);
  }
}

/** Whether an address shows or opens something, and runs nothing. Browsers leave out controls and spaces in schemes. */
function leadsOn(address: string, attribute: string): boolean {
  const bare = address.replace(/[\u0000-\u0020]/g, "");
  return /^(https?|mailto|tel|ftp):|^[^:]*([/?#]|$)/i.test(bare) || (attribute === "src" && /^(data:image\/|blob:)/i.test(bare));
}

function rename(one: HTMLElement, name: string): HTMLElement {
  const made = one.ownerDocument.createElement(name);
  for (const { name: attribute, value } of [...one.attributes]) made.setAttribute(attribute, value);
  made.append(...one.childNodes);
  one.replaceWith(made);
  return made;
}
