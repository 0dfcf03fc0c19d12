import { parseNumber } from "./numbers";

/** What a source does over time. */
export interface Source {
  name: string;
  args: number[];
  at(time: number): number;
  /** 0 if it does not repeat. */
  period: number;
  /** The times up to `stop` at which the curve has a corner. */
  corners(stop: number): number[];
}

/** The parameters of each kind of source: key of its word, and default. `pwl` takes any number of times and values. */
export const PARAMETERS: Record<string, [key: string, otherwise: number][]> = {
  dc: [["dcValue", 0]],
  impulse: [["height", 1], ["width", 1e-9]],
  step: [["initial", 0], ["plateau", 1], ["delay", 0], ["rise", 1e-9]],
  square: [["initial", 0], ["plateau", 1], ["frequency", 1], ["duty", 50]],
  triangle: [["initial", 0], ["plateau", 1], ["frequency", 1]],
  pwl: [],
  pwl_repeating: [],
  pulse: [["initial", 0], ["plateau", 1], ["delay", 0], ["rise", 1e-9], ["fall", 1e-9], ["width", 1e9], ["period", 1e9]],
  sin: [["offsetValue", 0], ["amplitude", 1], ["frequency", 1], ["delay", 0], ["phase", 0]],
};
const MOST_CORNERS = 100_000;

/** Reads `5`, `5k`, `sin(0,1,1k)` …; an argument left out has its default. Undefined if there is no such kind. */
export function parseSource(text: string): Source | undefined {
  const called = /^\s*([a-z_]+)\s*\(([^)]*)\)?\s*$/.exec(text);
  const name = called ? called[1]! : "dc";
  const parameters = Object.hasOwn(PARAMETERS, name) ? PARAMETERS[name]! : undefined;
  const written = called ? called[2]!.split(",") : [text];
  if (!parameters) return undefined;
  const given = written.map((one) => (one.trim() ? parseNumber(one) : undefined));
  if (!called && given[0] === undefined) return undefined;
  const args = parameters.length ? parameters.map(([, otherwise], index) => given[index] ?? otherwise) : given.map((one) => one ?? 0);
  return { name, args, ...behaviour(name, args) };
}

function behaviour(name: string, args: number[]): Pick<Source, "at" | "period" | "corners"> {
  const [first = 0, second = 0, third = 0, fourth = 0, fifth = 0, sixth = 0, seventh = 0] = args;
  const cycle = third === 0 ? Infinity : 1 / Math.abs(third);
  switch (name) {
    case "impulse":
      return line([[0, 0], [Math.abs(second) / 2, first], [Math.abs(second), 0]], 0);
    case "step":
      return line([[Math.max(0, third), first], [Math.max(0, third) + Math.abs(fourth), second]], 0);
    case "square":
      return square(first, second, cycle, Math.min(100, Math.abs(fourth)));
    case "triangle":
      return line([[0, first], [cycle / 2, second], [cycle, first]], cycle);
    case "pwl":
    case "pwl_repeating":
      return listed(args, name === "pwl_repeating");
    case "pulse":
      return pulse(first, second, [Math.max(0, third), Math.abs(fourth), Math.abs(sixth), Math.abs(fifth)], Math.abs(seventh));
    case "sin":
      return sine(first, second, Math.abs(third), Math.max(0, fourth), fifth / 360);
    default:
      return { at: () => first, period: 0, corners: () => [] };
  }
}

/** Edges last a hundredth of the period each; the plateau is the duty cycle's share of the rest. */
function square(low: number, high: number, period: number, duty: number): Pick<Source, "at" | "period" | "corners"> {
  const [edge, plateau] = [0.01 * period, 0.0098 * duty * period];
  if (period === Infinity) return line([[0, low]], 0);
  return line([[0, low], [edge, high], [edge + plateau, high], [2 * edge + plateau, low], [period, low]], period);
}

function pulse(low: number, high: number, lasts: number[], period: number): Pick<Source, "at" | "period" | "corners"> {
  const times = lasts.map((_, index) => lasts.slice(0, index + 1).reduce((sum, one) => sum + one, 0));
  return line([[times[0]!, low], [times[1]!, high], [times[2]!, high], [times[3]!, low], [period, low]], period);
}

function listed(args: number[], repeats: boolean): Pick<Source, "at" | "period" | "corners"> {
  const points: [number, number][] = [];
  for (let index = 0; index + 1 < args.length; index += 2) points.push([args[index]!, args[index + 1]!]);
  return line(points, repeats && points.length > 1 ? points.at(-1)![0] : 0);
}

function sine(offset: number, amplitude: number, frequency: number, delay: number, phase: number): Pick<Source, "at" | "period" | "corners"> {
  const at = (time: number): number => offset + amplitude * Math.sin(2 * Math.PI * (frequency * Math.max(0, time - delay) + phase));
  return { at, period: frequency ? 1 / frequency : 0, corners: () => (delay > 0 ? [delay] : []) };
}

/** Straight lines between points; level before the first and after the last, or from the start again each period. */
function line(points: [number, number][], period: number): Pick<Source, "at" | "period" | "corners"> {
  const repeats = period > 0 && Number.isFinite(period);
  const at = (time: number): number => {
    const local = repeats ? time - Math.floor(time / period) * period : time;
    return valueOn(points, local);
  };
  return { at, period: repeats ? period : 0, corners: (stop) => cornersOf(points, repeats ? period : 0, stop) };
}

function valueOn(points: [number, number][], time: number): number {
  let [lastTime, lastValue] = points[0] ?? [0, 0];
  if (time <= lastTime) return lastValue;
  for (const [next, value] of points.slice(1)) {
    if (next > lastTime && time < next) return lastValue + ((value - lastValue) * (time - lastTime)) / (next - lastTime);
    [lastTime, lastValue] = [next, value];
  }
  return lastValue;
}

function cornersOf(points: [number, number][], period: number, stop: number): number[] {
  const found: number[] = [];
  for (let start = 0; start <= stop && found.length < MOST_CORNERS; start += period) {
    for (const [time] of points) if (start + time <= stop && (!period || time <= period)) found.push(start + time);
    if (!period) break;
  }
  return found;
}
