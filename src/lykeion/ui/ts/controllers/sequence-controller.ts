import { Controller } from "@hotwired/stimulus";

const KEYS = ["ArrowLeft", "ArrowRight", "ArrowUp", "ArrowDown", "Home", "End"];

/**
 * The strip of units, or the list of them: arrows, Home and End move the focus along it; the current unit gets its
 * tick. `done-url` answers whether the unit is complete; it is asked after an answer.
 */
export default class extends Controller<HTMLElement> {
  static targets = ["tab"];
  static values = { doneUrl: String };
  declare readonly tabTargets: HTMLElement[];
  declare readonly doneUrlValue: string;

  connect(): void {
    const strip = this.current?.closest("ol");
    if (!strip || !this.current) return;
    strip.scrollLeft += this.current.getBoundingClientRect().left - strip.getBoundingClientRect().left - strip.clientWidth / 2;
  }

  move(event: KeyboardEvent): void {
    const at = this.tabTargets.indexOf(document.activeElement as HTMLElement);
    const to = at < 0 ? undefined : this.tabTargets[this.place(event.key, at)];
    if (!to || !KEYS.includes(event.key)) return;
    event.preventDefault();
    to.focus();
  }

  async ask(): Promise<void> {
    if (!this.doneUrlValue || !this.current || "complete" in this.current.dataset) return;
    const headers = { Accept: "application/json" };
    const answer = await fetch(this.doneUrlValue, { headers, credentials: "same-origin" }).catch(() => undefined);
    const told = answer?.ok ? await answer.json().catch(() => ({})) : {};
    if (told.unit_complete) this.complete();
  }

  complete(): void {
    const tick = this.current?.querySelector<HTMLElement>(".sequence-tick");
    if (!this.current || !tick || "complete" in this.current.dataset) return;
    this.current.dataset.complete = "";
    const words = tick.querySelector(".visually-hidden");
    if (words) words.textContent = `, ${tick.dataset.label}`;
  }

  private get current(): HTMLElement | undefined {
    return this.tabTargets.find((tab) => tab.getAttribute("aria-current") === "page");
  }

  private place(key: string, at: number): number {
    if (key === "Home") return 0;
    if (key === "End") return this.tabTargets.length - 1;
    const forward = getComputedStyle(this.element).direction === "rtl" ? "ArrowLeft" : "ArrowRight";
    const to = key === forward || key === "ArrowDown" ? at + 1 : at - 1;
    return Math.max(0, Math.min(to, this.tabTargets.length - 1));
  }
}
