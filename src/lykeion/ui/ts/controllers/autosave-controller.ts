import { Controller } from "@hotwired/stimulus";
import { csrfToken } from "../csrf";

const PAUSE = 1200; // milliseconds without a key before a save
const AGAIN = 5000; // milliseconds before a save that failed is tried again

type Answer = { base?: string; error?: string; code?: string };

/**
 * On a form: saves it a moment after the last change, says so, and keeps what was typed in this browser until the server
 * has it. The server answers {"base": version}, which goes along with the next save. 409 (somebody else changed the
 * same) and 422 (it cannot be saved like this) stop it until the next change; when the network is away it tries again.
 */
export default class extends Controller<HTMLFormElement> {
  static targets = ["status", "base"];
  static values = { key: String, saved: String, saving: String, waiting: String, restored: String };
  declare readonly hasStatusTarget: boolean;
  declare readonly statusTarget: HTMLElement;
  declare readonly hasBaseTarget: boolean;
  declare readonly baseTarget: HTMLInputElement;
  declare readonly keyValue: string;
  declare readonly savedValue: string;
  declare readonly savingValue: string;
  declare readonly waitingValue: string;
  declare readonly restoredValue: string;
  private timer = 0;
  private sending = false;
  private changed = false;

  connect(): void {
    this.restore();
    this.element.addEventListener("input", this.later);
    this.element.addEventListener("change", this.later);
    window.addEventListener("online", this.now);
    window.addEventListener("beforeunload", this.leaving);
    if ([...this.element.elements].some(isChanged)) this.later(); // before this script was there
  }

  disconnect(): void {
    clearTimeout(this.timer);
    this.element.removeEventListener("input", this.later);
    this.element.removeEventListener("change", this.later);
    window.removeEventListener("online", this.now);
    window.removeEventListener("beforeunload", this.leaving);
    if (this.changed) void this.save();
  }

  /** A change was made: for editors that are no fields of a form, too (`autosave#later`). */
  later = (): void => {
    this.changed = true;
    this.keep();
    clearTimeout(this.timer);
    this.timer = window.setTimeout(this.now, PAUSE);
  };

  /** Saves at once what is not saved yet (`autosave#now`, before leaving for another page). */
  now = (): void => {
    clearTimeout(this.timer);
    this.timer = 0;
    if (this.changed) void this.save();
  };

  /** Whether the server has everything. */
  get settled(): boolean {
    return !this.changed && !this.sending;
  }

  private async save(): Promise<void> {
    if (this.sending) return;
    this.sending = true;
    this.changed = false;
    this.say(this.savingValue);
    try {
      const response = await fetch(this.element.action, {
        method: "POST",
        body: new FormData(this.element),
        headers: { "X-CSRFToken": csrfToken(), "X-Requested-With": "XMLHttpRequest" },
      });
      const answer = (await response.json().catch(() => ({}))) as Answer;
      if (response.ok) this.done(answer);
      else if (response.status >= 500) return this.failed(this.waitingValue);
      else this.say(answer.error || this.waitingValue, true);
      this.dispatch(response.ok ? "saved" : "refused", { detail: { ...answer, status: response.status } });
    } catch {
      this.failed(this.waitingValue);
    } finally {
      this.sending = false;
      if (this.changed && !this.timer) this.later();
    }
  }

  private done(answer: Answer): void {
    if (answer.base && this.hasBaseTarget) this.baseTarget.value = answer.base;
    if (!this.changed && this.keyValue) localStorage.removeItem(this.storage);
    this.say(this.savedValue);
    this.timer = 0;
  }

  private failed(words: string): void {
    this.changed = true;
    this.say(words, true);
    this.timer = window.setTimeout(this.now, AGAIN);
    this.dispatch("unsent");
  }

  private say(words: string, bad = false): void {
    if (!this.hasStatusTarget) return;
    this.statusTarget.textContent = words;
    this.statusTarget.toggleAttribute("data-bad", bad);
  }

  private leaving = (event: BeforeUnloadEvent): void => {
    if (this.changed || this.sending) event.preventDefault();
  };

  private get storage(): string {
    return `draft:${this.keyValue}`;
  }

  private keep(): void {
    if (!this.keyValue) return;
    const fields = [...new FormData(this.element)].filter(([name, value]) => typeof value === "string" && name !== "csrfmiddlewaretoken");
    try {
      localStorage.setItem(this.storage, JSON.stringify(fields));
    } catch {
      // The browser's storage is full or shut: the page still warns before it is left.
    }
  }

  /** What was typed here before the browser went away, if the server never got it. */
  private restore(): void {
    const kept = this.keyValue && localStorage.getItem(this.storage);
    if (!kept) return;
    const fields = JSON.parse(kept) as [string, string][];
    const again = (): void => {
      this.say(this.restoredValue);
      this.later();
    };
    // A form whose fields come and go puts them back itself, then calls `again`.
    if (this.dispatch("restoring", { detail: { fields, again } }).defaultPrevented) return;
    for (const field of this.element.elements) fill(field, fields);
    again();
  }
}

function fill(field: Element, fields: [string, string][]): void {
  const isText = field instanceof HTMLTextAreaElement || field instanceof HTMLSelectElement;
  if (!isText && !(field instanceof HTMLInputElement)) return;
  if (!isText && ["checkbox", "radio"].includes(field.type)) {
    field.checked = fields.some(([name, value]) => name === field.name && value === field.value);
    return;
  }
  const kept = fields.find(([name]) => name === field.name);
  if (kept && field.type !== "file" && field.name !== "csrfmiddlewaretoken") field.value = kept[1];
}

/** Whether somebody changed the field since the page came. */
function isChanged(field: Element): boolean {
  if (field instanceof HTMLTextAreaElement) return field.value !== field.defaultValue;
  if (!(field instanceof HTMLInputElement) || ["hidden", "button", "submit", "file"].includes(field.type)) return false;
  if (["checkbox", "radio"].includes(field.type)) return field.checked !== field.defaultChecked;
  return field.value !== field.defaultValue;
}
