import { Controller } from "@hotwired/stimulus";
import { postJson } from "../csrf";

const STEP_MS = 250;

const GATHER_MS = 100;

/** Blocks that were seen together are told together: {"blocks": {usage: 1.0}}, one post for each address. */
const gathered = new Map<string, { usages: Record<string, number>; answer: Promise<Response> }>();

function tellTogether(url: string, usage: string): Promise<Response> {
  const open = gathered.get(url);
  if (open) {
    open.usages[usage] = 1.0;
    return open.answer;
  }
  const usages: Record<string, number> = { [usage]: 1.0 };
  const answer = new Promise<void>((go) => setTimeout(go, GATHER_MS)).then(() => {
    gathered.delete(url);
    return postJson(url, { blocks: usages });
  });
  gathered.set(url, { usages, answer });
  return answer;
}

/**
 * On a block: after it was in view for `delay` (5 s in all), posts {"completion": 1.0} to `url`, once; with a `usage`,
 * together with the others that were seen by then. In view: half of it, or as much of it as fills half of the window,
 * while the page is looked at.
 */
export default class extends Controller<HTMLElement> {
  static values = { url: String, usage: String, delay: { type: Number, default: 5000 } };
  declare readonly urlValue: string;
  declare readonly usageValue: string;
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

  private tell(): Promise<Response> {
    return this.usageValue ? tellTogether(this.urlValue, this.usageValue) : postJson(this.urlValue, { completion: 1.0 });
  }

  private async report(): Promise<void> {
    window.removeEventListener("online", this.again);
    const answer = await this.tell().catch(() => undefined);
    if (!answer) return window.addEventListener("online", this.again);
    if (!answer.ok) return;
    const told = await answer.clone().json().catch(() => ({}));
    this.dispatch("done", { detail: told });
    if (told.unit_complete) this.dispatch("unit", { target: document.documentElement, detail: told });
  }
}
