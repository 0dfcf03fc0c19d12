import { Controller } from "@hotwired/stimulus";
import { post } from "../csrf";
import { announce, toast } from "../live";
import { type Chosen, fromDrop, fromInput } from "../upload/chosen";
import { forget, keep, kept } from "../upload/kept";
import { ask, type Begun, Refused, send } from "../upload/sending";

const AT_ONCE = 3;
const TOGETHER = 20; // files that become one change of the course

interface Item extends Chosen {
  id: string;
  row: HTMLElement;
  ask: boolean;
  keep: boolean;
  stop: AbortController;
  key?: string;
}

/**
 * Around a file field: uploads what is chosen, dropped or pasted in parts, goes on after a lost network or when the page
 * is loaded again, and hands whole files to `take`. With the purpose `file` the list of the page is then loaded anew;
 * with another one the page goes to the address that the server answers.
 */
export default class extends Controller<HTMLElement> {
  static targets = ["form", "input", "list", "row"];
  static values = { begin: String, take: String, purpose: String, course: String };
  declare readonly formTarget: HTMLFormElement;
  declare readonly listTarget: HTMLElement;
  declare readonly rowTarget: HTMLTemplateElement;
  declare readonly beginValue: string;
  declare readonly takeValue: string;
  declare readonly purposeValue: string;
  declare readonly courseValue: string;
  private waiting: Item[] = [];
  private ready: Item[] = [];
  private busy = 0;
  private readonly replaced = (event: Event): void => void this.add((event as CustomEvent<Chosen>).detail, { ask: false });

  connect(): void {
    window.addEventListener("replace:file", this.replaced);
    window.addEventListener("beforeunload", this.leaving);
    void kept(this.place).then((all) => {
      for (const one of all) void this.add(one, { ask: false, keep: one.keep, id: one.id });
    });
  }

  disconnect(): void {
    window.removeEventListener("replace:file", this.replaced);
    window.removeEventListener("beforeunload", this.leaving);
  }

  chosen(event: Event): void {
    const input = event.target as HTMLInputElement;
    for (const one of fromInput(input)) void this.add(one);
    input.value = "";
  }

  over(event: DragEvent): void {
    if (!event.dataTransfer?.types.includes("Files")) return;
    event.preventDefault();
    this.element.dataset.over = "";
  }

  leave(event: DragEvent): void {
    if (!this.element.contains(event.relatedTarget as Node | null)) delete this.element.dataset.over;
  }

  async drop(event: DragEvent): Promise<void> {
    if (!event.dataTransfer) return;
    event.preventDefault();
    delete this.element.dataset.over;
    for (const one of await fromDrop(event.dataTransfer)) void this.add(one);
  }

  paste(event: ClipboardEvent): void {
    const typing = (event.target as HTMLElement).closest("input, textarea, [contenteditable]");
    if (typing || !event.clipboardData) return;
    for (const file of event.clipboardData.files) void this.add({ file, path: file.name });
  }

  /** Discards an upload that was begun elsewhere, or before. */
  async forget(event: Event): Promise<void> {
    const row = (event.target as HTMLElement).closest<HTMLElement>(".studio-upload");
    if (!row?.dataset.url) return;
    await ask(row.dataset.url, { method: "DELETE" }, { signal: new AbortController().signal, lost: () => undefined });
    row.remove();
  }

  private get place(): string {
    return `${this.courseValue} ${this.purposeValue}`;
  }

  private async add({ file, path }: Chosen, more: Partial<Item> = {}): Promise<void> {
    const row = this.rowTarget.content.firstElementChild?.cloneNode(true) as HTMLElement;
    const id = more.id ?? `${this.place} ${path} ${mark(file)}`;
    const item: Item = { file, path, id, row, ask: this.purposeValue === "file", keep: false, stop: new AbortController(), ...more };
    part(row, "name", ".studio-upload-name").textContent = path;
    part(row, "progress", "progress").setAttribute("aria-label", path);
    part(row, "cancel").addEventListener("click", () => void this.cancel(item));
    for (const button of row.querySelectorAll<HTMLButtonElement>("[data-part=ask] button")) button.addEventListener("click", () => this.answered(item, button.value));
    this.listTarget.append(row);
    this.say(item, "waiting");
    this.waiting.push(item);
    this.next();
    await keep({ id, place: this.place, path, keep: item.keep, file });
  }

