import { Controller } from "@hotwired/stimulus";
import { post } from "../../../../ui/ts/csrf";
import { announce } from "../../../../ui/ts/live";
import { typeset } from "../../../../ui/ts/math";

interface Reading {
  preview?: string;
  error?: string;
  readable?: boolean;
}

const PREVIEW_MS = 400;
const SILENCE_MS = 1800; // so long nobody types: then it may be said whether it can be read
const WORTH_READING = /[^\d\s.,+-]/; // a plain number reads like itself

/**
 * Shows how a formula or a chemical equation reads while it is typed. To people who listen, it is said only when that changes between
 * readable and not, and only in a pause.
 */
export default class extends Controller<HTMLElement> {
  static targets = ["field", "place"];
  static values = { dispatch: String, shown: String, unread: String };
  declare readonly fieldTarget: HTMLInputElement;
  declare readonly placeTarget: HTMLElement;
  declare readonly dispatchValue: string;
  declare readonly shownValue: string;
  declare readonly unreadValue: string;
  private pause: ReturnType<typeof setTimeout> | undefined;
  private silence: ReturnType<typeof setTimeout> | undefined;
  private said = "";

  disconnect(): void {
    clearTimeout(this.pause);
    clearTimeout(this.silence);
  }

  read(): void {
    clearTimeout(this.pause);
    clearTimeout(this.silence);
    this.pause = setTimeout(() => void this.ask(this.fieldTarget.value), PREVIEW_MS);
  }

  /** A reading that comes too late, after more was typed, is dropped. */
  private async ask(formula: string): Promise<void> {
    if (!WORTH_READING.test(formula)) return this.show("", true);
    const reading = await this.reading(formula);
    if (reading && this.fieldTarget.value === formula) await this.tell(reading);
  }

  private async reading(formula: string): Promise<Reading | undefined> {
    const body = new FormData();
    body.set("dispatch", this.dispatchValue);
    body.set("formula", formula);
    body.set("input_id", this.fieldTarget.id.replace(/^input_/, ""));
    const url = this.element.closest<HTMLElement>("[data-problem-url-value]")?.dataset.problemUrlValue ?? "";
    const answer = await post(`${url}/input_ajax`, body).catch(() => undefined);
    return answer?.ok ? ((await answer.json()) as Reading) : undefined;
  }

  private async tell({ preview = "", error, readable = !error }: Reading): Promise<void> {
    const isHtml = this.dispatchValue === "preview_chemcalc"; // made of nothing but signs by the server
    this.show(isHtml ? preview : "", readable);
    if (isHtml || !preview) return;
    this.placeTarget.textContent = `\\(${preview}\\)`;
    await typeset(this.placeTarget);
  }

  private show(html: string, readable: boolean): void {
    this.placeTarget.innerHTML = html;
    this.silence = setTimeout(() => this.say(readable), SILENCE_MS);
  }

  private say(readable: boolean): void {
    const words = readable ? (this.placeTarget.textContent ? this.shownValue : "") : this.unreadValue;
    if (!readable && !this.placeTarget.textContent) this.placeTarget.textContent = this.unreadValue;
    if (words && words !== this.said) announce(words);
    this.said = words;
  }
}
