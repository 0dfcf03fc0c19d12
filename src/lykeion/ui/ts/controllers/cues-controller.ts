import { Controller } from "@hotwired/stimulus";

interface Cue {
  start: number;
  end: number;
  text: string;
}

const WORDS = ["play", "now", "add", "remove", "start", "end", "text", "number", "wrong"];

/** On the form of a transcript: a row for each cue, beside the video that it belongs to. */
export default class extends Controller<HTMLFormElement> {
  static targets = ["field", "list", "shift", "error"];
  static values = Object.fromEntries(WORDS.map((name) => [name, String]));
  declare readonly fieldTarget: HTMLInputElement;
  declare readonly listTarget: HTMLElement;
  declare readonly shiftTarget: HTMLInputElement;
  declare readonly errorTarget: HTMLElement;
  readonly [value: `${string}Value`]: any;

  /** What the browser kept is put into the form in this very moment: look afterwards. */
  connect(): void {
    setTimeout(() => this.show(JSON.parse(this.fieldTarget.value || "[]") as Cue[]));
  }

  typed(): void {
    this.write();
  }

  append(): void {
    const last = this.listTarget.lastElementChild;
    const start = last ? seconds(field(last, "end").value) || 0 : this.where();
    this.insert({ start, end: start + 3, text: "" });
  }

  shift(): void {
    const by = Number(this.shiftTarget.value) || 0;
    for (const row of this.listTarget.children)
      for (const name of ["start", "end"]) {
        const box = field(row, name);
        const time = seconds(box.value);
        if (!Number.isNaN(time)) box.value = clock(Math.max(0, time + by));
      }
    this.shiftTarget.value = "0";
    this.changed();
  }

  act(event: Event): void {
    const button = event.currentTarget as HTMLElement;
    const row = button.closest(".cue") as HTMLElement;
    const start = seconds(field(row, "start").value);
    if (button.dataset.act === "play") return this.go(start);
    if (button.dataset.act === "now") field(row, "start").value = clock(this.where());
    if (button.dataset.act === "add") {
      const end = seconds(field(row, "end").value) || 0;
      const next = row.nextElementSibling ? seconds(field(row.nextElementSibling, "start").value) : NaN;
      return this.insert({ start: end, end: next > end ? next : end + 3, text: "" }, row);
    }
    if (button.dataset.act === "remove") {
      const near = row.nextElementSibling ?? row.previousElementSibling;
      row.remove();
      (near?.querySelector("textarea") ?? this.shiftTarget).focus();
      this.number();
    }
    this.changed();
  }

  private show(cues: Cue[]): void {
    this.listTarget.replaceChildren(...(cues.length ? cues : [{ start: 0, end: 3, text: "" }]).map((cue) => this.row(cue)));
    this.number();
    this.element.dataset.ready = String(cues.length);
  }

  private insert(cue: Cue, after?: Element): void {
    const row = this.row(cue);
    if (after) after.after(row);
    else this.listTarget.append(row);
    this.number();
    row.querySelector("textarea")?.focus();
    this.write();
  }

  private row(cue: Cue): HTMLElement {
    const row = document.createElement("div");
    row.className = "cue";
    row.setAttribute("role", "group");
    const text = document.createElement("textarea");
    Object.assign(text, { value: cue.text, rows: 2, dir: "auto" });
    text.setAttribute("aria-label", this.textValue);
    const times = document.createElement("span");
    times.className = "cue-times";
    times.append(this.time("start", cue.start), "–", this.time("end", cue.end));
    const tools = document.createElement("span");
    tools.className = "cue-tools";
    tools.append(...["play", "now", "add", "remove"].map((act) => this.button(act)));
    row.append(times, text, tools);
    return row;
  }

  private time(name: string, value: number): HTMLInputElement {
    const box = document.createElement("input");
    Object.assign(box, { value: clock(value), className: "input numbers", inputMode: "decimal", autocomplete: "off" });
    box.dataset.time = name;
    box.setAttribute("aria-label", this[`${name}Value`]);
    return box;
  }

  private button(act: string): HTMLButtonElement {
    const button = document.createElement("button");
    Object.assign(button, { type: "button", className: "icon-button", textContent: { play: "▶", now: "⇤", add: "+", remove: "×" }[act], title: this[`${act}Value`] });
    button.dataset.act = act;
    button.setAttribute("aria-label", this[`${act}Value`]);
    button.addEventListener("click", (event) => this.act(event));
    return button;
  }

  private number(): void {
    [...this.listTarget.children].forEach((row, index) => row.setAttribute("aria-label", this.numberValue.replace("{number}", String(index + 1))));
  }

  private changed(): void {
    this.element.dispatchEvent(new Event("input", { bubbles: true }));
    this.write();
  }

  /** Puts the cues into the form's field; a time that is none stays where it is, and is told. */
  private write(): void {
    const rows = [...this.listTarget.children];
    const cues = rows.map((row) => ({ start: seconds(field(row, "start").value), end: seconds(field(row, "end").value), text: row.querySelector("textarea")?.value ?? "" }));
    const wrong = cues.findIndex((cue) => Number.isNaN(cue.start) || Number.isNaN(cue.end));
    this.errorTarget.hidden = wrong < 0;
    if (wrong < 0) {
      this.fieldTarget.value = JSON.stringify(cues);
      return;
    }
    const row = rows[wrong] as Element;
    const text = ["start", "end"].map((name) => field(row, name).value).find((value) => Number.isNaN(seconds(value))) ?? "";
    this.errorTarget.textContent = this.wrongValue.replace("{number}", String(wrong + 1)).replace("{text}", text);
  }

  // The video beside it

  private get player(): Element | null {
    const frame = document.getElementById("cues-frame") as HTMLIFrameElement | null;
    return frame?.contentDocument?.querySelector("[data-controller~=video]") ?? null;
  }

  private go(to: number): void {
    if (!Number.isNaN(to)) this.player?.dispatchEvent(new CustomEvent("video:place", { detail: { seconds: to } }));
  }

  private where(): number {
    const detail: { now?: number } = {};
    this.player?.dispatchEvent(new CustomEvent("video:place", { detail }));
    return detail.now ?? 0;
  }
}

function field(row: Element, name: string): HTMLInputElement {
  return row.querySelector(`[data-time=${name}]`) as HTMLInputElement;
}

/** `1:02:03.5` in seconds; NaN for what is no time. */
function seconds(text: string): number {
  const found = /^\s*(?:(?:(\d+):)?(\d{1,2}):)?(\d+(?:[.,]\d+)?)\s*$/.exec(text);
  if (!found) return NaN;
  return Number(found[1] ?? 0) * 3600 + Number(found[2] ?? 0) * 60 + Number((found[3] ?? "0").replace(",", "."));
}

function clock(time: number): string {
  const thousandths = Math.round(time * 1000);
  const [hours, minutes, rest] = [Math.floor(thousandths / 3_600_000), Math.floor(thousandths / 60_000) % 60, (thousandths % 60_000) / 1000];
  const tail = `${minutes}:${rest.toFixed(3).padStart(6, "0")}`;
  return hours ? `${hours}:${tail.padStart(9, "0")}` : tail;
}
