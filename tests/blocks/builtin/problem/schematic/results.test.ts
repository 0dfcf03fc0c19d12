// What is sent to graders: the format of Open edX, and values that its authors' code finds right.
import assert from "node:assert/strict";
import test from "node:test";
import { readDiagram, wire, type Diagram } from "../../../../../src/lykeion/blocks/builtin/problem/static/schematic/diagram";
import { freeName, netlistOf } from "../../../../../src/lykeion/blocks/builtin/problem/static/schematic/netlist";
import { newPart, placed, terminalsOf } from "../../../../../src/lykeion/blocks/builtin/problem/static/schematic/parts";
import { readWanted, submission } from "../../../../../src/lykeion/blocks/builtin/problem/static/schematic/results";
import { divider, gate, highPass, parallelGate } from "./circuits";

function sent(diagram: Diagram, wanted = "", analyses = ["dc"]): unknown[] {
  return JSON.parse(submission(diagram, readWanted(wanted, analyses)).value);
}

function found(list: unknown[], name: string): any {
  return (list as [string, any][]).find(([kind]) => kind === name)?.[1];
}

test("a circuit comes back as it was read", () => {
  const before = readDiagram(JSON.stringify(divider));

  const after = readDiagram(JSON.stringify(sent(before)));

  assert.deepEqual(after, before);
});

test("what is sent has Open edX's form", () => {
  const list = sent(readDiagram(JSON.stringify(divider))) as any[];

  assert.deepEqual(list[0], ["v", [0, 0, 0], { value: "dc(1)", _json_: 0 }, ["1", "0"]]);
  assert.deepEqual(list.filter(([kind]) => kind === "w").length, 4);
  assert.deepEqual(list.at(-2)[0], "view");
  assert.deepEqual(list.at(-1), ["dc", { "0": 0, "1": 1, output: 0.5, "I(_0)": -0.5 }]);
});

test("nothing that an answer holds can break the reader", () => {
  for (const text of ["", "null", "{}", "[", "[[]]", '[["r"]]', '[["__proto__",[0,0,0]]]', '[["r",["a",0,0]]]', '[["w",[0,0]]]', '[["r",[0,0,99],7,null]]', "[[1e999]]"]) {
    assert.ok(readDiagram(text).items.length <= 1);
  }
});

test("ends that touch the middle of a wire are joined, crossing wires are not", () => {
  const [one, other] = [newPart("r", 8, 0), newPart("r", 8, 96)];
  const diagram = { ...readDiagram("[]"), items: [one, other, wire([0, 48], [48, 48]), wire([24, 0], [24, 96])] };

  const { nodes, ofPart } = netlistOf(diagram);

  assert.equal(ofPart.get(one)![1], nodes.get("0,48"));
  assert.notEqual(nodes.get("24,0"), nodes.get("0,48"));
});

test("wires are cut where something joins them, for Open edX joins at ends only", () => {
  const diagram = { ...readDiagram("[]"), items: [newPart("r", 8, 0), wire([0, 48], [48, 48])] };

  const wires = (sent(diagram, "", []) as any[]).filter(([kind]) => kind === "w");

  assert.deepEqual(wires, [["w", [0, 48, 8, 48]], ["w", [8, 48, 48, 48]]]);
});

test("the same label in two places is one node", () => {
  const [one, other] = [newPart("r", 0, 0), newPart("r", 96, 0)];
  const labels = [0, 96].map((x) => ({ ...newPart("L", x, 0), properties: { label: "A" } }));

  const { ofPart } = netlistOf({ ...readDiagram("[]"), items: [one, other, ...labels] });

  assert.deepEqual([ofPart.get(one)![0], ofPart.get(other)![0]], ["A", "A"]);
});

test("a label on ground is another name of node 0", () => {
  const items = [...readDiagram(JSON.stringify(divider)).items, { ...newPart("L", 0, 48), properties: { label: "zero" } }];

  assert.equal(found(sent({ ...readDiagram("[]"), items }), "dc").zero, 0);
});

test("every turn of a part is the turn that Open edX draws", () => {
  const ends = [0, 1, 2, 3, 4, 5, 6, 7].map((rotation) => placed({ x: 0, y: 0, rotation }, [-24, 8]).join());

  assert.deepEqual(ends, ["-24,8", "-8,-24", "24,-8", "8,24", "24,8", "-8,24", "-24,-8", "8,-24"]);
});

test("new parts get names that are free", () => {
  const named = { ...newPart("r", 0, 0), properties: { name: "R1", r: "1" } };

  assert.equal(freeName({ ...readDiagram("[]"), items: [named] }, newPart("r", 0, 0)), "R2");
  assert.equal(terminalsOf(newPart("o", 8, 8)).length, 4);
});

test("a high pass gives decibels at the logarithms that are asked for", () => {
  const { NodeA } = found(sent(readDiagram(JSON.stringify(highPass)), '{"ac":[["NodeA",1,9]]}', ["ac"]), "ac");

  assert.deepEqual(NodeA.map(([decade]: [number]) => decade), [1, 9]);
  assert.ok(Math.abs(NodeA[0][1] - -20 * Math.log10(1 / (2 * Math.PI * 10 * 1e-9 * 1e3))) < 0.1);
  assert.ok(Math.abs(NodeA[1][1]) < 0.001);
});

test("a gate gives its voltage at the very times that are asked for", () => {
  const times = [0.0000004, 0.0000009, 0.0000014, 0.0000019, 0.0000024, 0.0000029, 0.0000034, 0.0000039];

  const { Z } = found(sent(readDiagram(JSON.stringify(gate)), JSON.stringify({ tran: [["Z", ...times]] }), ["dc", "tran"]), "transient");

  assert.deepEqual(Z.map(([time]: [number]) => time), times);
  assert.deepEqual(Z.map(([, value]: [number, number]) => (value > 2.7 ? 1 : value < 0.25 ? 0 : value)), [1, 1, 1, 1, 1, 0, 0, 0]);
});

test("another gate gives other voltages", () => {
  const { Z } = found(sent(readDiagram(JSON.stringify(parallelGate)), '{"tran":[["Z",4e-7,9e-7,2.9e-6]]}', ["tran"]), "transient");

  assert.deepEqual([Z[0][1] > 2.7, Z[1][1] < 0.25], [true, true]);
});

test("a node that is not there has no value, and a circuit without ground has no results", () => {
  const wanted = '{"tran":[["nowhere",1e-6]]}';

  assert.deepEqual(found(sent(readDiagram(JSON.stringify(divider)), wanted, []), "transient"), { nowhere: [[1e-6, "undefined"]] });
  assert.equal(found(sent({ ...readDiagram("[]"), items: [newPart("r", 0, 0)] }), "dc"), undefined);
  assert.equal(submission({ ...readDiagram("[]"), items: [newPart("r", 0, 0)] }, readWanted("", ["dc"])).trouble?.key, "noGround");
});
