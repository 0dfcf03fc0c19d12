import { Controller } from "@hotwired/stimulus";

/** On a <details>: closes it by Escape, by a click elsewhere, and when the focus leaves. */
export default class extends Controller<HTMLDetailsElement> {
  private readonly away = (event: Event): void => {
    if (!this.element.contains(event.target as Node)) this.element.open = false;
  };
  private readonly escape = (event: KeyboardEvent): void => {
    if (event.key !== "Escape" || !this.element.open) return;
    this.element.open = false;
    this.element.querySelector("summary")?.focus();
  };

  connect(): void {
    document.addEventListener("click", this.away);
    document.addEventListener("focusin", this.away);
    this.element.addEventListener("keydown", this.escape);
  }

  disconnect(): void {
    document.removeEventListener("click", this.away);
    document.removeEventListener("focusin", this.away);
    this.element.removeEventListener("keydown", this.escape);
  }
}
