import { distance, endsOf, GRID, isWire, key, liesWithin, partsOf, same, wire, wiresOf, type Diagram, type Item, type Wire } from "./diagram";
import { freeName } from "./netlist";
import { boxOf, newPart, terminalsOf, type Box, type Part, type Point } from "./parts";

/** The circuit after an edit, and what is selected in it. */
export interface Edit {
  diagram: Diagram;
  selected: ReadonlySet<Item>;
}

export function snapped([x, y]: Point): Point {
  return [Math.round(x / GRID) * GRID, Math.round(y / GRID) * GRID];
}

export function placedNew(diagram: Diagram, type: string, [x, y]: Point, rotation = 0): Edit & { part: Part } {
  const part = { ...newPart(type, x, y), rotation };
  if ("name" in part.properties || type === "a") part.properties.name = freeName(diagram, part);
  if (type === "L") part.properties.label = freeLabel(diagram);
  return { part, diagram: { ...diagram, items: [...diagram.items, part] }, selected: new Set([part]) };
}

function freeLabel(diagram: Diagram): string {
  const taken = new Set(partsOf(diagram).map(({ properties }) => properties.label));
  return [..."ABCDEFGHIJKLMNOPQRSTUVWXYZ"].find((letter) => !taken.has(letter)) ?? "";
}

export function removed(diagram: Diagram, selected: ReadonlySet<Item>): Edit {
  return { diagram: { ...diagram, items: diagram.items.filter((item) => !selected.has(item)) }, selected: new Set() };
}

export function replaced(diagram: Diagram, before: Item, after: Item): Edit {
  return { diagram: { ...diagram, items: diagram.items.map((item) => (item === before ? after : item)) }, selected: new Set([after]) };
}

export function turned(diagram: Diagram, part: Part, mirror: boolean): Edit {
  return replaced(diagram, part, { ...part, rotation: turnedBy(part.rotation, mirror) });
}

/** A quarter turn clockwise, or a mirror upright through the part's first terminal. */
export function turnedBy(rotation: number, mirror: boolean): number {
  if (mirror) return rotation < 4 ? 4 + ((4 - rotation) % 4) : (8 - rotation) % 4;
  return rotation < 4 ? (rotation + 1) % 4 : 4 + ((rotation + 1) % 4);
}

export function wired(diagram: Diagram, path: Point[]): Diagram {
  const wires = path.slice(1).map((point, index) => wire(path[index]!, point));
  return { ...diagram, items: tidied(wires.reduce(laidOver, [...diagram.items])) };
}

/** Adds a wire; those that it covers or runs along become one with it. */
function laidOver(items: Item[], added: Wire): Item[] {
  const along = items.find((item): item is Wire => isWire(item) && overlaps(item, added));
  if (!along) return [...items, added];
  const points = [...endsOf(along), ...endsOf(added)].sort((one, other) => one[0] - other[0] || one[1] - other[1]);
  return laidOver(items.filter((item) => item !== along), wire(points[0]!, points[3]!));
}

/** Whether two upright or level wires lie on one line and have more than a point in common. */
function overlaps(one: Wire, other: Wire): boolean {
  const level = one.y1 === one.y2 && other.y1 === other.y2 && one.y1 === other.y1;
  const upright = one.x1 === one.x2 && other.x1 === other.x2 && one.x1 === other.x1;
  if (!level && !upright) return false;
  const axis = level ? 0 : 1;
  const [mine, theirs] = [one, other].map((item) => endsOf(item).map((point) => point[axis]!));
  return Math.max(Math.min(...mine!), Math.min(...theirs!)) < Math.min(Math.max(...mine!), Math.max(...theirs!));
}

/** Moves what is selected; wires that end at a moved part follow it. */
export function moved(diagram: Diagram, selected: ReadonlySet<Item>, dx: number, dy: number): Edit {
  const carried = carriedPlaces(diagram, selected);
  const follow = (point: Point): Point => (carried.has(key(point)) ? [point[0] + dx, point[1] + dy] : point);
  const now = new Set<Item>();
  const items = diagram.items.flatMap((item): Item[] => {
    if (selected.has(item)) {
      const after = shifted(item, dx, dy);
      now.add(after);
      return [after];
    }
    if (!isWire(item)) return [item];
    const [start, end] = endsOf(item);
    return same(follow(start), start) && same(follow(end), end) ? [item] : bent(item, follow(start), follow(end));
  });
  return { diagram: { ...diagram, items: tidied(items) }, selected: now };
}

function shifted(item: Item, dx: number, dy: number): Item {
  if (!isWire(item)) return { ...item, x: item.x + dx, y: item.y + dy };
  return { ...item, x1: item.x1 + dx, y1: item.y1 + dy, x2: item.x2 + dx, y2: item.y2 + dy };
}

