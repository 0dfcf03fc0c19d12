import { isSpot, type Board, type Item, type Placement, type Point, type Spot, type Thing } from "./board";

const FAN = 10; // pixels of the picture between things on one place

/** The picture with the places and things on it. All numbers are pixels of the picture, whatever its size here. */
export class Stage {
  readonly layer = document.createElement("div");
  readonly picture: HTMLImageElement;
  private width = 0;
  private height = 0;

  /** `icons` are the pictures of the things that have one. */
  constructor(readonly element: HTMLElement, private readonly board: Board, private readonly icons: Map<Thing, HTMLImageElement>) {
    this.picture = element.querySelector("img") as HTMLImageElement;
    this.layer.className = "dnd-layer";
    this.element.append(this.layer);
  }

  /** Waits for the pictures and learns their sizes; false when the large one cannot be loaded. */
  async load(): Promise<boolean> {
    const [loaded] = await Promise.all([this.picture, ...this.icons.values()].map((one) => one.decode().then(() => true, () => false)));
    const reach = this.board.targets.map(({ x, y, w, h }) => [x + w, y + h] as const);
    this.width = this.picture.naturalWidth || Math.max(400, ...reach.map(([x]) => x));
    this.height = this.picture.naturalHeight || Math.max(300, ...reach.map(([, y]) => y));
    this.element.style.setProperty("--dnd-width", String(this.width));
    this.element.style.setProperty("--dnd-height", String(this.height));
    return loaded ?? false;
  }

  get middle(): Point {
    return { x: Math.round(this.width / 2), y: Math.round(this.height / 2) };
  }

  get scale(): number {
    return this.layer.getBoundingClientRect().width / this.width || 1;
  }

  /** A point of the window as one of the picture; undefined outside. */
  inPicture({ x, y }: Point): Point | undefined {
    const box = this.layer.getBoundingClientRect();
    const point = { x: Math.round(((x - box.left) / box.width) * this.width), y: Math.round(((y - box.top) / box.height) * this.height) };
    return this.holds(point) ? point : undefined;
  }

  /** The nearest point within the picture. */
  within({ x, y }: Point): Point {
    return { x: Math.min(Math.max(Math.round(x) || 0, 0), this.width), y: Math.min(Math.max(Math.round(y) || 0, 0), this.height) };
  }

  private holds({ x, y }: Point): boolean {
    return x >= 0 && y >= 0 && x <= this.width && y <= this.height;
  }

  /** Which of nine parts of the picture a point lies in, row by row. */
  corner({ x, y }: Point): number {
    const third = (share: number): number => Math.min(2, Math.max(0, Math.floor(share * 3)));
    return third(y / this.height) * 3 + third(x / this.width);
  }

  /** The rectangle of a place in the picture. */
  box(spot: Spot): { x: number; y: number; w: number; h: number } {
    const { x, y, w, h } = spot.target;
    if (!spot.host) return { x, y, w, h };
    const size = this.sizeOf(spot.host);
    const middle = this.point(spot.host);
    return { x: middle.x - size.x / 2 + x, y: middle.y - size.y / 2 + y, w, h };
  }

  /** The middle of a thing. */
  point(item: Item): Point {
    if (!isSpot(item.at)) return item.at;
    const { x, y, w, h } = this.box(item.at);
    return { x: x + w / 2, y: y + h / 2 };
  }

  private sizeOf(host: Item): Point {
    const icon = this.icons.get(host.thing);
    if (icon?.naturalWidth) return { x: icon.naturalWidth, y: icon.naturalHeight };
    const shown = this.elementOf(host);
    return shown ? { x: shown.offsetWidth / this.scale, y: shown.offsetHeight / this.scale } : { x: 0, y: 0 };
  }

  elementOf(item: Item): HTMLElement | null {
    return this.layer.querySelector(`[data-item="${item.born}"]`);
  }

  /** The place under a point: one on a thing goes before the place that the thing lies on. */
  spotAt({ x, y }: Point, spots: Spot[]): Spot | undefined {
    const hit = spots.filter((spot) => {
      const box = this.box(spot);
      return x >= box.x && x <= box.x + box.w && y >= box.y && y <= box.y + box.h;
    });
    return hit.findLast(({ host }) => host) ?? hit[0];
  }

  /** Draws places and things anew. `show` makes an element for a thing. */
  draw(placement: Placement, show: (item: Item) => HTMLElement): void {
    const ordered = [...placement.all].sort((one, other) => nesting(one) - nesting(other));
    this.layer.replaceChildren();
    for (const item of ordered) {
      const element = show(item);
      element.dataset.item = String(item.born);
      this.layer.append(element);
      const fanned = isSpot(item.at) ? placement.on(item.at).indexOf(item) * FAN : 0;
      const { x, y } = this.point(item);
      this.place(element, item.thing, { x: x + fanned, y: y + fanned });
    }
    this.layer.prepend(...placement.spots.map((spot, index) => this.outline(spot, index)));
  }

  private place(element: HTMLElement, thing: Thing, { x, y }: Point): void {
    element.style.left = `${(100 * x) / this.width}%`;
    element.style.top = `${(100 * y) / this.height}%`;
    const icon = element.querySelector("img");
    const width = this.icons.get(thing)?.naturalWidth;
    if (icon && width) icon.style.inlineSize = `calc(${width} / var(--dnd-width) * 100cqi)`;
  }

  private outline(spot: Spot, index: number): HTMLElement {
    const { x, y, w, h } = this.box(spot);
    const element = document.createElement("div");
    element.className = "dnd-target";
    element.dataset.spot = String(index);
    element.setAttribute("aria-hidden", "true");
    Object.assign(element.style, {
      left: `${(100 * x) / this.width}%`,
      top: `${(100 * y) / this.height}%`,
      width: `${(100 * w) / this.width}%`,
      height: `${(100 * h) / this.height}%`,
    });
    return element;
  }

  /** Marks the place that a drop would choose. */
  mark(index: number): void {
    for (const element of this.layer.querySelectorAll<HTMLElement>(".dnd-target"))
      element.classList.toggle("is-over", element.dataset.spot === String(index));
  }
}

function nesting({ at }: Item): number {
  return isSpot(at) && at.host ? 1 + nesting(at.host) : 0;
}
