// Circuits whose answers are known in closed form.
import assert from "node:assert/strict";
import test from "node:test";
import { ac, dc } from "../../../../../src/lykeion/blocks/builtin/problem/static/schematic/simulate/dc";
import { engineering, parseNumber } from "../../../../../src/lykeion/blocks/builtin/problem/static/schematic/simulate/numbers";
import { parseSource } from "../../../../../src/lykeion/blocks/builtin/problem/static/schematic/simulate/sources";
import { System, type Device } from "../../../../../src/lykeion/blocks/builtin/problem/static/schematic/simulate/system";
import { transient, valueAt } from "../../../../../src/lykeion/blocks/builtin/problem/static/schematic/simulate/transient";
import { Trouble } from "../../../../../src/lykeion/blocks/builtin/problem/static/schematic/simulate/trouble";

/** `r R1 a 0 r=1k` */
function part(text: string): Device {
  const [type, name, ...rest] = text.split(" ");
  const nodes = rest.filter((word) => !word.includes("="));
  const properties = Object.fromEntries(rest.filter((word) => word.includes("=")).map((word) => word.split("=") as [string, string]));
  return { type: type!, name: name!, nodes, properties };
}

function circuit(...parts: string[]): System {
  return new System(parts.map(part));
}

function near(found: number | undefined, wanted: number, share = 1e-3): void {
  assert.ok(found !== undefined && Math.abs(found - wanted) <= share * Math.max(Math.abs(wanted), 1e-9), `${found} is not near ${wanted}`);
}

test("numbers are read as engineers write them", () => {
  const wanted: [string, number | undefined][] = [["1", 1], ["4.7k", 4700], ["10MEG", 1e7], ["3m", 3e-3], ["4us", 4e-6], ["-2.5", -2.5], ["1e-9", 1e-9], ["0x1F", 31], ["017", 15], ["0.5", 0.5], [".5", 0.5], ["0", 0], ["100n", 1e-7], ["", undefined], ["ohm", undefined]];

  assert.deepEqual(wanted.map(([text]) => parseNumber(text)), wanted.map(([, value]) => value));
});

test("numbers are written as engineers read them", () => {
  assert.deepEqual([0, 1, 4700, -0.0033, 1e-7, 999999, 2.5e6].map((value) => engineering(value, 3)), ["0", "1", "4.7k", "-3.3m", "100n", "1M", "2.5M"]);
});

test("a divider by two is one half, to the last bit", () => {
  const found = dc(circuit("v V1 in 0 value=dc(1)", "r R1 in out r=3.3k", "r R2 out 0 r=3.3k"));

  assert.equal(found.out, 0.5);
  near(found["I(V1)"], -1 / 6600, 1e-12);
});

test("a current probe reads what flows from its first end to its second", () => {
  const found = dc(circuit("v V1 in 0 value=10", "a _4 in mid", "r R1 mid 0 r=1k"));

  near(found["I(_4)"], 0.01, 1e-12);
});

test("a current source drives from its first end to its second", () => {
  const found = dc(circuit("i I1 0 out value=dc(2m)", "r R1 out 0 r=1k"));

  near(found.out, 2, 1e-12);
});

test("coils are shorts and capacitors gaps at the operating point", () => {
  const found = dc(circuit("v V1 in 0 value=6", "l L1 in mid l=1m", "r R1 mid out r=1k", "r R2 out 0 r=2k", "c C1 out 0 c=1u", "c C2 mid far c=1u"));

  near(found.out, 4, 1e-12);
  near(found.mid, 6, 1e-12);
});

test("an op amp with resistors amplifies by their ratio", () => {
  const found = dc(circuit("v V1 in 0 value=0.1", "r R1 in minus r=1k", "r R2 minus out r=10k", "o A1 0 minus out 0 A=30000"));

  near(found.out, -1 / (1 + 11 / 30000), 1e-9);
});

test("a diode drops what its law says", () => {
  const found = dc(circuit("v V1 in 0 value=5", "r R1 in a r=1k", "d D1 a 0 area=1 type=normal"));

  const current = (5 - found.a!) / 1000;
  near(found.a, 25.8e-3 * Math.log(current / 1e-14 + 1), 1e-6);
  assert.ok(found.a! > 0.65 && found.a! < 0.72);
});

