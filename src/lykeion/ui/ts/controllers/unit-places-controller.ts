import { Controller } from "@hotwired/stimulus";

/** On a form of places inside each other: another one shows what is in it. */
export default class extends Controller<HTMLFormElement> {
  show(): void {
    this.element.requestSubmit();
  }
}
