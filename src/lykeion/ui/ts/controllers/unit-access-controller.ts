import { Controller } from "@hotwired/stimulus";

/** On the form of who may see something: to tick a group means to let in groups. */
export default class extends Controller<HTMLFormElement> {
  chosen(): void {
    const who = this.element.elements.namedItem("who");
    if (who instanceof RadioNodeList) who.value = "groups";
  }
}
