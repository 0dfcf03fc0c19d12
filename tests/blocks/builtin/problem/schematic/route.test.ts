// Wires find their way around what they must not touch.
import assert from "node:assert/strict";
import test from "node:test";
import { readDiagram, wire, type Diagram, type Item } from "../../../../../src/lykeion/blocks/builtin/problem/static/schematic/diagram";
import { disconnected, freePlace, moved, placedNew, removed, turned, turnedBy, wired } from "../../../../../src/lykeion/blocks/builtin/problem/static/schematic/edits";
import { netlistOf } from "../../../../../src/lykeion/blocks/builtin/problem/static/schematic/netlist";
import { newPart, terminalsOf, type Part, type Point } from "../../../../../src/lykeion/blocks/builtin/problem/static/schematic/parts";
import { route } from "../../../../../src/lykeion/blocks/builtin/problem/static/schematic/route";
import { divider } from "./circuits";

function drawing(...items: Item[]): Diagram {
  return { ...readDiagram("[]"), items };
}

function connected(diagram: Diagram, from: Point, to: Point): Diagram {
  return wired(diagram, route(diagram, netlistOf(diagram), from, to)!);
}

function nodes(diagram: Diagram, part: Part): string[] {
  return netlistOf(diagram).ofPart.get(part)!;
}

test("a wire goes straight where nothing is in its way, and with one corner where it must", () => {
  assert.deepEqual(route(drawing(), netlistOf(drawing()), [0, 0], [80, 0]), [[0, 0], [80, 0]]);
  assert.equal(route(drawing(), netlistOf(drawing()), [0, 0], [80, 40])!.length, 3);
});

test("a wire goes around terminals of other nodes and joins nothing but its ends", () => {
  const [left, middle, right] = [newPart("r", 0, 0), newPart("r", 48, -48), newPart("r", 96, 0)];

  const diagram = connected(drawing(left, middle, right), [0, 0], [96, 0]);

  assert.equal(nodes(diagram, left)[0], nodes(diagram, right)[0]);
  assert.equal(new Set([...nodes(diagram, left), ...nodes(diagram, middle)]).size, 4);
});

test("a wire crosses others and does not bend on them", () => {
  const [left, right] = [newPart("r", 0, 0), newPart("r", 96, 40)];
  const fence = wire([48, -400], [48, 400]);

  const diagram = connected(drawing(left, right, fence), [0, 0], [96, 40]);

  assert.equal(nodes(diagram, left)[0], nodes(diagram, right)[0]);
  assert.notEqual(netlistOf(diagram).nodes.get("48,-400"), nodes(diagram, left)[0]);
});

test("a wire that ends in the middle of another joins it", () => {
  const part = newPart("r", 0, 0);

  const diagram = connected(drawing(part, wire([48, -80], [48, 80])), [0, 0], [48, 0]);

  assert.equal(netlistOf(diagram).nodes.get("48,80"), nodes(diagram, part)[0]);
});

test("terminals in any two places of a circuit can be connected without touching a third node", () => {
  const before = readDiagram(JSON.stringify(divider));
  const extra = placedNew(before, "o", freePlace(before, "o"));
  const ends = terminalsOf(extra.part);

  for (const target of ["0,0", "64,48", "0,48"].map((place) => place.split(",").map(Number) as unknown as Point)) {
    for (const end of ends) {
      const count = (diagram: Diagram): number => new Set(netlistOf(diagram).nodes.values()).size;
      assert.equal(count(connected(extra.diagram, end, target)), count(extra.diagram) - 1);
    }
  }
});

test("a wire along another becomes one with it", () => {
  const diagram = wired(drawing(wire([0, 0], [40, 0])), [[0, 0], [80, 0], [80, 40]]);

  assert.deepEqual(diagram.items, [wire([0, 0], [80, 0]), wire([80, 0], [80, 40])]);
});

test("wires follow a part that moves, with a corner where they would slant", () => {
  const part = newPart("r", 0, 0);
  const other = newPart("r", 80, 0);
  const before = drawing(part, other, wire([0, 0], [80, 0]));

  const { diagram, selected } = moved(before, new Set([part]), 0, 16);

  const [after] = [...selected] as Part[];
  assert.deepEqual([after!.x, after!.y], [0, 16]);
  assert.equal(nodes(diagram, after!)[0], nodes(diagram, other)[0]);
  assert.equal(diagram.items.filter(({ type }) => type === "w").length, 2);
});

test("four turns lead back, and so do two mirrors, whichever way a part stands", () => {
  for (const rotation of [0, 1, 2, 3, 4, 5, 6, 7]) {
    assert.equal([1, 2, 3, 4].reduce((now) => turnedBy(now, false), rotation), rotation);
    assert.equal(turnedBy(turnedBy(rotation, true), true), rotation);
  }
});

test("edits leave the circuit before them as it was", () => {
  const before = readDiagram(JSON.stringify(divider));
  const kept = JSON.stringify(before);
  const part = before.items[1] as Part;

  turned(before, part, true);
  removed(before, new Set([part]));
  moved(before, new Set([part]), 8, 8);
  const without = disconnected(before, part);

  assert.equal(JSON.stringify(before), kept);
  assert.equal(without.items.length, before.items.length - 1);
});
