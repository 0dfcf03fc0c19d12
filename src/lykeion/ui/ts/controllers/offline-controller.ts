import { Controller } from "@hotwired/stimulus";

const LOST = ["htmx:sendError", "htmx:timeout", "request:failed"];

/** Tells when something did not reach the site, and keeps a form from being sent into nowhere. */
export default class extends Controller<HTMLElement> {
  static targets = ["notice", "text"];
  declare readonly noticeTarget: HTMLElement;
  declare readonly textTarget: HTMLElement;

  private readonly failed = (): void => this.show(navigator.onLine ? this.says("failed") : this.says("lost"));
  private readonly refused = (): void => this.show(this.says("refused"));
  private readonly lost = (): void => this.show(this.says("lost"));
  private readonly back = (): void => {
    if (this.noticeTarget.hidden) return;
    this.show(this.says("back"));
    setTimeout(() => (this.noticeTarget.hidden = true), 3000);
  };
  private readonly reached = (): void => {
    if (navigator.onLine) this.noticeTarget.hidden = true;
  };
  private readonly submitting = (event: Event): void => {
    if (navigator.onLine) return;
    event.preventDefault();
    event.stopPropagation();
    this.show(this.says("form"));
  };

  connect(): void {
    for (const name of LOST) document.addEventListener(name, this.failed);
    document.addEventListener("htmx:responseError", this.refused);
    document.addEventListener("htmx:afterSwap", this.reached);
    document.addEventListener("submit", this.submitting, { capture: true });
    window.addEventListener("offline", this.lost);
    window.addEventListener("online", this.back);
  }

  disconnect(): void {
    for (const name of LOST) document.removeEventListener(name, this.failed);
    document.removeEventListener("htmx:responseError", this.refused);
    document.removeEventListener("htmx:afterSwap", this.reached);
    document.removeEventListener("submit", this.submitting, { capture: true });
    window.removeEventListener("offline", this.lost);
    window.removeEventListener("online", this.back);
  }

  private says(what: string): string {
    return this.noticeTarget.dataset[what] ?? "";
  }

  private show(text: string): void {
    this.noticeTarget.hidden = false;
    this.textTarget.textContent = text;
  }
}
