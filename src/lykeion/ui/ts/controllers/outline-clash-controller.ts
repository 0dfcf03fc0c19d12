import { Controller } from "@hotwired/stimulus";
import { send, type Answer } from "../outline";

/**
 * Around the editor of a component (with data-controller="outline-dialog" beside it): when a save is refused because
 * somebody else changed the same (`autosave:refused`, 409), asks the server for both versions and shows them in the
 * dialog. What was decided there is in the course already: the editor loads it.
 */
export default class extends Controller<HTMLElement> {
  static values = { url: String, ref: String };
  declare readonly urlValue: string;
  declare readonly refValue: string;

  async ask(event: CustomEvent<Answer & { status: number }>): Promise<void> {
    if (event.detail.status !== 409) return;
    const data = new FormData(event.target as HTMLFormElement);
    data.set("ref", this.refValue);
    const { answer } = await send(this.urlValue, data);
    if (answer.dialog) this.element.dispatchEvent(new CustomEvent("outline-dialog:show", { detail: answer.dialog }));
  }

  /** What this browser kept of the version that lost must not come back. */
  settled(event: CustomEvent<Answer>): void {
    event.preventDefault();
    const key = this.element.querySelector<HTMLElement>("[data-autosave-key-value]")?.dataset.autosaveKeyValue;
    if (key) localStorage.removeItem(`draft:${key}`);
    location.reload();
  }
}
