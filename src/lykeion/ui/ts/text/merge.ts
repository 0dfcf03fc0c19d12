// What an editor changed, put into the text as its author typed it: all the rest keeps every byte.
import { isBlank, isBlankPiece, isBlock, parsed, pieces, type Piece } from "./pieces";
import { same } from "./sameness";

const LARGEST = 1_000_000; // comparisons of children

/**
 * `source` with what leads from `before` to `after`. Both are what the editor makes of it: when it was opened, and now.
 * Where the three do not fit together, the smallest element around it is taken as the editor has it.
 */
export function merge(source: string, before: string, after: string): string {
  if (before === after) return source;
  const [old, fresh] = [parsed(before), parsed(after)];
  const merged = new Merger(source).children(pieces(source), old, fresh);
  return merged !== undefined && same(merged, after) ? merged : after;
}

class Merger {
  constructor(private readonly source: string) {}

  /** What lies inside of `one` now; undefined where its parts cannot be told apart. */
  children(one: Piece, old: Element, fresh: Element): string | undefined {
    if (one.whole) return undefined;
    const loose = this.isLoose(one);
    const own = one.children.filter((child) => !loose || !isBlankPiece(this.source, child));
    const were = nodes(old, loose);
    if (own.length !== were.length || own.some((child, index) => !fits(child, were[index] as Node))) return undefined;
    return new Row(this.source, this, one, own, were, nodes(fresh, loose), loose).text();
  }

  /** One node that was there before and still is, in some form. */
  node(one: Piece, old: Node, fresh: Node): string {
    if (written(old) === written(fresh)) return this.source.slice(one.start, one.end);
    if (one.kind !== "element") return this.inWaysOf(one, written(fresh));
    const inside = this.children(one, old as Element, fresh as Element);
    if (inside === undefined) return written(fresh);
    const [start, end] = tags(fresh as Element);
    const kept = tags(old as Element)[0] === start;
    const closing = this.source.slice(one.innerEnd, one.end);
    return `${kept ? this.source.slice(one.start, one.innerStart) : start}${inside}${kept || closing ? closing : end}`;
  }

  /** A no-break space is written as it was here. */
  private inWaysOf(one: Piece, text: string): string {
    const was = this.source.slice(one.start, one.end);
    return was.includes("\u00a0") && !was.includes("&nbsp;") ? text.replaceAll("&nbsp;", "\u00a0") : text;
  }

  /** Whether the spaces between its children mean nothing. */
  private isLoose(one: Piece): boolean {
    return one.children.every((child) => (child.kind === "element" ? isBlock(child.name) : child.kind === "comment" || isBlankPiece(this.source, child)));
  }
}

/** The children of one element, brought together. */
class Row {
  private out = "";
  private last = -1;

  constructor(
    private readonly source: string,
    private readonly merger: Merger,
    private readonly parent: Piece,
    private readonly own: Piece[],
    private readonly old: Node[],
    private readonly fresh: Node[],
    private readonly loose: boolean,
  ) {}

  text(): string {
    const partner = pairs(this.old, this.fresh);
    this.fresh.forEach((node, index) => this.put(node, partner[index] ?? -1));
    const end = this.own[this.own.length - 1];
    return this.out + (this.loose ? this.source.slice(end?.end ?? this.parent.innerStart, this.parent.innerEnd) : "");
  }

  private put(node: Node, place: number): void {
    const one = this.own[place];
    if (this.loose) this.out += this.gap(place);
    this.out += one ? this.merger.node(one, this.old[place] as Node, node) : written(node);
    this.last = one ? place : this.own.length;
  }

  /** The spaces before a child: its own where it follows whom it followed, else those that are usual here. */
  private gap(place: number): string {
    if (place >= 0 && this.last === place - 1) return this.before(place);
    if (!this.out && this.last < 0) return this.before(0);
    const usual = this.own.map((_, index) => this.before(index)).find((blank, index) => index > 0 && blank);
    return usual ?? (this.before(0) || "\n");
  }

  private before(place: number): string {
    const one = this.own[place];
    if (!one) return "";
    return this.source.slice(this.own[place - 1]?.end ?? this.parent.innerStart, one.start);
  }
}

/** For each of `fresh` the place of the one of `old` that it was, if it is one. */
function pairs(old: Node[], fresh: Node[]): (number | undefined)[] {
  const [were, are] = [old.map(written), fresh.map(written)];
  const partner = common(were, are);
  let [i, j] = [0, 0];
  for (let end = 0; end <= are.length; end++) {
    const match = end === are.length ? were.length : partner[end];
    if (match === undefined) continue;
    for (; j < end && i < match; i++, j++) {
      while (i < match && old[i]?.nodeName !== fresh[j]?.nodeName) i++;
      if (i < match) partner[j] = i;
    }
    [i, j] = [match + 1, end + 1];
  }
  return partner;
}

/** The longest row of equal texts, as places in `were` by places in `are`. */
function common(were: string[], are: string[]): (number | undefined)[] {
  const partner: (number | undefined)[] = new Array(are.length).fill(undefined);
  let start = 0;
  while (start < Math.min(were.length, are.length) && were[start] === are[start]) partner[start] = start++;
  let [i, j] = [were.length, are.length];
  while (i > start && j > start && were[i - 1] === are[j - 1]) partner[--j] = --i;
  const [high, wide] = [i - start, j - start];
  if (!high || !wide || high * wide > LARGEST) return partner;
  const lengths = Array.from({ length: high + 1 }, () => new Uint32Array(wide + 1));
  const at = (row: number, column: number): number => lengths[row]?.[column] ?? 0;
  for (let row = high - 1; row >= 0; row--)
    for (let column = wide - 1; column >= 0; column--)
      (lengths[row] as Uint32Array)[column] = were[start + row] === are[start + column] ? at(row + 1, column + 1) + 1 : Math.max(at(row + 1, column), at(row, column + 1));
  for (let row = 0, column = 0; row < high && column < wide; ) {
    if (were[start + row] === are[start + column]) partner[start + column++] = start + row++;
    else if (at(row + 1, column) >= at(row, column + 1)) row++;
    else column++;
  }
  return partner;
}

function nodes(element: Element, loose: boolean): Node[] {
  return [...element.childNodes].filter((node) => !loose || node.nodeType !== Node.TEXT_NODE || !isBlank(node.nodeValue ?? ""));
}

function fits(one: Piece, node: Node): boolean {
  if (one.kind === "element") return node.nodeName.toLowerCase() === one.name;
  return node.nodeType === (one.kind === "comment" ? Node.COMMENT_NODE : Node.TEXT_NODE);
}

/** A node as HTML. */
function written(node: Node): string {
  if (node.nodeType === Node.ELEMENT_NODE) return (node as Element).outerHTML;
  const holder = (node.ownerDocument as Document).createElement("div");
  holder.append(node.cloneNode());
  return holder.innerHTML;
}

function tags(element: Element): [string, string] {
  const end = `</${element.localName}>`;
  const bare = (element.cloneNode(false) as Element).outerHTML;
  return [bare.endsWith(end) ? bare.slice(0, -end.length) : bare, end];
}
