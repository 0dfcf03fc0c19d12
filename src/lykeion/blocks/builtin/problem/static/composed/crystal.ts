import { all, asList, asObject, asText, type Compose, one, shape } from "./composer";

type Place = [number, number, number];

const NEAR = 14; // pixels of the drawing, about a fingertip
const TICKS = 20;
const CORNERS: Place[] = [0, 1, 2, 3, 4, 5, 6, 7].map((n) => [n & 1, (n >> 1) & 1, n >> 2]);
const EDGES: [Place, Place][] = CORNERS.flatMap((from) =>
  CORNERS.filter((to) => difference(from, to) === 1 && from.join() < to.join()).map((to): [Place, Place] => [from, to]),
);

function difference(a: Place, b: Place): number {
  return a.reduce((sum, value, axis) => sum + Math.abs(value - (b[axis] ?? 0)), 0);
}

/** The cell seen from the front, a little from the right and from above. */
function seen([x, y, z]: Place): [number, number] {
  return [90 - 55 * x + 130 * y, 172 + 42 * x - 130 * z];
}

/** Three points of a plane in a cubic cell, as numbers or as clicks on the cell's edges, and the lattice. */
export const compose: Compose = (form, _settings, changed) => {
  const lattice = one<HTMLSelectElement>(form, "[data-lattice]");
  const drawing = one<SVGSVGElement>(form, "[data-drawing]");
  const points = all(form, "[data-point]").map((point) => all<HTMLInputElement>(point, "[data-axis]"));
  const places = (): Place[] =>
    points.filter((point) => point.every((field) => field.value !== "")).map((point) => point.map((field) => clamped(field.value)) as Place);
  const draw = (): void => drawing.replaceChildren(...cell(), ...plane(places()), ...marks(places()));

  drawing.addEventListener("click", (event) => {
    const place = nearest(drawing, event);
    const free = points.find((point) => point.some((field) => field.value === "")) ?? points[points.length - 1];
    if (!place || !free) return;
    free.forEach((field, axis) => (field.value = (place[axis] ?? 0).toFixed(2)));
    changed();
    draw();
  });
  form.addEventListener("input", draw);
  return {
    read(answer) {
      const { lattice: kind, points: kept } = asObject(answer);
      lattice.value = asText(kind);
      points.forEach((point, row) => point.forEach((field, axis) => (field.value = asText(asList(asList(kept)[row])[axis]))));
      draw();
    },
    value() {
      const chosen = places();
      if (!lattice.value && chosen.length === 0) return undefined;
      return { lattice: lattice.value, points: chosen.map((place) => place.map((value) => value.toFixed(2))) };
    },
  };
};

function clamped(text: string): number {
  return Math.min(Math.max(Number(text) || 0, 0), 1);
}

function cell(): SVGElement[] {
  const lines = EDGES.map(([from, to]) => line(from, to, difference(from, [0, 0, 0]) === 0 ? "axis" : "edge"));
  const names: [string, Place][] = [["x", [1.2, -0.06, 0]], ["y", [0, 1.1, 0]], ["z", [0, 0, 1.08]]];
  return [...lines, ...names.map(([name, place]) => at("text", place, name))];
}

function line(from: Place, to: Place, kind: string): SVGElement {
  const [[x1, y1], [x2, y2]] = [seen(from), seen(to)];
  return shape("line", { x1, y1, x2, y2, class: kind });
}

function at(name: string, place: Place, text: string): SVGElement {
  const [x, y] = seen(place);
  return shape(name, { x, y }, text);
}

function plane(places: Place[]): SVGElement[] {
  if (places.length < 3) return [];
  return [shape("polygon", { points: places.map((place) => seen(place).join()).join(" "), class: "plane" })];
}

function marks(places: Place[]): SVGElement[] {
  return places.map((place) => {
    const [cx, cy] = seen(place);
    return shape("circle", { cx, cy, r: 5, class: "mark" });
  });
}

/** The tick of an edge next to a click; none for a click elsewhere. */
function nearest(drawing: SVGSVGElement, event: MouseEvent): Place | undefined {
  const matrix = drawing.getScreenCTM();
  if (!matrix) return undefined;
  const click = new DOMPoint(event.clientX, event.clientY).matrixTransform(matrix.inverse());
  let best: Place | undefined;
  let least = NEAR;
  for (const [from, to] of EDGES)
    for (let tick = 0; tick <= TICKS; tick += 1) {
      const place = from.map((value, axis) => value + (((to[axis] ?? 0) - value) * tick) / TICKS) as Place;
      const [x, y] = seen(place);
      const away = Math.hypot(x - click.x, y - click.y);
      if (away < least) [least, best] = [away, place];
    }
  return best;
}
