import { distance, key, type Item } from "./diagram";
import type { Editor } from "./editor";
import { itemAt, jointAt, moved, snapped } from "./edits";
import { isPart } from "./canvas";
import { newPart, type Point } from "./parts";

const SLACK = 4; // pixels that a click may wander
const DOUBLE_MS = 450;

interface Press {
  id: number;
  start: Point;
  pixels: Point;
  joint: Point | undefined;
  item: Item | undefined;
  dragging: boolean;
  last: Point;
}

/** Mouse, pen and finger on the diagram. What a drag does, clicks do too: first the thing, then the place. */
export class Pointer {
  private press: Press | undefined;
  private clicked: { item: Item; time: number } | undefined;

  constructor(private readonly editor: Editor) {
    const { element } = editor.canvas;
    element.addEventListener("pointerdown", (event) => this.down(event));
    element.addEventListener("pointermove", (event) => this.move(event));
    element.addEventListener("pointerup", (event) => this.up(event));
    element.addEventListener("pointercancel", () => this.giveUp());
    element.addEventListener("pointerleave", () => this.press ?? editor.redraw());
    element.addEventListener("wheel", (event) => this.wheel(event), { passive: false });
  }

  private down(event: PointerEvent): void {
    if (event.button !== 0 || this.press) return;
    const { editor } = this;
    const start = editor.canvas.pointAt(event);
    const reach = (event.pointerType === "touch" ? 14 : 8) / editor.canvas.scale;
    const joint = editor.editable ? jointAt(editor.diagram, start, Math.min(reach, 6)) : undefined;
    const item = itemAt(editor.diagram, start, Math.min(reach, 4));
    this.press = { id: event.pointerId, start, pixels: [event.clientX, event.clientY], joint: event.shiftKey ? undefined : joint, item, dragging: false, last: [event.clientX, event.clientY] };
    editor.cursorShown = false;
    editor.canvas.element.setPointerCapture(event.pointerId);
  }

  private move(event: PointerEvent): void {
    const at = this.editor.canvas.pointAt(event);
    if (!this.press) return this.hover(at);
    if (event.pointerId !== this.press.id) return;
    const pixels: Point = [event.clientX, event.clientY];
    if (!this.press.dragging && distance(pixels, this.press.pixels) > SLACK) this.beginDrag(this.press, event.shiftKey);
    if (this.press.dragging) this.drag(this.press, at, pixels);
  }

  /** Shows what a click here would do. */
  private hover(at: Point): void {
    const { editor } = this;
    const place = snapped(at);
    const { mode } = editor;
    if (mode.name === "wiring") editor.previewWire(place);
    if (mode.name === "placing") editor.redraw(undefined, { ...newPart(mode.type, ...place), rotation: mode.rotation });
    if (mode.name === "lifted") this.previewMove([place[0] - mode.from[0], place[1] - mode.from[1]]);
  }

  private previewMove([dx, dy]: Point): void {
    const { editor } = this;
    const after = moved(editor.diagram, editor.selected, dx, dy);
    editor.canvas.draw(after.diagram, editor.netlist, { selected: after.selected, cursor: undefined, path: undefined, ghost: undefined, readings: undefined });
  }

  private beginDrag(press: Press, adding: boolean): void {
    const { editor } = this;
    press.dragging = true;
    if (!editor.editable || editor.mode.name !== "idle") return;
    if (press.joint || editor.wireTool) editor.beginWire(snapped(press.joint ?? press.start));
    else if (press.item) {
      if (!editor.selected.has(press.item)) editor.select(adding ? [...editor.selected, press.item] : [press.item]);
      editor.lift(snapped(press.start));
    }
  }

  private drag(press: Press, at: Point, pixels: Point): void {
    const { editor } = this;
    if (editor.mode.name === "idle") {
      editor.canvas.pan(pixels[0] - press.last[0], pixels[1] - press.last[1]);
      press.last = pixels;
    } else this.hover(at);
  }

  private up(event: PointerEvent): void {
    const { press, editor } = this;
    if (!press || event.pointerId !== press.id) return;
    this.press = undefined;
    const place = snapped(editor.canvas.pointAt(event));
    editor.cursor = place;
    if (editor.mode.name === "placing") editor.place(place);
    else if (editor.mode.name === "lifted") editor.drop(place);
    else if (editor.mode.name === "wiring") this.endWire(place);
    else if (!press.dragging) this.click(press, event.shiftKey);
  }

  private endWire(place: Point): void {
    const { editor } = this;
    if (editor.mode.name === "wiring" && key(editor.mode.from) === key(place)) return editor.cancel();
    editor.endWire(jointAt(editor.diagram, place, 6) ?? place);
  }

  private click({ joint, item, start }: Press, adding: boolean): void {
    const { editor } = this;
    if (editor.editable && (joint || editor.wireTool)) return editor.beginWire(snapped(joint ?? start));
    if (!item) return editor.select(adding ? editor.selected : []);
    if (this.isSecond(item) && editor.editable && isPart(item)) return void editor.edit(item);
    const without = [...editor.selected].filter((one) => one !== item);
    editor.select(adding ? (without.length < editor.selected.size ? without : [...without, item]) : [item]);
    editor.say("selected", { part: editor.nameOf(item) });
  }

  /** Whether this click makes a double one. The browser's own event misses it: the first click draws the part anew. */
  private isSecond(item: Item): boolean {
    const [before, now] = [this.clicked, { item, time: performance.now() }];
    this.clicked = now;
    return before?.item === item && now.time - before.time < DOUBLE_MS;
  }

  /** A wheel scrolls the page; with Ctrl (or two fingers on a pad) it zooms. */
  private wheel(event: WheelEvent): void {
    if (!event.ctrlKey) return;
    event.preventDefault();
    this.editor.canvas.zoom(event.deltaY < 0, this.editor.canvas.pointAt(event));
  }

  private giveUp(): void {
    this.press = undefined;
    this.editor.cancel();
  }
}
