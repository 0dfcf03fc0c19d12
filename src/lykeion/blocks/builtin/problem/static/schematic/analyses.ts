import { partsOf, VIEW } from "./diagram";
import type { Editor } from "./editor";
import { ask, button, choice, field, html } from "./elements";
import { plot, type Curve } from "./plot";
import { acSource, operatingPoint, probesOf, sourcesOf } from "./results";
import { ac } from "./simulate/dc";
import { engineering, parseNumber } from "./simulate/numbers";
import { System } from "./simulate/system";
import { transient } from "./simulate/transient";
import { Trouble } from "./simulate/trouble";

const PER_DECADE = 50;

/** The buttons that simulate the circuit, and what they find. */
export class Analyses {
  readonly element = html("div", { class: "schematic-analyses" });
  private readonly results = html("div", { class: "schematic-results" });

  constructor(private readonly editor: Editor) {
    const { words, settings } = editor;
    const runs: Record<string, () => void> = { dc: () => this.dc(), ac: () => void this.ac(), tran: () => void this.tran() };
    const buttons = Object.keys(runs).filter((name) => settings.analyses.includes(name)).map((name) => button(words.say(`${name}Analysis`), runs[name]!));
    if (buttons.length) this.element.append(html("div", { class: "buttons", role: "group", "aria-label": words.say("analyses") }, ...buttons), this.results);
  }

  private dc(): void {
    this.attempt(() => {
      const found = operatingPoint(this.system(), this.editor.netlist);
      this.editor.readings = found;
      this.editor.redraw();
      this.show(this.table("operatingPoint", ["node", "value"], Object.entries(found).map(([name, value]) => [this.called(name), `${engineering(value, 6)} ${name.startsWith("I(") ? "A" : "V"}`])));
      this.editor.say("doneDc");
    });
  }

  /** A node, or the part whose current it is. */
  private called(name: string): string {
    const { words, netlist, diagram } = this.editor;
    const device = netlist.devices.find((one) => `I(${one.name})` === name);
    const part = device && partsOf(diagram).find(({ properties }) => properties === device.properties);
    return part ? words.say("currentOf", { part: words.part(part, diagram) }) : words.node(name);
  }

  private async ac(): Promise<void> {
    const { editor } = this;
    const { words, netlist } = editor;
    const view = editor.diagram.view;
    const source = choice(sourcesOf(netlist).map(({ name }) => [name, name]), acSource(editor.diagram, netlist));
    const [from, to] = [input(view[VIEW.from]), input(view[VIEW.to])];
    if (!this.hasProbe("s")) return editor.say("noProbe");
    const form = html("div", { class: "form" }, field(words.say("acSource"), source), field(words.say("acFrom"), from), field(words.say("acTo"), to));
    if (!(await ask(words.say("acAnalysis"), form, { ok: words.say("run"), cancel: words.say("cancel") }))) return;
    editor.keepView(with_(view, { [VIEW.from]: from.value, [VIEW.to]: to.value, [VIEW.source]: source.value }));
    this.attempt(() => this.drawResponses(parseNumber(from.value), parseNumber(to.value), source.value));
  }

  private drawResponses(from: number | undefined, to: number | undefined, source: string): void {
    if (!from || !to || from <= 0 || to <= from) throw new Trouble("badFrequency");
    const count = Math.ceil(Math.log10(to / from) * PER_DECADE);
    const decades = Array.from({ length: count + 1 }, (_, index) => Math.log10(from) + (Math.log10(to / from) * index) / count);
    const found = ac(this.system(), source, decades.map((decade) => 10 ** decade));
    const { words, netlist, diagram } = this.editor;
    const probes = probesOf(diagram, netlist).filter(({ current, colour }) => !current && colour !== "x-axis");
    const curves = (read: (one: { magnitude: number; phase: number }) => number): Curve[] =>
      probes.map(({ name, colour }) => ({ name, colour, x: decades, y: (found.get(name) ?? []).map(read) }));
    const magnitudes = curves(({ magnitude }) => 20 * Math.log10(Math.max(magnitude, 1e-20)));
    const axis = { label: `${words.say("frequencyAxis")} (Hz)`, text: (decade: number) => engineering(10 ** decade, 3) };
    this.show(
      plot({ title: words.say("magnitude"), x: axis, y: { label: "dB", text: (value) => engineering(value, 4) }, curves: magnitudes, table: words.say("asTable") }),
      plot({ title: words.say("phaseAxis"), x: axis, y: { label: "°", text: (value) => engineering(value, 4) }, curves: curves(({ phase }) => phase).map(unwrapped), table: words.say("asTable") }),
    );
    this.editor.say("doneCurves");
  }

