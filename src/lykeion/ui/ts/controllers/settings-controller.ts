import { Controller } from "@hotwired/stimulus";
import htmx from "htmx.org";

type Answer = { error?: string; code?: string; field?: string; base?: string };
const kept = new Map<string, HTMLFormElement>();
type Sent = CustomEvent<{ xhr: XMLHttpRequest; elt: HTMLElement }>;

/**
 * Around the forms of a page of settings. What the server refuses is told above the form that was sent and at the field
 * it is about, and nothing typed is lost. When somebody else was quicker there is a choice: save mine, or load theirs.
 * A page with something typed and not saved asks before it is left; when one form is saved and the page comes anew, what
 * was typed into the others stays.
 */
export default class extends Controller<HTMLElement> {
  static targets = ["problem", "form"];
  static values = { mine: String, theirs: String };
  declare readonly problemTarget: HTMLElement;
  declare readonly formTargets: HTMLFormElement[];
  declare readonly mineValue: string;
  declare readonly theirsValue: string;
  private typed = new Set<HTMLFormElement>();

  connect(): void {
    this.bringBack();
    this.element.addEventListener("input", this.changed);
    this.element.addEventListener("submit", this.sent);
    this.element.addEventListener("htmx:afterRequest", this.after);
    window.addEventListener("beforeunload", this.leaving);
  }

  disconnect(): void {
    this.element.removeEventListener("input", this.changed);
    this.element.removeEventListener("submit", this.sent);
    this.element.removeEventListener("htmx:afterRequest", this.after);
    window.removeEventListener("beforeunload", this.leaving);
  }

  private changed = (event: Event): void => {
    const form = (event.target as HTMLElement).closest("form");
    if (form && this.formTargets.includes(form)) this.typed.add(form);
  };

  private sent = (event: Event): void => {
    this.clear();
    this.typed.delete(event.target as HTMLFormElement);
    kept.clear();
    for (const form of this.typed) kept.set(nameOf(form), form);
  };

  /** The forms that were not saved yet, as they were, in the place of their new selves. */
  private bringBack(): void {
    for (const form of this.formTargets) {
      const old = kept.get(nameOf(form));
      if (!old || old === form) continue;
      form.replaceWith(old);
      htmx.process(old);
      for (const text of old.querySelectorAll("[data-controller~=text-editor]")) this.dispatch("moved", { target: text }); // frames lose what is in them
      old.closest("details")?.setAttribute("open", "");
      this.typed.add(old);
    }
    kept.clear();
  }

  private leaving = (event: BeforeUnloadEvent): void => {
    if (this.typed.size) event.preventDefault();
  };

  private after = (event: Event): void => {
    const { detail } = event as Sent;
    if (detail.xhr.status >= 200 && detail.xhr.status < 400) return; // 0: it never arrived
    const form = (detail.elt.closest("form") ?? detail.elt) as HTMLFormElement;
    if (this.formTargets.includes(form)) this.typed.add(form);
    if (isJson(detail.xhr)) this.tell(form, JSON.parse(detail.xhr.responseText) as Answer);
  };

  private tell(form: HTMLFormElement, answer: Answer): void {
    const words = document.createElement("p");
    words.textContent = answer.error ?? "";
    form.prepend(this.problemTarget);
    this.problemTarget.replaceChildren(words);
    if (answer.code === "changed_meanwhile" && answer.base) this.problemTarget.append(this.choice(form, answer.base));
    this.problemTarget.hidden = false;
    const field = answer.field ? fieldOf(form, answer.field) : undefined;
    field?.setAttribute("aria-invalid", "true");
    (field ?? this.problemTarget.querySelector("button") ?? this.problemTarget).focus();
    if (field) this.dispatch("refused", { target: field });
    this.problemTarget.scrollIntoView({ block: "nearest" });
  }

  private choice(form: HTMLFormElement, base: string): HTMLElement {
    const row = document.createElement("p");
    row.className = "cluster";
    row.append(
      button(this.mineValue, () => {
        (form.elements.namedItem("base") as HTMLInputElement).value = base;
        form.requestSubmit();
      }),
      button(this.theirsValue, () => {
        this.typed.clear();
        location.reload();
      }),
    );
    return row;
  }

  private clear(): void {
    this.problemTarget.hidden = true;
    this.element.prepend(this.problemTarget);
    for (const field of this.element.querySelectorAll("[aria-invalid]")) field.removeAttribute("aria-invalid");
  }
}

/** What stands for a form, whatever its page's version: where it goes, and what it is about. */
function nameOf(form: HTMLFormElement): string {
  const hidden = [...form.querySelectorAll<HTMLInputElement>("input[type=hidden]")];
  const about = hidden.filter(({ name }) => ["do", "id", "name"].includes(name)).map(({ value }) => value);
  return [form.action, ...about].join(" ");
}

function isJson(xhr: XMLHttpRequest): boolean {
  return (xhr.getResponseHeader("Content-Type") ?? "").startsWith("application/json");
}

function button(label: string, act: () => void): HTMLButtonElement {
  const made = document.createElement("button");
  made.type = "button";
  made.className = "button button-small";
  made.textContent = label;
  made.addEventListener("click", act);
  return made;
}

/** The field of that name; of several with one name `NAME-2` is the third. */
function fieldOf(form: HTMLFormElement, name: string): HTMLElement | undefined {
  const [, base = name, place = "0"] = /^(.*?)-(\d+)$/.exec(name) ?? [];
  const field =
    form.querySelector<HTMLElement>(`#${CSS.escape(name)}, [data-field="${CSS.escape(name)}"]`) ??
    form.querySelectorAll<HTMLElement>(`[name="${CSS.escape(base)}"]`)[Number(place)];
  return field ?? undefined;
}
