import { Controller } from "@hotwired/stimulus";
import { shownAt, type CourseFile } from "../text/upload";
import { bring } from "../upload/bring";

type Found = CourseFile & { size_text: string };

/**
 * Around a search box and a list: files of the course to choose from, and a place to bring new ones. They travel in parts:
 * when the network goes it goes on by itself, and the same file, chosen again, goes on where it was.
 */
export default class extends Controller<HTMLElement> {
  static targets = ["search", "results", "input", "said", "upload", "progress"];
  static values = { list: String, begin: String, take: String, lost: String, files: String, kind: String, none: String, more: String, busy: String };
  declare readonly searchTarget: HTMLInputElement;
  declare readonly resultsTarget: HTMLElement;
  declare readonly inputTarget: HTMLInputElement;
  declare readonly hasInputTarget: boolean;
  declare readonly saidTarget: HTMLElement;
  declare readonly listValue: string;
  declare readonly beginValue: string;
  declare readonly takeValue: string;
  declare readonly lostValue: string;
  declare readonly uploadTarget: HTMLElement;
  declare readonly progressTarget: HTMLProgressElement;
  declare readonly filesValue: string;
  declare readonly kindValue: string;
  declare readonly noneValue: string;
  declare readonly moreValue: string;
  declare readonly busyValue: string;
  private timer = 0;
  private asked = 0;
  private nearby: IntersectionObserver | undefined;
  private upload: AbortController | undefined;
  private readonly leaving = (event: BeforeUnloadEvent): void => this.upload && event.preventDefault();

  connect(): void {
    this.nearby = new IntersectionObserver((seen) => seen.some((one) => one.isIntersecting) && this.firstSeen());
    this.nearby.observe(this.element);
    window.addEventListener("beforeunload", this.leaving);
  }

  disconnect(): void {
    this.nearby?.disconnect();
    this.upload?.abort();
    window.removeEventListener("beforeunload", this.leaving);
    clearTimeout(this.timer);
  }

  later(): void {
    clearTimeout(this.timer);
    this.timer = window.setTimeout(() => void this.list(), 250);
  }

  choose(event: Event): void {
    const button = (event.target as Element).closest<HTMLElement>("[data-file]");
    if (!button) return;
    this.mark(button);
    this.dispatch("chosen", { detail: JSON.parse(button.dataset.file ?? "{}") });
  }

  over(event: DragEvent): void {
    if (!event.dataTransfer?.types.includes("Files")) return;
    event.preventDefault();
    this.element.toggleAttribute("data-over", event.type !== "dragleave");
  }

  drop(event: DragEvent): void {
    event.preventDefault();
    this.element.removeAttribute("data-over");
    const file = event.dataTransfer?.files[0];
    if (file) void this.bring(file);
  }

  picked(): void {
    const file = this.inputTarget.files?.[0];
    if (file) void this.bring(file);
  }

  private firstSeen(): void {
    this.nearby?.disconnect();
    void this.list();
  }

  /** The upload is not wanted any more; what came of it is forgotten by the server in time. */
  cancel(): void {
    this.upload?.abort();
  }

  private async bring(file: File): Promise<void> {
    this.upload?.abort();
    const upload = new AbortController();
    this.upload = upload;
    const busy = this.busyValue.replace("{name}", file.name);
    this.show(file, busy);
    try {
      const made = await bring(file, {
        begin: this.beginValue,
        take: this.takeValue,
        signal: upload.signal,
        lost: () => this.say(this.lostValue, true),
        progress: (offset) => {
          this.progressTarget.value = offset;
          if (this.saidTarget.textContent !== busy) this.say(busy);
        },
      });
      this.say("");
      this.searchTarget.value = "";
      await this.list(made.path);
      this.dispatch("chosen", { detail: made });
    } catch (error) {
      if (upload.signal.aborted) this.say("");
      else this.say((error as Error).message, true);
    } finally {
      if (this.upload === upload) this.hide();
    }
  }

  private show(file: File, words: string): void {
    this.say(words);
    this.uploadTarget.hidden = false;
    this.progressTarget.max = file.size || 1;
    this.progressTarget.value = 0;
    this.progressTarget.setAttribute("aria-label", file.name);
  }

  private hide(): void {
    this.upload = undefined;
    this.uploadTarget.hidden = true;
    if (this.hasInputTarget) this.inputTarget.value = "";
  }

  private async list(chosen = ""): Promise<void> {
    const turn = ++this.asked;
    const query = new URLSearchParams({ q: this.searchTarget.value, kind: this.kindValue, first: chosen });
    const answer = await fetch(`${this.listValue}?${query}`, { headers: { "X-Requested-With": "XMLHttpRequest" } }).catch(() => undefined);
    const told = (await answer?.json().catch(() => undefined)) as { files?: Found[]; more?: boolean; error?: string } | undefined;
    if (turn !== this.asked) return;
    if (!answer?.ok || !told?.files) return this.say(told?.error ?? answer?.statusText ?? "", true);
    this.resultsTarget.replaceChildren(...told.files.map((file) => item(file, this.filesValue, file.path === chosen)));
    this.say(told.files.length ? (told.more ? this.moreValue : "") : this.noneValue);
  }

  private mark(chosen: Element): void {
    for (const one of this.resultsTarget.querySelectorAll("[data-file]")) one.setAttribute("aria-pressed", String(one === chosen));
  }

  private say(words: string, bad = false): void {
    this.saidTarget.textContent = words;
    this.saidTarget.toggleAttribute("data-bad", bad);
  }
}

function item(file: Found, files: string, chosen: boolean): HTMLElement {
  const button = document.createElement("button");
  Object.assign(button, { type: "button", className: "chooser-file" });
  button.dataset.file = JSON.stringify(file);
  button.setAttribute("aria-pressed", String(chosen));
  const picture = document.createElement(file.content_type.startsWith("image/") ? "img" : "span");
  picture.className = "chooser-picture";
  if (picture instanceof HTMLImageElement) Object.assign(picture, { src: shownAt(files, file.url), alt: "", loading: "lazy" });
  else picture.textContent = file.path.split(".").pop() ?? "";
  const name = Object.assign(document.createElement("span"), { className: "chooser-name", textContent: file.path });
  const size = Object.assign(document.createElement("span"), { className: "soft", textContent: file.size_text });
  button.append(picture, name, size);
  const row = document.createElement("li");
  row.append(button);
  return row;
}
