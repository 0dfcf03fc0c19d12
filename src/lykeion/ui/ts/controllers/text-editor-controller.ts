import { Controller } from "@hotwired/stimulus";
import { announce } from "../live";
import type { Editor } from "../text/tiny";

type Mode = "visual" | "raw";
type Source = { read(): void; close(): void };

/**
 * Around the text area of a text: its source as it is, or a visual editor, opened when it is first seen. The text area
 * stays the form's field, and holds every byte that nobody changed. A text that the visual editor would spoil is shown as
 * source, with the reason. The page includes `studio/text/dialogs.html` once.
 */
export default class extends Controller<HTMLElement> {
  static targets = ["text", "mode", "why", "reasons"];
  static values = { skins: String, style: String, files: String, upload: String };
  declare readonly textTarget: HTMLTextAreaElement;
  declare readonly modeTargets: HTMLInputElement[];
  declare readonly whyTarget: HTMLElement;
  declare readonly reasonsTarget: HTMLElement;
  declare readonly skinsValue: string;
  declare readonly styleValue: string;
  declare readonly filesValue: string;
  declare readonly uploadValue: string;
  private visual: Editor | undefined;
  private source: Source | undefined;
  private turn = 0;
  private timer = 0;
  private readonly themes = new MutationObserver(() => this.visual && void this.show("visual"));
  private write: (() => void) | undefined;
  private nearby: IntersectionObserver | undefined;
  private readonly sending = (): void => this.flush();

  connect(): void {
    this.themes.observe(document.documentElement, { attributeFilter: ["data-theme"] });
    document.addEventListener("submit", this.sending, true); // any form: its answer may draw this one anew
    this.nearby = new IntersectionObserver((seen) => seen.some((one) => one.isIntersecting) && this.firstSeen());
    this.nearby.observe(this.element);
  }

  disconnect(): void {
    this.nearby?.disconnect();
    this.themes.disconnect();
    document.removeEventListener("submit", this.sending, true);
    this.turn++;
    this.close();
  }

  private firstSeen(): void {
    this.nearby?.disconnect();
    void this.show(this.chosen);
  }

  /** The server refused what stands here. */
  focus(): void {
    if (this.visual) this.visual.focus();
    else this.element.querySelector<HTMLElement>(".cm-content")?.focus();
  }

  /** Another way to edit was chosen: that is no change, so the form does not hear of it. */
  choose(): void {
    void this.show(this.chosen);
  }

  private get chosen(): Mode {
    return (this.modeTargets.find((one) => one.checked)?.value as Mode | undefined) ?? "raw";
  }

  private async show(mode: Mode): Promise<void> {
    this.close();
    const turn = ++this.turn;
    try {
      const why = mode === "visual" ? await this.openVisual(turn) : [];
      if (mode === "raw" || why.length) await this.openSource(turn);
      if (turn === this.turn) this.tell(why);
    } catch (error) {
      console.error(error); // an editor could not be fetched: the text area still works
    }
    if (turn !== this.turn) return;
    for (const one of this.modeTargets) one.checked = one.value === (this.visual ? "visual" : "raw");
    this.element.dataset.ready = this.visual ? "visual" : "raw";
  }

  /** Opens the visual editor; else tells why not. */
  private async openVisual(turn: number): Promise<string[]> {
    const { lost, merge, open, unfit } = await import("../text/editing");
    const why = (): string[] => unfit(this.textTarget.value).map((one) => this.whyTarget.dataset[one] ?? one);
    const reasons = why();
    if (reasons.length || turn !== this.turn) return reasons;
    const typing = document.activeElement === this.textTarget;
    const editor = await open(this.textTarget, { ...this.options, changed: () => this.later() });
    const original = this.textTarget.value; // now: somebody may have typed in it until the editor took its place
    const before = editor.getContent();
    const spoiled = [...why(), ...lostWords(lost(original, before), this.whyTarget.dataset.lost)];
    if (spoiled.length || turn !== this.turn) {
      editor.remove();
      return spoiled;
    }
    if (typing) goOn(editor);
    this.visual = editor;
    let last = before;
    this.write = () => {
      const now = editor.getContent();
      if (now === last) return;
      last = now;
      this.textTarget.value = merge(original, before, now);
      this.textTarget.dispatchEvent(new Event("input", { bubbles: true }));
    };
    return [];
  }

  private async openSource(turn: number): Promise<void> {
    const { openSource } = await import("../text/source");
    if (turn !== this.turn) return;
    this.source = openSource(this.textTarget);
    this.textTarget.hidden = true;
  }

  private close(): void {
    this.flush();
    this.write = undefined;
    this.visual?.remove();
    this.source?.close();
    this.visual = this.source = undefined;
    this.textTarget.hidden = false;
  }

  private later(): void {
    clearTimeout(this.timer);
    this.timer = window.setTimeout(() => this.flush(), 150);
  }

  /** Writes what was just typed into the form's field, before somebody looks there. */
  flush(): void {
    clearTimeout(this.timer);
    this.write?.();
  }

  private tell(why: string[]): void {
    this.whyTarget.hidden = !why.length;
    this.reasonsTarget.replaceChildren(...why.map((words) => Object.assign(document.createElement("li"), { textContent: words })));
    if (why.length) announce(this.whyTarget.textContent?.replace(/\s+/g, " ").trim() ?? "");
  }

  private get options() {
    return {
      skins: this.skinsValue,
      style: this.styleValue,
      files: this.filesValue,
      words: JSON.parse(document.getElementById("text-words")?.textContent ?? "{}") as Record<string, string>,
      label: this.textTarget.labels?.[0]?.textContent?.trim() ?? "",
      dark: getComputedStyle(this.element).colorScheme === "dark" || (getComputedStyle(this.element).colorScheme !== "light" && matchMedia("(prefers-color-scheme: dark)").matches),
      upload: this.uploadValue ? async (file: File) => (await import("../text/upload")).upload(this.uploadValue, file) : undefined,
      ask: (what: string, editor: Editor) => this.dispatch("ask", { target: document.documentElement, prefix: "text", detail: { what, editor } }),
      lostPictures: (count: number) => this.say(count),
    };
  }

  private say(count: number): void {
    const text = (this.whyTarget.dataset.pictures ?? "").replace("{count}", String(count));
    document.dispatchEvent(new CustomEvent("toast", { detail: { text } }));
  }
}

function lostWords(parts: string[], words = ""): string[] {
  return parts.length ? [`${words} ${parts.slice(0, 5).join(", ")}`] : [];
}

/** Whoever was typing goes on at the end. */
function goOn(editor: Editor): void {
  editor.focus();
  editor.selection.select(editor.getBody(), true);
  editor.selection.collapse(false);
}
