// HTML as its author typed it, cut into the elements and texts it is made of, each with its place in the text.

export interface Piece {
  kind: "element" | "text" | "comment";
  /** Lower case; "" for texts and comments. */
  name: string;
  start: number;
  end: number;
  /** What lies between the tags. */
  innerStart: number;
  innerEnd: number;
  children: Piece[];
  /** Not as a browser reads it (a tag left out, say): only to be taken as a whole. */
  whole: boolean;
}

const VOID = new Set("area base br col embed hr img input link meta param source track wbr".split(" "));
const RAW = new Set("script style textarea title iframe xmp noembed noframes".split(" "));
const BLOCK = new Set("address article aside blockquote body caption center col colgroup dd details dialog div dl dt fieldset figcaption figure footer form h1 h2 h3 h4 h5 h6 header hr legend li main menu nav ol p pre section summary table tbody td tfoot th thead tr ul".split(" "));
/** Elements whose end may be left out, and whose beginning ends them (HTML standard, 13.1.2.4); "" is any block. */
const ENDED: Record<string, string[]> = { p: [""], li: ["li"], dt: ["dt", "dd"], dd: ["dt", "dd"], tr: ["tr", "tbody", "tfoot"], td: ["td", "th", "tr"], th: ["td", "th", "tr"], tbody: ["tbody", "tfoot"], thead: ["tbody", "tfoot"], option: ["option", "optgroup"] };
const MARK = /<!--[\s\S]*?-->|<\/([a-zA-Z][^\s/>]*)[^>]*>|<([a-zA-Z][^\s/>]*)((?:"[^"]*"|'[^']*'|[^'">])*)>/g;

export const parsed = (html: string): HTMLElement => new DOMParser().parseFromString(`<!doctype html><body>${html}`, "text/html").body;
export const isBlock = (name: string): boolean => BLOCK.has(name);

/** All of `html` as one piece that has no tags of its own; bare text in it becomes paragraphs without tags. */
export function pieces(html: string): Piece {
  const root = piece("element", "body", 0, html.length, 0, html.length);
  cut(html, root);
  check(html, root, parsed(html));
  if (!root.whole) root.children = paragraphs(html, root.children);
  return root;
}

function piece(kind: Piece["kind"], name: string, start: number, end: number, innerStart = start, innerEnd = end): Piece {
  return { kind, name, start, end, innerStart, innerEnd, children: [], whole: false };
}

function cut(html: string, root: Piece): void {
  const open = [root];
  let at = 0;
  const top = (): Piece => open[open.length - 1] as Piece;
  const text = (end: number): void => void (end > at && top().children.push(piece("text", "", at, end)));
  MARK.lastIndex = 0;
  for (let found = MARK.exec(html); found; found = MARK.exec(html)) {
    const [all, closing, opening, rest = ""] = found;
    const end = found.index + all.length;
    text(found.index);
    at = end;
    if (closing) shut(open, closing.toLowerCase(), found.index, end);
    else if (!opening) top().children.push(piece("comment", "", found.index, end));
    else at = MARK.lastIndex = begin(html, open, opening.toLowerCase(), rest, found.index, end);
  }
  text(html.length);
  for (const left of open.splice(1)) {
    leave(left, html.length);
    root.whole ||= left.whole;
  }
}

/** An opening tag; where reading goes on. */
function begin(html: string, open: Piece[], name: string, rest: string, start: number, end: number): number {
  for (let top = open[open.length - 1] as Piece; endedBy(top.name, name); top = open[open.length - 1] as Piece) leave(open.pop() as Piece, start);
  const made = piece("element", name, start, end, end, end);
  (open[open.length - 1] as Piece).children.push(made);
  if (VOID.has(name)) return end;
  if (!RAW.has(name)) {
    if (rest.endsWith("/")) made.whole = true; // a browser does not close it there
    open.push(made);
    return end;
  }
  const close = new RegExp(`</${name}[^>]*>`, "ig");
  close.lastIndex = end;
  const found = close.exec(html);
  made.innerEnd = found ? found.index : html.length;
  made.end = found ? close.lastIndex : html.length;
  made.whole = true;
  return made.end;
}

function shut(open: Piece[], name: string, start: number, end: number): void {
  const place = open.findLastIndex((one, index) => index > 0 && one.name === name);
  if (place < 0) {
    (open[open.length - 1] as Piece).whole = true;
    return;
  }
  for (const left of open.splice(place + 1)) {
    leave(left, start);
    if (left.whole) (open[place] as Piece).whole = true;
  }
  const closed = open.pop() as Piece;
  closed.innerEnd = start;
  closed.end = end;
}

const endedBy = (open: string, name: string): boolean => (ENDED[open] ?? []).some((one) => (one ? one === name : BLOCK.has(name)));

/** An element that has no end tag ends at `end`. */
function leave(left: Piece, end: number): void {
  left.whole ||= !(left.name in ENDED);
  left.innerEnd = left.end = end;
}

/** Marks what a browser reads otherwise than we did. */
function check(html: string, one: Piece, element: Element): void {
  const there = [...element.childNodes];
  if (!one.whole && (there.length !== one.children.length || one.children.some((child, index) => !alike(html, child, there[index] as Node)))) one.whole = true;
  if (one.whole) one.children = [];
  one.children.forEach((child, index) => child.kind === "element" && check(html, child, there[index] as Element));
}

function alike(html: string, one: Piece, node: Node): boolean {
  if (one.kind === "element") return node.nodeName.toLowerCase() === one.name;
  if (one.kind === "comment") return node.nodeType === Node.COMMENT_NODE;
  return node.nodeType === Node.TEXT_NODE && isBlank(html.slice(one.start, one.end)) === isBlank(node.nodeValue ?? "");
}

/** Texts and inline elements that follow each other at the top are the paragraph that an editor makes of them. */
function paragraphs(html: string, children: Piece[]): Piece[] {
  const made: Piece[] = [];
  let run: Piece[] = [];
  const done = (): void => {
    const first = run.findIndex((one) => !isBlankPiece(html, one));
    const last = run.findLastIndex((one) => !isBlankPiece(html, one));
    if (run.every((one) => one.kind === "comment" || isBlankPiece(html, one))) made.push(...run);
    else made.push(...run.slice(0, first), around(run.slice(first, last + 1)), ...run.slice(last + 1));
    run = [];
  };
  for (const child of children) {
    if (child.kind === "element" && isBlock(child.name)) {
      done();
      made.push(child);
    } else run.push(child);
  }
  done();
  return made;
}

function around(run: Piece[]): Piece {
  const [start, end] = [(run[0] as Piece).start, (run[run.length - 1] as Piece).end];
  return { ...piece("element", "p", start, end), children: run };
}

export const isBlank = (text: string): boolean => !/[^ \t\n\r\f]/.test(text);
export const isBlankPiece = (html: string, one: Piece): boolean => one.kind === "text" && isBlank(html.slice(one.start, one.end));
