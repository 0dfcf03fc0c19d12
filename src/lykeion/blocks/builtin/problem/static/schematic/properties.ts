import { ask, choice, field, html } from "./elements";
import { DIODE_TYPES, KINDS, PROBE_COLOURS, type Part } from "./parts";
import { engineering } from "./simulate/numbers";
import { PARAMETERS, parseSource } from "./simulate/sources";
import type { Words } from "./words";

const CHOICES: Record<string, string[]> = { color: PROBE_COLOURS, type: DIODE_TYPES };
const WITH_UNITS = new Set(["r", "c", "l", "value", "A"]);

/** Asks for a part's properties; undefined if nothing is to change. */
export async function editProperties(part: Part, words: Words, name: string): Promise<Record<string, string> | undefined> {
  const known = Object.keys(part.properties).filter((property) => property in KINDS[part.type]!.properties || property === "name");
  if (!known.length) return undefined;
  const readers = new Map<string, () => string>();
  const rows = known.map((property) => row(part, property, words, (read) => readers.set(property, read)));
  const hint = known.some((property) => WITH_UNITS.has(property)) ? [html("p", { class: "field-help" }, words.say("units"))] : [];
  const agreed = await ask(name, html("div", { class: "form" }, ...rows, ...hint), { ok: words.say("ok"), cancel: words.say("cancel") });
  if (!agreed) return undefined;
  return { ...part.properties, ...Object.fromEntries([...readers].map(([property, read]) => [property, read()])) };
}

function row(part: Part, property: string, words: Words, keep: (read: () => string) => void): HTMLElement {
  const now = part.properties[property]!;
  if (property === "value" && parseSource(now)) return sourceRows(now, words, keep);
  const options = CHOICES[property];
  const control = options ? choice(options.map((option) => [option, words.say(option)]), now) : html("input", { value: now, autocomplete: "off", spellcheck: "false" });
  keep(() => control.value.trim());
  return field(words.say(property === "label" ? "labelProperty" : property), control);
}

/** The function of a source, and a field for each of its parameters. */
function sourceRows(now: string, words: Words, keep: (read: () => string) => void): HTMLElement {
  const select = choice(Object.keys(PARAMETERS).map((name) => [name, words.say(name)]), parseSource(now)!.name);
  const rows = html("div", { class: "form" });
  let controls: HTMLInputElement[] = [];
  const fill = (text: string): void => {
    controls = parametersOf(text).map(([, value]) => html("input", { value, autocomplete: "off", spellcheck: "false" }));
    rows.replaceChildren(...controls.map((control, index) => field(words.say(parametersOf(text)[index]![0]), control)));
  };
  select.addEventListener("change", () => fill(`${select.value}()`));
  fill(now);
  keep(() => `${select.value}(${controls.map((control) => control.value.trim()).join(",")})`);
  return html("div", { class: "form" }, field(words.say("function"), select), rows);
}

function parametersOf(text: string): [key: string, value: string][] {
  const source = parseSource(text)!;
  const parameters = PARAMETERS[source.name]!;
  if (!parameters.length) return [["points", text.includes("(") ? text.slice(text.indexOf("(") + 1).replace(/\)\s*$/, "") : ""]];
  return parameters.map(([key], index) => [key, engineering(source.args[index]!, 12)]);
}
