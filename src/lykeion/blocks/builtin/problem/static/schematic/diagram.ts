import { KINDS, terminalsOf, type Part, type Point } from "./parts";

export interface Wire {
  type: "w";
  x1: number;
  y1: number;
  x2: number;
  y2: number;
}

export type Item = Part | Wire;

/** What is drawn, and how it was last looked at and simulated. Values: an edit makes a new one. */
export interface Diagram {
  items: readonly Item[];
  /** As Open edX keeps it: "view", origin x and y, scale, points a decade, first and last frequency, source, points, stop time, rounds. */
  view: readonly unknown[];
}

export const GRID = 8;
export const VIEW = { originX: 1, originY: 2, scale: 3, from: 5, to: 6, source: 7, stop: 9 } as const;
const FRESH_VIEW = ["view", 0, 0, 2, "50", "10", "1G", null, "100", "1", "1000"];
const FAR = 1e5;

export function isWire(item: Item): item is Wire {
  return item.type === "w";
}

export function wire([x1, y1]: Point, [x2, y2]: Point): Wire {
  return { type: "w", x1, y1, x2, y2 };
}

export function endsOf({ x1, y1, x2, y2 }: Wire): [Point, Point] {
  return [[x1, y1], [x2, y2]];
}

export function partsOf(diagram: Diagram): Part[] {
  return diagram.items.filter((item): item is Part => !isWire(item));
}

export function wiresOf(diagram: Diagram): Wire[] {
  return diagram.items.filter(isWire);
}

/** Reads a saved circuit; what makes no sense in it is left out, and what is no circuit at all is an empty one. */
export function readDiagram(text: string): Diagram {
  const list = parsed(text);
  const view = list.find((entry): entry is unknown[] => Array.isArray(entry) && entry[0] === "view");
  const items = list.map(readItem).filter((item) => item !== undefined);
  return { items, view: FRESH_VIEW.map((fresh, index) => view?.[index] ?? fresh) };
}

export function isDiagram(text: string): boolean {
  return text.includes("[");
}

function parsed(text: string): unknown[] {
  try {
    const list: unknown = JSON.parse(text);
    return Array.isArray(list) ? list : [];
  } catch {
    return []; // what is kept may be anything, and an empty circuit says so plainly
  }
}

function readItem(entry: unknown): Item | undefined {
  if (!Array.isArray(entry) || !Array.isArray(entry[1])) return undefined;
  const [type, place, properties] = entry as [unknown, unknown[], unknown];
  const [x, y, third = 0, fourth] = place.map(Number);
  const known = typeof type === "string" && (type === "w" || Object.hasOwn(KINDS, type));
  if (!known || ![x, y, third].every((one) => Number.isFinite(one) && Math.abs(one!) < FAR)) return undefined;
  if (type === "w") return Number.isFinite(fourth) ? { type: "w", x1: x!, y1: y!, x2: third, y2: fourth! } : undefined;
  return { type, x: x!, y: y!, rotation: ((third % 8) + 8) % 8, properties: readProperties(type, properties) };
}

function readProperties(type: string, given: unknown): Record<string, string> {
  const properties = { ...KINDS[type]!.properties };
  if (typeof given !== "object" || given === null) return properties;
  for (const [name, value] of Object.entries(given)) {
    if (name !== "_json_" && ["string", "number"].includes(typeof value)) properties[name] = String(value);
  }
  return properties;
}

/** The circuit in Open edX's format; `nodes` are the names of each part's terminals. */
export function writeItems(diagram: Diagram, nodes: ReadonlyMap<Part, string[]>): unknown[] {
  const list = splitWires(diagram).map((item, index) => {
    if (isWire(item)) return ["w", [item.x1, item.y1, item.x2, item.y2]];
    const properties: Record<string, unknown> = { ...item.properties, _json_: index };
    if (properties.name === "") delete properties.name;
    return [item.type, [item.x, item.y, item.rotation], properties, nodes.get(item) ?? []];
  });
  return [...list, diagram.view];
}

/** Wires end where something joins them: Open edX joins at ends only. */
export function splitWires(diagram: Diagram): Item[] {
  const joints = [...partsOf(diagram).flatMap(terminalsOf), ...wiresOf(diagram).flatMap(endsOf)];
  return diagram.items.flatMap((item): Item[] => (isWire(item) ? pieces(item, joints) : [item]));
}

function pieces(whole: Wire, joints: Point[]): Wire[] {
  const [start, end] = endsOf(whole);
  const inside = joints.filter((point) => liesWithin(whole, point)).sort((one, other) => distance(start, one) - distance(start, other));
  const stops = [start, ...inside, end].filter((point, index, all) => index === 0 || !same(point, all[index - 1]!));
  return stops.slice(1).map((point, index) => wire(stops[index]!, point));
}

export function same([x1, y1]: Point, [x2, y2]: Point): boolean {
  return x1 === x2 && y1 === y2;
}

export function distance([x1, y1]: Point, [x2, y2]: Point): number {
  return Math.hypot(x2 - x1, y2 - y1);
}

/** Whether a point is on a wire and not at one of its ends. */
export function liesWithin(item: Wire, point: Point): boolean {
  const [start, end] = endsOf(item);
  if (same(start, point) || same(end, point)) return false;
  const length = distance(start, end);
  return length > 0 && Math.abs(distance(start, point) + distance(point, end) - length) < 1e-3;
}

export function key([x, y]: Point): string {
  return `${x},${y}`;
}
