/** A part as it stands in the diagram. Numbers are the diagram's own units: the grid is 8 wide. */
export interface Part {
  type: string;
  x: number;
  y: number;
  /** 0-3: quarter turns clockwise; 4-7: the same, mirrored (as in Open edX). */
  rotation: number;
  properties: Record<string, string>;
}

export type Point = readonly [x: number, y: number];
export type Box = readonly [left: number, top: number, right: number, bottom: number];

/** A kind of part: keys of its words, where its terminals are, what it starts with, and its picture as an SVG path. */
export interface Kind {
  word: string;
  terminals: { at: Point; word: string }[];
  properties: Record<string, string>;
  /** The property that is shown beside it, and its unit. */
  shown?: [property: string, unit: string];
  /** Begins the names of parts of this kind. */
  letter?: string;
  box: Box;
  path: string;
}

const END_TO_END = [{ at: [0, 0], word: "end1" }, { at: [0, 48], word: "end2" }] satisfies Kind["terminals"];
const PLUS_MINUS = [{ at: [0, 0], word: "plus" }, { at: [0, 48], word: "minus" }] satisfies Kind["terminals"];
const CHANNEL = [{ at: [0, 0], word: "drain" }, { at: [-24, 24], word: "gate" }, { at: [0, 48], word: "source" }] satisfies Kind["terminals"];
const CHANNEL_PATH = "M0 0V16H-8V32H0V48M-12 16V32";
const CIRCLE = "M0 0V12M0 36V48M12 24A12 12 0 1 1-12 24A12 12 0 1 1 12 24";

export const KINDS: Record<string, Kind> = {
  g: { word: "ground", terminals: [{ at: [0, 0], word: "end" }], properties: {}, box: [-6, 0, 6, 8], path: "M0 0V8M-6 8H6" },
  L: { word: "label", terminals: [{ at: [0, 0], word: "end" }], properties: { label: "" }, shown: ["label", ""], box: [-4, 0, 4, 10], path: "M0 0V8" },
  v: { word: "voltageSource", terminals: PLUS_MINUS, properties: { name: "", value: "dc(1)" }, shown: ["value", ""], letter: "V", box: [-12, 0, 12, 48], path: `${CIRCLE}M0 15V21M-3 18H3M-3 30H3` },
  i: { word: "currentSource", terminals: [{ at: [0, 0], word: "from" }, { at: [0, 48], word: "to" }], properties: { name: "", value: "dc(1)" }, shown: ["value", ""], letter: "I", box: [-12, 0, 12, 48], path: `${CIRCLE}M0 15V32M-4 26L0 32L4 26` },
  r: { word: "resistor", terminals: END_TO_END, properties: { name: "", r: "1" }, shown: ["r", "Ω"], letter: "R", box: [-6, 0, 6, 48], path: "M0 0V12L5 14L-5 18L5 22L-5 26L5 30L-5 34L0 36V48" },
  c: { word: "capacitor", terminals: END_TO_END, properties: { name: "", c: "1p" }, shown: ["c", "F"], letter: "C", box: [-8, 0, 8, 48], path: "M0 0V21.5M-8 21.5H8M-8 26.5H8M0 26.5V48" },
  l: { word: "inductor", terminals: END_TO_END, properties: { name: "", l: "1n" }, shown: ["l", "H"], letter: "L", box: [-4, 0, 8, 48], path: "M0 0V12A4 4 0 0 1 0 20A4 4 0 0 1 0 28A4 4 0 0 1 0 36V48" },
  o: { word: "opAmp", terminals: [{ at: [0, 0], word: "plusInput" }, { at: [0, 16], word: "minusInput" }, { at: [48, 8], word: "output" }, { at: [24, 32], word: "reference" }], properties: { name: "", A: "30000" }, shown: ["A", ""], letter: "A", box: [0, -8, 48, 32], path: "M8-8V24L40 8ZM0 0H8M0 16H8M40 8H48M24 16V32M11 0H17M14-3V3M11 16H17" },
  d: { word: "diode", terminals: [{ at: [0, 0], word: "anode" }, { at: [0, 48], word: "cathode" }], properties: { name: "", area: "1", type: "normal" }, shown: ["area", ""], letter: "D", box: [-8, 0, 8, 48], path: "M0 0V16M-8 16H8L0 32ZM-8 32H8M0 32V48" },
  n: { word: "nfet", terminals: CHANNEL, properties: { name: "", "W/L": "2" }, shown: ["W/L", ""], letter: "M", box: [-24, 0, 4, 48], path: `${CHANNEL_PATH}M-24 24H-12` },
  p: { word: "pfet", terminals: CHANNEL, properties: { name: "", "W/L": "2" }, shown: ["W/L", ""], letter: "M", box: [-24, 0, 4, 48], path: `${CHANNEL_PATH}M-24 24H-16M-12 24A2 2 0 1 1-16 24A2 2 0 1 1-12 24` },
  s: { word: "voltageProbe", terminals: [{ at: [0, 0], word: "tip" }], properties: { color: "cyan", offset: "0" }, box: [0, -21, 21, 0], path: "M0 0L4-4M2-6L6-2L21-17L17-21Z" },
  a: { word: "currentProbe", terminals: [{ at: [0, 0], word: "from" }, { at: [16, 0], word: "to" }], properties: { color: "magenta", offset: "0" }, letter: "P", box: [0, -5, 16, 5], path: "M0 0H16M6-4L11 0L6 4" },
};

export const ALL_KINDS = Object.keys(KINDS);
export const PROBE_COLOURS = ["red", "green", "blue", "cyan", "magenta", "yellow", "black", "x-axis"];
export const DIODE_TYPES = ["normal", "ideal"];

export function kindOf({ type }: Part): Kind {
  return KINDS[type]!;
}

/** A place in a part's own frame, in the diagram. */
export function placed({ x, y, rotation }: Pick<Part, "x" | "y" | "rotation">, [dx, dy]: Point): Point {
  const turns: Point[] = [[dx, dy], [-dy, dx], [-dx, -dy], [dy, -dx], [-dx, dy], [-dy, -dx], [dx, -dy], [dy, dx]];
  const [turnedX, turnedY] = turns[rotation] ?? turns[0]!;
  return [x + turnedX, y + turnedY];
}

/** The same turn as an SVG matrix. */
export function transformOf({ x, y, rotation }: Pick<Part, "x" | "y" | "rotation">): string {
  const [right, down] = [placed({ x: 0, y: 0, rotation }, [1, 0]), placed({ x: 0, y: 0, rotation }, [0, 1])];
  return `matrix(${[...right, ...down, x, y].join(" ")})`;
}

export function terminalsOf(part: Part): Point[] {
  return kindOf(part).terminals.map(({ at }) => placed(part, at));
}

export function boxOf(part: Part): Box {
  const [left, top, right, bottom] = kindOf(part).box;
  const [one, other] = [placed(part, [left, top]), placed(part, [right, bottom])];
  return [Math.min(one[0], other[0]), Math.min(one[1], other[1]), Math.max(one[0], other[0]), Math.max(one[1], other[1])];
}

export function newPart(type: string, x: number, y: number): Part {
  return { type, x, y, rotation: 0, properties: { ...KINDS[type]!.properties } };
}
