import { Controller } from "@hotwired/stimulus";
import { post } from "../csrf";
import { announce, type Toast } from "../live";

const STAYS_MS = 6000;
const STAYS_WITH_UNDO_MS = 12_000;

/**
 * Short messages at the foot of the page, from scripts (`toast()`) and from the server (`HX-Trigger: {"toast": {"text": …}}`);
 * and words for the live region (`HX-Trigger: {"announce": "Correct"}`).
 */
export default class extends Controller {
  static targets = ["list", "template"];
  declare readonly listTarget: HTMLElement;
  declare readonly templateTarget: HTMLTemplateElement;
  private readonly heard = (event: Event): void => this.show((event as CustomEvent<Toast>).detail);
  private readonly said = (event: Event): void => announce((event as CustomEvent).detail.value ?? "");

  connect(): void {
    document.addEventListener("toast", this.heard);
    document.addEventListener("announce", this.said);
  }

  disconnect(): void {
    document.removeEventListener("toast", this.heard);
    document.removeEventListener("announce", this.said);
  }

  show({ text, undo }: Toast): void {
    const box = this.templateTarget.content.firstElementChild?.cloneNode(true) as HTMLElement;
    part(box, "text").textContent = text;
    part(box, "close").addEventListener("click", () => box.remove());
    if (undo) this.offerUndo(box, undo);
    this.listTarget.append(box);
    leaveAfter(box, undo ? STAYS_WITH_UNDO_MS : STAYS_MS);
  }

  private offerUndo(box: HTMLElement, url: string): void {
    const button = part(box, "undo");
    button.hidden = false;
    button.addEventListener("click", async () => {
      button.setAttribute("aria-busy", "true");
      const answer = await post(url, "").catch(() => undefined);
      button.removeAttribute("aria-busy");
      if (!answer?.ok) return void this.dispatch("failed", { prefix: "request" });
      box.remove();
      if (this.dispatch("undone", { detail: { url }, cancelable: true }).defaultPrevented) return;
      location.reload();
    });
  }
}

function part(box: HTMLElement, name: string): HTMLElement {
  return box.querySelector(`.toast-${name}`) as HTMLElement;
}

/** The time stands still while somebody points at the message or has the focus in it. */
function leaveAfter(box: HTMLElement, time: number): void {
  const busy = (): boolean => box.matches(":hover, :focus-within");
  const leave = (): void => (busy() ? void setTimeout(leave, 1000) : box.remove());
  setTimeout(leave, time);
}
