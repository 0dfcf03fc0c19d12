import { Controller } from "@hotwired/stimulus";
import { fits, itemOf, rowOf } from "../outline";

const OPENS_AFTER_MS = 600;

interface Place {
  parent: string;
  index: string;
  mark: HTMLElement;
  side: "before" | "after" | "in";
}

/** Drags rows of the outline by their grip, to a place beside one of their kind or into what may hold them. */
export default class extends Controller<HTMLElement> {
  private dragged: HTMLElement | null = null;
  private place: Place | null = null;
  private timer = 0;
  private over: HTMLElement | null = null;

  connect(): void {
    for (const [name, heard] of this.listeners) this.element.addEventListener(name, heard as EventListener);
  }

  disconnect(): void {
    for (const [name, heard] of this.listeners) this.element.removeEventListener(name, heard as EventListener);
  }

  private get listeners(): [string, (event: DragEvent) => void][] {
    return [["dragstart", this.start], ["dragover", this.move], ["drop", this.drop], ["dragend", this.end]];
  }

  private start = (event: DragEvent): void => {
    const grip = (event.target as Element).closest(".tree-grip");
    this.dragged = grip && itemOf(grip);
    if (!this.dragged || !event.dataTransfer) return;
    event.dataTransfer.effectAllowed = "move";
    event.dataTransfer.setData("text/plain", this.dragged.dataset.ref ?? "");
    event.dataTransfer.setDragImage(rowOf(this.dragged), 0, 0);
    this.dragged.dataset.dragged = "";
  };

  private move = (event: DragEvent): void => {
    if (!this.dragged) return;
    this.show(this.find(event.target as Element, event.clientY));
    if (!this.place) return;
    event.preventDefault();
    if (event.dataTransfer) event.dataTransfer.dropEffect = "move";
  };

  private drop = (event: DragEvent): void => {
    if (!this.dragged || !this.place) return;
    event.preventDefault();
    const { parent, index } = this.place;
    this.dispatch("dropped", { detail: { ref: this.dragged.dataset.ref ?? "", parent, index } });
    this.end();
  };

  private end = (): void => {
    delete this.dragged?.dataset.dragged;
    this.show(null);
    clearTimeout(this.timer);
    this.dragged = this.over = null;
  };

  private find(target: Element, y: number): Place | null {
    const dragged = this.dragged as HTMLElement;
    const kind = dragged.dataset.kind ?? "";
    const item = itemOf(target);
    if (item && item !== this.over) this.openSoon(item);
    const beside = target.closest<HTMLElement>(`.tree-item[data-kind="${kind}"]`);
    if (beside) return beside === dragged ? null : this.besideOf(beside, y);
    const list = target.closest<HTMLElement>(`.tree-items[data-level="${kind}"]`);
    if (list) return { parent: list.dataset.parent ?? "", index: "", mark: list, side: "in" };
    if (item && fits(kind, item.dataset.kind ?? "")) return { parent: item.dataset.ref ?? "", index: "", mark: rowOf(item), side: "in" };
    return null;
  }

  private besideOf(beside: HTMLElement, y: number): Place {
    const { top, height } = rowOf(beside).getBoundingClientRect();
    const side = y < top + height / 2 ? "before" : "after";
    const siblings = [...(beside.parentElement?.children ?? [])].filter((one) => one !== this.dragged);
    const index = siblings.indexOf(beside) + (side === "after" ? 1 : 0);
    const parent = beside.closest<HTMLElement>(".tree-items")?.dataset.parent ?? "";
    return { parent, index: String(index), mark: rowOf(beside), side };
  }

  private openSoon(item: HTMLElement): void {
    this.over = item;
    clearTimeout(this.timer);
    const toggle = rowOf(item).querySelector<HTMLElement>('[data-toggle][aria-expanded="false"]');
    if (toggle && item !== this.dragged) this.timer = window.setTimeout(() => toggle.click(), OPENS_AFTER_MS);
  }

  private show(place: Place | null): void {
    if (this.place) delete this.place.mark.dataset.drop;
    this.place = place;
    if (place) place.mark.dataset.drop = place.side;
  }
}
