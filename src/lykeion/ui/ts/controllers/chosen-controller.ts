import { Controller } from "@hotwired/stimulus";

/** On a form: one box that ticks all boxes of the form that are marked `data-chosen`, wherever they stand. */
export default class extends Controller<HTMLFormElement> {
  static targets = ["all"];
  declare readonly allTarget: HTMLInputElement;

  all(): void {
    for (const box of this.element.elements) {
      if (box instanceof HTMLInputElement && "chosen" in box.dataset) box.checked = this.allTarget.checked;
    }
  }
}
