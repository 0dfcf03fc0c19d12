import { Analyses } from "./analyses";
import { Canvas, isPart } from "./canvas";
import { isDiagram, readDiagram, type Diagram, type Item } from "./diagram";
import { moved, placedNew, removed, replaced, snapped, turned, turnedBy, wired, type Edit } from "./edits";
import { html } from "./elements";
import { Keys } from "./keys";
import { List } from "./list";
import { netlistOf, type Netlist } from "./netlist";
import { KINDS, type Part, type Point } from "./parts";
import { Pointer } from "./pointer";
import { editProperties } from "./properties";
import { readWanted, submission } from "./results";
import { route } from "./route";
import { Tools } from "./tools";
import { Words } from "./words";

export interface Settings {
  initial: string;
  /** Kinds that may be added; none: the circuit is only to be looked at and simulated. */
  parts: string[];
  analyses: string[];
  wanted: string;
  width: number;
  height: number;
  closed: boolean;
  words: Record<string, string>;
}

/** What the next click or Enter does. */
export type Mode = { name: "idle" } | { name: "placing"; type: string; rotation: number } | { name: "wiring"; from: Point } | { name: "lifted"; from: Point };

const SAVE_MS = 300;
const MOST_KEPT = 200;
let editors = 0;

/** One circuit being drawn: its state, its history, and the form field that carries it. */
export class Editor {
  readonly words: Words;
  readonly canvas: Canvas;
  readonly editable: boolean;
  selected: ReadonlySet<Item> = new Set();
  mode: Mode = { name: "idle" };
  cursor: Point = [0, 0];
  cursorShown = false;
  wireTool = false;
  readings: Record<string, number> | undefined;
  netlist: Netlist;
  private diagramNow: Diagram;
  private past: Diagram[] = [];
  private future: Diagram[] = [];
  private pause: ReturnType<typeof setTimeout> | undefined;
  private readonly wanted: ReturnType<typeof readWanted>;
  private readonly root: HTMLElement;
  private readonly status = html("p", { class: "schematic-status", role: "status" });
  private readonly warning = html("p", { class: "schematic-warning", hidden: true });
  private readonly tools: Tools;
  private readonly list: List;
  private readonly analyses: Analyses;
  private readonly flush = (): void => void (this.pause && this.save());

  constructor(place: HTMLElement, private readonly field: HTMLInputElement, readonly settings: Settings) {
    editors += 1;
    const helpId = `schematic-help-${editors}`;
    this.words = new Words(settings.words);
    this.editable = settings.parts.length > 0 && !settings.closed;
    this.wanted = readWanted(settings.wanted, settings.analyses);
    this.diagramNow = readDiagram(isDiagram(field.value) ? field.value : settings.initial);
    this.netlist = netlistOf(this.diagramNow);
    this.canvas = new Canvas(settings.width, settings.height, this.words.say("diagram"), helpId);
    this.tools = new Tools(this);
    this.list = new List(this);
    this.analyses = new Analyses(this);
    this.root = html("div", { class: "schematic-editor" }, this.tools.element, this.frame(helpId), this.warning, this.analyses.element, this.list.element);
    place.append(this.root);
    new Pointer(this);
    new Keys(this);
    this.cursor = snapped(this.canvas.middle);
    this.canvas.fit(this.diagramNow);
    this.redraw();
    if (!settings.closed) this.write();
    document.addEventListener("submit", this.flush, true);
    addEventListener("pagehide", this.flush);
  }

  leave(): void {
    this.flush();
    document.removeEventListener("submit", this.flush, true);
    removeEventListener("pagehide", this.flush);
    this.root.remove();
  }

  private frame(helpId: string): HTMLElement {
    const help = html("details", { class: "schematic-help" }, html("summary", {}, this.words.say("helpTitle")), html("p", {}, this.words.say("helpPointer")), html("p", { id: helpId }, this.words.say("help")));
    return html("div", { class: "schematic-frame" }, this.canvas.element, this.status, this.editable ? help : html("p", { id: helpId, hidden: true }, ""));
  }

  get diagram(): Diagram {
    return this.diagramNow;
  }

  /** Says something below the diagram and to people who listen. */
  say(key: string, values: Record<string, string | number> = {}): void {
    this.status.textContent = this.words.say(key, values);
  }

  nameOf(item: Item): string {
    return isPart(item) ? this.words.part(item, this.diagram) : this.words.say("wire");
  }

  // Changes

  change(diagram: Diagram, selected: ReadonlySet<Item> = new Set()): void {
    this.past = [...this.past.slice(-MOST_KEPT), this.diagramNow];
    this.future = [];
    this.show(diagram, selected);
  }

  /** Keeps the settings of an analysis; that is no step to undo. */
  keepView(view: readonly unknown[]): void {
    this.show({ ...this.diagramNow, view }, this.selected);
  }

  undo(): void {
    const before = this.past.pop();
    if (!before) return;
    this.future.push(this.diagramNow);
    this.show(before, new Set());
    this.say("undone");
  }

