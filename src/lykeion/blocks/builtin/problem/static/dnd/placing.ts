import { announce } from "../../../../../ui/ts/live";
import { isSpot, Placement, type Board, type Item, type Point, type Spot, type Thing } from "./board";
import { draggable } from "./drag";
import { button, fill, group, numberField } from "./elements";
import { Stage } from "./stage";

export type Words = Record<string, string> & { corners: string[] };

export interface Parts {
  help: HTMLElement;
  tray: HTMLElement;
  panel: HTMLElement;
  stage: HTMLElement;
  placed: HTMLElement;
  field: HTMLInputElement;
}

/** A thing that was chosen and has no place yet, or the item that is to be moved. */
interface Picked {
  thing: Thing;
  item: Item | undefined;
}

const STEPS: Record<string, Point> = {
  ArrowLeft: { x: -1, y: 0 },
  ArrowRight: { x: 1, y: 0 },
  ArrowUp: { x: 0, y: -1 },
  ArrowDown: { x: 0, y: 1 },
};
const STEP = 10;

/** Ties the things, the picture and the words together; the field always holds what is seen. */
export class Placing {
  private readonly placement: Placement;
  private readonly stage: Stage;
  private picked: Picked | undefined;

  constructor(private readonly parts: Parts, private readonly board: Board, private readonly words: Words) {
    this.placement = new Placement(board);
    const icons = board.things.map((thing, index) => [thing, this.trayButton(index).querySelector("img")] as const);
    this.stage = new Stage(parts.stage, board, new Map(icons.filter((pair): pair is [Thing, HTMLImageElement] => pair[1] !== null)));
  }

  async start(): Promise<void> {
    const loaded = await this.stage.load();
    const help = this.placement.free ? "helpFree" : "helpPlaces";
    this.parts.help.textContent = [this.words[help], loaded ? "" : this.words.noPicture].join(" ").trim();
    if (this.board.outline) this.parts.stage.classList.add("has-outlines");
    this.placement.read(this.parts.field.value);
    this.parts.field.value ||= "[]";
    for (const [index, thing] of this.board.things.entries()) this.equip(this.trayButton(index), thing, undefined);
    this.stage.layer.addEventListener("click", this.pressed);
    this.draw();
  }

  stop(): void {
    this.stage.layer.remove();
  }

  private trayButton(index: number): HTMLButtonElement {
    return this.parts.tray.querySelector(`[data-thing="${index}"] > button`) as HTMLButtonElement;
  }

  private get closed(): boolean {
    return this.parts.field.matches(":disabled");
  }

  /** Lets an element be dragged, or chosen by a press. */
  private equip(element: HTMLButtonElement, thing: Thing, item: Item | undefined): void {
    element.disabled = false;
    element.addEventListener("click", (event) => {
      if (item && this.picked && this.picked.item !== item) return; // the press means the place that this lies on
      event.stopPropagation();
      this.choose(this.picked?.thing === thing && this.picked.item === item ? undefined : { thing, item }, event.detail === 0);
    });
    const stop = (): void => this.stage.mark(-1);
    draggable(element, {
      lift: () => (this.closed ? undefined : this.ghost(thing)),
      over: (middle) => this.stage.mark(this.indexAt(middle, item)),
      drop: (middle) => (stop(), this.dropped(thing, item, middle)),
      stop,
    });
  }

  private face(thing: Thing): HTMLElement {
    const face = this.trayButton(this.board.things.indexOf(thing)).querySelector(".dnd-face") as HTMLElement;
    return face.cloneNode(true) as HTMLElement;
  }

  private ghost(thing: Thing): HTMLElement {
    const face = this.face(thing);
    for (const icon of face.querySelectorAll("img")) icon.style.inlineSize = `${icon.naturalWidth * this.stage.scale}px`;
    return face;
  }

  private indexAt(middle: Point, item: Item | undefined): number {
    const at = this.placeAt(middle, item);
    if (!at || !isSpot(at)) return -1;
    return this.placement.spots.findIndex(({ target, host }) => target === at.target && host === at.host);
  }

  private dropped(thing: Thing, item: Item | undefined, middle: Point): void {
    const at = this.placeAt(middle, item);
    if (at) this.put(thing, at, item);
    else if (item) this.remove(item);
  }

