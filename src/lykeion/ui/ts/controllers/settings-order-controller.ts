import { Controller } from "@hotwired/stimulus";

/** On a list whose rows can be dragged: where a row is dropped is sent by the form beside it (`data-settings-order-form`). */
export default class extends Controller<HTMLElement> {
  static targets = ["row"];
  declare readonly rowTargets: HTMLElement[];
  private dragged: HTMLElement | undefined;
  private before = -1;

  start(event: DragEvent): void {
    this.dragged = event.currentTarget as HTMLElement;
    this.before = this.rowTargets.indexOf(this.dragged);
    event.dataTransfer?.setData("text/plain", this.dragged.dataset.key ?? "");
    this.dragged.toggleAttribute("data-dragged", true);
  }

  over(event: DragEvent): void {
    if (!this.dragged) return;
    event.preventDefault();
    const row = (event.target as HTMLElement).closest<HTMLElement>("[data-key]");
    if (!row || row === this.dragged || !row.draggable) return;
    const { top, height } = row.getBoundingClientRect();
    if (event.clientY < top + height / 2) row.before(this.dragged);
    else row.after(this.dragged);
  }

  drop(event: DragEvent): void {
    event.preventDefault();
    const place = this.dragged ? this.rowTargets.indexOf(this.dragged) : -1;
    const form = this.element.parentElement?.querySelector<HTMLFormElement>("[data-settings-order-form]");
    if (!form || place < 0 || place === this.before) return;
    (form.elements.namedItem("key") as HTMLInputElement).value = this.dragged?.dataset.key ?? "";
    (form.elements.namedItem("index") as HTMLInputElement).value = String(place);
    form.requestSubmit();
  }

  end(): void {
    this.dragged?.removeAttribute("data-dragged");
    this.dragged = undefined;
  }
}
