import { Controller } from "@hotwired/stimulus";

/** Around a button and its <dialog>: opens it as a modal, closes it by button or by a click beside it. */
export default class extends Controller {
  static targets = ["box"];
  declare readonly boxTarget: HTMLDialogElement;

  open(): void {
    this.boxTarget.showModal();
  }

  close(): void {
    this.boxTarget.close();
  }

  beside(event: MouseEvent): void {
    const { left, right, top, bottom } = this.boxTarget.getBoundingClientRect();
    const inside = event.clientX >= left && event.clientX <= right && event.clientY >= top && event.clientY <= bottom;
    if (event.target === this.boxTarget && !inside) this.close();
  }
}
