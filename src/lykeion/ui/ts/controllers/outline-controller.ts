import { Controller } from "@hotwired/stimulus";
import { announce, toast } from "../live";
import { addressOf, fits, itemOf, kindOf, made, rowOf, send, shut, type Answer } from "../outline";

type Urls = Record<"tree" | "children" | "add" | "rename" | "move" | "duplicate" | "copy" | "paste" | "remove", string>;

/**
 * The outline of a course: opens and closes what lies below a row (and remembers it), renames in place, and sends what is
 * done by menus, keys and drags. The server answers with the lists and rows that look otherwise (studio/replies.py).
 */
export default class extends Controller<HTMLElement> {
  static targets = ["tree", "menu", "rename", "whole"];
  static values = { run: String, urls: Object, clip: String, clipTitle: String, mayEdit: Boolean };
  declare readonly treeTarget: HTMLElement;
  declare readonly wholeTarget: HTMLElement;
  declare readonly menuTargets: HTMLTemplateElement[];
  declare readonly renameTarget: HTMLTemplateElement;
  declare readonly runValue: string;
  declare readonly urlsValue: Urls;
  declare clipValue: string;
  declare clipTitleValue: string;
  declare readonly mayEditValue: boolean;
  private waiting: Promise<unknown> = Promise.resolve();
  private last = ""; // what was changed last
  private near?: IntersectionObserver;

  connect(): void {
    this.element.addEventListener("click", this.clicked);
    this.element.addEventListener("dblclick", this.clickedTwice);
    this.element.addEventListener("submit", this.submitted);
    this.element.addEventListener("toggle", this.toggled, true);
    this.element.addEventListener("outline-dialog:sending", this.sending);
    if (this.kept) void this.load(this.kept);
    else this.showPaste();
  }

  disconnect(): void {
    this.element.removeEventListener("click", this.clicked);
    this.element.removeEventListener("dblclick", this.clickedTwice);
    this.element.removeEventListener("submit", this.submitted);
    this.element.removeEventListener("toggle", this.toggled, true);
    this.element.removeEventListener("outline-dialog:sending", this.sending);
    this.near?.disconnect();
  }

  expandAll(event: Event): void {
    shut(event.currentTarget as Element);
    void this.load("*");
  }

  collapseAll(event: Event): void {
    shut(event.currentTarget as Element);
    void this.load("");
  }

  /** A dialog or another controller changed something. */
  changed(event: CustomEvent<Answer>): void {
    event.preventDefault();
    this.apply(event.detail);
  }

  undone(event: CustomEvent): void {
    event.preventDefault();
    const before = new Set(this.refs);
    void this.load(this.open, () => {
      announce(this.element.dataset.undoneText ?? "");
      this.focus(this.refs.find((ref) => !before.has(ref)) ?? this.last);
    });
  }

  dropped(event: CustomEvent<{ ref: string; parent: string; index: string }>): void {
    this.queue(this.urlsValue.move, { ...event.detail });
  }

  /** A hit of the search: opens what it lies in, and goes there. */
  async reveal(event: Event): Promise<void> {
    const hit = (event.target as Element).closest<HTMLElement>("[data-reveal]");
    if (!hit) return;
    event.preventDefault();
    const refs = (hit.dataset.reveal ?? "").trim().split(/\s+/);
    for (const ref of refs.slice(0, -1)) {
      const item = document.getElementById(ref);
      if (item) await this.toggle(item, true);
    }
    this.focus(refs.at(-1) ?? "");
  }

  key(event: KeyboardEvent): void {
    const target = event.target as HTMLElement;
    const adding = target.closest<HTMLDetailsElement>(".tree-add[open]");
    if (adding && event.key === "Escape") {
      adding.open = false;
      return void adding.querySelector("summary")?.focus();
    }
    const item = itemOf(target);
    if (!item || target.closest("form, dialog")) return;
    const toggle = target.closest<HTMLElement>("[data-toggle]");
    const forward = getComputedStyle(item).direction === "rtl" ? "ArrowLeft" : "ArrowRight";
    if (event.key === "F2" && this.mayEditValue) this.rename(item);
    else if (event.altKey && event.key === "ArrowUp" && this.mayEditValue) this.step(item, -1);
    else if (event.altKey && event.key === "ArrowDown" && this.mayEditValue) this.step(item, 1);
    else if (toggle && event.key.startsWith("Arrow") && !event.altKey && /Left|Right/.test(event.key)) void this.toggle(item, event.key === forward);
    else return;
    event.preventDefault();
  }

  // Looking

  private async load(open: string, then?: () => void): Promise<void> {
    const data = new FormData();
    data.set("open", open);
    const { status, html } = await send(this.urlsValue.tree, data);
    if (status !== 200) return;
    this.treeTarget.replaceChildren(made(html));
    this.keep(open);
    this.showPaste();
    this.watch();
    then?.();
  }

