import { Controller } from "@hotwired/stimulus";
import { NotCollected, type Collecting } from "./collect";
import type { Session } from "./jsinput/session";

const LOOK_EVERY_MS = 5000;

/**
 * An author's page in a frame, as an input: its state is put back when it has loaded, its answer is fetched before the
 * form is sent, and while the learner works in it its state is kept as a draft.
 */
export default class extends Controller<HTMLElement> {
  static targets = ["frame", "field", "trouble"];
  static values = { grade: String, get: String, set: String, initial: String, silent: String, lost: String };
  declare readonly frameTarget: HTMLIFrameElement;
  declare readonly hasFrameTarget: boolean;
  declare readonly fieldTarget: HTMLInputElement;
  declare readonly troubleTarget: HTMLElement;
  declare readonly gradeValue: string;
  declare readonly getValue: string;
  declare readonly setValue: string;
  declare readonly initialValue: string;
  declare readonly silentValue: string;
  declare readonly lostValue: string;
  private session: Session | undefined;
  private loading: Promise<void> | undefined;
  private form: HTMLFormElement | null = null;
  private seen: unknown;
  private looking: ReturnType<typeof setInterval> | undefined;

  connect(): void {
    if (!this.hasFrameTarget) return;
    this.form = this.element.closest("form");
    this.form?.addEventListener("capa:collect", this.collect);
    this.loading = this.load();
  }

  disconnect(): void {
    this.form?.removeEventListener("capa:collect", this.collect);
    document.removeEventListener("visibilitychange", this.look);
    removeEventListener("focus", this.look);
    clearInterval(this.looking);
    this.session?.close();
    this.session = undefined;
  }

  private async load(): Promise<void> {
    const { Session, stateIn } = await import("./jsinput/session"); // a draft is back in the field by then
    if (!this.element.isConnected) return;
    const functions = { grade: this.gradeValue, get: this.getValue, set: this.setValue };
    this.session = new Session(this.frameTarget, functions);
    void this.begin(this.session, this.fieldTarget.value ? stateIn(this.fieldTarget.value) : this.initialValue || undefined);
  }

  private async begin(session: Session, state: unknown): Promise<void> {
    try {
      if (this.setValue && state !== undefined) await session.setState(state);
    } catch {
      if (this.session) this.troubleTarget.textContent = this.lostValue;
      return;
    }
    if (session.keepsState) await this.watch(session).catch(() => undefined); // no drafts; sending will say that it is silent
  }

  /** From now on, what changes in the page is kept: looked at while the learner is in it, and when they leave it. */
  private async watch(session: Session): Promise<void> {
    this.seen = await session.state();
    document.addEventListener("visibilitychange", this.look);
    addEventListener("focus", this.look);
    this.looking = setInterval(() => document.activeElement === this.frameTarget && this.look(), LOOK_EVERY_MS);
  }

  private readonly look = (): void => void this.keep().catch(() => undefined); // asked again soon, and before sending

  private async keep(): Promise<void> {
    const state = await this.session?.state();
    if (!this.session || state === undefined || state === this.seen) return;
    this.seen = state;
    this.fieldTarget.value = JSON.stringify({ answer: "", state });
    this.fieldTarget.dispatchEvent(new Event("input", { bubbles: true }));
  }

  private readonly collect = (event: Event): void => {
    (event as CustomEvent<Collecting>).detail.waitFor(this.fetch());
  };

  private async fetch(): Promise<void> {
    await this.loading;
    if (!this.session?.answers) return;
    try {
      this.fieldTarget.value = await this.session.value();
    } catch {
      throw new NotCollected(this.silentValue);
    }
  }
}
