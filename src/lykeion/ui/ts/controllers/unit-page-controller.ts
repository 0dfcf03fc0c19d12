import { Controller } from "@hotwired/stimulus";
import { post } from "../csrf";
import { announce, toast } from "../live";

interface Told {
  say?: string;
  undo?: string;
  to?: string;
  error?: string;
}

/**
 * The page of a unit: forms with `data-send` go without a new page (`move` by one place, `remove`, else the page is
 * loaded again), and components are dragged by their handles. Everything works by plain forms, too.
 */
export default class extends Controller<HTMLElement> {
  static targets = ["list"];
  declare readonly listTarget: HTMLElement;
  private lifted: HTMLElement | undefined;
  private place: { beside: Element; after: boolean } | undefined;
  private readonly over = (event: DragEvent): void => this.dragged(event);
  private readonly down = (event: DragEvent): void => void this.put(event);

  connect(): void {
    this.element.addEventListener("dragstart", this.lift);
    this.element.addEventListener("dragend", this.drop);
  }

  disconnect(): void {
    this.element.removeEventListener("dragstart", this.lift);
    this.element.removeEventListener("dragend", this.drop);
  }

  async send(event: SubmitEvent): Promise<void> {
    const form = event.target as HTMLFormElement;
    if (!form.dataset.send) return;
    event.preventDefault();
    const card = form.closest<HTMLElement>(".unit-card");
    const told = await this.ask(form.action, new FormData(form, event.submitter));
    if (!told) return;
    if (form.dataset.send === "move" && card) this.moved(card, event.submitter as HTMLButtonElement);
    else if (form.dataset.send === "remove" && card) this.removed(card);
    else if (told.to) return location.assign(told.to);
    this.say(told);
  }

  private readonly lift = (event: DragEvent): void => {
    const card = (event.target as Element).closest<HTMLElement>(".unit-card-drag")?.closest<HTMLElement>(".unit-card");
    if (!card || !event.dataTransfer) return;
    this.lifted = card;
    event.dataTransfer.effectAllowed = "move";
    event.dataTransfer.setData("text/plain", card.dataset.ref ?? "");
    card.classList.add("unit-card-lifted");
    this.listTarget.addEventListener("dragover", this.over);
    this.listTarget.addEventListener("drop", this.down);
  };

  /** The drag is over, wherever it ended. */
  private readonly drop = (): void => {
    this.listTarget.removeEventListener("dragover", this.over);
    this.listTarget.removeEventListener("drop", this.down);
    this.lifted?.classList.remove("unit-card-lifted");
    this.mark(undefined);
    this.lifted = undefined;
  };

  private dragged(event: DragEvent): void {
    if (!this.lifted) return;
    event.preventDefault();
    const over = [...this.listTarget.children].find((one) => one !== this.lifted && within(one, event.clientY));
    if (!over) return;
    const { top, height } = over.getBoundingClientRect();
    this.mark({ beside: over, after: event.clientY > top + height / 2 });
  }

  private mark(place: { beside: Element; after: boolean } | undefined): void {
    this.place?.beside.classList.remove("unit-card-before", "unit-card-after");
    this.place = place;
    place?.beside.classList.add(place.after ? "unit-card-after" : "unit-card-before");
  }

  private async put(event: DragEvent): Promise<void> {
    event.preventDefault();
    const { lifted: card, place } = this;
    const form = card?.querySelector<HTMLFormElement>('form[data-send="move"]');
    if (!card || !place || !form) return;
    const others = [...this.listTarget.children].filter((one) => one !== card);
    const index = others.indexOf(place.beside) + (place.after ? 1 : 0);
    const told = await this.ask(form.action, new URLSearchParams({ index: String(index) }));
    if (!told) return;
    this.listTarget.insertBefore(card, others[index] ?? null);
    this.say(told);
  }

  private moved(card: HTMLElement, button: HTMLButtonElement): void {
    const beside = button.value === "-1" ? card.previousElementSibling : card.nextElementSibling;
    if (button.value === "-1") beside?.before(card);
    else beside?.after(card);
    button.focus();
    card.scrollIntoView({ block: "nearest" });
  }

  private removed(card: HTMLElement): void {
    const next = card.nextElementSibling ?? card.previousElementSibling;
    card.remove();
    if (next instanceof HTMLElement) next.focus({ preventScroll: true });
  }

  private async ask(address: string, body: FormData | URLSearchParams): Promise<Told | undefined> {
    const answer = await post(address, body).catch(() => undefined);
    if (!answer) return void this.dispatch("failed", { prefix: "request" });
    const told = (await answer.json().catch(() => ({}))) as Told;
    if (answer.ok) return told;
    toast({ text: told.error ?? answer.statusText });
    return undefined;
  }

  private say(told: Told): void {
    if (told.undo) toast({ text: told.say ?? "", undo: told.undo });
    else announce(told.say ?? "");
  }
}

function within(element: Element, y: number): boolean {
  const { top, bottom } = element.getBoundingClientRect();
  return y >= top && y <= bottom;
}
