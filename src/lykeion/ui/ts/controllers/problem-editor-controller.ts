import { Controller } from "@hotwired/stimulus";
import type { Rows } from "../problem/rows";
import type { Source } from "../problem/source";

type Fields = [name: string, value: string][];

/**
 * On the form of the editor of problems, before `autosave`. What only some tabs need is fetched by those: rows that come
 * and go, the editor of XML. A click that comes before they are there waits for them.
 */
export default class extends Controller<HTMLFormElement> {
  static targets = ["notes", "rows", "text", "made"];
  static values = { part: String, check: String, rows: String, removed: String, undo: String };
  declare readonly hasNotesTarget: boolean;
  declare readonly notesTarget: HTMLElement;
  declare readonly hasRowsTarget: boolean;
  declare readonly rowsTarget: HTMLElement;
  declare readonly hasTextTarget: boolean;
  declare readonly textTarget: HTMLTextAreaElement;
  declare readonly hasMadeTarget: boolean;
  declare readonly madeTarget: HTMLElement;
  declare readonly partValue: string;
  declare readonly checkValue: string;
  declare readonly rowsValue: string;
  declare readonly removedValue: string;
  declare readonly undoValue: string;
  private rows: Promise<Rows> | undefined;
  private source: Promise<Source> | undefined;

  connect(): void {
    this.element.addEventListener("autosave:restoring", this.restoring);
    this.element.addEventListener("autosave:saved", this.saved);
    if (this.partValue === "visual" && this.hasRowsTarget) void this.list();
    if (this.partValue === "xml" && this.hasTextTarget) this.source = this.startSource();
  }

  disconnect(): void {
    this.element.removeEventListener("autosave:restoring", this.restoring);
    this.element.removeEventListener("autosave:saved", this.saved);
    void this.source?.then((source) => source.close());
  }

  async add({ currentTarget, params }: Event & { params: { template: string } }): Promise<void> {
    (await this.list())?.add(currentTarget as HTMLElement, params.template);
  }

  async up({ currentTarget }: Event): Promise<void> {
    (await this.list())?.move(currentTarget as HTMLElement, -1);
  }

  async down({ currentTarget }: Event): Promise<void> {
    (await this.list())?.move(currentTarget as HTMLElement, 1);
  }

  async remove({ currentTarget }: Event): Promise<void> {
    (await this.list())?.remove(currentTarget as HTMLElement);
  }

  /** To a line of the text, from a note about it. */
  async goto({ params }: Event & { params: { line: number } }): Promise<void> {
    if (this.source) return (await this.source).goto(params.line);
    if (!this.hasTextTarget) return;
    const lines = this.textTarget.value.split("\n");
    const start = lines.slice(0, params.line - 1).join("\n").length + (params.line > 1 ? 1 : 0);
    this.textTarget.focus();
    this.textTarget.setSelectionRange(start, start + (lines[params.line - 1]?.length ?? 0));
  }

  /** Fetched once; where the network is away, the next click tries again. */
  private async list(): Promise<Rows | undefined> {
    try {
      return await (this.rows ??= this.startRows());
    } catch {
      this.rows = undefined;
      return undefined;
    }
  }

  private async startRows(): Promise<Rows> {
    const { Rows } = await import("../problem/rows");
    return new Rows(this.element, this.rowsTarget, { removed: this.removedValue, undo: this.undoValue });
  }

  private async startSource(): Promise<Source> {
    const { startSource } = await import("../problem/source");
    return startSource(this.textTarget, this.checkValue, (html) => this.note(html));
  }

  private saved = (event: Event): void => {
    const { notes, xml } = (event as CustomEvent).detail as { notes?: string; xml?: string };
    if (notes !== undefined && this.partValue !== "xml") this.note(notes);
    if (xml !== undefined && this.hasMadeTarget) this.madeTarget.textContent = xml;
  };

  private note(html: string): void {
    if (this.hasNotesTarget && this.notesTarget.innerHTML !== html) this.notesTarget.innerHTML = html;
  }

  /** What was typed before the browser closed may have other rows than the page: the server makes them. */
  private restoring = (event: Event): void => {
    if (this.partValue !== "visual" || !this.hasRowsTarget) return;
    event.preventDefault();
    const { fields, again } = (event as CustomEvent).detail as { fields: Fields; again: () => void };
    void this.list().then((rows) => rows?.restore(this.rowsValue, fields)).then((done) => done && again());
  };
}