  private async toggle(item: HTMLElement, open: boolean): Promise<void> {
    const below = item.querySelector<HTMLElement>(":scope > .tree-below");
    const button = rowOf(item).querySelector("[data-toggle]");
    if (!below || !button) return;
    if (open && !below.childElementCount) {
      const response = await fetch(addressOf(this.urlsValue.children, item.dataset.ref ?? ""), { headers: { "X-Requested-With": "XMLHttpRequest" } });
      if (!response.ok) return;
      below.replaceChildren(made(await response.text()));
      this.showPaste();
    }
    below.hidden = !open;
    button.setAttribute("aria-expanded", String(open));
    if (this.kept !== "*" || !open) this.keep(this.open);
    this.watch();
  }

  /** With everything open, lists that did not come at once open as one gets to them. */
  private watch(): void {
    this.near?.disconnect();
    if (this.kept !== "*") return;
    this.near = new IntersectionObserver((entries) => {
      for (const entry of entries) if (entry.isIntersecting) void this.toggle(itemOf(entry.target) as HTMLElement, true);
    });
    for (const button of this.treeTarget.querySelectorAll('[data-toggle][aria-expanded="false"]')) this.near.observe(button);
  }

  private get open(): string {
    const buttons = this.treeTarget.querySelectorAll('[data-toggle][aria-expanded="true"]');
    return [...buttons].map((button) => itemOf(button)?.dataset.ref).join(" ");
  }

  private get kept(): string {
    return localStorage.getItem(`outline:${this.runValue}`) ?? "";
  }

  private keep(open: string): void {
    localStorage.setItem(`outline:${this.runValue}`, open);
  }

  // Doing

  private clicked = (event: MouseEvent): void => {
    const target = event.target as Element;
    const button = target.closest<HTMLElement>("[data-toggle], [data-do], [data-add-deep], [data-paste-into]");
    if (!button) return;
    const item = itemOf(button);
    const data = button.dataset;
    if ("toggle" in data && item) void this.toggle(item, button.getAttribute("aria-expanded") !== "true");
    else if (data.addDeep) this.queue(this.urlsValue.add, { parent: data.addDeep, deep: "1" });
    else if (data.pasteInto) this.queue(this.urlsValue.paste, { ref: data.pasteInto });
    else if (data.do && item) this.act(data.do, item, data.url);
  };

  private clickedTwice = (event: MouseEvent): void => {
    const name = (event.target as Element).closest(".tree-name strong");
    if (name && this.mayEditValue) this.rename(itemOf(name) as HTMLElement);
  };

  private act(what: string, item: HTMLElement, url?: string): void {
    const ref = item.dataset.ref ?? "";
    shut(rowOf(item).querySelector("details.menu > .menu-panel"));
    if (what === "rename") this.rename(item);
    else if (what === "dialog") this.element.dispatchEvent(new CustomEvent("outline-dialog:ask", { detail: url }));
    else if (what === "up" || what === "down") this.step(item, what === "up" ? -1 : 1);
    else this.queue(this.urlsValue[what as keyof Urls], { ref });
  }

  private step(item: HTMLElement, by: number): void {
    this.queue(this.urlsValue.move, { ref: item.dataset.ref ?? "", by: String(by), key: "1" });
  }

  private submitted = (event: SubmitEvent): void => {
    const form = event.target as HTMLFormElement;
    if (!form.dataset.add) return;
    event.preventDefault();
    const title = new FormData(form).get("title") as string;
    this.queue(this.urlsValue.add, { parent: form.dataset.add, title }, () => this.addAnother(form.dataset.add ?? ""));
  };

  /** Right after adding one, the next name can be typed. */
  private addAnother(parent: string): void {
    const details = document.getElementById(`add-${parent}`)?.closest("details");
    if (details) details.open = true;
    details?.querySelector("input")?.focus();
  }

  private toggled = (event: Event): void => {
    const details = event.target as HTMLDetailsElement;
    if (!details.open) return;
    if (details.matches(".tree-add")) details.querySelector("input")?.focus();
    if (details.matches(".tree-menu")) this.fill(details);
  };

  /** Puts the entries for this row into its menu. */
  private fill(menu: HTMLDetailsElement): void {
    const item = itemOf(menu) as HTMLElement;
    const { ref = "", kind = "" } = item.dataset;
    const status = rowOf(item).dataset.status ?? "";
    const template = this.menuTargets.find((one) => one.dataset.kind === kind);
    const panel = menu.querySelector(".menu-panel");
    if (!template || !panel) return;
    panel.replaceChildren(template.content.cloneNode(true));
    const shown: Record<string, boolean> = {
      unpublished: status !== "published",
      changed: status === "changed",
      "paste-in": Boolean(this.clipValue) && fits(this.clipValue, kind),
      "paste-after": this.clipValue === kind,
    };
    for (const entry of panel.querySelectorAll<HTMLElement>(".menu-item")) {
      if (entry.dataset.when && !shown[entry.dataset.when]) entry.remove();
      if (entry.dataset.url) entry.dataset.url = addressOf(entry.dataset.url, ref);
      if (entry instanceof HTMLAnchorElement) entry.href = addressOf(entry.getAttribute("href") ?? "", ref);
    }
    this.nameClip(panel);
  }