test("an ideal diode drops next to nothing, and nothing flows back", () => {
  const found = dc(circuit("v V1 in 0 value=5", "r R1 in a r=1k", "d D1 a 0 area=1 type=ideal", "d D2 b in area=1 type=ideal", "r R2 b 0 r=1k"));

  assert.ok(Math.abs(found.a!) < 5e-3);
  assert.ok(Math.abs(found.b!) < 1e-6);
});

test("a saturated transistor draws the square of its drive", () => {
  const found = dc(circuit("v VD d 0 value=3", "v VG g 0 value=1.5", "n M1 d g 0 W/L=10"));

  near(found["I(VD)"], -0.5 * 200e-6 * (1 + 0.05 * 3) * 1, 1e-6);
});

for (const [gate, low, high] of [["0", 2.999, 3.001], ["3", 0, 0.25]] as const) {
  test(`an inverter with its gate at ${gate} V`, () => {
    const found = dc(circuit("v VD d 0 value=3", `v VG g 0 value=${gate}`, "r R1 d out r=10k", "n M1 out g 0 W/L=60"));

    assert.ok(found.out! > low && found.out! < high, `${found.out}`);
  });
}

test("a pair of complementary transistors inverts from rail to rail", () => {
  const high = dc(circuit("v VD d 0 value=3", "v VG g 0 value=0", "p M2 out g d W/L=10", "n M1 out g 0 W/L=10"));
  const low = dc(circuit("v VD d 0 value=3", "v VG g 0 value=3", "p M2 out g d W/L=10", "n M1 out g 0 W/L=10"));

  near(high.out, 3, 1e-4);
  assert.ok(Math.abs(low.out!) < 1e-3);
});

test("a capacitor charges through a resistor", () => {
  const curves = transient(circuit("v V1 in 0 value=step(0,1,0,1n)", "r R1 in out r=1k", "c C1 out 0 c=1u"), 5e-3, [1e-3, 2e-3]);

  near(valueAt(curves, "out", 1e-3), 1 - Math.exp(-1), 1e-3);
  near(valueAt(curves, "out", 2e-3), 1 - Math.exp(-2), 1e-3);
  near(valueAt(curves, "out", 5e-3), 1 - Math.exp(-5), 1e-3);
});

test("a coil's current rises as a capacitor's voltage does", () => {
  const curves = transient(circuit("v V1 in 0 value=step(0,1,0,1n)", "r R1 in mid r=1k", "l L1 mid 0 l=1"), 5e-3, [1e-3]);

  near(valueAt(curves, "I(V1)", 1e-3), -1e-3 * (1 - Math.exp(-1)), 1e-3);
});

test("a resonant circuit rings at its own frequency and fades as it must", () => {
  const curves = transient(circuit("i I1 0 out value=step(1m,0,0,1n)", "r R1 out 0 r=10k", "l L1 out 0 l=1m", "c C1 out 0 c=1n"), 40e-6);

  const omega = Math.sqrt(1 / (1e-3 * 1e-9) - (1 / (2 * 1e4 * 1e-9)) ** 2);
  const wanted = (time: number): number => (-1e-3 / (1e-9 * omega)) * Math.exp(-time / (2 * 1e4 * 1e-9)) * Math.sin(omega * time);
  for (const time of [1e-6, 5e-6, 11e-6, 30e-6]) assert.ok(Math.abs(valueAt(curves, "out", time)! - wanted(time)) < 5e-3, `${valueAt(curves, "out", time)} at ${time} is not ${wanted(time)}`);
});

test("a sine through a resistor is that sine", () => {
  const curves = transient(circuit("v V1 in 0 value=sin(1,2,1k,0,90)", "r R1 in 0 r=1"), 2e-3, [0.25e-3, 1.1e-3]);

  near(valueAt(curves, "in", 0), 3, 1e-9);
  near(valueAt(curves, "in", 1.1e-3), 1 + 2 * Math.cos(2 * Math.PI * 1.1), 1e-9);
});

test("a rectifier keeps the upper half", () => {
  const curves = transient(circuit("v V1 in 0 value=sin(0,10,50)", "d D1 in out area=1 type=normal", "r R1 out 0 r=1k"), 20e-3, [5e-3, 15e-3]);

  assert.ok(valueAt(curves, "out", 5e-3)! > 9.2 && valueAt(curves, "out", 5e-3)! < 9.4);
  assert.ok(Math.abs(valueAt(curves, "out", 15e-3)!) < 1e-6);
});

