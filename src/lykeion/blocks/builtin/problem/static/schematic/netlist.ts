import { endsOf, isWire, key, liesWithin, partsOf, splitWires, wiresOf, type Diagram } from "./diagram";
import { kindOf, terminalsOf, type Part, type Point } from "./parts";
import type { Device } from "./simulate/system";

/** Which terminals are joined, and what the nodes are called. */
export interface Netlist {
  /** The node at each terminal and end of wire, by `key(point)`. */
  nodes: ReadonlyMap<string, string>;
  /** The nodes of each part's terminals, in order. */
  ofPart: ReadonlyMap<Part, string[]>;
  /** Other names that authors and learners gave a node. */
  aliases: ReadonlyMap<string, string>;
  devices: Device[];
}

const SILENT = new Set(["g", "L", "s"]);

export function netlistOf(diagram: Diagram): Netlist {
  const groups = joined(diagram);
  const { names, aliases } = named(diagram, groups);
  const at = (point: Point): string => names.get(groups.find(key(point)))!;
  const ofPart = new Map(partsOf(diagram).map((part) => [part, terminalsOf(part).map(at)]));
  const nodes = new Map([...groups.keys()].map((place) => [place, names.get(groups.find(place))!]));
  return { nodes, ofPart, aliases, devices: devicesOf(diagram, ofPart) };
}

/** Sets of places that are one. */
class Groups {
  private readonly above = new Map<string, string>();

  find(one: string): string {
    let top = one;
    for (let next = this.above.get(top); next !== undefined && next !== top; next = this.above.get(top)) top = next;
    this.above.set(one, top);
    return top;
  }

  join(one: string, other: string): void {
    this.above.set(this.find(one), this.find(other));
  }

  keys(): Iterable<string> {
    return this.above.keys();
  }
}

function joined(diagram: Diagram): Groups {
  const groups = new Groups();
  const places = partsOf(diagram).flatMap(terminalsOf);
  const wires = wiresOf(diagram);
  for (const point of places) groups.find(key(point));
  for (const one of wires) {
    const [start, end] = endsOf(one);
    groups.join(key(start), key(end));
    for (const point of [...places, ...wires.flatMap(endsOf)]) if (liesWithin(one, point)) groups.join(key(point), key(start));
  }
  joinNamesakes(diagram, groups);
  return groups;
}

/** Places with the same label, and all grounds, are joined without a wire. */
function joinNamesakes(diagram: Diagram, groups: Groups): void {
  const first = new Map<string, string>();
  for (const part of partsOf(diagram)) {
    const name = givenName(part);
    if (name === undefined) continue;
    const place = key(terminalsOf(part)[0]!);
    const known = first.get(name);
    if (known === undefined) first.set(name, place);
    else groups.join(place, known);
  }
}

function givenName(part: Part): string | undefined {
  if (part.type === "g") return "0";
  return part.type === "L" ? part.properties.label || undefined : undefined;
}

function named(diagram: Diagram, groups: Groups): { names: Map<string, string>; aliases: Map<string, string> } {
  const [names, aliases] = [new Map<string, string>(), new Map<string, string>()];
  const givers = partsOf(diagram).filter((part) => givenName(part) !== undefined);
  givers.sort((one, other) => Number(other.type === "g") - Number(one.type === "g"));
  for (const part of givers) {
    const group = groups.find(key(terminalsOf(part)[0]!));
    const name = givenName(part)!;
    const known = names.get(group);
    if (known === undefined) names.set(group, name);
    else if (known !== name) aliases.set(name, known);
  }
  number(groups, names);
  return { names, aliases };
}

function number(groups: Groups, names: Map<string, string>): void {
  const taken = new Set(names.values());
  let next = 1;
  for (const place of [...groups.keys()]) {
    const group = groups.find(place);
    if (names.has(group)) continue;
    while (taken.has(String(next))) next += 1;
    names.set(group, String(next));
    taken.add(String(next));
  }
}

/** Parts that carry current. One without a name is called by its place in the list, as in Open edX. */
function devicesOf(diagram: Diagram, ofPart: ReadonlyMap<Part, string[]>): Device[] {
  return splitWires(diagram).flatMap((item, index) =>
    isWire(item) || SILENT.has(item.type)
      ? []
      : [{ type: item.type, name: item.properties.name || `_${index}`, nodes: ofPart.get(item)!, properties: item.properties }],
  );
}

/** A name for a new part of this kind that no other has. */
export function freeName(diagram: Diagram, part: Part): string {
  const letter = kindOf(part).letter;
  if (!letter) return "";
  const taken = new Set(partsOf(diagram).map(({ properties }) => properties.name));
  let next = 1;
  while (taken.has(`${letter}${next}`)) next += 1;
  return `${letter}${next}`;
}
