import { Controller } from "@hotwired/stimulus";
import { typeset } from "../math";
import type { Editor } from "../text/tiny";

const FORMULA = /\\\(([\s\S]*?)\\\)|\\\[([\s\S]*?)\\\]/g;

/** On the <dialog> of formulas: TeX, and how it looks. The one under the cursor is changed, else a new one put there. */
export default class extends Controller<HTMLDialogElement> {
  static targets = ["tex", "display", "shown"];
  declare readonly texTarget: HTMLTextAreaElement;
  declare readonly displayTarget: HTMLInputElement;
  declare readonly shownTarget: HTMLElement;
  private editor: Editor | undefined;
  private timer = 0;

  ask({ detail }: CustomEvent<{ what: string; editor: Editor }>): void {
    if (detail.what !== "formula") return;
    this.editor = detail.editor;
    const found = this.selectFormula(detail.editor);
    this.texTarget.value = found?.tex ?? detail.editor.selection.getContent({ format: "text" });
    this.displayTarget.checked = found?.display ?? false;
    this.look();
    this.element.showModal();
    this.texTarget.focus();
  }

  disconnect(): void {
    clearTimeout(this.timer);
  }

  /** A piece of TeX is put where the cursor is; `|` in it is where the cursor goes. */
  put({ params }: { params: { tex: string } }): void {
    const { selectionStart: start, selectionEnd: end, value } = this.texTarget;
    const [left = "", right = ""] = params.tex.split("|");
    const chosen = value.slice(start, end);
    this.texTarget.setRangeText(left + chosen + right, start, end);
    this.texTarget.selectionStart = this.texTarget.selectionEnd = start + left.length + chosen.length;
    this.texTarget.focus();
    this.look();
  }

  later(): void {
    clearTimeout(this.timer);
    this.timer = window.setTimeout(() => this.look(), 300);
  }

  look(): void {
    this.shownTarget.textContent = this.texTarget.value.trim() ? this.written : "";
    void typeset(this.shownTarget).catch((error: Error) => (this.shownTarget.textContent = error.message));
  }

  insert(event: Event): void {
    event.preventDefault();
    this.element.close();
    this.editor?.focus();
    this.editor?.insertContent(this.texTarget.value.trim() ? this.editor.dom.encode(this.written) : "");
  }

  close(): void {
    this.element.close();
    this.editor?.focus();
  }

  private get written(): string {
    const tex = this.texTarget.value.trim();
    return this.displayTarget.checked ? `\\[${tex}\\]` : `\\(${tex}\\)`;
  }

  private selectFormula(editor: Editor): { tex: string; display: boolean } | undefined {
    const range = editor.selection.getRng();
    const node = range.startContainer;
    if (node.nodeType !== Node.TEXT_NODE) return undefined;
    for (const found of (node.nodeValue ?? "").matchAll(FORMULA)) {
      const end = found.index + found[0].length;
      if (range.startOffset < found.index || range.startOffset > end) continue;
      range.setStart(node, found.index);
      range.setEnd(node, end);
      editor.selection.setRng(range);
      return { tex: found[1] ?? found[2] ?? "", display: found[2] !== undefined };
    }
    return undefined;
  }
}