test("a low pass is 3 dB down and 45 degrees behind at its corner", () => {
  const corner = 1 / (2 * Math.PI * 1e3 * 1e-6);
  const [at, above] = ac(circuit("v V1 in 0 value=0", "r R1 in out r=1k", "c C1 out 0 c=1u"), "V1", [corner, 1000 * corner]).get("out")!;

  near(at!.magnitude, Math.SQRT1_2, 1e-9);
  near(at!.phase, -45, 1e-9);
  near(above!.magnitude, 1e-3, 1e-5);
});

test("a series circuit is at resonance what its resistor is", () => {
  const resonance = 1 / (2 * Math.PI * Math.sqrt(1e-3 * 1e-9));
  const [at] = ac(circuit("v V1 in 0 value=0", "l L1 in a l=1m", "c C1 a out c=1n", "r R1 out 0 r=50"), "V1", [resonance]).get("out")!;

  near(at!.magnitude, 1, 1e-9);
});

test("a transistor amplifies small signals by its slope at the operating point", () => {
  const [at] = ac(circuit("v VD d 0 value=10", "v VG g 0 value=1.5", "r R1 d out r=10k", "n M1 out g 0 W/L=10"), "VG", [1]).get("out")!;
  const above = dc(circuit("v VD d 0 value=10", "v VG g 0 value=1.5001", "r R1 d out r=10k", "n M1 out g 0 W/L=10")).out!;
  const below = dc(circuit("v VD d 0 value=10", "v VG g 0 value=1.4999", "r R1 d out r=10k", "n M1 out g 0 W/L=10")).out!;

  near(at!.magnitude, Math.abs(above - below) / 2e-4, 1e-4);
});

test("the kinds of sources have their shapes", () => {
  const at = (text: string, ...times: number[]): number[] => times.map((time) => Number(parseSource(text)!.at(time).toFixed(9)));

  assert.deepEqual(at("square(3,0,1k)", 0, 0.2e-3, 0.8e-3, 1.2e-3), [3, 0, 3, 0]);
  assert.deepEqual(at("triangle(0,2,1)", 0, 0.25, 0.5, 1.25), [0, 1, 2, 1]);
  assert.deepEqual(at("pwl(0,0,1,5,2,5)", 0.5, 1.5, 9), [2.5, 5, 5]);
  assert.deepEqual(at("pwl_repeating(0,0,1,5,2,0)", 0.5, 2.5), [2.5, 2.5]);
  assert.deepEqual(at("pulse(0,1,1,1,1,2,10)", 0.5, 1.5, 3, 4.5, 6, 11.5), [0, 0.5, 1, 0.5, 0, 0.5]);
  assert.deepEqual(at("step(1,2,3,1)", 0, 3.5, 5), [1, 1.5, 2]);
  assert.deepEqual(at("impulse(4,2)", 0, 0.5, 1, 3), [0, 2, 4, 0]);
  assert.deepEqual(at("5k", 7), [5000]);
  assert.equal(parseSource("sawtooth(1)"), undefined);
});

for (const [what, key, parts] of [
  ["nothing is grounded", "noGround", ["r R1 a b r=1"]],
  ["two sources stand side by side", "loop", ["v V1 a 0 value=1", "v V2 a 0 value=2"]],
  ["a source is shorted", "loop", ["v V1 0 0 value=1"]],
  ["a current has nowhere to go", "noPath", ["i I1 0 a value=1", "c C1 a 0 c=1u"]],
  ["a value is no number", "badValue", ["r R1 a 0 r=many"]],
  ["a source is of no kind", "badValue", ["v V1 a 0 value=sawtooth(1)", "r R1 a 0 r=1"]],
] as const) {
  test(`the simulator says so when ${what}`, () => {
    assert.throws(() => dc(circuit(...parts)), (error) => error instanceof Trouble && error.key === key);
  });
}

test("a part that hangs in the air is at rest", () => {
  const found = dc(circuit("v V1 in 0 value=1", "r R1 in 0 r=1k", "r R2 far away r=1k"));

  assert.deepEqual([found.far, found.away], [0, 0]);
});

test("corners that are one but for rounding, also at the very end, do not stop the clock", () => {
  const curves = transient(circuit("v V1 a 0 value=square(3,0,1000K)", "v V2 b 0 value=square(3,0,500K)", "r R1 a b r=1k"), 0.000039);

  assert.equal(curves.times.at(-1), 0.000039);
  assert.ok(curves.times.length < 10_000);
});
