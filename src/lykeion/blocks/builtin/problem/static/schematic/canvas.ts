import { endsOf, GRID, isWire, key, liesWithin, partsOf, wiresOf, type Diagram, type Item } from "./diagram";
import { bounds } from "./edits";
import { svg } from "./elements";
import type { Netlist } from "./netlist";
import { boxOf, kindOf, placed, terminalsOf, transformOf, type Part, type Point } from "./parts";
import { engineering } from "./simulate/numbers";

/** What is drawn over the circuit while somebody works on it. */
export interface Overlay {
  selected: ReadonlySet<Item>;
  cursor: Point | undefined;
  path: readonly Point[] | undefined;
  ghost: Part | undefined;
  readings: Record<string, number> | undefined;
}

const ZOOM = 1.25;
const [CLOSEST, FARTHEST] = [80, 4000]; // units across

/** The picture of a circuit, and the part of the plane it shows. */
export class Canvas {
  readonly element: SVGSVGElement;
  private readonly content = svg("g");
  private left = 0;
  private top = 0;
  private across = 300;

  constructor(private readonly width: number, private readonly height: number, label: string, helpId: string) {
    const patternId = `${helpId}-grid`;
    const dot = svg("circle", { cx: GRID / 2, cy: GRID / 2, r: 0.55, class: "schematic-dot" });
    const pattern = svg("pattern", { id: patternId, x: -GRID / 2, y: -GRID / 2, width: GRID, height: GRID, patternUnits: "userSpaceOnUse" }, dot);
    const paper = svg("rect", { x: -1e5, y: -1e5, width: 2e5, height: 2e5, fill: `url(#${patternId})` });
    const settings = { class: "schematic-canvas", role: "application", tabindex: 0, "aria-label": label, "aria-describedby": helpId };
    this.element = svg("svg", settings, svg("defs", {}, pattern), paper, this.content);
    this.element.style.aspectRatio = `${width} / ${height}`;
  }

  draw(diagram: Diagram, netlist: Netlist, overlay: Overlay): void {
    const parts = partsOf(diagram).map((part) => this.part(part, overlay.selected.has(part)));
    const wires = wiresOf(diagram).map((one) => this.line(endsOf(one), `schematic-wire${overlay.selected.has(one) ? " is-selected" : ""}`));
    const extras = [
      ...(overlay.path ? [this.line(overlay.path, "schematic-wire is-new")] : []),
      ...(overlay.ghost ? [this.part(overlay.ghost, true)] : []),
      ...(overlay.readings ? readings(diagram, netlist, overlay.readings) : []),
      ...(overlay.cursor ? [cross(overlay.cursor)] : []),
    ];
    this.content.replaceChildren(...wires, ...parts, ...joints(diagram), ...extras);
  }

  private line(points: readonly Point[], style: string): SVGElement {
    return svg("polyline", { class: style, points: points.map((point) => point.join()).join(" ") });
  }

  private part(part: Part, selected: boolean): SVGElement {
    const [left, top, right, bottom] = boxOf(part);
    const hold = svg("rect", { class: "schematic-hold", x: left - 3, y: top - 3, width: right - left + 6, height: bottom - top + 6, rx: 3 });
    const colour = part.properties.color ?? "";
    const shape = svg("path", { class: `schematic-shape schematic-${part.type}`, d: kindOf(part).path, transform: transformOf(part), "data-colour": colour });
    return svg("g", { class: `schematic-part${selected ? " is-selected" : ""}` }, hold, shape, ...idealBox(part), ...texts(part));
  }

  /** Shows everything, with room around it. */
  fit(diagram: Diagram): void {
    const [left, top, right, bottom] = bounds(diagram);
    this.across = clamped(Math.max(1.35 * (right - left), (1.35 * (bottom - top) * this.width) / this.height, this.width / 4), CLOSEST, FARTHEST);
    this.left = (left + right - this.across) / 2;
    this.top = (top + bottom - this.down) / 2;
    this.show();
  }

  zoom(closer: boolean, around: Point = this.middle): void {
    const before = this.across;
    this.across = clamped(closer ? before / ZOOM : before * ZOOM, CLOSEST, FARTHEST);
    const share = this.across / before;
    this.left = around[0] + (this.left - around[0]) * share;
    this.top = around[1] + (this.top - around[1]) * share;
    this.show();
  }

  /** Moves the picture by so many pixels. */
  pan(dx: number, dy: number): void {
    this.left -= dx / this.scale;
    this.top -= dy / this.scale;
    this.show();
  }

  /** Moves the picture as far as is needed to see a place. */
  reveal([x, y]: Point): void {
    const edge = 2 * GRID;
    this.left = clamped(this.left, x + edge - this.across, x - edge);
    this.top = clamped(this.top, y + edge - this.down, y - edge);
    this.show();
  }

  get middle(): Point {
    return [this.left + this.across / 2, this.top + this.down / 2];
  }

  /** Pixels a unit. */
  get scale(): number {
    return (this.element.clientWidth || this.width) / this.across;
  }

  pointAt(event: MouseEvent): Point {
    const box = this.element.getBoundingClientRect();
    return [this.left + (event.clientX - box.left) / this.scale, this.top + (event.clientY - box.top) / this.scale];
  }

