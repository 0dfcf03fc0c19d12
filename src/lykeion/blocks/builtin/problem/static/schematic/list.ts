import { key, partsOf } from "./diagram";
import type { Editor } from "./editor";
import { disconnected, freePlace, placedNew } from "./edits";
import { button, choice, field, html } from "./elements";
import { kindOf, KINDS, terminalsOf, type Part, type Point } from "./parts";

/** The circuit in words: a table of its parts, and forms that build it without a picture. */
export class List {
  readonly element: HTMLDetailsElement;
  private readonly body = html("div", { class: "schematic-list-body" });
  private drawn: unknown;

  constructor(private readonly editor: Editor) {
    this.element = html("details", { class: "schematic-list", ontoggle: () => this.update() }, html("summary", {}, editor.words.say("listTitle")), this.body);
  }

  /** Writes the list anew when it is open and the circuit is another one. */
  update(): void {
    if (!this.element.open || this.drawn === this.editor.diagram) return;
    this.drawn = this.editor.diagram;
    const focused = (document.activeElement as HTMLElement | null)?.dataset?.schematicKey;
    this.body.replaceChildren(this.table(), ...(this.editor.editable ? [this.adding(), this.connecting()] : []));
    if (focused) this.body.querySelector<HTMLElement>(`[data-schematic-key="${CSS.escape(focused)}"]`)?.focus();
  }

  private table(): HTMLElement {
    const { words, diagram, editable } = this.editor;
    const parts = partsOf(diagram);
    if (!parts.length) return html("p", {}, words.say("empty"));
    const heads = ["part", "value", "connections", ...(editable ? ["actions"] : [])].map((name) => html("th", { scope: "col" }, words.say(name)));
    const rows = html("tbody", {}, ...parts.map((part, index) => this.row(part, index)));
    return html("table", { class: "table table-stack" }, html("thead", {}, html("tr", {}, ...heads)), rows);
  }

  private row(part: Part, index: number): HTMLElement {
    const { words, diagram, netlist, editable } = this.editor;
    const { shown, terminals } = kindOf(part);
    const value = shown ? `${part.properties[shown[0]] ?? ""}${shown[1]}` : "";
    const joined = terminals.map((terminal, place) => html("li", {}, `${terminals.length > 1 ? `${words.say(terminal.word)}: ` : ""}${words.connection(part, place, diagram, netlist)}`));
    const cells = [html("td", value ? { "data-label": words.say("value") } : {}, value), html("td", {}, html("ul", { class: "schematic-connections" }, ...joined))];
    if (editable) cells.push(html("td", {}, this.actions(part, index)));
    return html("tr", {}, html("th", { scope: "row" }, words.part(part, diagram)), ...cells);
  }

  private actions(part: Part, index: number): HTMLElement {
    const { editor } = this;
    const name = editor.words.part(part, editor.diagram);
    const action = (word: string, press: () => void): HTMLElement => button(editor.words.say(word), press, { class: "button button-quiet", "aria-label": `${editor.words.say(word)}: ${name}`, "data-schematic-key": `${word}-${index}` });
    return html(
      "div",
      { class: "buttons" },
      ...(Object.keys(part.properties).length ? [action("edit", () => void editor.edit(part))] : []),
      action("disconnect", () => this.disconnect(part)),
      action("delete", () => editor.remove(new Set([part]))),
    );
  }

  private disconnect(part: Part): void {
    const { editor } = this;
    editor.change(disconnected(editor.diagram, part), new Set([part]));
    editor.say("disconnected", { part: editor.nameOf(part) });
  }

  private adding(): HTMLElement {
    const { editor } = this;
    const { words, settings } = editor;
    const kinds = choice(settings.parts.map((type) => [type, words.say(KINDS[type]!.word)]), settings.parts[0]!);
    const add = button(words.say("add"), () => {
      const made = placedNew(editor.diagram, kinds.value, freePlace(editor.diagram, kinds.value));
      editor.apply(made);
      editor.canvas.fit(editor.diagram);
      editor.say("placed", { part: editor.nameOf(made.part) });
    }, { "data-schematic-key": "add" });
    return html("div", { class: "field-row" }, field(words.say("addPart"), kinds), add);
  }

  private connecting(): HTMLElement {
    const { editor } = this;
    const { words, diagram } = editor;
    const ends = partsOf(diagram).flatMap((part) => terminalsOf(part).map((point, index) => ({ point, part, index, name: words.terminal(part, index, diagram) })));
    if (ends.length < 2) return html("div");
    const options = ends.map(({ name }, index): [string, string] => [String(index), name]);
    const [first, second] = [choice(options, "0"), choice(options, String(options.length - 1))];
    const connect = button(words.say("connect"), () => {
      const [one, other] = [ends[Number(first.value)]!, ends[Number(second.value)]!];
      this.connect(one, other);
    }, { "data-schematic-key": "connect" });
    const row = html("div", { class: "field-row" }, field(words.say("first"), first), field(words.say("second"), second), connect);
    return html("fieldset", { class: "schematic-connect" }, html("legend", {}, words.say("connectTitle")), row);
  }

  private connect(one: { point: Point; name: string }, other: { point: Point; name: string }): void {
    const { editor } = this;
    const nodeOf = ({ point }: { point: Point }): string | undefined => editor.netlist.nodes.get(key(point));
    if (nodeOf(one) === nodeOf(other)) return editor.say("alreadyConnected");
    const drawn = editor.connect(one.point, other.point);
    editor.say(drawn ? "connected" : "noRoute", { first: one.name, second: other.name });
  }
}
