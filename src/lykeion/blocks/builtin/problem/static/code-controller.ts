import { Controller } from "@hotwired/stimulus";
import type { Editor } from "./code/editor";

/**
 * Puts an editor for programs in front of a text area, which stays the form's field: what is typed is written there, and
 * what a draft restores is read from there. Without this script the text area is used as it is.
 */
export default class extends Controller<HTMLElement> {
  static targets = ["source", "hint"];
  static values = { mode: String, tab: Number, numbers: Boolean };
  declare readonly sourceTarget: HTMLTextAreaElement;
  declare readonly hintTarget: HTMLElement;
  declare readonly modeValue: string;
  declare readonly tabValue: number;
  declare readonly numbersValue: boolean;
  private editor: Editor | undefined;

  async connect(): Promise<void> {
    const { edit, language } = await import("./code/editor");
    const colours = await language(this.modeValue);
    if (!this.element.isConnected || this.editor) return;
    const source = this.sourceTarget;
    this.editor = edit(source, { colours, tab: this.tabValue, numbers: this.numbersValue });
    source.hidden = true;
    this.hintTarget.hidden = false;
  }

  disconnect(): void {
    this.editor?.close();
    this.editor = undefined;
    this.sourceTarget.hidden = false;
  }

  read(): void {
    this.editor?.read();
  }
}
