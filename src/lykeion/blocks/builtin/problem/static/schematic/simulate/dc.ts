import { plus, solve, times, zeros, type Matrix } from "./matrix";
import { calmed, settle } from "./newton";
import { writerTo, type System } from "./system";
import { Trouble } from "./trouble";

const CALMING = [1e-2, 1e-3, 1e-4, 1e-5, 1e-6, 1e-7, 1e-8, 1e-9, 1e-10, 1e-11, 1e-12];

/** The operating point: capacitors open, coils shorted, sources at their value at time 0. */
export function operatingPoint(system: System): Float64Array {
  const right = system.fed(0);
  for (const part of system.nonlinear) part.reset();
  const found = settle(system, system.linear, right, new Float64Array(system.size)) ?? steppedConductance(system, right) ?? steppedSources(system, right);
  if (!found) throw new Trouble("noPoint");
  if (!system.nonlinear.length) refuseContradictions(system.linear, found, right);
  return found;
}

/** From a circuit that every node leaks in to one that does not, in steps small enough to follow. */
function steppedConductance(system: System, right: Float64Array): Float64Array | undefined {
  for (const part of system.nonlinear) part.reset();
  let solution: Float64Array | undefined = new Float64Array(system.size);
  for (const conductance of CALMING) {
    solution = settle(system, calmed(system, conductance), right, solution);
    if (!solution) return undefined;
  }
  return settle(system, system.linear, right, solution);
}

/** From sources that are off to full ones. */
function steppedSources(system: System, right: Float64Array): Float64Array | undefined {
  for (const part of system.nonlinear) part.reset();
  let solution: Float64Array | undefined = new Float64Array(system.size);
  for (let share = 0.02; share <= 1.001; share += 0.02) {
    solution = settle(system, system.linear, right.map((value) => value * share), solution);
    if (!solution) return undefined;
  }
  return solution;
}

/** A current with nowhere to go, or a voltage across a coil, has no answer: the equations are not met by any. */
function refuseContradictions(matrix: Matrix, solution: Float64Array, right: Float64Array): void {
  const met = times(matrix, solution);
  const size = right.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
  if (met.some((value, index) => Math.abs(value - right[index]!) > 1e-6 * size)) throw new Trouble("noPath");
}

/** Voltages of all nodes and currents of all sources and current probes, `I(name)`, at the operating point. */
export function dc(system: System): Record<string, number> {
  const point = operatingPoint(system);
  const result: Record<string, number> = { "0": 0 };
  for (const [name, index] of system.nodes) result[name] = point[index]!;
  for (const [name, index] of system.currents) result[`I(${name})`] = point[index]!;
  return result;
}

export interface Response {
  /** Volt per volt (or per ampere) of the source. */
  magnitude: number;
  /** Degrees, -180 to 180. */
  phase: number;
}

/** The answer of each node to a sine of 1 from the named source, at each frequency in hertz. */
export function ac(system: System, source: string, frequencies: number[]): Map<string, Response[]> {
  const feed = system.byName.get(source);
  if (!feed) throw new Trouble("noSource", { source });
  const slopes = slopesAt(system, operatingPoint(system));
  const answers = frequencies.map((frequency) => {
    const right = new Float64Array(2 * system.size);
    for (const [row, sign] of feed.rows) if (row >= 0) right[row] = sign;
    return solve(complex(slopes, system.storage, 2 * Math.PI * frequency), right);
  });
  return new Map([...system.nodes].map(([name, index]) => [name, answers.map((answer) => polar(answer[index]!, answer[index + system.size]!))]));
}

function polar(real: number, imaginary: number): Response {
  return { magnitude: Math.hypot(real, imaginary), phase: (Math.atan2(imaginary, real) * 180) / Math.PI };
}

function slopesAt(system: System, point: Float64Array): Matrix {
  const slopes = plus(system.linear, system.linear, 0);
  const bench = { voltage: (node: number) => (node < 0 ? 0 : point[node]!), ...writerTo(slopes), draw: () => undefined };
  for (const part of system.nonlinear) part.load(bench);
  return slopes;
}

/** (slopes + j omega storage) as a real matrix of twice the size: real parts above, imaginary ones below. */
function complex(slopes: Matrix, storage: Matrix, omega: number): Matrix {
  const size = slopes.length;
  const matrix = zeros(2 * size);
  for (let row = 0; row < size; row += 1) {
    for (let column = 0; column < size; column += 1) {
      matrix[row]![column] = matrix[row + size]![column + size] = slopes[row]![column]!;
      matrix[row]![column + size] = -omega * storage[row]![column]!;
      matrix[row + size]![column] = omega * storage[row]![column]!;
    }
  }
  return matrix;
}