/** Terminals of moved parts at which no part stays behind. */
function carriedPlaces(diagram: Diagram, selected: ReadonlySet<Item>): Set<string> {
  const parts = partsOf(diagram);
  const staying = new Set(parts.filter((part) => !selected.has(part)).flatMap(terminalsOf).map(key));
  const moving = parts.filter((part) => selected.has(part)).flatMap(terminalsOf).map(key);
  return new Set(moving.filter((place) => !staying.has(place)));
}

/** A wire between new ends: straight where it can be, else with one corner, first along the way it went. */
function bent(before: Wire, start: Point, end: Point): Wire[] {
  const level = before.y1 === before.y2;
  const straight = start[0] === end[0] || start[1] === end[1];
  const slanted = before.x1 !== before.x2 && !level;
  if (straight || slanted) return [wire(start, end)];
  const corner: Point = level ? [end[0], start[1]] : [start[0], end[1]];
  return [wire(start, corner), wire(corner, end)];
}

function tidied(items: Item[]): Item[] {
  const seen = new Set<string>();
  return items.filter((item) => {
    if (!isWire(item)) return true;
    const [start, end] = endsOf(item);
    const name = [key(start), key(end)].sort().join(" ");
    if (same(start, end) || seen.has(name)) return false;
    seen.add(name);
    return true;
  });
}

/** Without the wires that touch a part. */
export function disconnected(diagram: Diagram, part: Part): Diagram {
  const ends = new Set(terminalsOf(part).map(key));
  const touching = wiresOf(diagram).filter((one) => endsOf(one).some((point) => ends.has(key(point))) || terminalsOf(part).some((point) => liesWithin(one, point)));
  return { ...diagram, items: diagram.items.filter((item) => !touching.includes(item as Wire)) };
}

/** Around everything that is drawn; a little place where nothing is. */
export function bounds(diagram: Diagram): Box {
  const boxes = diagram.items.map((item): Box => (isWire(item) ? [Math.min(item.x1, item.x2), Math.min(item.y1, item.y2), Math.max(item.x1, item.x2), Math.max(item.y1, item.y2)] : boxOf(item)));
  if (!boxes.length) return [0, 0, 160, 96];
  const side = (index: number, pick: (...values: number[]) => number): number => pick(...boxes.map((box) => box[index]!));
  return [side(0, Math.min), side(1, Math.min), side(2, Math.max), side(3, Math.max)];
}

/** A place for a new part of a kind where it touches nothing, near what is there. */
export function freePlace(diagram: Diagram, type: string): Point {
  const [left, top, right, bottom] = bounds(diagram);
  for (let y = snapped([0, top])[1]; y <= bottom + 400; y += 2 * GRID) {
    for (let x = snapped([left, 0])[0]; x <= right + 12 * GRID; x += 2 * GRID) {
      if (isFree(diagram, boxOf(newPart(type, x, y)))) return [x, y];
    }
  }
  return snapped([right + 12 * GRID, top]);
}

function isFree(diagram: Diagram, [left, top, right, bottom]: Box): boolean {
  const room: Box = [left - 20, top - 12, right + 20, bottom + 12];
  return diagram.items.every((item) => {
    const box: Box = isWire(item) ? bounds({ ...diagram, items: [item] }) : boxOf(item);
    return box[2] < room[0] || box[0] > room[2] || box[3] < room[1] || box[1] > room[3];
  });
}

/** What is at a place: a terminal or end of wire first, then a part, then a wire. */
export function itemAt(diagram: Diagram, [x, y]: Point, near: number): Item | undefined {
  const inside = partsOf(diagram).filter((part) => {
    const [left, top, right, bottom] = boxOf(part);
    return x >= left - near && x <= right + near && y >= top - near && y <= bottom + near;
  });
  const middle = (part: Part): Point => {
    const [left, top, right, bottom] = boxOf(part);
    return [(left + right) / 2, (top + bottom) / 2];
  };
  inside.sort((one, other) => distance(middle(one), [x, y]) - distance(middle(other), [x, y]));
  return inside[0] ?? wiresOf(diagram).find((one) => toWire(one, [x, y]) <= near);
}

function toWire(item: Wire, point: Point): number {
  const [start, end] = endsOf(item);
  const length = distance(start, end);
  const along = length ? ((point[0] - start[0]) * (end[0] - start[0]) + (point[1] - start[1]) * (end[1] - start[1])) / length ** 2 : 0;
  const share = Math.max(0, Math.min(1, along));
  return distance(point, [start[0] + share * (end[0] - start[0]), start[1] + share * (end[1] - start[1])]);
}

/** The nearest terminal or end of a wire within reach. */
export function jointAt(diagram: Diagram, place: Point, near: number): Point | undefined {
  const joints = [...partsOf(diagram).flatMap(terminalsOf), ...wiresOf(diagram).flatMap(endsOf)];
  const reached = joints.filter((point) => distance(point, place) <= near);
  return reached.sort((one, other) => distance(one, place) - distance(other, place))[0];
}
