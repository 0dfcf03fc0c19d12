import { post } from "../csrf";
import { announce } from "../live";

interface Words {
  removed: string;
  undo: string;
}

const FIELDS = "textarea, input:not([type=hidden], [type=checkbox], [type=radio]), select";

/**
 * Rows of a form that are added, moved and removed: each list is a [data-rows] that holds a [data-list] of [data-row]s, and
 * a <template> for each kind of new row, in which the value of data-rows stands for its number.
 */
export class Rows {
  constructor(
    private readonly form: HTMLFormElement,
    private readonly place: HTMLElement,
    private readonly words: Words,
  ) {}

  add(button: HTMLElement, kind: string): void {
    const rows = button.closest<HTMLElement>("[data-rows]");
    const template = rows?.querySelector<HTMLTemplateElement>(`:scope > template[data-template="${kind}"]`);
    if (!rows || !template) return;
    const holder = document.createElement("template");
    holder.innerHTML = template.innerHTML.replaceAll(rows.dataset.rows ?? "", fresh());
    const row = holder.content.firstElementChild as HTMLElement;
    rows.querySelector(":scope > [data-list]")?.append(row);
    row.querySelector<HTMLElement>(FIELDS)?.focus();
    this.changed();
  }

  move(button: HTMLElement, by: -1 | 1): void {
    const row = rowOf(button);
    const other = by < 0 ? row?.previousElementSibling : row?.nextElementSibling;
    if (!row || !other) return;
    keepingLetters(row, () => (by < 0 ? other.before(row) : other.after(row)));
    button.focus();
    this.changed();
  }

  /** In the place of the row stays a way to have it back, until the page is left. */
  remove(button: HTMLElement): void {
    const row = rowOf(button);
    if (!row) return;
    const letters = lettersOf(row).map((field) => [field, field.value] as const);
    const note = document.createElement(row.localName === "li" ? "li" : "p");
    const undo = Object.assign(document.createElement("button"), { type: "button", className: "button button-small", textContent: this.words.undo });
    note.className = "pe-removed";
    note.append(`${this.words.removed} `, undo);
    undo.addEventListener("click", () => {
      note.replaceWith(row);
      for (const [field, value] of letters) field.value = value;
      row.querySelector<HTMLElement>(FIELDS)?.focus();
      this.changed();
    });
    keepingLetters(row, () => row.replaceWith(note));
    undo.focus();
    announce(this.words.removed);
    this.changed();
  }

  /** The form as it was when these fields were kept; false when the server cannot make it: then they stay kept. */
  async restore(url: string, fields: [string, string][]): Promise<boolean> {
    const body = new FormData();
    for (const [name, value] of fields) body.append(name, value);
    const answer = await post(url, body).catch(() => undefined);
    if (!answer?.ok) return false;
    this.place.innerHTML = await answer.text();
    for (const name of ["display_name", "base"]) {
      const field = this.form.elements.namedItem(name);
      const kept = fields.find(([other]) => other === name);
      if (field instanceof HTMLInputElement && kept) field.value = kept[1];
    }
    return true;
  }

  private changed(): void {
    this.form.dispatchEvent(new Event("change", { bubbles: true }));
  }
}

let made = 0;
function fresh(): string {
  made += 1;
  return `n${Date.now().toString(36)}${made}`;
}

function rowOf(button: HTMLElement): HTMLElement | null {
  return button.closest<HTMLElement>("[data-row]");
}

/** Fields of the question that name answers by their letters, if `row` is one of those answers. */
function lettersOf(row: HTMLElement): HTMLInputElement[] {
  if (!row.parentElement?.classList.contains("pe-letters")) return [];
  return [...(row.closest("fieldset.pe-question")?.querySelectorAll<HTMLInputElement>("[data-letters]") ?? [])];
}

/** Letters go on meaning the same answers when those change their places. */
function keepingLetters(row: HTMLElement, change: () => void): void {
  const fields = lettersOf(row);
  const list = row.parentElement;
  const before = rowsIn(list);
  change();
  const after = rowsIn(list);
  for (const field of fields) field.value = moved(field.value, before, after);
}

function rowsIn(list: Element | null): Element[] {
  return [...(list?.children ?? [])].filter((child) => child.matches("[data-row]"));
}

function moved(letters: string, before: Element[], after: Element[]): string {
  const places = letters.toUpperCase().split(/[\s,]+/).filter(Boolean).map((letter) => {
    const row = before[letter.charCodeAt(0) - 65];
    return row ? after.indexOf(row) : -1;
  });
  return places.filter((place) => place >= 0).sort((one, other) => one - other).map((place) => String.fromCharCode(65 + place)).join(" ");
}
