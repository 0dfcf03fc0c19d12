import { Controller } from "@hotwired/stimulus";
import { postJson } from "../csrf";

interface Notice {
  state?: string;
  title?: string;
  message?: string | undefined;
  msg?: string; // as open response says it
}
interface Older {
  save?: () => { data?: unknown; metadata?: unknown } | undefined;
  collectFieldData?: () => Record<string, unknown>;
}
const OWN_BUTTONS = ".save-button, .action-save, .cancel-button, .action-cancel, .xblock-actions, .openassessment_save_button";

/**
 * Around the editor that a package brings: what its `runtime.notify` says, as Studio of Open edX takes it
 * ('save' with start and end, 'cancel', 'error'), and buttons for editors that leave saving to the page.
 */
export default class extends Controller<HTMLElement> {
  static targets = ["status", "error", "errorTitle", "errorText", "editor", "actions"];
  static values = { back: String, save: String, base: String, saving: String, failed: String };
  declare readonly statusTarget: HTMLElement;
  declare readonly errorTarget: HTMLElement;
  declare readonly errorTitleTarget: HTMLElement;
  declare readonly errorTextTarget: HTMLElement;
  declare readonly editorTarget: HTMLElement;
  declare readonly actionsTarget: HTMLElement;
  declare readonly backValue: string;
  declare readonly saveValue: string;
  declare readonly baseValue: string;
  declare readonly savingValue: string;
  declare readonly failedValue: string;
  private older: Older | undefined;

  connect(): void {
    this.element.addEventListener("xblock:save", this.saved);
    this.element.addEventListener("xblock:cancel", this.leave);
    this.element.addEventListener("xblock:error", this.failed);
    this.element.addEventListener("xblock-initialized", this.started);
    queueMicrotask(() => this.started());
  }

  disconnect(): void {
    this.element.removeEventListener("xblock:save", this.saved);
    this.element.removeEventListener("xblock:cancel", this.leave);
    this.element.removeEventListener("xblock:error", this.failed);
    this.element.removeEventListener("xblock-initialized", this.started);
  }

  /** Asks an editor of the older kind for what is to be kept. */
  async save(event: Event): Promise<void> {
    event.preventDefault();
    const given = this.older?.collectFieldData ? { metadata: this.older.collectFieldData() } : this.older?.save?.();
    if (!given) return this.leave();
    this.say(this.savingValue);
    const answer = await postJson(this.saveValue, { ...given, base: this.baseValue }).catch(() => undefined);
    if (answer?.ok) return this.leave();
    const told = (await answer?.json().catch(() => ({}))) as { error?: string } | undefined;
    this.tell({ message: told?.error });
  }

  private readonly started = (): void => {
    const wrapper = this.editorTarget.querySelector<HTMLElement>(".xblock");
    if (!wrapper || this.editorTarget.querySelector(OWN_BUTTONS)) return;
    this.older = window.XBlock?.initializeBlock(wrapper) as Older | undefined;
    this.actionsTarget.hidden = !this.older?.save && !this.older?.collectFieldData;
  };

  private readonly saved = (event: Event): void => {
    const { state } = ((event as CustomEvent).detail ?? {}) as Notice;
    this.errorTarget.hidden = true;
    if (state === "end") this.leave();
    else this.say(this.savingValue);
  };

  private readonly failed = (event: Event): void => this.tell(((event as CustomEvent).detail ?? {}) as Notice);

  private readonly leave = (): void => {
    const there = new URL(this.backValue, location.href);
    location.assign(there);
  };

  private tell({ title, message, msg }: Notice): void {
    this.say("");
    this.errorTitleTarget.textContent = title || this.failedValue;
    this.errorTextTarget.textContent = message ?? msg ?? "";
    this.errorTarget.hidden = false;
    this.errorTarget.scrollIntoView({ block: "nearest" });
  }

  private say(words: string): void {
    this.statusTarget.textContent = words;
  }
}
