import { Controller } from "@hotwired/stimulus";
import type { CourseFile } from "../text/upload";

type Chosen = { params: { kind?: string; into?: string }; currentTarget: EventTarget | null };

/** On the form of a video: its sources in order, files by choosing, and how long it is. */
export default class extends Controller<HTMLFormElement> {
  static targets = ["sources", "row", "length"];
  declare readonly sourcesTarget: HTMLElement;
  declare readonly rowTarget: HTMLTemplateElement;
  declare readonly lengthTarget: HTMLElement;
  private readonly listening = new AbortController();

  connect(): void {
    const frame = document.querySelector<HTMLIFrameElement>(".editor-frame");
    frame?.addEventListener("load", () => this.measure(frame), { signal: this.listening.signal });
    if (frame) this.measure(frame);
  }

  disconnect(): void {
    this.listening.abort();
  }

  add(): void {
    this.put("").focus();
  }

  up(event: Event): void {
    this.move(event, (row) => row.previousElementSibling?.before(row));
  }

  down(event: Event): void {
    this.move(event, (row) => row.nextElementSibling?.after(row));
  }

  remove(event: Event): void {
    const row = (event.currentTarget as Element).closest("li");
    const next = (row?.nextElementSibling ?? row?.previousElementSibling)?.querySelector<HTMLElement>("input");
    row?.remove();
    (next ?? this.sourcesTarget.parentElement?.querySelector<HTMLElement>("p button"))?.focus();
    this.changed();
  }

  /** Opens the files of the course; the one that is chosen goes into a field, or becomes a source. */
  choose({ params }: Chosen): void {
    const box = document.getElementById(`choose-${params.kind ?? ""}`) as HTMLDialogElement;
    const chosen = (event: Event): void => {
      const { url } = (event as CustomEvent<CourseFile>).detail;
      const field = params.into ? (this.element.elements.namedItem(params.into) as HTMLInputElement) : this.put(url);
      field.value = url;
      box.close();
      field.focus();
      this.changed();
    };
    box.addEventListener("file-chooser:chosen", chosen);
    box.addEventListener("close", () => box.removeEventListener("file-chooser:chosen", chosen), { once: true });
    box.showModal();
  }

  private put(url: string): HTMLInputElement {
    this.sourcesTarget.append(this.rowTarget.content.cloneNode(true));
    const field = this.sourcesTarget.lastElementChild?.querySelector("input") as HTMLInputElement;
    field.value = url;
    return field;
  }

  private move(event: Event, how: (row: Element) => void): void {
    const button = event.currentTarget as HTMLElement;
    const row = button.closest("li");
    if (row) how(row);
    button.focus();
    this.changed();
  }

  private changed(): void {
    this.element.dispatchEvent(new Event("input", { bubbles: true }));
  }

  private measure(frame: HTMLIFrameElement): void {
    const video = frame.contentDocument?.querySelector("video");
    const say = (): void => void (this.lengthTarget.textContent = clock(video?.duration ?? 0) || this.lengthTarget.textContent);
    video?.addEventListener("loadedmetadata", say);
    if (video && video.readyState > 0) say();
  }
}

function clock(seconds: number): string {
  if (!Number.isFinite(seconds) || seconds <= 0) return "";
  const whole = Math.round(seconds);
  const rest = `${Math.floor(whole / 60) % 60}:${String(whole % 60).padStart(2, "0")}`;
  return whole < 3600 ? rest : `${Math.floor(whole / 3600)}:${rest.padStart(5, "0")}`;
}
