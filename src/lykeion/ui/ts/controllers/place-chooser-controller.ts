import { Controller } from "@hotwired/stimulus";

type Place = { ref: string; id: string; title: string; inner: boolean; below: string };

/** A tree of the course to choose a place from; each level loads when it is opened. */
export default class extends Controller<HTMLElement> {
  static values = { first: String, name: String, failed: String };
  declare readonly firstValue: string;
  declare readonly nameValue: string;
  declare readonly failedValue: string;
  private nearby: IntersectionObserver | undefined;

  connect(): void {
    this.nearby = new IntersectionObserver((seen) => {
      if (!seen.some((one) => one.isIntersecting)) return;
      this.nearby?.disconnect();
      void this.fill(this.element, this.firstValue);
    });
    this.nearby.observe(this.element);
  }

  disconnect(): void {
    this.nearby?.disconnect();
  }

  private async fill(into: Element, address: string): Promise<void> {
    const answer = await fetch(address, { headers: { "X-Requested-With": "XMLHttpRequest" } }).catch(() => undefined);
    const told = (await answer?.json().catch(() => undefined)) as { places?: Place[]; error?: string } | undefined;
    if (!told?.places) return into.append(told?.error ?? this.failedValue);
    const list = document.createElement("ul");
    list.setAttribute("role", "list");
    list.append(...told.places.map((one) => this.row(one)));
    into.append(list);
  }

  private row(place: Place): HTMLElement {
    const row = document.createElement("li");
    const label = document.createElement("label");
    label.className = "choice";
    const radio = Object.assign(document.createElement("input"), { type: "radio", name: this.nameValue, value: place.id });
    radio.addEventListener("change", () => this.dispatch("chosen", { detail: place }));
    label.append(radio, place.title);
    if (!place.inner) {
      row.append(label);
      return row;
    }
    const more = document.createElement("details");
    const summary = document.createElement("summary");
    summary.append(label);
    more.append(summary);
    more.addEventListener("toggle", () => void this.fill(more, place.below), { once: true });
    row.append(more);
    return row;
  }
}