  private next(): void {
    while (this.busy < AT_ONCE && this.waiting.length) void this.work(this.waiting.shift() as Item);
    const idle = !this.busy && !this.waiting.length;
    if (this.ready.length && (idle || this.ready.length >= TOGETHER)) void this.take(this.ready.splice(0, TOGETHER));
  }

  private async work(item: Item): Promise<void> {
    this.busy++;
    const watch = { signal: item.stop.signal, lost: () => this.say(item, "lost"), progress: (offset: number) => this.progress(item, offset) };
    try {
      const begun = await this.begin(item, watch);
      item.key = begun.key;
      for (const old of this.listTarget.querySelectorAll(`[data-key="${begun.key}"]`)) if (old !== item.row) old.remove();
      item.row.dataset.key = begun.key;
      item.row.dataset.url = begun.url;
      await send(item.file, begun, watch);
      this.say(item, "here");
      this.ready.push(item);
    } catch (error) {
      if (!item.stop.signal.aborted) this.refused(item, error);
    } finally {
      this.busy--;
      this.next();
    }
  }

  private begin(item: Item, watch: { signal: AbortSignal; lost(): void }): Promise<Begun> {
    const body = new URLSearchParams({ purpose: this.purposeValue, path: item.path, size: `${item.file.size}`, mark: mark(item.file) });
    if (item.ask) body.set("ask", "1");
    return ask(this.beginValue, { method: "POST", body }, watch);
  }

  private async take(items: Item[]): Promise<void> {
    const body = new URLSearchParams(new FormData(this.formTarget) as unknown as Record<string, string>);
    for (const item of items) body.append("key", item.key as string);
    for (const item of items) if (item.keep) body.append("keep", item.key as string);
    const response = await post(this.takeValue, body).catch(() => undefined);
    const answer = await response?.json().catch(() => undefined);
    if (!response?.ok) return void items.forEach((item) => this.failed(item, answer?.error));
    await Promise.all(items.map((item) => forget(item.id)));
    if (answer.url) return void location.assign(answer.url);
    for (const item of items) item.row.remove();
    toast({ text: this.element.dataset.done ?? "", undo: answer.undo });
    document.body.dispatchEvent(new Event("files-changed"));
  }

  private answered(item: Item, answer: string): void {
    item.ask = false;
    item.keep = answer === "keep";
    part(item.row, "ask").hidden = true;
    this.waiting.push(item);
    void keep({ id: item.id, place: this.place, path: item.path, keep: item.keep, file: item.file });
    this.next();
  }

  private async cancel(item: Item): Promise<void> {
    item.stop.abort();
    this.waiting = this.waiting.filter((one) => one !== item);
    this.ready = this.ready.filter((one) => one !== item);
    item.row.remove();
    await forget(item.id);
    if (item.row.dataset.url) await ask(item.row.dataset.url, { method: "DELETE" }, { signal: new AbortController().signal, lost: () => undefined }).catch(() => undefined);
  }

  private refused(item: Item, error: unknown): void {
    if (error instanceof Refused && error.code === "exists") {
      part(item.row, "ask").hidden = false;
      this.say(item, "exists");
      return;
    }
    this.failed(item, error instanceof Error ? error.message : "");
  }

  private failed(item: Item, words?: string): void {
    void forget(item.id);
    const state = part(item.row, "state");
    state.textContent = words || (this.element.dataset.lost ?? "");
    state.toggleAttribute("data-bad", true);
    announce(`${item.path}: ${state.textContent}`);
  }

  private progress(item: Item, offset: number): void {
    const bar = part(item.row, "progress", "progress") as HTMLProgressElement;
    bar.max = item.file.size || 1;
    bar.value = offset;
    this.say(item, "sending");
  }

  private say(item: Item, state: "waiting" | "sending" | "lost" | "exists" | "here"): void {
    part(item.row, "state").textContent = this.element.dataset[state] ?? "";
    if (state === "exists") announce(`${item.path}: ${this.element.dataset.exists}`);
  }

  private leaving = (event: BeforeUnloadEvent): void => {
    if (this.busy && !("indexedDB" in window)) event.preventDefault();
  };
}

function mark(file: File): string {
  return `${file.size}-${file.lastModified}`;
}

function part(row: HTMLElement, name: string, selector = `[data-part=${name}]`): HTMLElement {
  return row.querySelector(selector) as HTMLElement;
}
