import { endsOf, GRID, key, liesWithin, partsOf, same, wiresOf, type Diagram } from "./diagram";
import { bounds } from "./edits";
import type { Netlist } from "./netlist";
import { boxOf, terminalsOf, type Point } from "./parts";

const STEPS: Point[] = [[GRID, 0], [0, GRID], [-GRID, 0], [0, -GRID]];
const CORNER = 4;
const THROUGH_PART = 8;
const MARGIN = 8 * GRID;
const MOST_PLACES = 40_000;

interface Reached {
  point: Point;
  heading: number;
  cost: number;
  from: Reached | undefined;
}

/**
 * The corners of a wire between two places that touches no other node: it may cross wires, but has no end, corner or
 * terminal on them. Undefined if there is no such way.
 */
export function route(diagram: Diagram, netlist: Netlist, from: Point, to: Point): Point[] | undefined {
  if (same(from, to)) return undefined;
  if ([...from, ...to].some((one) => one % GRID !== 0)) return [from, [to[0], from[1]], to];
  const map = new Map<string, number>();
  const terrain = new Terrain(diagram, netlist, [from, to]);
  const waiting: Reached[][] = [[{ point: from, heading: -1, cost: 0, from: undefined }]];
  for (let cost = 0, seen = 0; cost < waiting.length && seen < MOST_PLACES; cost += 1) {
    for (const reached of waiting[cost] ?? []) {
      if (same(reached.point, to)) return corners(reached);
      const name = `${key(reached.point)} ${reached.heading}`;
      if ((map.get(name) ?? Infinity) < cost) continue;
      seen += 1;
      for (const next of terrain.onward(reached)) {
        const place = `${key(next.point)} ${next.heading}`;
        if ((map.get(place) ?? Infinity) <= next.cost) continue;
        map.set(place, next.cost);
        (waiting[next.cost] ??= []).push(next);
      }
    }
  }
  return undefined;
}

class Terrain {
  private readonly foreign: Set<string>;
  private readonly bodies: ReturnType<typeof boxOf>[];
  private readonly limits: [number, number, number, number];
  private readonly foreignWires;

  constructor(diagram: Diagram, netlist: Netlist, private readonly ends: [Point, Point]) {
    const wires = wiresOf(diagram);
    const nodeAt = (point: Point): string | undefined => netlist.nodes.get(key(point)) ?? nodeOfWire(point);
    const nodeOfWire = (point: Point): string | undefined => {
      const under = wires.find((one) => liesWithin(one, point));
      return under && netlist.nodes.get(key(endsOf(under)[0]));
    };
    const own = new Set(ends.map(nodeAt));
    const isForeign = (point: Point): boolean => !own.has(netlist.nodes.get(key(point)));
    this.foreign = new Set([...partsOf(diagram).flatMap(terminalsOf), ...wires.flatMap(endsOf)].filter(isForeign).map(key));
    this.foreignWires = wires.filter((one) => isForeign(endsOf(one)[0]));
    this.bodies = partsOf(diagram).map(boxOf);
    const [left, top, right, bottom] = bounds(diagram);
    const [xs, ys] = [ends.map(([x]) => x), ends.map(([, y]) => y)];
    this.limits = [Math.min(left, ...xs) - MARGIN, Math.min(top, ...ys) - MARGIN, Math.max(right, ...xs) + MARGIN, Math.max(bottom, ...ys) + MARGIN];
  }

  onward(reached: Reached): Reached[] {
    return STEPS.flatMap(([dx, dy], heading) => {
      const point: Point = [reached.point[0] + dx, reached.point[1] + dy];
      const bends = reached.heading >= 0 && reached.heading !== heading;
      const back = reached.heading >= 0 && (reached.heading + 2) % 4 === heading;
      if (back || !this.open(point) || (bends && this.onForeignWire(reached.point))) return [];
      if (this.isEnd(point) && this.onForeignWire(point)) return [];
      return [{ point, heading, cost: reached.cost + 1 + (bends ? CORNER : 0) + this.roughness(point), from: reached }];
    });
  }

  private open(point: Point): boolean {
    const [left, top, right, bottom] = this.limits;
    return point[0] >= left && point[0] <= right && point[1] >= top && point[1] <= bottom && !this.foreign.has(key(point));
  }

  private isEnd(point: Point): boolean {
    return this.ends.some((end) => same(end, point));
  }

  private onForeignWire(point: Point): boolean {
    return this.foreignWires.some((one) => liesWithin(one, point));
  }

  private roughness([x, y]: Point): number {
    if (this.isEnd([x, y])) return 0;
    return this.bodies.some(([left, top, right, bottom]) => x >= left && x <= right && y > top && y < bottom) ? THROUGH_PART : 0;
  }
}

function corners(last: Reached): Point[] {
  const path: Point[] = [last.point];
  for (let at: Reached = last; at.from; at = at.from) {
    if (at.from.heading !== at.heading) path.unshift(at.from.point);
  }
  return path;
}
