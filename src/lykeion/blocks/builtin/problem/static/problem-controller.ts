import { Controller } from "@hotwired/stimulus";
import { post } from "../../../../ui/ts/csrf";
import { logEvent } from "../../../../ui/ts/events";
import { announce } from "../../../../ui/ts/live";
import { typeset } from "../../../../ui/ts/math";
import { collect, NotCollected } from "./collect";

/** What the block's handler answers; `contents` or `html` is the whole problem as it stands now. */
interface Reply {
  contents?: string;
  html?: string;
  msg?: string;
  error?: string;
  hint_index?: number;
  should_enable_next_hint?: boolean;
}

const LOGGED = ["problem_check", "problem_save", "problem_reset"];
const LOGGED_CHARACTERS = 10_000;
const FIRST_LOOK_MS = 2000;
const LAST_LOOK_MS = 60_000;

interface Draft {
  token: string;
  fields: [name: string, value: string][];
}

/**
 * A problem's form: sends answers in the background and shows the new state where it stands. What was typed and not
 * sent yet is kept in the browser, so that a lost connection or a closed tab loses nothing. Without this script the
 * form is sent as a page.
 */
export default class extends Controller<HTMLElement> {
  static targets = ["hints", "notice", "scripted"];
  static values = {
    url: String,
    key: String,
    failed: String,
    offline: String,
    restored: String,
    empty: String,
    waiting: Boolean,
  };
  declare readonly hintsTarget: HTMLElement;
  declare readonly noticeTarget: HTMLElement;
  declare readonly urlValue: string;
  declare readonly keyValue: string;
  declare readonly failedValue: string;
  declare readonly offlineValue: string;
  declare readonly restoredValue: string;
  declare readonly emptyValue: string;
  declare waitingValue: boolean;
  private nextHint = 0;
  private sending = false;
  private nextLook: ReturnType<typeof setTimeout> | undefined;

  connect(): void {
    if (this.restore()) this.tell("info", this.restoredValue);
  }

  disconnect(): void {
    clearTimeout(this.nextLook);
  }

  /** While a grader elsewhere has the answer, the page looks for the verdict, less and less often. */
  waitingValueChanged(): void {
    this.watch();
  }

  private watch(): void {
    clearTimeout(this.nextLook);
    if (this.waitingValue) this.lookIn(FIRST_LOOK_MS);
  }

  private lookIn(milliseconds: number): void {
    this.nextLook = setTimeout(() => void this.look(milliseconds), milliseconds);
  }

  private async look(milliseconds: number): Promise<void> {
    const html = document.hidden || this.sending ? undefined : await this.current();
    if (!this.element.isConnected || this.sending || this.draft()) return; // the next submission brings the verdict
    const arrived = html === undefined ? undefined : parsed(html);
    if (arrived?.dataset.problemWaitingValue !== "false") return this.lookIn(Math.min(2 * milliseconds, LAST_LOOK_MS));
    this.replace(html as string);
    announce(this.noticeTarget.textContent ?? "");
  }

  /** The problem as it stands now; undefined when that cannot be learned. */
  private async current(): Promise<string | undefined> {
    const answer = await post(`${this.urlValue}/problem_get`, new FormData()).catch(() => undefined);
    return answer?.ok ? ((await answer.json()) as Reply).html : undefined;
  }

  scriptedTargetConnected(button: HTMLElement): void {
    button.hidden = false;
  }

  async submit(event: SubmitEvent): Promise<void> {
    event.preventDefault();
    const button = event.submitter;
    const dispatch = button?.dataset.dispatch ?? "problem_check";
    if (this.sending || (dispatch !== "problem_reset" && !(await this.collected(button)))) return;
    if (dispatch === "problem_check" && isEmpty(this.form)) return this.tell("info", this.emptyValue);
    const answers = answersOf(this.form);
    if (LOGGED.includes(dispatch)) logEvent(dispatch, answers);
    const reply = await this.send(dispatch, formOf(this.form, button), button);
    if (!reply) return;
    const graded = Boolean(reply.contents ?? reply.html);
    if (graded && dispatch === "problem_check") logEvent("problem_graded", [answers, (reply.contents ?? reply.html ?? "").slice(0, LOGGED_CHARACTERS)]);
    if (graded && !reply.error) this.forget();
    this.show(reply);
    if (graded) this.dispatch("changed", { detail: reply });
  }

