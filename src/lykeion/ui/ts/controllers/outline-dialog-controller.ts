import { Controller } from "@hotwired/stimulus";
import { made, send, shut, type Answer } from "../outline";

/**
 * One <dialog> whose content comes from the server, as HTML. A form in it is posted; the answer is HTML again (422, what
 * is wrong), JSON with a further `dialog` (409, two people changed the same), or JSON that says what changed: then the
 * dialog closes and `outline-dialog:done` tells it. Where nobody takes that, the page is loaded again.
 */
export default class extends Controller<HTMLElement> {
  static targets = ["box", "body"];
  declare readonly boxTarget: HTMLDialogElement;
  declare readonly bodyTarget: HTMLElement;
  private opener: HTMLElement | null = null;

  connect(): void {
    this.element.addEventListener("outline-dialog:ask", this.asked);
    this.element.addEventListener("outline-dialog:show", this.given);
  }

  disconnect(): void {
    this.element.removeEventListener("outline-dialog:ask", this.asked);
    this.element.removeEventListener("outline-dialog:show", this.given);
  }

  /** A button with `data-outline-dialog-url-param`. */
  open(event: Event & { params: { url: string } }): void {
    shut(event.currentTarget as Element);
    void this.ask(event.params.url);
  }

  close(): void {
    this.boxTarget.close();
  }

  closed(): void {
    this.bodyTarget.replaceChildren();
    if (this.opener?.isConnected && (document.activeElement === document.body || !document.activeElement)) this.opener.focus();
  }

  /** A choice that decides what else there is to choose. */
  async again(event: Event): Promise<void> {
    const field = event.target as HTMLSelectElement;
    const form = field.form;
    if (!("asks" in field.dataset) || !form?.dataset.again) return;
    const asked = new URLSearchParams([...new FormData(form)].filter(([name]) => name === "in").map(([name, value]) => [name, String(value)]));
    await this.ask(`${form.dataset.again}?${asked}`);
    document.getElementById(field.id)?.focus();
  }

  async send(event: SubmitEvent): Promise<void> {
    event.preventDefault();
    const form = event.target as HTMLFormElement;
    const data = new FormData(form);
    this.dispatch("sending", { detail: data });
    event.submitter?.setAttribute("aria-busy", "true");
    try {
      const { status, answer, html } = await send(form.action, data);
      if (html || answer.dialog) this.show(html || (answer.dialog ?? ""));
      else if (status >= 400) this.complain(answer.error ?? "");
      else this.finish(answer);
    } catch {
      this.dispatch("failed", { prefix: "request" });
    } finally {
      event.submitter?.removeAttribute("aria-busy");
    }
  }

  private asked = (event: Event): void => void this.ask((event as CustomEvent<string>).detail);
  private given = (event: Event): void => this.show((event as CustomEvent<string>).detail);

  private async ask(url: string): Promise<void> {
    const response = await fetch(url, { headers: { "X-Requested-With": "XMLHttpRequest" } }).catch(() => undefined);
    if (!response) return void this.dispatch("failed", { prefix: "request" });
    const text = await response.text();
    if (response.ok) this.show(text);
    else this.complain((JSON.parse(text) as Answer).error ?? "");
  }

  private show(html: string): void {
    if (!this.boxTarget.open) this.opener = document.activeElement as HTMLElement | null;
    this.bodyTarget.innerHTML = html;
    if (!this.boxTarget.open) this.boxTarget.showModal();
    const field = this.bodyTarget.querySelector<HTMLElement>('.field-wrong :is(input, select, textarea), form.form :is(input:not([type="hidden"]), select, textarea)');
    const title = this.bodyTarget.querySelector<HTMLElement>("h2");
    if (title) title.tabIndex = -1;
    (field ?? title)?.focus();
  }

  private finish(answer: Answer): void {
    this.boxTarget.close();
    if (!this.dispatch("done", { detail: answer, cancelable: true }).defaultPrevented) location.reload();
  }

  private complain(words: string): void {
    if (!this.boxTarget.open) return void document.dispatchEvent(new CustomEvent("toast", { detail: { text: words } }));
    this.bodyTarget.querySelector(".tree-complaint")?.remove();
    const said = made('<p class="tree-complaint alert alert-error" role="alert"></p>');
    said.textContent = words;
    this.bodyTarget.querySelector(".dialog-head")?.after(said);
  }
}
