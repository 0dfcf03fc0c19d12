import { Controller } from "@hotwired/stimulus";
import type { Editor } from "./schematic/editor";

/** A circuit to draw. The editor and its simulator are fetched by pages that have one. */
export default class extends Controller<HTMLElement> {
  static targets = ["field"];
  static values = { initial: String, parts: String, analyses: String, wanted: String, width: Number, height: Number, closed: Boolean, words: Object };
  declare readonly fieldTarget: HTMLInputElement;
  declare readonly initialValue: string;
  declare readonly partsValue: string;
  declare readonly analysesValue: string;
  declare readonly wantedValue: string;
  declare readonly widthValue: number;
  declare readonly heightValue: number;
  declare readonly closedValue: boolean;
  declare readonly wordsValue: Record<string, string>;
  private editor: Editor | undefined;
  private present = false;

  async connect(): Promise<void> {
    this.present = true;
    const note = document.createElement("p");
    note.textContent = this.wordsValue.loading ?? "";
    this.element.append(note);
    try {
      const { Editor } = await import("./schematic/editor");
      note.remove();
      if (this.present) this.editor = new Editor(this.element, this.fieldTarget, this.settings());
    } catch (error) {
      note.textContent = this.wordsValue.failed ?? "";
      throw error;
    }
  }

  disconnect(): void {
    this.present = false;
    this.editor?.leave();
    this.editor = undefined;
  }

  private settings(): ConstructorParameters<typeof Editor>[2] {
    return {
      initial: this.initialValue,
      parts: listed(this.partsValue),
      analyses: listed(this.analysesValue),
      wanted: this.wantedValue,
      width: this.widthValue,
      height: this.heightValue,
      closed: this.closedValue,
      words: this.wordsValue,
    };
  }
}

function listed(text: string): string[] {
  return text.split(",").filter(Boolean);
}
