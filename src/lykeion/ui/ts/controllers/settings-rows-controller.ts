import { Controller } from "@hotwired/stimulus";

/** Rows of a form that there can be more or fewer of. The server leaves out rows without anything in them. */
export default class extends Controller<HTMLElement> {
  static targets = ["row", "blank"];
  declare readonly rowTargets: HTMLElement[];
  declare readonly blankTarget: HTMLTemplateElement;

  add(): void {
    const row = this.blankTarget.content.firstElementChild?.cloneNode(true) as HTMLElement;
    const place = `more-${this.rowTargets.length}`;
    for (const part of row.querySelectorAll<HTMLElement>("[id], [for]")) {
      for (const name of ["id", "for"]) {
        const value = part.getAttribute(name);
        if (value) part.setAttribute(name, `${value}-${place}`);
      }
    }
    this.blankTarget.before(row);
    row.querySelector<HTMLElement>("input:not([type=hidden])")?.focus();
  }

  remove(event: Event): void {
    const row = this.rowTargets.find((one) => one.contains(event.currentTarget as Node));
    const near = row?.previousElementSibling ?? row?.nextElementSibling;
    row?.remove();
    near?.querySelector<HTMLElement>("input:not([type=hidden])")?.focus();
    this.element.dispatchEvent(new Event("input", { bubbles: true }));
  }
}
