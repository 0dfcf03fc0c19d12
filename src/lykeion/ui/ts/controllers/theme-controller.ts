import { Controller } from "@hotwired/stimulus";

/** Light, dark, or as the device wants; a cookie keeps it, so that the server sends the page in it. */
export default class extends Controller<HTMLElement> {
  connect(): void {
    this.element.hidden = false;
  }

  choose(event: Event): void {
    const theme = (event.target as HTMLInputElement).value;
    if (theme) document.documentElement.dataset.theme = theme;
    else delete document.documentElement.dataset.theme;
    const age = theme ? 31_536_000 : 0;
    const secure = location.protocol === "https:" ? "; Secure" : "";
    document.cookie = `theme=${theme}; Path=/; Max-Age=${age}; SameSite=Lax${secure}`;
  }
}
