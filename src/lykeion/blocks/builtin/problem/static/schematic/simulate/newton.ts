import type { Bench } from "./devices";
import { copy, plus, solve, times, type Matrix } from "./matrix";
import { writerTo, type System } from "./system";

const ROUNDS = 200;
const FINE = 1e-6;
const LEAST = 1e-9;

/**
 * Solves matrix * x + nonlinear(x) = right by Newton's method from `guess`; undefined if it does not settle. A linear
 * circuit takes one exact solution, so that a divider by two is 0.5 and not 0.4999999.
 */
export function settle(system: System, matrix: Matrix, right: Float64Array, guess: Float64Array): Float64Array | undefined {
  let solution = guess;
  if (system.nonlinear.length === 0) return solve(copy(matrix), right.slice());
  for (let round = 0; round < ROUNDS; round += 1) {
    const limited = system.nonlinear.map((part) => part.limit(benchAt(solution))).some(Boolean);
    const next = step(system, matrix, right, solution);
    if (next.some((value) => !Number.isFinite(value))) return undefined;
    const settled = !limited && next.every((value, index) => Math.abs(value - solution[index]!) <= LEAST + FINE * Math.abs(value));
    solution = next;
    if (settled && round > 0) return solution;
  }
  return undefined;
}

/** What is drawn out of each node and branch at x beyond what `right` brings: matrix * x + nonlinear(x) - right. */
export function residue(system: System, matrix: Matrix, right: Float64Array, at: Float64Array): Float64Array {
  const slopes = copy(matrix);
  const rest = right.slice();
  for (const part of system.nonlinear) part.hold(benchAt(at));
  load(system, slopes, rest, at);
  return times(slopes, at).map((value, index) => value - rest[index]!);
}

function step(system: System, matrix: Matrix, right: Float64Array, at: Float64Array): Float64Array {
  const slopes = copy(matrix);
  const rest = right.slice();
  load(system, slopes, rest, at);
  return solve(slopes, rest);
}

function load(system: System, slopes: Matrix, rest: Float64Array, at: Float64Array): void {
  const bench: Bench = {
    ...benchAt(at),
    ...writerTo(slopes),
    draw: (row, value) => {
      if (row >= 0) rest[row]! -= value;
    },
  };
  for (const part of system.nonlinear) part.load(bench);
}

function benchAt(solution: Float64Array): Bench {
  return { voltage: (node) => (node < 0 ? 0 : solution[node]!), conduct: () => undefined, draw: () => undefined };
}

/** The matrix with a conductance from every node to ground, which calms a circuit down. */
export function calmed(system: System, conductance: number): Matrix {
  const matrix = plus(system.linear, system.linear, 0);
  for (const node of system.nodes.values()) matrix[node]![node]! += conductance;
  return matrix;
}
