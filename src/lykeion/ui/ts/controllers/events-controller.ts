import { Controller } from "@hotwired/stimulus";
import { logEvent, sendEvents } from "../events";

/** Sends what was noted when the page is left, and notes clicks on elements that carry `data-event`. */
export default class extends Controller<HTMLElement> {
  private readonly leaving = (): void => {
    if (document.visibilityState === "hidden") sendEvents();
  };
  private readonly clicked = (event: Event): void => {
    const element = (event.target as Element).closest<HTMLElement>("[data-event]");
    if (element) logEvent(element.dataset.event ?? "", element.dataset.eventDetail ?? "{}");
  };

  connect(): void {
    document.addEventListener("visibilitychange", this.leaving);
    window.addEventListener("pagehide", sendEvents);
    this.element.addEventListener("click", this.clicked);
  }

  disconnect(): void {
    document.removeEventListener("visibilitychange", this.leaving);
    window.removeEventListener("pagehide", sendEvents);
    this.element.removeEventListener("click", this.clicked);
  }
}
