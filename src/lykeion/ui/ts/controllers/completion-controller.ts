import { Controller } from "@hotwired/stimulus";
import { postJson } from "../csrf";

const STEP_MS = 250;

/**
 * On a block: after it was in view for `delay` (5 s in all), posts {"completion": 1.0} to `url`, once.
 * In view: half of it, or as much of it as fills half of the window, while the page is looked at.
 */
export default class extends Controller<HTMLElement> {
  static values = { url: String, delay: { type: Number, default: 5000 } };
  declare readonly urlValue: string;
  declare readonly delayValue: number;
  private observer: IntersectionObserver | undefined;
  private timer: ReturnType<typeof setInterval> | undefined;
  private seenFor = 0;
  private inView = false;
  private readonly again = (): void => void this.report();

  connect(): void {
    const threshold = Array.from({ length: 21 }, (_, step) => step / 20);
    this.observer = new IntersectionObserver((entries) => this.look(entries), { threshold });
    this.observer.observe(this.element);
    this.timer = setInterval(() => this.tick(), STEP_MS);
  }

  disconnect(): void {
    this.observer?.disconnect();
    clearInterval(this.timer);
    window.removeEventListener("online", this.again);
  }

  private look(entries: IntersectionObserverEntry[]): void {
    const entry = entries[entries.length - 1];
    if (!entry) return;
    const window = entry.rootBounds?.height ?? innerHeight;
    this.inView = entry.isIntersecting && (entry.intersectionRatio >= 0.5 || entry.intersectionRect.height >= window / 2);
  }

  private tick(): void {
    if (!this.inView || document.visibilityState !== "visible") return;
    this.seenFor += STEP_MS;
    if (this.seenFor < this.delayValue) return;
    this.disconnect();
    void this.report();
  }

  private async report(): Promise<void> {
    window.removeEventListener("online", this.again);
    const answer = await postJson(this.urlValue, { completion: 1.0 }).catch(() => undefined);
    if (!answer) return window.addEventListener("online", this.again);
    if (!answer.ok) return;
    const told = await answer.json().catch(() => ({}));
    this.dispatch("done", { detail: told });
    if (told.unit_complete) this.dispatch("unit", { target: document.documentElement, detail: told });
  }
}
