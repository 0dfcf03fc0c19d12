/** A rectangle in pixels of the picture; on a thing, in pixels of the thing's picture. */
export interface Target {
  id: string;
  x: number;
  y: number;
  w: number;
  h: number;
  label?: string;
}

export interface Thing {
  id: string;
  name: string;
  reuse: boolean;
  fields: Target[];
}

export interface Board {
  things: Thing[];
  targets: Target[];
  onePerTarget: boolean;
  outline: boolean;
  colour: string;
}

/** A place: a target of the picture, or one on a thing that is placed. */
export interface Spot {
  target: Target;
  host: Item | undefined;
}

export interface Point {
  x: number;
  y: number;
}

/** A thing that is placed: on a spot, or at a point where there are no targets. */
export interface Item {
  born: number;
  thing: Thing;
  at: Spot | Point;
}

type Chain = { [id: string]: string | Chain };
type Entry = { [id: string]: string | Chain | [number, number] };

export function isSpot(at: Spot | Point): at is Spot {
  return "target" in at;
}

function same(one: Spot, other: Spot): boolean {
  return one.target === other.target && one.host === other.host;
}

/**
 * What is placed where, and its form as an answer (Open edX: update_input.js): `[{thing: target}]` in the order of the
 * targets, `[{thing: {field: {host: target}}}]` for what lies on another thing, `[{thing: [x, y]}]` without targets.
 */
export class Placement {
  private items: Item[] = [];
  private births = 0;

  constructor(private readonly board: Board) {}

  get all(): readonly Item[] {
    return this.items;
  }

  get free(): boolean {
    return this.board.targets.length === 0;
  }

  /** Whether a thing lies among those to place: always, if it can be used again. */
  isInTray(thing: Thing): boolean {
    return thing.reuse || !this.items.some((item) => item.thing === thing);
  }

  on(spot: Spot): Item[] {
    return this.items.filter(({ at }) => isSpot(at) && same(at, spot));
  }

  /** All places there are now, in the order of the answer. */
  get spots(): Spot[] {
    const hosts = [...this.items].sort((one, other) => one.born - other.born);
    const fields = hosts.flatMap((host) => host.thing.fields.map((target) => ({ target, host })));
    return [...this.board.targets.map((target) => ({ target, host: undefined })), ...(this.free ? [] : fields)];
  }

  /** The places where an item (or a thing from the tray) may go: not on itself or on what lies on it. */
  spotsFor(item: Item | undefined): Spot[] {
    return this.spots.filter(({ host }) => !item || !this.isOn(host, item));
  }

  private isOn(host: Item | undefined, item: Item): boolean {
    if (!host) return false;
    return host === item || (isSpot(host.at) && this.isOn(host.at.host, item));
  }

  /** Puts a thing somewhere; what was there before goes back where only one has room. */
  put(thing: Thing, at: Spot | Point, moved?: Item): Item {
    if (isSpot(at) && this.board.onePerTarget) for (const item of this.on(at)) if (item !== moved) this.remove(item);
    const item = moved ?? { born: ++this.births, thing, at };
    item.at = at;
    this.items = [...this.items.filter((other) => other !== item), item];
    return item;
  }

  /** Takes an item away, with all that lies on it. */
  remove(item: Item): void {
    for (const rider of this.items.filter(({ at }) => isSpot(at) && at.host === item)) this.remove(rider);
    this.items = this.items.filter((other) => other !== item);
  }

  answer(): string {
    return JSON.stringify(this.free ? this.points() : this.spots.flatMap((spot) => this.on(spot).map(chain)));
  }

  /** Things in the author's order; those that can be used again after them. */
  private points(): Entry[] {
    const order = ({ thing }: Item): number => (thing.reuse ? Infinity : this.board.things.indexOf(thing));
    const sorted = [...this.items].sort((one, other) => order(one) - order(other) || one.born - other.born);
    return sorted.map(({ thing, at }) => ({ [thing.id]: [(at as Point).x, (at as Point).y] }));
  }

  /** Puts everything where an answer says; what cannot be understood, or is no longer there, is left out. */
  read(answer: string): void {
    this.items = [];
    for (const entry of entries(answer).sort((one, other) => depth(one) - depth(other))) this.readEntry(entry);
  }

  private readEntry(entry: Entry): void {
    const [id, where] = Object.entries(entry)[0] ?? [];
    const thing = this.board.things.find((one) => one.id === id);
    const at = where === undefined ? undefined : this.readPlace(where);
    if (thing && at && this.isInTray(thing)) this.put(thing, at);
  }

  private readPlace(where: string | Chain | [number, number]): Spot | Point | undefined {
    if (Array.isArray(where)) {
      const [x, y] = where.map(Number);
      return this.free && Number.isFinite(x) && Number.isFinite(y) ? { x: x as number, y: y as number } : undefined;
    }
    if (typeof where === "string") return this.spots.find(({ target, host }) => !host && target.id === where);
    const [field, below] = Object.entries(where)[0] ?? [];
    if (typeof below !== "object" || below === null) return undefined;
    const [hostId, hostWhere] = Object.entries(below)[0] ?? [];
    const under = hostWhere === undefined ? undefined : this.readPlace(hostWhere);
    const isHost = ({ thing, at }: Item): boolean => thing.id === hostId && Boolean(under) && isSpot(at) && same(at, under as Spot);
    return this.spots.find((spot) => spot.target.id === field && spot.host && isHost(spot.host) && this.hasRoom(spot));
  }

  private hasRoom(spot: Spot): boolean {
    return !this.board.onePerTarget || this.on(spot).length === 0;
  }
}

function chain(item: Item): Chain {
  const { target, host } = item.at as Spot;
  return { [item.thing.id]: host ? { [target.id]: chain(host) } : target.id };
}

function depth(value: unknown): number {
  return typeof value === "object" && value !== null ? 1 + Math.max(0, ...Object.values(value).map(depth)) : 0;
}

function entries(answer: string): Entry[] {
  try {
    const found: unknown = JSON.parse(answer || "[]");
    return Array.isArray(found) ? found.filter((entry) => typeof entry === "object" && entry !== null) : [];
  } catch {
    return []; // not an answer of ours: begin anew
  }
}
