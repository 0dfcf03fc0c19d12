import { html, svg } from "./elements";

export interface Curve {
  name: string;
  colour: string;
  x: readonly number[];
  y: readonly number[];
}

interface Axis {
  label: string;
  text: (value: number) => string;
}

interface Chart {
  title: string;
  x: Axis;
  y: Axis;
  curves: Curve[];
  table: string;
}

const [WIDTH, HEIGHT, LEFT, RIGHT, TOP, BOTTOM] = [600, 300, 66, 16, 16, 46];
const DASHES = ["", "7 4", "2 4", "10 4 2 4", "14 5", "4 3 1 3"];
const ROWS = 20;

/** Curves over an axis, told apart by colour, dashes and name, and their values in a table below. */
export function plot(chart: Chart): HTMLElement {
  const [across, up] = [scale(chart.curves.flatMap(({ x }) => x)), scale(chart.curves.flatMap(({ y }) => y))];
  const x = (value: number): number => LEFT + ((value - across.least) / (across.most - across.least)) * (WIDTH - LEFT - RIGHT);
  const y = (value: number): number => HEIGHT - BOTTOM - ((value - up.least) / (up.most - up.least)) * (HEIGHT - TOP - BOTTOM);
  const label = `${chart.title}: ${chart.curves.map(({ name }) => name).join(", ")}`;
  const picture = svg(
    "svg",
    { viewBox: `0 0 ${WIDTH} ${HEIGHT}`, role: "img", "aria-label": label, class: "schematic-plot" },
    ...across.ticks.flatMap((tick) => [svg("path", { class: "schematic-gridline", d: `M${x(tick)} ${TOP}V${HEIGHT - BOTTOM}` }), svg("text", { x: x(tick), y: HEIGHT - BOTTOM + 16, "text-anchor": "middle" }, chart.x.text(tick))]),
    ...up.ticks.flatMap((tick) => [svg("path", { class: "schematic-gridline", d: `M${LEFT} ${y(tick)}H${WIDTH - RIGHT}` }), svg("text", { x: LEFT - 6, y: y(tick) + 4, "text-anchor": "end" }, chart.y.text(tick))]),
    svg("text", { x: (LEFT + WIDTH - RIGHT) / 2, y: HEIGHT - 8, "text-anchor": "middle" }, chart.x.label),
    svg("text", { x: 12, y: TOP - 3, "text-anchor": "start" }, chart.y.label),
    ...chart.curves.map((curve, index) => svg("polyline", { class: "schematic-curve", "data-colour": curve.colour, "stroke-dasharray": DASHES[index % DASHES.length]!, points: curve.x.map((value, at) => `${x(value).toFixed(1)},${y(curve.y[at] ?? 0).toFixed(1)}`).join(" ") })),
  );
  const keys = chart.curves.map(({ name, colour }, index) => html("li", {}, line(colour, DASHES[index % DASHES.length]!), ` ${name}`));
  return html("figure", { class: "schematic-chart" }, html("figcaption", {}, chart.title, html("ul", { class: "schematic-keys" }, ...keys)), picture, html("details", {}, html("summary", {}, chart.table), html("div", { class: "table-scroll" }, table(chart))));
}

function line(colour: string, dash: string): SVGElement {
  return svg("svg", { viewBox: "0 0 32 8", width: 32, height: 8, "aria-hidden": "true" }, svg("path", { d: "M1 4H31", class: "schematic-curve", "data-colour": colour, "stroke-dasharray": dash }));
}

function table({ x, y, curves }: Chart): HTMLElement {
  const places = curves[0]?.x ?? [];
  const rows = Array.from({ length: Math.min(ROWS, places.length - 1) + 1 }, (_, row) => Math.round((row * (places.length - 1)) / Math.min(ROWS, Math.max(places.length - 1, 1))));
  const heads = [x.label, ...curves.map(({ name }) => `${name} (${y.label})`)];
  const body = rows.map((at) => html("tr", {}, html("th", { scope: "row" }, x.text(places[at]!)), ...curves.map((curve) => html("td", { class: "number" }, y.text(curve.y[at] ?? 0)))));
  return html("table", { class: "table" }, html("thead", {}, html("tr", {}, ...heads.map((head) => html("th", { scope: "col" }, head)))), html("tbody", {}, ...body));
}

/** Round ticks, and an axis that ends on them. */
function scale(values: number[]): { least: number; most: number; ticks: number[] } {
  let [least, most] = [Infinity, -Infinity];
  for (const value of values) if (Number.isFinite(value)) [least, most] = [Math.min(least, value), Math.max(most, value)];
  if (least > most) [least, most] = [0, 1];
  if (most - least <= 1e-9 * Math.max(Math.abs(most), 1e-12)) [least, most] = [least - (Math.abs(least) || 1) / 2, most + (Math.abs(most) || 1) / 2];
  const rough = (most - least) / 5;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = [1, 2, 5, 10].find((one) => one * power >= rough)! * power;
  const [from, to] = [Math.floor(least / step + 1e-9), Math.ceil(most / step - 1e-9)];
  const ticks = Array.from({ length: to - from + 1 }, (_, index) => (from + index) * step);
  return { least: from * step, most: to * step, ticks };
}
