import { Controller } from "@hotwired/stimulus";

/**
 * On a hidden notice: when the site answers 401 to a script, shows why, with a link that signs in in another tab.
 * The page stays, and with it what was typed; what was sent can then be sent again.
 */
export default class extends Controller<HTMLElement> {
  static targets = ["text", "link"];
  declare readonly textTarget: HTMLElement;
  declare readonly linkTarget: HTMLAnchorElement;
  private readonly over = (event: Event): void => this.show((event as CustomEvent<string>).detail);
  private readonly refused = (event: Event): void => {
    const { xhr } = (event as CustomEvent<{ xhr: XMLHttpRequest }>).detail;
    if (xhr.status === 401) this.show(xhr.responseText);
  };

  connect(): void {
    document.addEventListener("session:over", this.over);
    document.addEventListener("htmx:responseError", this.refused);
  }

  disconnect(): void {
    document.removeEventListener("session:over", this.over);
    document.removeEventListener("htmx:responseError", this.refused);
  }

  hide(): void {
    this.element.hidden = true;
  }

  private show(told: string): void {
    const { error, sign_in: address } = read(told);
    if (error) this.textTarget.textContent = error;
    if (address) this.linkTarget.href = address;
    this.element.hidden = false;
  }
}

function read(told: string): { error?: string; sign_in?: string } {
  try {
    return JSON.parse(told);
  } catch {
    return {};
  }
}
