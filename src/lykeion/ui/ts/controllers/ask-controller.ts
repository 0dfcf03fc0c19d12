import { Controller } from "@hotwired/stimulus";

/** A question in several lines, in which Enter alone begins the next one. */
export default class extends Controller<HTMLFormElement> {
  send(event: Event): void {
    event.preventDefault();
    this.element.requestSubmit();
  }
}
