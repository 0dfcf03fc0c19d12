import { Controller } from "@hotwired/stimulus";
import { post } from "../csrf";

/** Around the list of a video's transcripts: sends its forms, shows the new list, or what is wrong with a file. */
export default class extends Controller<HTMLElement> {
  static targets = ["error", "language", "write"];
  declare readonly errorTarget: HTMLElement;
  declare readonly languageTarget: HTMLSelectElement;
  declare readonly writeTarget: HTMLAnchorElement;

  async send(event: Event): Promise<void> {
    event.preventDefault();
    const form = event.target as HTMLFormElement;
    const button = form.querySelector("button");
    button?.setAttribute("aria-busy", "true");
    const answer = await post(form.action, new FormData(form)).catch(() => undefined);
    button?.removeAttribute("aria-busy");
    const text = (await answer?.text()) ?? "";
    if (answer?.ok) return this.show(text);
    this.errorTarget.hidden = false;
    this.errorTarget.textContent = wrong(text) || (answer?.statusText ?? "");
  }

  /** Leads to the page on which the transcript of the chosen language is written. */
  write(): void {
    this.writeTarget.href = this.writeTarget.href.replace(/[^/]+$/, this.languageTarget.value);
  }

  /** Another one is shown first: the video's form has that field, and does not hear of it by itself. */
  changed(): void {
    document.getElementById("editor-form")?.dispatchEvent(new Event("input", { bubbles: true }));
  }

  private show(html: string): void {
    const made = new DOMParser().parseFromString(html, "text/html").body.firstElementChild;
    const frame = document.querySelector<HTMLIFrameElement>(".editor-frame");
    if (!made) return;
    this.element.replaceWith(made);
    made.querySelector<HTMLElement>("select")?.focus();
    frame?.contentWindow?.location.reload();
  }
}

function wrong(text: string): string {
  try {
    return (JSON.parse(text) as { error?: string }).error ?? "";
  } catch {
    return "";
  }
}