  /** Whether all inputs have written their answers into the form; the learner is told of one that could not. */
  private async collected(button: HTMLElement | null): Promise<boolean> {
    this.busy(true, button);
    try {
      await collect(this.form);
      return true;
    } catch (error) {
      this.tell("error", error instanceof NotCollected ? error.message : this.failedValue);
      return false;
    } finally {
      this.busy(false, button);
    }
  }

  async reveal(event: Event): Promise<void> {
    logEvent("problem_show", { problem: this.keyValue });
    const reply = await this.send("problem_show", new FormData(), event.currentTarget as HTMLElement);
    if (reply) this.show(reply);
  }

  async hint(event: Event): Promise<void> {
    const button = event.currentTarget as HTMLElement;
    const body = new FormData();
    body.set("hint_index", String(this.nextHint));
    const reply = await this.send("hint_button", body, button);
    if (!reply) return;
    if (!reply.msg) return this.show(reply);
    this.nextHint = (reply.hint_index ?? 0) + 1;
    this.hintsTarget.innerHTML = reply.msg;
    if (reply.should_enable_next_hint === false) button.hidden = true;
    await typeset(this.hintsTarget);
  }

  /** Keeps what was typed until it is sent; the verdict on what stood there before goes away. */
  keep(event: Event): void {
    withdrawVerdict(event.target as Element);
    const draft: Draft = { token: this.token, fields: [] };
    for (const [name, value] of new FormData(this.form)) {
      if (name.startsWith("input_") && typeof value === "string") draft.fields.push([name, value]);
    }
    try {
      localStorage.setItem(this.storageKey, JSON.stringify(draft));
    } catch {
      // Storage is full or off: only a closed tab would lose what was typed.
    }
  }

  private forget(): void {
    try {
      localStorage.removeItem(this.storageKey);
    } catch {
      // Storage is off: nothing was kept.
    }
  }

  /** Puts an unsent draft back; true if that changed anything. A draft for an older state of the problem is dropped. */
  private restore(): boolean {
    const draft = this.draft();
    if (!draft) return false;
    if (draft.token !== this.token) {
      this.forget();
      return false;
    }
    const before = JSON.stringify([...new FormData(this.form)]);
    for (const field of this.form.elements) fill(field, draft.fields);
    return before !== JSON.stringify([...new FormData(this.form)]);
  }

  private draft(): Draft | undefined {
    try {
      return JSON.parse(localStorage.getItem(this.storageKey) ?? "null") ?? undefined;
    } catch {
      return undefined;
    }
  }

  private get form(): HTMLFormElement {
    return this.element.querySelector("form") as HTMLFormElement;
  }

  private get token(): string {
    return this.form.querySelector<HTMLInputElement>("[name=submission_token]")?.value ?? "";
  }

  private get storageKey(): string {
    return `lykeion:draft:${this.keyValue}`;
  }

  private async send(dispatch: string, body: FormData, button: HTMLElement | null): Promise<Reply | undefined> {
    if (this.sending) return undefined;
    this.busy(true, button);
    try {
      const answer = await post(`${this.urlValue}/${dispatch}`, body);
      const reply = (await answer.json()) as Reply;
      if (!answer.ok) reply.error ||= this.failedValue;
      return reply;
    } catch {
      this.tell("error", navigator.onLine ? this.failedValue : this.offlineValue);
      return undefined;
    } finally {
      this.busy(false, button);
    }
  }

