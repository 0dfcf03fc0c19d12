import { Controller } from "@hotwired/stimulus";
import { toast } from "../live";

/**
 * On a form that removes something: no question beforehand, an undo afterwards.
 * When htmx has sent it, `element` (a selector, or the form's row) disappears and a toast offers `url`.
 */
export default class extends Controller<HTMLFormElement> {
  static values = { url: String, text: String, row: String };
  declare readonly urlValue: string;
  declare readonly textValue: string;
  declare readonly rowValue: string;

  done(event: CustomEvent): void {
    if (!event.detail.successful) return;
    const row = this.rowValue ? this.element.closest<HTMLElement>(this.rowValue) : undefined;
    if (row) row.hidden = true;
    toast({ text: this.textValue, undo: this.urlValue });
  }
}
