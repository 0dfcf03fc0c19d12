import { Controller } from "@hotwired/stimulus";
import { toast } from "../live";
import type { Answer } from "../outline";
import type Autosave from "./autosave-controller";

const ENDS = ["autosave:saved", "autosave:refused", "autosave:unsent"];

/**
 * Around an editor's form and its preview: shows the component anew after each save, and lets nobody leave or publish
 * before the server has what was typed.
 */
export default class extends Controller<HTMLElement> {
  static targets = ["form", "frame", "badge"];
  static values = { changed: String, published: String, unsent: String };
  declare readonly formTarget: HTMLFormElement;
  declare readonly hasFrameTarget: boolean;
  declare readonly frameTarget: HTMLIFrameElement;
  declare readonly badgeTarget: HTMLElement;
  declare readonly changedValue: string;
  declare readonly publishedValue: string;
  declare readonly unsentValue: string;
  private observer?: ResizeObserver;

  frameTargetConnected(frame: HTMLIFrameElement): void {
    frame.addEventListener("load", () => this.fit(frame));
    if (frame.contentDocument?.readyState === "complete") this.fit(frame);
  }

  disconnect(): void {
    this.observer?.disconnect();
  }

  /** A save came back. */
  saved(): void {
    if (this.badge.classList.contains("badge-good")) this.show("badge-warn", this.changedValue);
    if (this.hasFrameTarget) this.frameTarget.contentWindow?.location.reload();
  }

  async leave(event: Event): Promise<void> {
    if (this.autosave.settled) return;
    event.preventDefault();
    const there = (event.currentTarget as HTMLAnchorElement).href;
    if (await this.settle()) location.assign(there);
  }

  /** Shows what learners will see change, as soon as the server has everything. */
  async publish(event: Event): Promise<void> {
    const link = event.currentTarget as HTMLAnchorElement;
    link.setAttribute("aria-busy", "true");
    const isThere = await this.settle();
    link.removeAttribute("aria-busy");
    if (isThere) this.element.dispatchEvent(new CustomEvent("outline-dialog:ask", { detail: link.href }));
  }

  /** A dialog did what it was for; if that was to publish, the editor goes on. */
  published(event: CustomEvent<Answer>): void {
    if (!event.detail.published) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    this.show("badge-good", this.publishedValue);
    toast({ text: event.detail.say ?? this.publishedValue });
  }

  /** Whether the server has everything now. When it refused, the form says so; what did not reach it is said here. */
  private async settle(): Promise<boolean> {
    if (this.autosave.settled) return true;
    const ended = await this.saving();
    if (ended === "autosave:unsent") toast({ text: this.unsentValue });
    return ended === "autosave:saved";
  }

  /** How the save that begins now, or is on its way, ended. */
  private saving(): Promise<string> {
    return new Promise((resolve) => {
      const done = (event: Event): void => {
        for (const end of ENDS) this.formTarget.removeEventListener(end, done);
        resolve(event.type);
      };
      for (const end of ENDS) this.formTarget.addEventListener(end, done);
      this.autosave.now();
    });
  }

  private get autosave(): Autosave {
    return this.application.getControllerForElementAndIdentifier(this.formTarget, "autosave") as Autosave;
  }

  private get badge(): Element {
    return this.badgeTarget.firstElementChild ?? this.badgeTarget;
  }

  private show(kind: string, words: string): void {
    this.badge.className = `badge ${kind}`;
    this.badge.textContent = words;
  }

  /** The frame is as high as what is in it: one page scrolls, not two. */
  private fit(frame: HTMLIFrameElement): void {
    this.observer?.disconnect();
    const page = frame.contentDocument?.documentElement;
    if (!page) return;
    this.observer = new ResizeObserver(() => (frame.style.blockSize = `${page.offsetHeight}px`));
    this.observer.observe(page);
  }
}
