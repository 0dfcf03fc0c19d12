import { icon, isPart } from "./canvas";
import type { Editor } from "./editor";
import { button, html, svg } from "./elements";
import { KINDS } from "./parts";

const PICTURES: Record<string, string> = {
  undo: "M9 14 4 9l5-5M4 9h9a6 6 0 0 1 0 12h-3",
  redo: "M15 14l5-5-5-5M20 9h-9a6 6 0 0 0 0 12h3",
  rotate: "M20 12a8 8 0 1 1-3-6.2M20 3v5h-5",
  mirror: "M12 3v18M9 7 4 17h5zM15 7l5 10h-5z",
  move: "M12 3v18M3 12h18M9 6l3-3 3 3M9 18l3 3 3-3M6 9l-3 3 3 3M18 9l3 3-3 3",
  delete: "M5 7h14M10 7V4h4v3M7 7l1 13h8l1-13",
  edit: "M4 20h4L19 9l-4-4L4 16zM13 7l4 4",
  drawWire: "M4 18h8V6h8M4 18m-1.5 0a1.5 1.5 0 1 0 3 0 1.5 1.5 0 1 0-3 0",
  zoomIn: "M11 5a6 6 0 1 0 0 12 6 6 0 0 0 0-12zM20 20l-4.5-4.5M8 11h6M11 8v6",
  zoomOut: "M11 5a6 6 0 1 0 0 12 6 6 0 0 0 0-12zM20 20l-4.5-4.5M8 11h6",
  fit: "M4 9V4h5M20 9V4h-5M4 15v5h5M20 15v5h-5",
  startOver: "M4 5v5h5M4.6 10A8 8 0 1 1 4 14",
};

/** The parts that may be added, and what can be done with what is drawn. */
export class Tools {
  readonly element: HTMLElement;
  private readonly states: (() => void)[] = [];

  constructor(private readonly editor: Editor) {
    const { words } = editor;
    this.element = html("div", { class: "schematic-tools" });
    if (editor.editable) this.element.append(html("div", { class: "schematic-row", role: "group", "aria-label": words.say("parts") }, ...editor.settings.parts.map((type) => this.part(type))));
    this.element.append(html("div", { class: "schematic-row", role: "group", "aria-label": words.say("tools") }, ...(editor.editable ? this.editing() : []), ...this.looking()));
  }

  update(): void {
    for (const state of this.states) state();
  }

  private part(type: string): HTMLElement {
    const { editor } = this;
    const label = editor.words.say(KINDS[type]!.word);
    const made = html("button", { type: "button", class: "schematic-button", title: label, "aria-label": label, onclick: () => editor.choose(type) }, icon(type, KINDS[type]!));
    this.states.push(() => made.setAttribute("aria-pressed", String(editor.mode.name === "placing" && editor.mode.type === type)));
    return made;
  }

  private editing(): HTMLElement[] {
    const { editor } = this;
    const hasPart = (): boolean => [...editor.selected].some(isPart);
    const wire = this.tool("drawWire", () => this.toggleWires());
    this.states.push(() => wire.setAttribute("aria-pressed", String(editor.wireTool || editor.mode.name === "wiring")));
    return [
      wire,
      this.tool("edit", () => void editor.edit(), hasPart),
      this.tool("move", () => this.move(), () => editor.selected.size > 0),
      this.tool("rotate", () => editor.rotate(), () => hasPart() || editor.mode.name === "placing"),
      this.tool("mirror", () => editor.rotate(true), () => hasPart() || editor.mode.name === "placing"),
      this.tool("delete", () => editor.remove(), () => editor.selected.size > 0),
      this.tool("undo", () => editor.undo(), () => editor.canUndo),
      this.tool("redo", () => editor.redo(), () => editor.canRedo),
      this.tool("startOver", () => editor.startOver()),
    ];
  }

  private looking(): HTMLElement[] {
    const { canvas } = this.editor;
    return [this.tool("zoomIn", () => canvas.zoom(true)), this.tool("zoomOut", () => canvas.zoom(false)), this.tool("fit", () => canvas.fit(this.editor.diagram))];
  }

  private toggleWires(): void {
    const { editor } = this;
    const on = !editor.wireTool;
    if (editor.mode.name !== "idle") editor.cancel();
    editor.wireTool = on;
    editor.redraw();
    editor.canvas.element.dataset.wires = String(on);
  }

  private move(): void {
    const { editor } = this;
    const part = [...editor.selected].find(isPart);
    if (part) editor.cursor = [part.x, part.y];
    editor.lift(editor.cursor);
    editor.canvas.element.focus();
  }

  private tool(key: string, press: () => void, allowed: () => boolean = () => true): HTMLButtonElement {
    const label = this.editor.words.say(key);
    const picture = svg("svg", { class: "icon", viewBox: "0 0 24 24", "aria-hidden": "true" }, svg("path", { d: PICTURES[key] ?? "" }));
    const made = button("", () => allowed() && press(), { class: "schematic-button", title: label, "aria-label": label });
    made.append(picture);
    this.states.push(() => made.setAttribute("aria-disabled", String(!allowed())));
    return made;
  }
}
