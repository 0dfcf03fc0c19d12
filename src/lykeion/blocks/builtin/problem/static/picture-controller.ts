import { Controller } from "@hotwired/stimulus";
import { announce } from "../../../../ui/ts/live";

const STEP = 0.02; // of the picture's side, an arrow key
const POINT = /^\s*\[\s*(\d+)\s*,\s*(\d+)\s*\]/;
const DIRECTIONS: Record<string, [number, number]> = {
  ArrowLeft: [-1, 0],
  ArrowRight: [1, 0],
  ArrowUp: [0, -1],
  ArrowDown: [0, 1],
};

/**
 * A place in a picture, chosen with the mouse, a finger or the arrow keys. It is told in the picture's own pixels, whatever its
 * size on the screen, and stands in a field that can be written too.
 */
export default class extends Controller<HTMLElement> {
  static targets = ["stage", "how", "cross", "mark", "place"];
  static values = { width: Number, height: Number, chosen: String, name: String };
  declare readonly stageTarget: HTMLElement;
  declare readonly howTarget: HTMLElement;
  declare readonly crossTarget: HTMLElement;
  declare readonly markTarget: HTMLElement;
  declare readonly placeTarget: HTMLInputElement;
  declare readonly widthValue: number;
  declare readonly heightValue: number;
  declare readonly chosenValue: string;
  declare readonly nameValue: string;
  private x = 0;
  private y = 0;

  connect(): void {
    this.howTarget.hidden = false;
    this.stageTarget.tabIndex = 0;
    this.stageTarget.setAttribute("role", "application");
    this.stageTarget.setAttribute("aria-label", this.nameValue);
    [this.x, this.y] = this.chosen ?? [Math.round(this.widthValue / 2), Math.round(this.heightValue / 2)];
  }

  point(event: MouseEvent): void {
    const box = this.stageTarget.getBoundingClientRect();
    this.x = Math.round(((event.clientX - box.left) / box.width) * this.widthValue);
    this.y = Math.round(((event.clientY - box.top) / box.height) * this.heightValue);
    this.choose();
  }

  steer(event: KeyboardEvent): void {
    const direction = DIRECTIONS[event.key];
    if (!direction && event.key !== "Enter" && event.key !== " ") return;
    event.preventDefault();
    if (!direction) return this.choose();
    const step = event.shiftKey ? 1 : Math.max(1, Math.round(Math.min(this.widthValue, this.heightValue) * STEP));
    this.x = within(this.x + direction[0] * step, this.widthValue);
    this.y = within(this.y + direction[1] * step, this.heightValue);
    this.stand(this.crossTarget);
    announce(`${this.x}, ${this.y}`);
  }

  /** The cross is shown to those who come by keyboard. */
  begin(): void {
    if (!this.stageTarget.matches(":focus-visible")) return;
    this.stand(this.crossTarget);
  }

  leave(): void {
    this.crossTarget.hidden = true;
  }

  /** Puts the mark where the field says. */
  show(): void {
    const chosen = this.chosen;
    if (chosen) [this.x, this.y] = chosen;
    if (chosen) this.stand(this.markTarget);
    else this.markTarget.hidden = true;
  }

  private choose(): void {
    if (this.placeTarget.disabled) return;
    this.placeTarget.value = `[${within(this.x, this.widthValue)},${within(this.y, this.heightValue)}]`;
    this.placeTarget.dispatchEvent(new Event("input", { bubbles: true }));
    this.show();
    announce(this.chosenValue.replace("{x}", String(this.x)).replace("{y}", String(this.y)));
  }

  private get chosen(): [number, number] | undefined {
    const match = POINT.exec(this.placeTarget.value);
    return match ? [Number(match[1]), Number(match[2])] : undefined;
  }

  private stand(sign: HTMLElement): void {
    sign.style.left = `${(100 * this.x) / this.widthValue}%`;
    sign.style.top = `${(100 * this.y) / this.heightValue}%`;
    sign.hidden = false;
  }
}

function within(place: number, side: number): number {
  return Math.min(Math.max(place, 0), side);
}
