import { operatingPoint } from "./dc";
import { plus, times } from "./matrix";
import { residue, settle } from "./newton";
import type { System } from "./system";
import { Trouble } from "./trouble";

/** Curves: times in seconds, and a value of each node and `I(name)` at each of them. */
export interface Curves {
  times: number[];
  values: Map<string, number[]>;
}

const MIDDLE = 2 - Math.SQRT2;
const WEIGHT_MIDDLE = 1 / (MIDDLE * (2 - MIDDLE));
const WEIGHT_START = (1 - MIDDLE) ** 2 / (MIDDLE * (2 - MIDDLE));
const ERROR = 0.2426; // of a step, times its cube and the third divided difference
const RELATIVE = 2e-4;
const LEAST = 1e-6;
const MOST_WORK = 1e8; // steps times the cube of the unknowns: a few seconds
const SAME_TIME = 1e-9;
const POINTS = 200;

/**
 * What happens from the operating point at time 0 until `stop`: TR-BDF2 (Bank et al. 1985), a trapezoidal step and a
 * backward one, which neither rings nor drifts. Steps are chosen by their error; corners of the sources and the times in
 * `wanted` are met exactly.
 */
export function transient(system: System, stop: number, wanted: number[] = []): Curves {
  if (!(stop > 0) || !Number.isFinite(stop)) throw new Trouble("badTime");
  return new Walk(system, stop, wanted).go();
}

class Walk {
  private readonly trail: { time: number; at: Float64Array }[] = [];
  private readonly marks: number[];
  private readonly corners: Set<number>;
  private readonly longest: number;
  private readonly most: Float64Array;

  constructor(private readonly system: System, private readonly stop: number, wanted: number[]) {
    const corners = system.feeds.flatMap(({ source }) => source.corners(stop));
    this.corners = new Set(corners);
    const before = stop * (1 - SAME_TIME);
    this.marks = [...apart([...corners, ...wanted].filter((time) => time > 0 && time < before), stop * SAME_TIME), stop];
    const periods = system.feeds.map(({ source }) => source.period).filter((period) => period > 0);
    this.longest = Math.min(stop / POINTS, ...periods.map((period) => period / 40));
    this.most = new Float64Array(system.size);
  }

  go(): Curves {
    let [time, at] = [0, operatingPoint(this.system)];
    this.trail.push({ time, at });
    let since = 0; // the trail's place of the last corner: errors are not judged across it
    let step = this.afterCorner(0);
    for (let steps = 0; time < this.stop; steps += 1) {
      if (steps * (this.system.size + 4) ** 3 > MOST_WORK) throw new Trouble("tooLong");
      const mark = this.marks[0]!;
      const target = time + 1.5 * step >= mark ? (time + step >= mark ? mark : (time + mark) / 2) : time + step;
      const took = this.take(time, at, target);
      const ratio = took ? this.ratio(took, target, since) : Infinity;
      if ((!took || ratio > 1) && target - time > this.stop * 1e-12) {
        step = (target - time) * (took ? Math.max(0.2, 0.9 * ratio ** (-1 / 3)) : 0.25);
        continue;
      }
      if (!took) throw new Trouble("noPoint");
      [time, at] = [target, took.at];
      this.trail.push({ time, at });
      at.forEach((value, index) => (this.most[index] = Math.max(this.most[index]!, Math.abs(value))));
      step = Math.min(this.longest, (target - this.trail.at(-2)!.time) * Math.min(2, 0.9 * Math.max(ratio, 1e-3) ** (-1 / 3)));
      while (this.marks.length && this.marks[0]! <= time) this.marks.shift();
      if (this.corners.has(time)) [since, step] = [this.trail.length - 1, this.afterCorner(time)];
    }
    return this.curves();
  }

  private afterCorner(time: number): number {
    const next = this.marks.find((mark) => mark > time) ?? this.stop;
    return Math.min(this.longest, next - time) * 1e-3;
  }

  /** One step; the state in the middle serves the estimate of its error. Undefined if Newton's method fails. */
  private take(from: number, start: Float64Array, to: number): { at: Float64Array; middle: Float64Array; half: number } | undefined {
    const { system } = this;
    const rate = 2 / (MIDDLE * (to - from));
    const half = from + MIDDLE * (to - from);
    const matrix = plus(system.linear, system.storage, rate);
    const drawn = residue(system, system.linear, system.fed(from), start);
    const kept = times(system.storage, start);
    const middleRight = system.fed(half).map((value, index) => value + rate * kept[index]! - drawn[index]!);
    const middle = settle(system, matrix, middleRight, start);
    if (!middle) return undefined;
    const mixed = middle.map((value, index) => WEIGHT_MIDDLE * value - WEIGHT_START * start[index]!);
    const carried = times(system.storage, mixed);
    const at = settle(system, matrix, system.fed(to).map((value, index) => value + rate * carried[index]!), middle);
    return at && { at, middle, half };
  }

  /** The largest error of a step beside what is allowed. */
  private ratio({ at, middle, half }: { at: Float64Array; middle: Float64Array; half: number }, time: number, since: number): number {
    const last = this.trail.length - 1;
    if (last - 1 < since) return 0.125;
    const [before, start] = [this.trail[last - 1]!, this.trail[last]!];
    const length = time - start.time;
    let worst = 0;
    for (const index of this.system.smooth) {
      const third = dividedDifference([before.time, start.time, half, time], [before.at[index]!, start.at[index]!, middle[index]!, at[index]!]);
      const allowed = LEAST + RELATIVE * Math.max(this.most[index]!, Math.abs(at[index]!));
      worst = Math.max(worst, (ERROR * length ** 3 * Math.abs(third)) / allowed);
    }
    return worst;
  }

  private curves(): Curves {
    const column = (index: number): number[] => this.trail.map(({ at }) => at[index]!);
    const values = new Map<string, number[]>([["0", this.trail.map(() => 0)]]);
    for (const [name, index] of this.system.nodes) values.set(name, column(index));
    for (const [name, index] of this.system.currents) values.set(`I(${name})`, column(index));
    return { times: this.trail.map(({ time }) => time), values };
  }
}

/** In order, without times that are one but for rounding. */
function apart(times: number[], least: number): number[] {
  const sorted = times.sort((one, other) => one - other);
  return sorted.filter((time, index) => index === 0 || time - sorted[index - 1]! > least);
}

function dividedDifference(times: number[], values: number[]): number {
  const table = values.slice();
  for (let order = 1; order < times.length; order += 1) {
    for (let index = times.length - 1; index >= order; index -= 1) {
      table[index] = (table[index]! - table[index - 1]!) / (times[index]! - times[index - order]!);
    }
  }
  return table.at(-1)!;
}

/** The value of a curve at a time between its points; undefined outside. */
export function valueAt({ times, values }: Curves, name: string, time: number): number | undefined {
  const curve = values.get(name);
  const after = times.findIndex((one) => one >= time);
  if (!curve || after < 0 || time < 0) return undefined;
  if (times[after] === time || after === 0) return curve[after];
  const share = (time - times[after - 1]!) / (times[after]! - times[after - 1]!);
  return curve[after - 1]! + share * (curve[after]! - curve[after - 1]!);
}
