import { Controller } from "@hotwired/stimulus";

/** A long list of settings: shows those with some words, those that are set, and those out of use only when asked. */
export default class extends Controller<HTMLElement> {
  static targets = ["text", "set", "old", "row", "count"];
  declare readonly textTarget: HTMLInputElement;
  declare readonly setTarget: HTMLInputElement;
  declare readonly oldTarget: HTMLInputElement;
  declare readonly rowTargets: HTMLElement[];
  declare readonly countTarget: HTMLElement;

  connect(): void {
    const kept = history.state?.settings as { text: string; set: boolean; old: boolean } | undefined;
    if (!kept) return;
    this.textTarget.value = kept.text;
    this.setTarget.checked = kept.set;
    this.oldTarget.checked = kept.old;
    this.show();
  }

  show(): void {
    const [text, set, old] = [this.textTarget.value, this.setTarget.checked, this.oldTarget.checked];
    const wanted = text.trim().toLowerCase();
    for (const row of this.rowTargets) {
      const fits = (row.dataset.words ?? "").toLowerCase().includes(wanted);
      row.hidden = !fits || (set && !row.hasAttribute("data-set")) || (!old && row.hasAttribute("data-old"));
    }
    const shown = this.rowTargets.filter((row) => !row.hidden).length;
    this.countTarget.textContent = shown ? String(shown) : (this.countTarget.dataset.none ?? "");
    history.replaceState({ ...history.state, settings: { text, set, old } }, "");
  }
}
