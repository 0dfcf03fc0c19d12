import type { Page } from "../page";

/** What main.js offers, as soon as it has run (it is deferred; scripts of blocks may run before it). */
export function page(): Promise<Page> {
  if (window.lykeion || document.readyState === "complete") return Promise.resolve(window.lykeion as Page);
  return new Promise((resolve) => addEventListener("DOMContentLoaded", () => resolve(window.lykeion as Page), { once: true }));
}