  /** A press in the picture, while a thing is chosen, is its place. */
  private readonly pressed = (event: MouseEvent): void => {
    const at = this.picked && this.placeAt({ x: event.clientX, y: event.clientY }, this.picked.item);
    if (this.picked && at) this.put(this.picked.thing, at, this.picked.item);
  };

  private placeAt(middle: Point, item: Item | undefined): Spot | Point | undefined {
    const point = this.stage.inPicture(middle);
    return point && (this.placement.free ? point : this.stage.spotAt(point, this.placement.spotsFor(item)));
  }

  private put(thing: Thing, at: Spot | Point, moved: Item | undefined): void {
    const item = this.placement.put(thing, at, moved);
    this.changed();
    announce(fill(this.words.isPlaced, { item: thing.name, place: this.placeOf(item) }));
    this.focus(item);
  }

  private remove(item: Item): void {
    const index = this.board.things.indexOf(item.thing);
    this.placement.remove(item);
    this.changed();
    announce(fill(this.words.isBack, { item: item.thing.name }));
    this.trayButton(index).focus();
  }

  /** After placing: in the picture where arrow keys move a thing, else at the next thing to place. */
  private focus(item: Item): void {
    if (this.placement.free) return this.stage.elementOf(item)?.focus({ preventScroll: true });
    const next = this.parts.tray.querySelector<HTMLElement>("li:not([hidden]) > button");
    (next ?? this.parts.placed.querySelector<HTMLElement>("button"))?.focus({ preventScroll: true });
  }

  private changed(): void {
    this.picked = undefined;
    this.parts.field.value = this.placement.answer();
    this.draw();
    this.parts.field.dispatchEvent(new Event("input", { bubbles: true }));
  }

  /** With the keyboard the places in words come next; whoever pressed goes on in the picture. */
  private choose(picked: Picked | undefined, byKeyboard: boolean): void {
    this.picked = picked;
    this.draw();
    if (!picked) return;
    if (byKeyboard) this.parts.panel.querySelector<HTMLElement>("button, input")?.focus();
    else announce(fill(this.words.whereTo, { item: picked.thing.name }));
  }

  private cancel(): void {
    const { thing, item } = this.picked as Picked;
    this.choose(undefined, true);
    const back = item ? this.parts.placed.querySelector<HTMLElement>(`[data-move="${item.born}"]`) : undefined;
    (back ?? this.trayButton(this.board.things.indexOf(thing))).focus();
  }

  // What is seen

  private draw(): void {
    for (const [index, thing] of this.board.things.entries()) {
      const element = this.trayButton(index);
      (element.parentElement as HTMLElement).hidden = !this.placement.isInTray(thing);
      element.setAttribute("aria-pressed", String(this.picked?.thing === thing && !this.picked.item));
    }
    this.stage.draw(this.placement, (item) => this.itemElement(item));
    this.parts.stage.classList.toggle("is-choosing", this.picked !== undefined);
    this.drawPanel();
    this.drawPlaced();
  }

  private itemElement(item: Item): HTMLElement {
    const element = button("", "dnd-thing dnd-item");
    element.append(this.face(item.thing));
    element.setAttribute("aria-label", fill(this.words.line, { item: item.thing.name, place: this.placeOf(item) }));
    element.setAttribute("aria-pressed", String(this.picked?.item === item));
    if (!this.placement.free) element.tabIndex = -1; // the list below has the same buttons, in words
    this.colour(element);
    this.equip(element, item.thing, item);
    element.addEventListener("keydown", (event) => this.key(event, item));
    return element;
  }

  private key(event: KeyboardEvent, item: Item): void {
    const step = STEPS[event.key];
    if (event.key === "Delete" || event.key === "Backspace") return event.preventDefault(), this.remove(item);
    if (!step || isSpot(item.at)) return;
    event.preventDefault();
    const far = event.shiftKey ? 1 : STEP;
    this.put(item.thing, this.stage.within({ x: item.at.x + step.x * far, y: item.at.y + step.y * far }), item);
  }

