import { Controller } from "@hotwired/stimulus";
import type { Editor } from "../text/tiny";
import { shownAt, type CourseFile } from "../text/upload";

/** On the <dialog> of pictures: which one, how large, and what it says to those who do not see it. */
export default class extends Controller<HTMLDialogElement> {
  static targets = ["address", "shown", "alt", "decorative", "size", "error"];
  static values = { files: String, nothing: String, silent: String };
  declare readonly addressTarget: HTMLInputElement;
  declare readonly shownTarget: HTMLImageElement;
  declare readonly altTarget: HTMLTextAreaElement;
  declare readonly decorativeTarget: HTMLInputElement;
  declare readonly sizeTargets: HTMLInputElement[];
  declare readonly errorTarget: HTMLElement;
  declare readonly filesValue: string;
  declare readonly nothingValue: string;
  declare readonly silentValue: string;
  private editor: Editor | undefined;
  private image: HTMLImageElement | null = null;
  private size = "";

  ask({ detail }: CustomEvent<{ what: string; editor: Editor }>): void {
    if (detail.what !== "image") return;
    const { editor } = detail;
    this.editor = editor;
    const node = editor.selection.getNode();
    this.image = node.nodeName === "IMG" ? (node as HTMLImageElement) : null;
    this.addressTarget.value = this.image ? editor.dom.getAttrib(this.image, "src") : "";
    this.altTarget.value = this.image?.alt ?? "";
    this.decorativeTarget.checked = !!this.image && this.image.hasAttribute("alt") && !this.image.alt && this.image.getAttribute("role") === "presentation";
    this.size = this.image?.style.width ?? "";
    for (const one of this.sizeTargets) one.checked = one.value === this.size;
    this.silence();
    this.look();
    this.element.showModal();
    if (this.image) this.altTarget.focus();
  }

  chosen({ detail }: CustomEvent<CourseFile>): void {
    this.addressTarget.value = detail.url;
    this.look();
    this.altTarget.focus();
  }

  look(): void {
    const src = this.addressTarget.value.trim();
    this.shownTarget.hidden = !src;
    if (src) this.shownTarget.src = shownAt(this.filesValue, src);
    this.say("");
  }

  /** A picture that only decorates says nothing. */
  silence(): void {
    this.altTarget.disabled = this.decorativeTarget.checked;
    this.say("");
  }

  insert(event: Event): void {
    event.preventDefault();
    const src = this.addressTarget.value.trim();
    const alt = this.altTarget.value.trim();
    if (!src) return this.say(this.nothingValue);
    if (!alt && !this.decorativeTarget.checked) {
      this.say(this.silentValue);
      return this.altTarget.focus();
    }
    this.element.close();
    if (this.editor) this.write(this.editor, src, this.decorativeTarget.checked ? "" : alt);
  }

  close(): void {
    this.element.close();
    this.editor?.focus();
  }

  private write(editor: Editor, src: string, alt: string): void {
    const size = this.sizeTargets.find((one) => one.checked)?.value ?? this.size;
    editor.focus();
    editor.undoManager.transact(() => {
      const image = this.image ?? inserted(editor, src);
      if (editor.dom.getAttrib(image, "src") !== src) editor.dom.setAttribs(image, { src, "data-mce-src": src });
      editor.dom.setAttribs(image, { alt, role: this.decorativeTarget.checked ? "presentation" : null });
      image.alt = alt; // an empty one, too
      if (size !== this.size || !this.image) {
        editor.dom.setStyle(image, "width", size || null);
        if (size) editor.dom.setAttribs(image, { width: null, height: null });
      }
      image.src = shownAt(this.filesValue, src);
      editor.selection.select(image);
    });
    editor.nodeChanged();
  }

  private say(words: string): void {
    this.errorTarget.textContent = words;
    this.errorTarget.hidden = !words;
  }
}

function inserted(editor: Editor, src: string): HTMLImageElement {
  editor.insertContent(editor.dom.createHTML("img", { src, "data-new": "1" }));
  const image = editor.dom.select("img[data-new]")[0] as HTMLImageElement;
  image.removeAttribute("data-new");
  return image;
}