  private get down(): number {
    return (this.across * this.height) / this.width;
  }

  private show(): void {
    this.element.setAttribute("viewBox", [this.left, this.top, this.across, this.down].map((one) => one.toFixed(2)).join(" "));
  }
}

function clamped(value: number, least: number, most: number): number {
  return Math.min(Math.max(value, least), most);
}

function idealBox(part: Part): SVGElement[] {
  if (part.type !== "d" || part.properties.type !== "ideal") return [];
  return [svg("path", { class: "schematic-shape", d: "M-11 12H11V36H-11Z", transform: transformOf(part) })];
}

/** The name on one side, the value on the other: beside a standing part, above and below a lying one. */
function texts(part: Part): SVGElement[] {
  const { shown } = kindOf(part);
  const value = shown && part.properties[shown[0]] ? `${part.properties[shown[0]]}${shown[1]}` : "";
  if (part.type === "L") return [labelText(part, value)];
  const [left, top, right, bottom] = boxOf(part);
  const [x, y] = [(left + right) / 2, (top + bottom) / 2];
  const name = part.properties.name ?? "";
  if (part.type === "n" || part.type === "p") return [text(name, right + 1, y - 3, "start"), text(value, right + 1, y + 6, "start")];
  if (part.type === "a") return [text(name, x, top - 3, "middle")];
  const standing = bottom - top >= right - left;
  if (standing) return [text(name, left - 3, y + 2, "end"), text(value, right + 3, y + 2, "start")];
  return [text(name, x, top - 3, "middle"), text(value, x, bottom + 8, "middle")];
}

function labelText(part: Part, value: string): SVGElement {
  const [x, y] = placed(part, [0, 11]);
  const [dx, dy] = [x - part.x, y - part.y];
  return text(value, x, y + (dy > 1 ? 4 : dy < -1 ? 0 : 2.4), dx > 1 ? "start" : dx < -1 ? "end" : "middle");
}

function text(value: string, x: number, y: number, anchor: string): SVGElement {
  return svg("text", { x, y, "text-anchor": anchor, class: "schematic-text" }, value);
}

/** Dots where three or more ends meet or an end meets a wire; rings at ends that meet nothing. */
function joints(diagram: Diagram): SVGElement[] {
  const places = new Map<string, { point: Point; count: number }>();
  const wires = wiresOf(diagram);
  for (const point of [...partsOf(diagram).flatMap(terminalsOf), ...wires.flatMap(endsOf)]) {
    const known = places.get(key(point)) ?? { point, count: wires.filter((one) => liesWithin(one, point)).length * 2 };
    places.set(key(point), { point, count: known.count + 1 });
  }
  return [...places.values()].flatMap(({ point: [cx, cy], count }) => [
    ...(count === 2 ? [] : [svg("circle", { cx, cy, r: 2, class: count > 2 ? "schematic-dot-joint" : "schematic-ring" })]),
    svg("circle", { cx, cy, r: 7, class: "schematic-pin" }),
  ]);
}

function cross([x, y]: Point): SVGElement {
  return svg("path", { class: "schematic-cursor", d: `M${x - 7} ${y}H${x + 7}M${x} ${y - 7}V${y + 7}` });
}

/** The voltage of each node once, and the currents of sources and probes. */
function readings(diagram: Diagram, netlist: Netlist, found: Record<string, number>): SVGElement[] {
  const voltages = new Map<string, Point>();
  const currents: SVGElement[] = [];
  for (const part of partsOf(diagram)) {
    terminalsOf(part).forEach((point, index) => {
      const node = netlist.ofPart.get(part)![index]!;
      if (node in found && !voltages.has(node)) voltages.set(node, point);
    });
    const device = netlist.devices.find(({ properties }) => properties === part.properties);
    const current = device && found[`I(${device.name})`];
    if (current === undefined) continue;
    const [left, top, right, bottom] = boxOf(part);
    currents.push(badge(`${engineering(current, 3)}A`, [(left + right) / 2, bottom - top > 20 ? (top + bottom) / 2 : bottom + 8], "is-current"));
  }
  return [...currents, ...[...voltages].map(([node, point]) => badge(`${engineering(found[node]!, 4)}V`, point, "is-voltage"))];
}

function badge(label: string, [x, y]: Point, style: string): SVGElement {
  const width = 4 * label.length + 5;
  return svg("g", { class: `schematic-badge ${style}` }, svg("rect", { x: x - width / 2, y: y - 5, width, height: 10, rx: 3 }), svg("text", { x, y: y + 2.3, "text-anchor": "middle" }, label));
}

/** A kind of part as a small picture for its button. */
export function icon(type: string, kind: { box: readonly number[]; path: string }): SVGElement {
  const [left, top, right, bottom] = kind.box as [number, number, number, number];
  const side = Math.max(right - left, bottom - top) + 8;
  const view = [(left + right - side) / 2, (top + bottom - side) / 2, side, side];
  return svg("svg", { class: "schematic-icon", viewBox: view.join(" "), "aria-hidden": "true" }, svg("path", { class: `schematic-shape schematic-${type}`, d: kind.path }), ...(type === "L" ? [text("A", 0, 16, "middle")] : []));
}

export function isPart(item: Item): item is Part {
  return !isWire(item);
}