  /** The author's colour behind words, with ink that can be read on it. */
  private colour(element: HTMLElement): void {
    const words = element.querySelector<HTMLElement>(".dnd-words");
    if (!words || !CSS.supports("color", this.board.colour)) return;
    words.style.backgroundColor = this.board.colour;
    requestAnimationFrame(() => {
      const [r = 0, g = 0, b = 0] = getComputedStyle(words).backgroundColor.match(/[\d.]+/g)?.map(Number) ?? [];
      words.style.color = r * 0.299 + g * 0.587 + b * 0.114 > 140 ? "#000" : "#fff";
    });
  }

  private placeOf(item: Item): string {
    return isSpot(item.at) ? this.spotName(item.at) : fill(this.words.point, { x: item.at.x, y: item.at.y });
  }

  private spotName({ target, host }: Spot): string {
    if (target.label && !host) return target.label;
    if (host) {
      const number = host.thing.fields.indexOf(target) + 1;
      const place = target.label ?? fill(this.words.place, { number });
      return fill(this.words.placeOn, { place, item: host.thing.name });
    }
    const where = this.words.corners[this.stage.corner({ x: target.x + target.w / 2, y: target.y + target.h / 2 })] ?? "";
    return fill(this.words.placeAt, { number: this.board.targets.indexOf(target) + 1, where });
  }

  private drawPanel(): void {
    const { panel } = this.parts;
    panel.hidden = !this.picked;
    panel.replaceChildren();
    if (!this.picked) return;
    const { thing, item } = this.picked;
    const ways = this.placement.free ? this.pointFields(thing, item) : this.spotButtons(thing, item);
    if (item) ways.push(button(fill(this.words.putBack, { item: thing.name }), "button button-quiet", () => this.remove(item)));
    ways.push(button(this.words.cancel ?? "", "button button-quiet", () => this.cancel()));
    panel.append(group(fill(this.words.whereTo, { item: thing.name }), ways, () => this.cancel()));
  }

  private spotButtons(thing: Thing, item: Item | undefined): HTMLElement[] {
    return this.placement.spotsFor(item).map((spot) => {
      const there = this.placement.on(spot).filter((other) => other !== item);
      const name = this.spotName(spot);
      const names = there.map((other) => other.thing.name).join(", ");
      return button(names ? fill(this.words.holds, { place: name, item: names }) : name, "button", () => this.put(thing, spot, item));
    });
  }

  private pointFields(thing: Thing, item: Item | undefined): HTMLElement[] {
    const { x, y } = item && !isSpot(item.at) ? item.at : this.stage.middle;
    const [left, top] = [numberField(this.words.fromLeft ?? "", x), numberField(this.words.fromTop ?? "", y)];
    const place = (): void => this.put(thing, this.stage.within({ x: left.input.valueAsNumber, y: top.input.valueAsNumber }), item);
    for (const { input } of [left, top]) input.addEventListener("keydown", (event) => event.key === "Enter" && (event.preventDefault(), place()));
    return [left.label, top.label, button(this.words.putThere ?? "", "button button-primary", place)];
  }

  private drawPlaced(): void {
    const { placed } = this.parts;
    const heading = Object.assign(document.createElement("p"), { className: "dnd-heading", textContent: this.words.placed ?? "" });
    const lines = this.placement.all.map((item) => this.line(item));
    if (!lines.length) return placed.replaceChildren(Object.assign(document.createElement("p"), { textContent: this.words.none ?? "" }));
    const list = document.createElement("ul");
    list.setAttribute("role", "list");
    list.append(...lines);
    placed.replaceChildren(heading, list);
  }

  private line(item: Item): HTMLElement {
    const line = document.createElement("li");
    const text = Object.assign(document.createElement("span"), { textContent: fill(this.words.line, { item: item.thing.name, place: this.placeOf(item) }) });
    const move = button(this.words.moveShort ?? "", "button button-quiet", (event) => this.choose({ thing: item.thing, item }, event.detail === 0));
    const remove = button(this.words.removeShort ?? "", "button button-quiet", () => this.remove(item));
    move.dataset.move = String(item.born);
    move.setAttribute("aria-label", fill(this.words.move, { item: item.thing.name }));
    remove.setAttribute("aria-label", fill(this.words.remove, { item: item.thing.name }));
    line.append(text, move, remove);
    return line;
  }
}
