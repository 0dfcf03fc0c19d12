import { Controller } from "@hotwired/stimulus";
import { typeset } from "../math";

/** Sets the formulas of the page, and of what is swapped into it later. */
export default class extends Controller<HTMLElement> {
  private readonly swapped = (event: Event): void => void this.set((event as CustomEvent).detail.elt ?? event.target);

  connect(): void {
    void this.set(this.element);
    document.addEventListener("htmx:load", this.swapped);
  }

  disconnect(): void {
    document.removeEventListener("htmx:load", this.swapped);
  }

  private async set(element: Element): Promise<void> {
    await typeset(element).catch((error: Error) => console.error(error.message));
  }
}
