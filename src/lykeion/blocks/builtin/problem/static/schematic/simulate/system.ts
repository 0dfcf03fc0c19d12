import { Diode, stamp, Transistor, type Bench, type Nonlinear } from "./devices";
import { zeros, type Matrix } from "./matrix";
import { parseNumber } from "./numbers";
import { parseSource, type Source } from "./sources";
import { Trouble } from "./trouble";

/** A part as the simulator sees it: its terminals are names of nodes, in the part's own order; "0" is ground. */
export interface Device {
  type: string;
  name: string;
  nodes: string[];
  properties: Record<string, string>;
}

/** A source's share in the right-hand side: `sign` times its value, in these rows. */
interface Feed {
  source: Source;
  rows: [row: number, sign: number][];
}

/**
 * A circuit as equations (modified nodal analysis, Ho et al. 1975): linear * x + storage * dx/dt + nonlinear(x) = feeds(t),
 * where x holds the voltages of the nodes, then the currents of what has one of its own.
 */
export class System {
  readonly nodes = new Map<string, number>();
  readonly currents = new Map<string, number>();
  readonly feeds: Feed[] = [];
  readonly byName = new Map<string, Feed>();
  readonly nonlinear: Nonlinear[] = [];
  /** Unknowns that cannot jump or that somebody looks at: all voltages, and the currents of coils. */
  readonly smooth: number[] = [];
  linear: Matrix = [];
  storage: Matrix = [];
  private readonly stamps: (() => void)[] = [];
  private count = 0;

  constructor(devices: Device[]) {
    const parts = devices.filter(({ nodes }) => nodes.length > 0);
    if (!parts.some(({ nodes }) => nodes.includes("0"))) throw new Trouble("noGround");
    for (const name of parts.flatMap(({ nodes }) => nodes)) this.node(name);
    for (const part of parts) this.add(part);
    refuseLoops(parts);
    this.linear = zeros(this.count);
    this.storage = zeros(this.count);
    for (const write of this.stamps) write();
  }

  get size(): number {
    return this.count;
  }

  /** The right-hand side at a time. */
  fed(time: number): Float64Array {
    const right = new Float64Array(this.count);
    for (const { source, rows } of this.feeds) for (const [row, sign] of rows) if (row >= 0) right[row]! += sign * source.at(time);
    return right;
  }

  private node(name: string): number {
    const known = name === "0" ? -1 : this.nodes.get(name);
    if (known !== undefined) return known;
    this.nodes.set(name, this.count);
    this.smooth.push(this.count);
    this.count += 1;
    return this.count - 1;
  }

  private add(device: Device): void {
    const ends = device.nodes.map((name) => this.node(name)) as [number, number, number, number];
    const adders: Record<string, () => void> = {
      r: () => this.resistor(device, ends),
      c: () => this.store(ends, amount(device, "c")),
      l: () => this.coil(device, ends),
      v: () => this.voltageSource(device, ends, sourceOf(device)),
      i: () => this.currentSource(device, ends),
      a: () => this.voltageSource(device, ends, parseSource("0")!),
      o: () => this.amplifier(device, ends),
      d: () => this.diode(device, ends),
      n: () => this.transistor(device, ends, "n"),
      p: () => this.transistor(device, ends, "p"),
    };
    adders[device.type]?.();
  }

  private resistor(device: Device, ends: number[]): void {
    const resistance = amount(device, "r");
    if (resistance === 0) return this.voltageSource(device, ends, parseSource("0")!);
    this.stamps.push(() => stamp(this.writer("linear"), ends[0]!, ends[1]!, 1 / resistance));
  }

  private store(ends: number[], capacity: number): void {
    this.stamps.push(() => stamp(this.writer("storage"), ends[0]!, ends[1]!, capacity));
  }

  private coil(device: Device, [one, other]: number[]): void {
    const branch = this.branch();
    const inductance = amount(device, "l");
    this.smooth.push(branch);
    this.stamps.push(() => {
      this.connect(branch, one!, other!);
      this.writer("storage").conduct(branch, branch, -inductance);
    });
  }

  private voltageSource(device: Device, [plus, minus]: number[], source: Source): void {
    const branch = this.branch();
    this.currents.set(device.name, branch);
    this.feed(device.name, { source, rows: [[branch, 1]] });
    this.stamps.push(() => this.connect(branch, plus!, minus!));
  }

  private currentSource(device: Device, [from, to]: number[]): void {
    this.feed(device.name, { source: sourceOf(device), rows: [[from!, -1], [to!, 1]] });
  }

  private amplifier(device: Device, [plus, minus, output, reference]: number[]): void {
    const branch = this.branch();
    const gain = amount(device, "A");
    if (!gain) throw new Trouble("badValue", { part: device.name, value: "0" });
    this.stamps.push(() => {
      this.connect(branch, output!, reference!, 1 / gain);
      this.writer("linear").conduct(branch, plus!, -1);
      this.writer("linear").conduct(branch, minus!, 1);
    });
  }

  private diode(device: Device, [anode, cathode]: number[]): void {
    const area = amount(device, "area");
    if (area > 0) this.nonlinear.push(new Diode(anode!, cathode!, area, device.properties.type ?? "normal"));
  }

  private transistor(device: Device, [drain, gate, source]: number[], type: "n" | "p"): void {
    this.nonlinear.push(new Transistor(drain!, gate!, source!, amount(device, "W/L"), type));
  }

  private branch(): number {
    this.count += 1;
    return this.count - 1;
  }

  private feed(name: string, feed: Feed): void {
    this.feeds.push(feed);
    this.byName.set(name, feed);
  }

  /** The rows of a branch: its current leaves `plus` and enters `minus`; its own row is about their voltages. */
  private connect(branch: number, plus: number, minus: number, share = 1): void {
    const writer = this.writer("linear");
    writer.conduct(plus, branch, 1);
    writer.conduct(minus, branch, -1);
    writer.conduct(branch, plus, share);
    writer.conduct(branch, minus, -share);
  }

  private writer(which: "linear" | "storage"): Pick<Bench, "conduct"> {
    return writerTo(this[which]);
  }
}

export function writerTo(matrix: Matrix): Pick<Bench, "conduct"> {
  return {
    conduct: (row, column, value) => {
      if (row >= 0 && column >= 0) matrix[row]![column]! += value;
    },
  };
}

function amount({ name, properties }: Device, property: string): number {
  const value = parseNumber(properties[property] ?? "");
  if (value === undefined) throw new Trouble("badValue", { part: name, value: properties[property] ?? "" });
  return value;
}

function sourceOf({ name, properties }: Device): Source {
  const source = parseSource(properties.value ?? "");
  if (!source) throw new Trouble("badValue", { part: name, value: properties.value ?? "" });
  return source;
}

/** Voltage sources, current probes and resistors of 0 in a ring leave their currents open. */
function refuseLoops(devices: Device[]): void {
  const group = new Map<string, string>();
  const find = (name: string): string => {
    const above = group.get(name);
    return above === undefined || above === name ? name : find(above);
  };
  for (const device of devices) {
    const rigid = device.type === "v" || device.type === "a" || (device.type === "r" && amount(device, "r") === 0);
    if (!rigid) continue;
    const [one, other] = device.nodes.map(find);
    if (one === other) throw new Trouble("loop", { part: device.name });
    group.set(one!, other!);
  }
}
