/** Where a part adds what it does: -1 is ground, whose equation is not written down. */
export interface Bench {
  /** How much the current (or voltage) of `row` grows with unknown `column`. */
  conduct(row: number, column: number, value: number): void;
  /** A current out of the node `row`. */
  draw(row: number, value: number): void;
  voltage(node: number): number;
}

/** A part whose current is no straight line: adds its current at the present voltages and its slopes there. */
export interface Nonlinear {
  load(bench: Bench): void;
  /** Pulls a step of Newton's method back to where it helps; true if it had to. */
  limit(bench: Bench): boolean;
  /** Takes the present voltages as they are. */
  hold(bench: Bench): void;
  reset(): void;
}

const LEAK = 1e-12; // siemens beside every junction and channel, so that what is off has a voltage too

/** The ideal law with saturation current 10 fA per area; `ideal` diodes have a knee 258 times sharper (as in Open edX). */
export class Diode implements Nonlinear {
  private readonly saturation: number;
  private readonly thermal: number;
  private readonly critical: number;
  private now = 0;

  constructor(private readonly anode: number, private readonly cathode: number, area: number, type: string) {
    this.saturation = area * 1e-14;
    this.thermal = type === "ideal" ? 0.1e-3 : 25.8e-3;
    this.critical = this.thermal * Math.log(this.thermal / (Math.SQRT2 * this.saturation));
  }

  reset(): void {
    this.now = 0;
  }

  hold(bench: Bench): void {
    this.now = bench.voltage(this.anode) - bench.voltage(this.cathode);
  }

  /** Nagel's limit for junctions: the current of a large step forwards would overflow (SPICE2, 1975). */
  limit(bench: Bench): boolean {
    const wanted = bench.voltage(this.anode) - bench.voltage(this.cathode);
    const before = this.now;
    this.now = wanted;
    if (wanted <= this.critical || Math.abs(wanted - before) <= 2 * this.thermal) return false;
    const rise = 1 + (wanted - before) / this.thermal;
    if (before <= 0) this.now = this.thermal * Math.log(Math.max(wanted / this.thermal, 2));
    else this.now = rise > 0 ? before + this.thermal * Math.log(rise) : this.critical;
    return Math.abs(this.now - wanted) > 1e-9;
  }

  load(bench: Bench): void {
    const argument = Math.min(this.now / this.thermal, 600);
    const growth = Math.exp(argument);
    const slope = (this.saturation * growth) / this.thermal + LEAK;
    const current = this.saturation * (growth - 1) + LEAK * this.now;
    const rest = current - slope * this.now;
    stamp(bench, this.anode, this.cathode, slope);
    bench.draw(this.anode, rest);
    bench.draw(this.cathode, -rest);
  }
}

/** Shockley's square law without a bulk: threshold 0.5 V, 20 uA/V² per W/L, channel length modulation 0.05/V (Open edX). */
export class Transistor implements Nonlinear {
  private readonly gain: number;
  private readonly sign: number;
  private before: [number, number] = [0, 0];

  constructor(private readonly drain: number, private readonly gate: number, private readonly source: number, ratio: number, type: "n" | "p") {
    this.gain = 20e-6 * ratio;
    this.sign = type === "n" ? 1 : -1;
  }

  reset(): void {
    this.before = [0, 0];
  }

  hold(bench: Bench): void {
    this.before = this.present(bench);
  }

  /** At most 1 V a step, so that two transistors that drive each other settle. */
  limit(bench: Bench): boolean {
    const wanted = this.present(bench);
    const next = wanted.map((value, index) => {
      const last = this.before[index]!;
      return last + Math.max(-1, Math.min(1, value - last));
    }) as [number, number];
    this.before = next;
    return next.some((value, index) => Math.abs(value - wanted[index]!) > 1e-9);
  }

  load(bench: Bench): void {
    const [gate, drain] = this.before;
    const turned = this.sign * drain < 0; // drain and source are alike: the lower one is the source
    const [low, high] = turned ? [this.drain, this.source] : [this.source, this.drain];
    const span = Math.abs(drain);
    const drive = this.sign * (turned ? gate - drain : gate) - 0.5;
    const { current, byGate, byDrain } = this.law(drive, span);
    const rest = this.sign * (current - byGate * (drive + 0.5) - byDrain * span);
    bench.conduct(high, this.gate, byGate);
    bench.conduct(high, low, -byGate - byDrain);
    bench.conduct(high, high, byDrain);
    bench.conduct(low, this.gate, -byGate);
    bench.conduct(low, low, byGate + byDrain);
    bench.conduct(low, high, -byDrain);
    bench.draw(high, rest);
    bench.draw(low, -rest);
    stamp(bench, high, low, LEAK);
  }

  private present(bench: Bench): [number, number] {
    const source = bench.voltage(this.source);
    return [bench.voltage(this.gate) - source, bench.voltage(this.drain) - source];
  }

  private law(drive: number, span: number): { current: number; byGate: number; byDrain: number } {
    const modulation = 0.05;
    if (drive <= 0) return { current: 0, byGate: 0, byDrain: 0 };
    const widened = this.gain * (1 + modulation * span);
    if (drive < span) {
      return { current: 0.5 * widened * drive * drive, byGate: widened * drive, byDrain: 0.5 * this.gain * modulation * drive * drive };
    }
    const shape = span * (drive - 0.5 * span);
    return { current: widened * shape, byGate: widened * span, byDrain: widened * (drive - span) + this.gain * modulation * shape };
  }
}

export function stamp(bench: Pick<Bench, "conduct">, one: number, other: number, value: number): void {
  bench.conduct(one, one, value);
  bench.conduct(other, other, value);
  bench.conduct(one, other, -value);
  bench.conduct(other, one, -value);
}
