import { Controller } from "@hotwired/stimulus";

/** On a <details> that is a menu: open beside the page where there is room, closed above it on a phone. */
export default class extends Controller<HTMLDetailsElement> {
  connect(): void {
    this.element.open = matchMedia("(min-width: 62rem)").matches;
  }
}