  private rename(item: HTMLElement): void {
    const row = rowOf(item);
    const line = row.querySelector<HTMLElement>(".tree-line");
    if (!line || row.querySelector(".tree-rename")) return;
    const form = this.renameTarget.content.firstElementChild?.cloneNode(true) as HTMLFormElement;
    const input = form.querySelector("input") as HTMLInputElement;
    input.id = `name-${item.dataset.ref}`;
    form.querySelector("label")?.setAttribute("for", input.id);
    input.value = row.dataset.title ?? "";
    line.hidden = true;
    line.after(form);
    input.focus();
    input.select();
    const close = (): void => {
      line.hidden = false;
      form.remove();
      row.querySelector<HTMLElement>(".tree-pen")?.focus();
    };
    const save = (): void => {
      const title = input.value.trim();
      if (!title || title === row.dataset.title) return close();
      this.queue(this.urlsValue.rename, { ref: item.dataset.ref ?? "", base: row.dataset.base ?? "", title });
    };
    form.addEventListener("submit", (event) => (event.preventDefault(), save()));
    form.addEventListener("keydown", (event) => {
      if (event.key === "Escape") close();
    });
    form.querySelector("[data-cancel]")?.addEventListener("click", close);
  }

  /** Sends one thing after the other, so that each sees what the one before did. */
  private queue(url: string, values: Record<string, string>, then?: () => void): void {
    this.waiting = this.waiting.then(() => this.send(url, values, then)).catch(() => void this.dispatch("failed", { prefix: "request" }));
  }

  private async send(url: string, values: Record<string, string>, then?: () => void): Promise<void> {
    const data = new FormData();
    for (const [name, value] of Object.entries(values)) data.set(name, value);
    data.set("open", this.open);
    this.element.setAttribute("aria-busy", "true");
    const { status, answer } = await send(url, data).finally(() => this.element.removeAttribute("aria-busy"));
    if (answer.dialog) this.element.dispatchEvent(new CustomEvent("outline-dialog:show", { detail: answer.dialog }));
    else if (status >= 400) {
      toast({ text: answer.error ?? "" });
      if (status === 404) await this.load(this.open); // somebody took it away: show what there is now
    } else {
      this.apply(answer);
      then?.();
    }
  }

  private sending = (event: Event): void => {
    ((event as CustomEvent).detail as FormData).set("open", this.open);
  };

  private apply(answer: Answer): void {
    for (const [ref, html] of Object.entries(answer.lists ?? {})) document.getElementById(`in-${ref}`)?.replaceWith(made(html));
    for (const [ref, html] of Object.entries(answer.rows ?? {})) this.replaceRow(ref, html);
    if (answer.whole) this.wholeTarget.replaceChildren(made(answer.whole));
    if (answer.clip) [this.clipValue, this.clipTitleValue] = [answer.clip.kind, answer.clip.title];
    this.showPaste();
    this.watch();
    if (answer.focus) this.focus(answer.focus, ...Object.keys(answer.lists ?? {}).reverse());
    const text = [answer.say, ...(answer.notes ?? [])].filter(Boolean).join(" ");
    if (text && (answer.undo || answer.notes?.length || answer.toast)) toast({ text, ...(answer.undo ? { undo: answer.undo } : {}) });
    else if (text) announce(text);
  }

  private replaceRow(ref: string, html: string): void {
    const item = document.getElementById(ref);
    if (!item) return;
    const row = made(html);
    const below = item.querySelector<HTMLElement>(":scope > .tree-below");
    row.querySelector("[data-toggle]")?.setAttribute("aria-expanded", String(Boolean(below && !below.hidden)));
    rowOf(item).replaceWith(row);
  }

  /** Goes to the first of `refs` that can be seen. */
  private focus(...refs: string[]): void {
    this.last = refs[0] ?? "";
    const rows = refs.map((ref) => document.getElementById(ref)?.querySelector<HTMLElement>(":scope > .tree-row"));
    const row = rows.find((one) => one?.checkVisibility());
    const target = row?.querySelector<HTMLElement>(".tree-name a, [data-toggle]") ?? this.element.querySelector<HTMLElement>("h1");
    if (!target) return;
    if (target.matches("h1")) target.tabIndex = -1;
    target.focus({ preventScroll: true });
    row?.scrollIntoView({ block: "nearest" });
  }

  private get refs(): string[] {
    return [...this.treeTarget.querySelectorAll<HTMLElement>(".tree-item")].map((item) => item.dataset.ref ?? "");
  }

  private showPaste(): void {
    for (const button of this.element.querySelectorAll<HTMLElement>("[data-paste-into]")) {
      button.hidden = !this.clipValue || !fits(this.clipValue, kindOf(button.dataset.pasteInto ?? ""));
    }
    this.nameClip(this.element);
  }

  private nameClip(within: Element): void {
    for (const name of within.querySelectorAll("[data-clip]")) name.textContent = this.clipTitleValue;
  }
}
