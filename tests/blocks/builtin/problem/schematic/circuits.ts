// Circuits in Open edX's format.
const VIEW = ["view", 0, 0, 2, "50", "10", "1G", null, "100", "1", "1000"];

export const divider = [
  ["v", [0, 0, 0], { value: "dc(1)", _json_: 0 }, ["1", "0"]],
  ["r", [64, 0, 0], { r: "1", _json_: 1 }, ["1", "output"]],
  ["r", [64, 48, 0], { r: "1", _json_: 2 }, ["output", "0"]],
  ["L", [64, 48, 3], { label: "output", _json_: 3 }, ["output"]],
  ["w", [64, 96, 0, 96]],
  ["w", [0, 96, 0, 48]],
  ["w", [0, 0, 0, -16]],
  ["w", [0, -16, 64, 0]],
  ["g", [0, 48, 0], { _json_: 8 }, ["0"]],
  VIEW,
];

export const highPass = [
  ["v", [0, 0, 0], { name: "v1", value: "sin(0,1,1,0,0)", _json_: 0 }, ["1", "0"]],
  ["c", [48, 0, 1], { c: "1n", _json_: 1 }, ["NodeA", "1"]],
  ["r", [48, 0, 0], { r: "1k", _json_: 2 }, ["NodeA", "0"]],
  ["w", [0, 48, 48, 48]],
  ["g", [0, 48, 0], { _json_: 4 }, ["0"]],
  ["L", [48, 0, 3], { label: "NodeA", _json_: 5 }, ["NodeA"]],
  ["s", [48, 0, 0], { color: "cyan", offset: "0", _json_: 6 }, ["NodeA"]],
  VIEW,
];

/** Joined by labels: three inputs, a pull-up, and the transistors that follow. */
const inputs = [
  ["v", [0, 0, 0], { name: "VA", value: "square(3,0,1000K)" }, []],
  ["v", [48, 0, 0], { name: "VB", value: "square(3,0,500K)" }, []],
  ["v", [96, 0, 0], { name: "VC", value: "square(3,0,250K)" }, []],
  ["v", [144, 0, 0], { name: "Vpwr", value: "dc(3)" }, []],
  ...[0, 48, 96, 144].map((x) => ["g", [x, 48, 0], {}, []]),
  ...["A", "B", "C", "P"].map((label, index) => ["L", [48 * index, 0, 2], { label }, []]),
  ["r", [200, 0, 0], { name: "Rpullup", r: "10K" }, []],
  ["L", [200, 0, 2], { label: "P" }, []],
  ["L", [200, 48, 3], { label: "Z" }, []],
];

function transistor(x: number, y: number, label: string): unknown[][] {
  return [["n", [x, y, 0], { "W/L": "100" }, []], ["L", [x - 24, y + 24, 1], { label }, []]];
}

/** Z = not (C and (A or B)). */
export const gate = [
  ...inputs,
  ...transistor(200, 48, "C"),
  ...transistor(200, 96, "A"),
  ...transistor(280, 96, "B"),
  ["w", [200, 96, 280, 96]],
  ["w", [200, 144, 280, 144]],
  ["g", [200, 144, 0], {}, []],
  VIEW,
];

/** Z = not (A or B or C). */
export const parallelGate = [
  ...inputs,
  ...["A", "B", "C"].flatMap((label, index) => transistor(200 + 80 * index, 48, label)),
  ["w", [200, 48, 360, 48]],
  ["w", [200, 96, 360, 96]],
  ["g", [200, 96, 0], {}, []],
  VIEW,
];
