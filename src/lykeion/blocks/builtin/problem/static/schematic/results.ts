import { partsOf, VIEW, writeItems, type Diagram } from "./diagram";
import { netlistOf, type Netlist } from "./netlist";
import { ac, dc } from "./simulate/dc";
import { parseSource } from "./simulate/sources";
import { System, type Device } from "./simulate/system";
import { transient, valueAt } from "./simulate/transient";
import { Trouble } from "./simulate/trouble";

/** What a grader wants to see: nodes, each with times in seconds or common logarithms of frequencies in hertz. */
export interface Wanted {
  dc: boolean;
  ac: [node: string, ...places: number[]][];
  tran: [node: string, ...places: number[]][];
}

type Pairs = Record<string, [place: number, value: number | "undefined"][]>;

const DIGITS = 12; // so that a half is 0.5 in the grader's eyes too
const FAINTEST = 1e-20;
const HIGHEST_DECADE = 18;

/** Reads `submit_analyses`; the operating point goes along wherever that analysis may be used. */
export function readWanted(text: string, analyses: readonly string[]): Wanted {
  const given = text.includes("{") ? (JSON.parse(text) as Partial<Record<"ac" | "tran", unknown>>) : {};
  return { dc: analyses.includes("dc"), ac: readLists(given.ac), tran: readLists(given.tran) };
}

function readLists(lists: unknown): Wanted["ac"] {
  if (!Array.isArray(lists)) return [];
  return lists.filter(Array.isArray).map(([node, ...places]) => [String(node), ...places.map(Number)]);
}

/** The value of the form field: the circuit, and the results that its grader asks for, as far as it can be simulated. */
export function submission(diagram: Diagram, wanted: Wanted): { value: string; trouble: Trouble | undefined } {
  const netlist = netlistOf(diagram);
  const list = writeItems(diagram, netlist.ofPart);
  let trouble: Trouble | undefined;
  const attempt = (name: string, run: (system: System) => unknown): void => {
    try {
      list.push([name, run(new System(netlist.devices))]);
    } catch (error) {
      if (!(error instanceof Trouble)) throw error;
      trouble ??= error;
    }
  };
  if (wanted.dc) attempt("dc", (system) => operatingPoint(system, netlist));
  if (wanted.ac.length) attempt("ac", (system) => decibels(system, netlist, wanted.ac, acSource(diagram, netlist)));
  if (wanted.tran.length) attempt("transient", (system) => samples(system, netlist, wanted.tran));
  return { value: JSON.stringify(list), trouble };
}

export function operatingPoint(system: System, { aliases }: Netlist): Record<string, number> {
  const found = dc(system);
  for (const [alias, node] of aliases) if (node in found) found[alias] = found[node]!;
  return Object.fromEntries(Object.entries(found).map(([name, value]) => [name, rounded(value)]));
}

function decibels(system: System, { aliases }: Netlist, lists: Wanted["ac"], source: string): Pairs {
  const result: Pairs = {};
  for (const [node, ...decades] of lists) {
    const sensible = decades.filter((decade) => Math.abs(decade) <= HIGHEST_DECADE);
    const answers = ac(system, source, sensible.map((decade) => 10 ** decade)).get(aliases.get(node) ?? node);
    const levels = new Map(sensible.map((decade, index) => [decade, answers?.[index]?.magnitude]));
    result[node] = decades.map((decade) => [decade, level(levels.get(decade))]);
  }
  return result;
}

function level(magnitude: number | undefined): number | "undefined" {
  return magnitude === undefined ? "undefined" : rounded(20 * Math.log10(Math.max(magnitude, FAINTEST)));
}

function samples(system: System, { aliases }: Netlist, lists: Wanted["tran"]): Pairs {
  const times = lists.flatMap(([, ...places]) => places).filter((time) => time >= 0 && Number.isFinite(time));
  const curves = transient(system, Math.max(...times), times);
  return Object.fromEntries(
    lists.map(([node, ...places]) => [
      node,
      places.map((time) => {
        const value = valueAt(curves, aliases.get(node) ?? node, time);
        return [time, value === undefined ? "undefined" : rounded(value)];
      }),
    ]),
  );
}

function rounded(value: number): number {
  return Number(value.toPrecision(DIGITS));
}

export function sourcesOf({ devices }: Netlist): Device[] {
  return devices.filter(({ type }) => type === "v" || type === "i");
}

/** The source that an AC analysis drives: the one that was chosen, else the only one that is not constant, else the first. */
export function acSource(diagram: Diagram, netlist: Netlist): string {
  const sources = sourcesOf(netlist);
  const chosen = sources.find(({ name }) => name === diagram.view[VIEW.source]);
  const changing = sources.filter(({ properties }) => parseSource(properties.value ?? "")?.name !== "dc");
  return (chosen ?? (changing.length === 1 ? changing[0] : sources[0]))?.name ?? "";
}

/** The probes in the diagram: what each one looks at, as a name in the simulator's results. */
export function probesOf(diagram: Diagram, netlist: Netlist): { name: string; colour: string; offset: string; current: boolean }[] {
  return partsOf(diagram).flatMap((part) => {
    if (part.type !== "s" && part.type !== "a") return [];
    const device = netlist.devices.find(({ properties }) => properties === part.properties);
    const name = device ? `I(${device.name})` : netlist.ofPart.get(part)![0]!;
    return [{ name, colour: part.properties.color ?? "cyan", offset: part.properties.offset ?? "0", current: part.type === "a" }];
  });
}
