import { Controller } from "@hotwired/stimulus";

/** On a file field beside a file that is there: hands what is chosen to the page's upload, under that file's `path`. */
export default class extends Controller<HTMLInputElement> {
  static values = { path: String };
  declare readonly pathValue: string;

  chosen(): void {
    const file = this.element.files?.[0];
    if (file) this.dispatch("file", { detail: { file, path: this.pathValue } });
    this.element.value = "";
  }
}