  private busy(on: boolean, button: HTMLElement | null): void {
    this.sending = on;
    button?.setAttribute("aria-busy", String(on));
  }

  private show(reply: Reply): void {
    const html = reply.contents ?? reply.html;
    if (html) this.replace(html);
    if (reply.error) this.write("error", reply.error);
    this.noticeTarget.focus(); // which also reads it out
  }

  private replace(html: string): void {
    const arrived = parsed(html);
    if (!arrived) return;
    this.waitingValue = arrived.dataset.problemWaitingValue === "true";
    this.watch();
    this.nextHint = 0;
    this.element.replaceChildren(...arrived.childNodes);
    for (const script of this.element.querySelectorAll("script")) script.replaceWith(runnable(script));
    void typeset(this.element);
  }

  private tell(kind: string, text: string): void {
    this.write(kind, text);
    announce(text);
  }

  private write(kind: string, text: string): void {
    const notice = this.noticeTarget;
    notice.className = `problem-notice ${kind}`;
    notice.replaceChildren(Object.assign(document.createElement("p"), { textContent: text }));
    notice.hidden = false;
  }
}

function parsed(html: string): HTMLElement | null {
  return new DOMParser().parseFromString(html, "text/html").body.firstElementChild as HTMLElement | null;
}

/** The form as the browser would send it: with the name and value of the button. */
function formOf(form: HTMLFormElement, button: HTMLElement | null): FormData {
  const body = new FormData(form);
  if (button instanceof HTMLButtonElement && button.name) body.set(button.name, button.value);
  return body;
}

/** `input_ID_2_1=choice_1&…`, as events of pages carry answers: without tokens, and without what is in files. */
function answersOf(form: HTMLFormElement): string {
  const answers = new URLSearchParams();
  for (const [name, value] of new FormData(form)) if (name.startsWith("input_")) answers.append(name, typeof value === "string" ? value : value.name);
  return answers.toString();
}

function withdrawVerdict(field: Element): void {
  const input = field.closest(".capa-input");
  if (!input || input.classList.contains("unanswered")) return;
  input.classList.remove("correct", "incorrect", "partially-correct");
  input.classList.add("unanswered");
  input.querySelector(".capa-status")?.replaceChildren();
}

/** Whether there is something to answer and nothing is: an attempt would be lost by a slip. Fields that only scripts fill
 * may get their value from the author's script, so a form with one is never empty; but ours say what empty is. */
function isEmpty(form: HTMLFormElement): boolean {
  const fields = [...form.querySelectorAll<HTMLInputElement>("[name^=input_]")];
  if (fields.some(({ type, dataset }) => (type === "hidden" && dataset.empty === undefined) || type === "file")) return false;
  return fields.length > 0 && !fields.some(isFilled);
}

function isFilled(field: HTMLInputElement): boolean {
  if (isChoice(field)) return field.checked;
  return !["", field.dataset.empty].includes(field.value.trim());
}

function isChoice({ type }: HTMLInputElement): boolean {
  return type === "radio" || type === "checkbox";
}

function fill(field: Element, fields: Draft["fields"]): void {
  const { name, value } = field as HTMLInputElement;
  if (!name?.startsWith("input_")) return;
  if (isChoice(field as HTMLInputElement)) {
    (field as HTMLInputElement).checked = fields.some(([kept, chosen]) => kept === name && chosen === value);
    return;
  }
  const kept = fields.find(([other]) => other === name);
  if (!kept || kept[1] === value) return;
  (field as HTMLInputElement).value = kept[1];
  field.dispatchEvent(new CustomEvent("problem:filled")); // for what stands in front of the field
}

/** A script of the author's that came as text: a copy that the browser runs. */
function runnable(script: HTMLScriptElement): HTMLScriptElement {
  const copy = document.createElement("script");
  for (const { name, value } of script.attributes) copy.setAttribute(name, value);
  copy.textContent = script.textContent;
  return copy;
}
