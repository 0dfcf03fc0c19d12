import { isPart } from "./canvas";
import { GRID, key, liesWithin, partsOf, wiresOf } from "./diagram";
import type { Editor } from "./editor";
import { itemAt, moved } from "./edits";
import { newPart, terminalsOf, type Point } from "./parts";

const ARROWS: Record<string, Point> = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };

/** The diagram by keyboard: a cursor on the grid that says what lies under it. */
export class Keys {
  constructor(private readonly editor: Editor) {
    const { element } = editor.canvas;
    element.addEventListener("keydown", (event) => this.pressed(event));
    element.addEventListener("focus", () => {
      editor.cursorShown = element.matches(":focus-visible");
      editor.redraw();
    });
    element.addEventListener("blur", () => {
      editor.cursorShown = false;
      editor.redraw();
    });
  }

  private pressed(event: KeyboardEvent): void {
    const action = event.ctrlKey || event.metaKey ? this.withControl(event) : this.plain(event);
    if (!action) return;
    event.preventDefault();
    event.stopPropagation();
    action();
  }

  private withControl({ key: name, shiftKey }: KeyboardEvent): (() => void) | undefined {
    const { editor } = this;
    if (!editor.editable) return undefined;
    const again = name.toLowerCase() === "y" || (name.toLowerCase() === "z" && shiftKey);
    if (again) return () => editor.redo();
    if (name.toLowerCase() === "z") return () => editor.undo();
    if (name.toLowerCase() === "a") return () => editor.select(editor.diagram.items);
    return undefined;
  }

  private plain(event: KeyboardEvent): (() => void) | undefined {
    const { editor } = this;
    const arrow = ARROWS[event.key];
    if (arrow) return () => this.go(arrow, event.shiftKey ? 5 : 1);
    if (event.key === "n" || event.key === "N") return () => this.nextPart(event.shiftKey ? -1 : 1);
    if (event.key === "+") return () => editor.canvas.zoom(true, editor.cursor);
    if (event.key === "-") return () => editor.canvas.zoom(false, editor.cursor);
    if (!editor.editable || event.altKey) return undefined;
    const actions: Record<string, () => void> = {
      Enter: () => this.enter(),
      " ": () => this.space(),
      w: () => this.wire(),
      r: () => this.onItem(() => editor.rotate()),
      m: () => this.onItem(() => editor.rotate(true)),
      Delete: () => this.onItem(() => editor.remove()),
      Backspace: () => this.onItem(() => editor.remove()),
    };
    if (event.key === "Escape" && (editor.mode.name !== "idle" || editor.wireTool)) return () => editor.cancel();
    return actions[event.key.length === 1 ? event.key.toLowerCase() : event.key];
  }

  private go([dx, dy]: Point, steps: number): void {
    const { editor } = this;
    editor.cursor = [editor.cursor[0] + dx * steps * GRID, editor.cursor[1] + dy * steps * GRID];
    this.shown();
  }

  private shown(): void {
    const { editor } = this;
    editor.cursorShown = true;
    editor.canvas.reveal(editor.cursor);
    this.preview();
    const [x, y] = editor.cursor;
    editor.say("cursor", { x: x / GRID, y: y / GRID, what: this.here() });
  }

  private preview(): void {
    const { editor } = this;
    const { mode, cursor } = editor;
    if (mode.name === "wiring") return editor.previewWire(cursor);
    if (mode.name === "placing") return editor.redraw(undefined, { ...newPart(mode.type, ...cursor), rotation: mode.rotation });
    if (mode.name !== "lifted") return editor.redraw();
    const after = moved(editor.diagram, editor.selected, cursor[0] - mode.from[0], cursor[1] - mode.from[1]);
    editor.canvas.draw(after.diagram, editor.netlist, { selected: after.selected, cursor, path: undefined, ghost: undefined, readings: undefined });
  }

  /** What lies under the cursor, in words. */
  private here(): string {
    const { editor } = this;
    const { cursor, diagram, netlist, words } = editor;
    const terminals = partsOf(diagram).flatMap((part) =>
      terminalsOf(part).flatMap((point, index) => (key(point) === key(cursor) ? [words.say("terminalOf", { part: words.part(part, diagram), terminal: words.terminal(part, index, diagram).split(", ").at(-1)!, node: words.node(netlist.ofPart.get(part)![index]!) })] : [])),
    );
    if (terminals.length) return terminals.join("; ");
    const wire = wiresOf(diagram).find((one) => liesWithin(one, cursor) || key([one.x1, one.y1]) === key(cursor) || key([one.x2, one.y2]) === key(cursor));
    if (wire) return words.say("wireHere", { node: words.node(netlist.nodes.get(key([wire.x1, wire.y1]))!) });
    const item = itemAt(diagram, cursor, 0);
    return item ? words.say("bodyOf", { part: editor.nameOf(item) }) : words.say("nothing");
  }

  private nextPart(step: number): void {
    const { editor } = this;
    const parts = partsOf(editor.diagram);
    if (!parts.length) return;
    const now = parts.findIndex((part) => editor.selected.has(part));
    const part = parts[(now + step + parts.length) % parts.length]!;
    editor.cursor = terminalsOf(part)[0]!;
    editor.selected = new Set([part]);
    this.shown();
  }

  private enter(): void {
    const { editor } = this;
    if (editor.mode.name === "placing") return editor.place(editor.cursor);
    if (editor.mode.name === "wiring") return editor.endWire(editor.cursor);
    if (editor.mode.name === "lifted") return editor.drop(editor.cursor);
    return this.onItem(() => void editor.edit());
  }

  private space(): void {
    const { editor } = this;
    if (editor.mode.name !== "idle") return this.enter();
    return this.onItem(() => editor.lift(editor.cursor));
  }

  private wire(): void {
    const { editor } = this;
    if (editor.mode.name === "wiring") editor.endWire(editor.cursor);
    else if (editor.mode.name === "idle") editor.beginWire(editor.cursor);
  }

  /** Does something with what is selected, or with what lies under the cursor. */
  private onItem(action: () => void): void {
    const { editor } = this;
    if (editor.mode.name === "placing") return action();
    const under = itemAt(editor.diagram, editor.cursor, 0);
    if (under && !editor.selected.has(under)) editor.select([under]);
    if ([...editor.selected].some(isPart) || editor.selected.size) action();
  }
}
