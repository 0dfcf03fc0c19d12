// The source of a text, with line numbers and colours.
import { html } from "@codemirror/lang-html";
import { edit, type Editor } from "../../../blocks/builtin/problem/static/code/editor";

export function openSource(text: HTMLTextAreaElement): Editor {
  return edit(text, { colours: html({ selfClosingTags: false, autoCloseTags: true }), tab: 2, numbers: true });
}
