// Small things of Open edX's pages that some blocks call: cookies, dialogs, things that fold, scripts in the page.
import jQuery from "jquery";

interface CookieOptions {
  expires?: number | Date | null;
  path?: string;
  domain?: string;
  secure?: boolean;
}
const DAY_MS = 86_400_000;

/** `$.cookie(name)` reads, `$.cookie(name, value, {expires: days, path: "/"})` writes, `$.cookie(name, null)` removes. */
function cookie(name: string, value?: unknown, options: CookieOptions = {}): string | undefined {
  if (value === undefined) return read(name);
  const gone = value === null;
  const { expires = null, path, domain, secure } = options;
  const until = gone ? new Date(0) : typeof expires === "number" ? new Date(Date.now() + expires * DAY_MS) : expires;
  const parts = [`${encodeURIComponent(name)}=${gone ? "" : encodeURIComponent(String(value))}`];
  if (until) parts.push(`expires=${until.toUTCString()}`);
  if (path) parts.push(`path=${path}`);
  if (domain) parts.push(`domain=${domain}`);
  document.cookie = [...parts, ...(secure ? ["secure"] : [])].join("; ");
  return undefined;
}

function read(name: string): string | undefined {
  const start = `${encodeURIComponent(name)}=`;
  const found = document.cookie.split("; ").find((one) => one.startsWith(start));
  return found === undefined ? undefined : decodeURIComponent(found.slice(start.length));
}

interface ModalOptions {
  top?: number;
  overlay?: number;
  closeButton?: string | null;
}

/** `$("a").leanModal({closeButton})`: each link opens the element that its `href` (or `data-target`) names. */
function leanModal(this: JQueryLike, options: ModalOptions = {}): JQueryLike {
  return this.each((_place: number, link: HTMLElement) => {
    const target = link.getAttribute("href")?.startsWith("#") ? link.getAttribute("href") : link.dataset.target;
    jQuery(link).on("click.leanModal", (event: Event) => {
      event.preventDefault();
      if (target) openModal(document.querySelector<HTMLElement>(target), link, options);
    });
  });
}

function openModal(modal: HTMLElement | null, opener: HTMLElement, { top = 100, overlay = 0.5, closeButton }: ModalOptions): void {
  if (!modal) return;
  const shade = shadeOf(overlay);
  const close = (): void => {
    shade.remove();
    modal.style.display = "none";
    document.removeEventListener("keydown", onKey);
    opener.focus();
  };
  const onKey = (event: KeyboardEvent): void => {
    if (event.key === "Escape") close();
  };
  Object.assign(modal.style, { display: "block", position: "fixed", zIndex: "11000", left: "50%", top: `${top}px`, maxWidth: "96vw", maxHeight: "80vh", overflow: "auto" });
  modal.style.marginLeft = `${-modal.offsetWidth / 2}px`; // as in the original: blocks' own styles take it back by this name
  modal.setAttribute("role", "dialog");
  modal.setAttribute("aria-modal", "true");
  modal.tabIndex = -1;
  shade.addEventListener("click", close);
  document.addEventListener("keydown", onKey);
  if (closeButton) jQuery(closeButton).off("click.leanModal").on("click.leanModal", close);
  modal.focus();
}

function shadeOf(overlay: number): HTMLElement {
  const shade = document.getElementById("lean_overlay") ?? document.body.appendChild(document.createElement("div"));
  shade.id = "lean_overlay";
  Object.assign(shade.style, { display: "block", position: "fixed", inset: "0", zIndex: "10000", background: "black", opacity: String(overlay) });
  return shade;
}

/** Texts with a `.longform` part that folds away behind a link, as in problems of old. */
const Collapsible = {
  setCollapsibles(element: unknown): void {
    jQuery(element).find(".longform").hide();
    jQuery(element).find(".shortform").each((_place: number, short: HTMLElement) => {
      const link = document.createElement("button");
      link.type = "button";
      link.textContent = window.gettext("See full output");
      link.setAttribute("aria-expanded", "false");
      link.addEventListener("click", () => {
        const open = link.getAttribute("aria-expanded") !== "true";
        link.setAttribute("aria-expanded", String(open));
        link.textContent = window.gettext(open ? "Hide output" : "See full output");
        jQuery(short).siblings(".longform").toggle(open);
      });
      short.append(link);
    });
  },
};

/** Loads the scripts that `.script_placeholder` elements name, one after the other. */
const JavascriptLoader = {
  executeModuleScripts(element: unknown, done?: () => void): void {
    const places: HTMLElement[] = jQuery(element).find(".script_placeholder").toArray();
    const sources = [...new Set(places.map((place) => place.dataset.src).filter((src) => src !== undefined))];
    for (const place of places) place.remove();
    const loaded = sources.reduce((before, src) => before.then(() => load(src)), Promise.resolve());
    void loaded.then(() => done?.());
  },
};

function load(src: string): Promise<void> {
  return new Promise((resolve, reject) => {
    const script = document.head.appendChild(document.createElement("script"));
    script.onload = () => resolve();
    script.onerror = () => reject(new Error(`${src} cannot be loaded`));
    script.src = src;
  });
}

/** `$("input").timepicker({timeFormat: "H:i", step: 60})`: the hours of the day to choose from; any other time is typed. */
function timepicker(this: JQueryLike, options: unknown = {}): JQueryLike {
  const { step = 30 } = (typeof options === "object" ? options : {}) as { step?: number };
  const list = document.body.appendChild(document.createElement("datalist"));
  list.id = `times-${document.querySelectorAll("datalist").length}`;
  for (let minutes = 0; minutes < 24 * 60; minutes += step) list.append(new Option(`${two(minutes / 60)}:${two(minutes % 60)}`));
  return this.attr({ list: list.id, placeholder: "00:00", autocomplete: "off" });
}

const two = (count: number): string => String(Math.floor(count)).padStart(2, "0");

jQuery.cookie = cookie;
jQuery.fn.timepicker = timepicker;
jQuery.removeCookie = (name: string, options?: CookieOptions): void => void cookie(name, null, options);
jQuery.fn.leanModal = leanModal;
/** Addresses in HTML that begin with `from` (after a quote) are made to begin with `to`. */
function rewriteStaticLinks(content: string, from: string | null, to: string | null): string {
  if (from === null || to === null) return content;
  return ['"', "'"].reduce((text, quote) => text.replaceAll(quote + from, quote + to), content);
}
window.rewriteStaticLinks ??= rewriteStaticLinks;
window.Collapsible ??= Collapsible;
window.JavascriptLoader ??= JavascriptLoader;
