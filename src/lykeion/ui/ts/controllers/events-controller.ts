import { Controller } from "@hotwired/stimulus";
import { logEvent, sendEvents } from "../events";

/**
 * Sends what was noted when the page is left, and notes clicks on elements that carry `data-event`, and that those with
 * `data-event-shown` were shown; on pages of a course also every link that is followed and that the page is closed.
 */
export default class extends Controller<HTMLElement> {
  private readonly hiding = (): void => {
    if (document.visibilityState === "hidden") sendEvents();
  };
  private readonly leaving = (): void => {
    dispatchEvent(new Event("page:leave")); // what stands on it may have to tell something first
    if (inCourse()) logEvent("page_close", {});
    sendEvents();
  };
  private readonly clicked = (event: Event): void => {
    const target = event.target as Element;
    const element = target.closest<HTMLElement>("[data-event]");
    if (element) logEvent(element.dataset.event ?? "", element.dataset.eventDetail ?? "{}");
    const link = target.closest<HTMLAnchorElement>("a[href]:not([href^='#'])");
    if (link && inCourse()) logEvent("edx.ui.lms.link_clicked", { current_url: location.href, target_url: link.href });
  };

  connect(): void {
    document.addEventListener("visibilitychange", this.hiding);
    window.addEventListener("pagehide", this.leaving);
    this.element.addEventListener("click", this.clicked);
    for (const shown of this.element.querySelectorAll<HTMLElement>("[data-event-shown]")) {
      logEvent(shown.dataset.eventShown ?? "", shown.dataset.eventDetail ?? "{}");
    }
  }

  disconnect(): void {
    document.removeEventListener("visibilitychange", this.hiding);
    window.removeEventListener("pagehide", this.leaving);
    this.element.removeEventListener("click", this.clicked);
  }
}

function inCourse(): boolean {
  return location.pathname.startsWith("/courses/");
}
