import { Controller } from "@hotwired/stimulus";

/** Writing a number into a choice chooses it; emptying the number chooses nothing else. */
export default class extends Controller<HTMLElement> {
  choose(event: Event): void {
    const field = event.target as HTMLInputElement;
    const button = this.element.querySelector<HTMLInputElement>("input[type=radio], input[type=checkbox]");
    if (!button || button.checked || field === button || field.type !== "text" || !field.value.trim()) return;
    button.checked = true;
    button.dispatchEvent(new Event("change", { bubbles: true }));
  }
}
