import { Controller } from "@hotwired/stimulus";
import { announce } from "../../../../ui/ts/live";
import { typeset } from "../../../../ui/ts/math";

interface View {
  html: string;
  resources: unknown[];
}

/**
 * A part of the page that is closed until something else on it is done: after each answer it asks the server how it
 * stands, and puts what is open then in its own place. Blocks that bring scripts of their own need a fresh page.
 */
export default class extends Controller<HTMLElement> {
  static values = { url: String, opened: String, usage: String, seenUrl: String };
  declare readonly urlValue: string;
  declare readonly usageValue: string;
  declare readonly seenUrlValue: string;
  declare readonly openedValue: string;
  private asking = false;
  private again = false;

  async ask(): Promise<void> {
    this.again = this.asking;
    if (this.asking) return;
    this.asking = true;
    const view = await this.view();
    this.asking = false;
    if (view) this.show(view);
    if (this.again && this.element.isConnected) await this.ask();
  }

  private async view(): Promise<View | undefined> {
    const answer = await fetch(this.urlValue, { headers: { Accept: "application/json" }, credentials: "same-origin" }).catch(() => undefined);
    return answer?.ok ? ((await answer.json().catch(() => undefined)) as View | undefined) : undefined;
  }

  private show(view: View): void {
    const arrived = parsed(view.html);
    const old = this.element.closest<HTMLElement>(".xblock");
    if (!arrived || !old || isClosed(arrived, this.urlValue)) return;
    if (view.resources.length || needsScripts(arrived)) return location.reload();
    arrived.dataset.controller = "completion"; // what is seen of it counts from now on
    arrived.dataset.completionUrlValue = this.seenUrlValue;
    arrived.dataset.completionUsageValue = this.usageValue;
    old.replaceWith(arrived);
    announce(this.openedValue);
    void typeset(arrived);
  }
}

function parsed(html: string): HTMLElement | undefined {
  const template = document.createElement("template");
  template.innerHTML = html;
  return (template.content.firstElementChild as HTMLElement | null) ?? undefined;
}

function isClosed(block: HTMLElement, url: string): boolean {
  return block.querySelector(`[data-conditional-url-value="${CSS.escape(url)}"]`) !== null;
}

/** What is put into a page later runs no scripts of its own. */
function needsScripts(block: HTMLElement): boolean {
  return block.matches("[data-init]") || block.querySelector("[data-init], script") !== null;
}