  redo(): void {
    const after = this.future.pop();
    if (!after) return;
    this.past.push(this.diagramNow);
    this.show(after, new Set());
    this.say("redone");
  }

  get canUndo(): boolean {
    return this.past.length > 0;
  }

  get canRedo(): boolean {
    return this.future.length > 0;
  }

  private show(diagram: Diagram, selected: ReadonlySet<Item>): void {
    this.diagramNow = diagram;
    this.selected = selected;
    this.netlist = netlistOf(diagram);
    this.readings = undefined;
    this.redraw();
    clearTimeout(this.pause);
    this.pause = setTimeout(() => this.save(), SAVE_MS);
  }

  private save(): void {
    clearTimeout(this.pause);
    this.pause = undefined;
    this.write();
    this.field.dispatchEvent(new Event("input", { bubbles: true }));
  }

  private write(): void {
    const { value, trouble } = submission(this.diagramNow, this.wanted);
    this.field.value = value;
    this.warning.hidden = !trouble;
    this.warning.textContent = trouble ? [this.words.say("notSimulated"), this.words.trouble(trouble), this.words.say("sentAnyway")].join(" ") : "";
  }

  redraw(path?: Point[], ghost?: Part): void {
    const cursor = this.cursorShown ? this.cursor : undefined;
    this.canvas.draw(this.diagramNow, this.netlist, { selected: this.selected, cursor, path, ghost, readings: this.readings });
    this.tools.update();
    this.list.update();
  }

  select(items: Iterable<Item>): void {
    this.selected = new Set(items);
    this.redraw();
  }

  // What tools, pointer and keys do

  begin(mode: Mode): void {
    this.mode = mode;
    this.canvas.element.dataset.mode = mode.name;
    this.redraw();
  }

  cancel(): void {
    const wasBusy = this.mode.name !== "idle" || this.wireTool;
    this.wireTool = false;
    this.begin({ name: "idle" });
    if (wasBusy) this.say("givenUp");
  }

  choose(type: string): void {
    this.begin({ name: "placing", type, rotation: 0 });
    this.say("placing", { part: this.words.say(KINDS[type]!.word) });
    this.canvas.element.focus();
  }

  place(at: Point): void {
    if (this.mode.name !== "placing") return;
    const { diagram, part, selected } = placedNew(this.diagram, this.mode.type, at, this.mode.rotation);
    this.begin({ name: "idle" });
    this.change(diagram, selected);
    this.say("placed", { part: this.nameOf(part) });
  }

  beginWire(from: Point): void {
    this.begin({ name: "wiring", from });
    this.say("wiring");
  }

  endWire(to: Point): void {
    if (this.mode.name !== "wiring") return;
    const drawn = this.connect(this.mode.from, to);
    this.begin({ name: "idle" });
    this.say(drawn ? "wired" : "noRoute");
  }

  /** Draws a wire; false if there is no way for one. */
  connect(from: Point, to: Point): boolean {
    const path = route(this.diagram, this.netlist, from, to);
    if (path) this.change(wired(this.diagram, path));
    return path !== undefined;
  }

  previewWire(to: Point): void {
    if (this.mode.name === "wiring") this.redraw(route(this.diagram, this.netlist, this.mode.from, to));
  }

  lift(from: Point): void {
    if (!this.selected.size) return;
    this.begin({ name: "lifted", from });
    this.say("lifted", { part: this.selectedName });
  }

  drop(at: Point): void {
    if (this.mode.name !== "lifted") return;
    const [dx, dy] = [at[0] - this.mode.from[0], at[1] - this.mode.from[1]];
    this.begin({ name: "idle" });
    if (dx || dy) this.apply(moved(this.diagram, this.selected, dx, dy));
    this.say("dropped", { part: this.selectedName });
  }

  apply({ diagram, selected }: Edit): void {
    this.change(diagram, selected);
  }

  remove(items: ReadonlySet<Item> = this.selected): void {
    if (!items.size) return;
    const name = [...items].map((item) => this.nameOf(item)).join(", ");
    this.apply(removed(this.diagram, items));
    this.say("removed", { part: name });
  }

  rotate(mirror = false): void {
    if (this.mode.name === "placing") {
      this.mode = { ...this.mode, rotation: turnedBy(this.mode.rotation, mirror) };
      return this.redraw();
    }
    const part = [...this.selected].find(isPart);
    if (!part) return;
    this.apply(turned(this.diagram, part, mirror));
    this.say("rotated", { part: this.selectedName });
  }

  async edit(part: Part | undefined = [...this.selected].find(isPart)): Promise<void> {
    const properties = part && (await editProperties(part, this.words, this.nameOf(part)));
    if (part && properties) this.apply(replaced(this.diagram, part, { ...part, properties }));
  }

  startOver(): void {
    this.change({ ...readDiagram(this.settings.initial), view: this.diagram.view });
    this.canvas.fit(this.diagram);
  }

  private get selectedName(): string {
    return [...this.selected].map((item) => this.nameOf(item)).join(", ");
  }
}
