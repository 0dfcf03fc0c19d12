import { Controller } from "@hotwired/stimulus";
import type { Editor } from "../text/tiny";
import type { CourseFile } from "../text/upload";

type Kind = "address" | "place" | "file";

/** On the <dialog> of links: asks where a link leads (an address, a place of the course, a file of it), and makes it. */
export default class extends Controller<HTMLDialogElement> {
  static targets = ["kind", "part", "address", "words", "tab", "remove", "error"];
  declare readonly kindTargets: HTMLInputElement[];
  declare readonly partTargets: HTMLElement[];
  declare readonly addressTarget: HTMLInputElement;
  declare readonly wordsTarget: HTMLInputElement;
  declare readonly tabTarget: HTMLInputElement;
  declare readonly removeTarget: HTMLElement;
  declare readonly errorTarget: HTMLElement;
  private editor: Editor | undefined;
  private link: HTMLAnchorElement | null = null;
  private picked: Partial<Record<Kind, string>> = {};

  ask({ detail }: CustomEvent<{ what: string; editor: Editor }>): void {
    if (detail.what !== "link") return;
    this.editor = detail.editor;
    this.link = this.editor.dom.getParent(this.editor.selection.getNode(), "a[href]") as HTMLAnchorElement | null;
    const href = this.link ? this.editor.dom.getAttrib(this.link, "href") : "";
    this.picked = {};
    this.addressTarget.value = href;
    this.wordsTarget.value = this.link?.textContent ?? this.editor.selection.getContent({ format: "text" });
    this.wordsTarget.disabled = !!this.link?.querySelector("img") || this.picturesChosen;
    this.tabTarget.checked = this.link?.target === "_blank";
    this.removeTarget.hidden = !this.link;
    this.show("address");
    this.element.showModal();
    this.addressTarget.focus();
  }

  turn(): void {
    this.show(this.kind);
  }

  place({ detail }: CustomEvent<{ id: string; title: string }>): void {
    this.take("place", `/jump_to_id/${detail.id}`, detail.title);
  }

  file({ detail }: CustomEvent<CourseFile>): void {
    this.take("file", detail.url, detail.path.split("/").pop() ?? detail.path);
  }

  insert(event: Event): void {
    event.preventDefault();
    const href = (this.kind === "address" ? this.addressTarget.value : this.picked[this.kind] ?? "").trim();
    this.errorTarget.hidden = !!href;
    if (!href || !this.editor) return this.kind === "address" ? this.addressTarget.focus() : undefined;
    this.element.close();
    this.write(this.editor, address(href));
  }

  remove(): void {
    this.element.close();
    this.editor?.execCommand("unlink");
  }

  close(): void {
    this.element.close();
    this.editor?.focus();
  }

  private write(editor: Editor, href: string): void {
    const target = this.tabTarget.checked ? { target: "_blank", rel: "noopener" } : { target: null, rel: null };
    const words = this.wordsTarget.value.trim() || href;
    editor.focus();
    editor.undoManager.transact(() => {
      if (this.link) {
        editor.dom.setAttribs(this.link, { href, "data-mce-href": href, ...target });
        if (!this.wordsTarget.disabled && this.link.textContent !== words) this.link.textContent = words;
      } else if (!this.wordsTarget.disabled && (editor.selection.isCollapsed() || editor.selection.getContent({ format: "text" }) !== words)) {
        editor.insertContent(editor.dom.createHTML("a", { href, ...target }, editor.dom.encode(words)));
      } else editor.execCommand("mceInsertLink", false, { href, ...target });
    });
  }

  private get picturesChosen(): boolean {
    return /<img\b/i.test(this.editor?.selection.getContent() ?? "");
  }

  private take(kind: Kind, href: string, words: string): void {
    this.picked[kind] = href;
    this.errorTarget.hidden = true;
    if (!this.wordsTarget.value.trim()) this.wordsTarget.value = words;
  }

  private get kind(): Kind {
    return (this.kindTargets.find((one) => one.checked)?.value as Kind | undefined) ?? "address";
  }

  private show(kind: Kind): void {
    for (const one of this.kindTargets) one.checked = one.value === kind;
    for (const one of this.partTargets) one.hidden = one.dataset.kind !== kind;
    this.errorTarget.hidden = true;
  }
}

/** People leave out what browsers need: `example.org` and `me@example.org`. */
function address(text: string): string {
  if (/^[\w.+-]+@[\w-]+(\.[\w-]+)+$/.test(text)) return `mailto:${text}`;
  if (/^[a-z0-9-]+(\.[a-z0-9-]+)+([/?#:].*)?$/i.test(text)) return `https://${text}`;
  return text;
}
