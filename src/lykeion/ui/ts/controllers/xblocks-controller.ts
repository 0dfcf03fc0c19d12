import { Controller } from "@hotwired/stimulus";

/** Starts the blocks from elsewhere that the page holds, and those swapped into it later. */
export default class extends Controller<HTMLElement> {
  private readonly swapped = (event: Event): void => window.XBlock?.initializeBlocks((event as CustomEvent).detail.elt ?? event.target);

  connect(): void {
    window.XBlock?.initializeBlocks(this.element);
    document.addEventListener("htmx:load", this.swapped);
  }

  disconnect(): void {
    document.removeEventListener("htmx:load", this.swapped);
  }
}
