import { post } from "../csrf";
import { announce } from "../live";

export interface Exam {
  /** Seconds left when the page was made, and allowed in all. */
  left: number;
  allowed: number;
  name: string;
  timeUrl: string;
  submitUrl: string;
  pageUrl: string;
  /** Words before the time that is left; words when none is. */
  warning: string;
  over: string;
  /** Whether the page is one of the exam's. */
  inside: boolean;
}

type State = "fine" | "low" | "critical" | "over";

const LOW = 0.2; // of the time allowed (edx-proctoring warns at the same shares)
const CRITICAL = 0.05;

/** Counts the seconds of one exam down. A sleeping computer does not: whoever comes back to the page asks the site. */
export class Countdown {
  private end: number;
  private state: State = "fine";
  private ticking: number | undefined;

  constructor(
    private readonly bar: HTMLElement,
    private readonly clock: HTMLElement,
    private readonly exam: Exam,
  ) {
    this.end = performance.now() + exam.left * 1000;
  }

  start(): void {
    this.tick();
    this.ticking ??= window.setInterval(() => this.tick(), 1000);
  }

  stop(): void {
    window.clearInterval(this.ticking);
    this.ticking = undefined;
  }

  async ask(): Promise<void> {
    if (document.visibilityState !== "visible" || this.ticking === undefined) return;
    const options: RequestInit = { headers: { Accept: "application/json" }, credentials: "same-origin" };
    const answer = await fetch(this.exam.timeUrl, options).catch(() => undefined);
    const told = answer?.ok ? await answer.json().catch(() => undefined) : undefined;
    if (!told) return;
    this.end = performance.now() + told.seconds_left * 1000;
    this.tick();
  }

  private tick(): void {
    const left = Math.max(Math.ceil((this.end - performance.now()) / 1000), 0);
    this.clock.textContent = left > 0 ? written(left) : this.exam.over;
    const state = this.stateAt(left);
    if (state === this.state) return;
    this.state = state;
    this.bar.dataset.state = state;
    if (state === "over") void this.finish();
    else if (state !== "fine") this.warn(state, left);
  }

  private stateAt(left: number): State {
    if (left <= 0) return "over";
    const share = left / this.exam.allowed;
    return share <= CRITICAL ? "critical" : share <= LOW ? "low" : "fine";
  }

  /** Each warning is said once, however many pages of the exam are opened. */
  private warn(state: State, left: number): void {
    const key = `exam:${this.exam.name}:${state}:${this.exam.allowed}`;
    if (sessionStorage.getItem(key)) return;
    sessionStorage.setItem(key, "said");
    announce(`${this.exam.warning} ${written(left)}`);
  }

  private async finish(): Promise<void> {
    this.stop();
    announce(this.exam.over);
    await post(this.exam.submitUrl, new URLSearchParams({ confirm: "1" }).toString(), FORM).catch(() => undefined);
    if (this.exam.inside) location.assign(this.exam.pageUrl);
  }
}

const FORM = "application/x-www-form-urlencoded";

/** Seconds as `1:02:03` or `2:03`. */
function written(seconds: number): string {
  const parts = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60, seconds % 60];
  const shown = parts[0] ? parts : parts.slice(1);
  return shown.map((part, place) => (place ? String(part).padStart(2, "0") : String(part))).join(":");
}
