import { Controller } from "@hotwired/stimulus";
import { announce } from "../live";

/** A button that copies `text`, or the words of its `source` target, and says so (`done`). */
export default class extends Controller<HTMLElement> {
  static targets = ["source"];
  static values = { text: String, done: String };
  declare readonly hasSourceTarget: boolean;
  declare readonly sourceTarget: HTMLElement;
  declare readonly textValue: string;
  declare readonly doneValue: string;

  async copy(): Promise<void> {
    await navigator.clipboard.writeText(this.wanted);
    this.element.dataset.copied = "";
    announce(this.doneValue);
    setTimeout(() => delete this.element.dataset.copied, 2000);
  }

  private get wanted(): string {
    if (!this.hasSourceTarget) return this.textValue;
    const source = this.sourceTarget;
    return source instanceof HTMLInputElement || source instanceof HTMLTextAreaElement ? source.value : (source.textContent ?? "").trim();
  }
}
