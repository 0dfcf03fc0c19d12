import { Controller } from "@hotwired/stimulus";

/**
 * An experiment as the course team sees it: the menu (which stands there only with scripts) shows one group or all.
 * The choice is kept for the visit, so that going from unit to unit stays with one group.
 */
export default class extends Controller<HTMLElement> {
  static targets = ["menu", "choice", "arm"];
  declare readonly menuTarget: HTMLElement;
  declare readonly choiceTarget: HTMLSelectElement;
  declare readonly armTargets: HTMLElement[];

  connect(): void {
    this.menuTarget.hidden = false;
    const kept = this.kept;
    if ([...this.choiceTarget.options].some((option) => option.value === kept)) this.choiceTarget.value = kept;
    this.apply();
  }

  show(): void {
    try {
      sessionStorage.setItem(this.key, this.choiceTarget.value);
    } catch {
      // Storage is off: only the next page would have profited.
    }
    this.apply();
  }

  private apply(): void {
    const group = this.choiceTarget.value;
    for (const arm of this.armTargets) arm.hidden = group !== "" && arm.dataset.group !== group;
  }

  private get kept(): string {
    try {
      return sessionStorage.getItem(this.key) ?? "";
    } catch {
      return "";
    }
  }

  /** One for all experiments with the same groups. */
  private get key(): string {
    return `lykeion:groups:${[...this.choiceTarget.options].map((option) => option.value).join(",")}`;
  }
}
