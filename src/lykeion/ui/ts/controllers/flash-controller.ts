import { Controller } from "@hotwired/stimulus";

/** A message of the server that can be put away. */
export default class extends Controller<HTMLElement> {
  static targets = ["close"];
  declare readonly closeTargets: HTMLElement[];

  connect(): void {
    for (const button of this.closeTargets) button.hidden = false;
  }

  close(): void {
    this.element.remove();
    document.getElementById("main")?.focus({ preventScroll: true });
  }
}
