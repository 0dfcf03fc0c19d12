import { Controller } from "@hotwired/stimulus";
import type { Composer, Compose } from "./composed/composer";

const KINDS: Record<string, () => Promise<{ compose: Compose }>> = {
  annotation: () => import("./composed/annotation"),
  chain: () => import("./composed/chain"),
  crystal: () => import("./composed/crystal"),
  gene: () => import("./composed/gene"),
  geometry: () => import("./composed/geometry"),
  molecule: () => import("./composed/molecule"),
};

/**
 * An answer that is one JSON text, put together with several controls. They stand in front of the field with the text once
 * this script is there; the field stays the form's.
 */
export default class extends Controller<HTMLElement> {
  static targets = ["raw", "text", "form"];
  static values = { kind: String };
  declare readonly rawTarget: HTMLElement;
  declare readonly textTarget: HTMLInputElement;
  declare readonly formTarget: HTMLElement;
  declare readonly kindValue: string;
  private composer: Composer | undefined;

  async connect(): Promise<void> {
    const load = KINDS[this.kindValue];
    if (!load) return;
    const { compose } = await load();
    this.composer = compose(this.formTarget, this.element.dataset, () => this.write());
    this.read();
    this.rawTarget.hidden = true;
    this.formTarget.hidden = false;
  }

  read(): void {
    this.composer?.read(parsed(this.textTarget.value));
  }

  write(): void {
    const value = this.composer?.value();
    const text = value === undefined ? "" : JSON.stringify(value);
    if (text === this.textTarget.value) return;
    this.textTarget.value = text;
    this.textTarget.dispatchEvent(new Event("input", { bubbles: true }));
  }
}

/** What a text says; nothing for one that is no JSON, which then stays in its field until something else is chosen. */
function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
