import { Controller } from "@hotwired/stimulus";
import { shownAt, type CourseFile } from "../text/upload";

/**
 * Around fields that hold the path of a picture, and the <dialog> of the course's pictures: opens it, puts what was
 * chosen or uploaded there into the field, and shows it.
 */
export default class extends Controller<HTMLElement> {
  static targets = ["box"];
  static values = { files: String };
  declare readonly boxTarget: HTMLDialogElement;
  declare readonly filesValue: string;
  private input: HTMLInputElement | undefined;

  choose(event: Event): void {
    this.input = inputOf(event);
    this.boxTarget.showModal();
  }

  chosen(event: CustomEvent<CourseFile>): void {
    const { input } = this;
    if (!input) return;
    input.value = event.detail.path;
    this.show(input, event.detail.url);
    input.dispatchEvent(new Event("input", { bubbles: true }));
    this.boxTarget.close();
    input.focus();
  }

  typed(event: Event): void {
    const input = inputOf(event);
    const path = input.value.trim();
    this.show(input, path.startsWith("/") || !path ? path : `/static/${encodeURI(path)}`);
  }

  private show(input: HTMLInputElement, url: string): void {
    const image = fieldOf(input).querySelector("img") as HTMLImageElement;
    image.hidden = !url;
    if (url) image.src = shownAt(this.filesValue, url);
  }
}

function fieldOf(part: Element): HTMLElement {
  return part.closest(".picture-field") as HTMLElement;
}

function inputOf(event: Event): HTMLInputElement {
  return fieldOf(event.currentTarget as Element).querySelector("input") as HTMLInputElement;
}