  private async tran(): Promise<void> {
    const { editor } = this;
    const { words } = editor;
    const stop = input(editor.diagram.view[VIEW.stop]);
    if (!this.hasProbe("s", "a")) return editor.say("noProbe");
    const form = html("div", { class: "form" }, field(words.say("tranStop"), stop), html("p", { class: "field-help" }, words.say("units")));
    if (!(await ask(words.say("tranAnalysis"), form, { ok: words.say("run"), cancel: words.say("cancel") }))) return;
    editor.keepView(with_(editor.diagram.view, { [VIEW.stop]: stop.value }));
    this.attempt(() => this.drawCurves(parseNumber(stop.value)));
  }

  private drawCurves(stop: number | undefined): void {
    const found = transient(this.system(), stop ?? 0);
    const { words, netlist, diagram } = this.editor;
    const probes = probesOf(diagram, netlist);
    const across = probes.find(({ colour }) => colour === "x-axis");
    const x = (across && found.values.get(across.name)) ?? found.times;
    const axis = across ? { label: across.current ? `${words.say("current")} (A)` : `${words.say("voltage")} (V)` } : { label: `${words.say("time")} (s)` };
    const text = (value: number): string => engineering(value, 4);
    const charts = [false, true].flatMap((current) => {
      const chosen = probes.filter((probe) => probe.current === current && probe !== across);
      const curves = chosen.map(({ name, colour, offset }): Curve => ({ name, colour, x, y: (found.values.get(name) ?? []).map((value) => value + (parseNumber(offset) ?? 0)) }));
      const word = words.say(current ? "current" : "voltage");
      return curves.length ? [plot({ title: word, x: { ...axis, text }, y: { label: current ? "A" : "V", text }, curves, table: words.say("asTable") })] : [];
    });
    this.show(...charts);
    this.editor.say("doneCurves");
  }

  private system(): System {
    return new System(this.editor.netlist.devices);
  }

  private hasProbe(...types: string[]): boolean {
    return this.editor.diagram.items.some(({ type }) => types.includes(type));
  }

  private attempt(run: () => void): void {
    try {
      run();
    } catch (error) {
      if (!(error instanceof Trouble)) throw error;
      this.results.replaceChildren();
      this.editor.say(error.key, error.values);
    }
  }

  private show(...results: HTMLElement[]): void {
    const close = button(this.editor.words.say("closeResults"), () => {
      this.results.replaceChildren();
      this.editor.readings = undefined;
      this.editor.redraw();
    }, { class: "button button-quiet" });
    this.results.replaceChildren(...results, close);
  }

  private table(caption: string, heads: string[], rows: string[][]): HTMLElement {
    const { words } = this.editor;
    const cells = rows.map(([name, ...values]) => html("tr", {}, html("th", { scope: "row" }, name!), ...values.map((value) => html("td", { class: "number" }, value))));
    return html("table", { class: "table" }, html("caption", {}, words.say(caption)), html("thead", {}, html("tr", {}, ...heads.map((head, index) => html("th", { scope: "col", class: index ? "number" : "" }, words.say(head))))), html("tbody", {}, ...cells));
  }
}

function input(value: unknown): HTMLInputElement {
  return html("input", { value: value === null || value === undefined ? "" : String(value), autocomplete: "off", spellcheck: "false" });
}

function with_(view: readonly unknown[], changes: Record<number, unknown>): unknown[] {
  return view.map((value, index) => (index in changes ? changes[index] : value));
}

/** Without jumps by a whole turn. */
function unwrapped(curve: Curve): Curve {
  let turns = 0;
  const y = curve.y.map((value, index) => {
    const jump = index ? value - curve.y[index - 1]! : 0;
    if (Math.abs(jump) > 180) turns -= Math.sign(jump) * 360;
    return value + turns;
  });
  return { ...curve, y };
}
