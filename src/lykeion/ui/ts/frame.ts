// The first script of a framed block's document: what an origin of its own lacks goes by way of the page around it.
import { call, handlerAddress, tell } from "./frame/calls";
import type { ToFrame } from "./frame/messages";
import { framedFetch, FramedRequest } from "./frame/requests";

window.fetch = framedFetch(window.fetch.bind(window));
window.XMLHttpRequest = FramedRequest;
navigator.sendBeacon = (url, body) => {
  const address = handlerAddress(url);
  if (address) void call(address, "POST", [], body);
  return Boolean(address);
};

/** Storage and cookies throw here; blocks get ones that last as long as the frame. */
class Fleeting {
  private readonly values = new Map<string, string>();
  get length(): number {
    return this.values.size;
  }
  key = (index: number): string | null => [...this.values.keys()][index] ?? null;
  getItem = (name: string): string | null => this.values.get(String(name)) ?? null;
  setItem = (name: string, value: string): void => void this.values.set(String(name), String(value));
  removeItem = (name: string): void => void this.values.delete(String(name));
  clear = (): void => this.values.clear();
}
Object.defineProperty(document, "cookie", { get: () => "", set: () => undefined });
for (const name of ["localStorage", "sessionStorage"]) Object.defineProperty(window, name, { value: new Fleeting() });

document.addEventListener("DOMContentLoaded", () => {
  const height = (): void => tell({ lykeion: "height", height: Math.ceil(document.documentElement.getBoundingClientRect().height) });
  new ResizeObserver(height).observe(document.documentElement);
  const runtime = window.LmsRuntime?.v1;
  const Logger = window.Logger;
  if (Logger) Logger.log = wrapped(Logger.log, (name, data) => tell({ lykeion: "event", name, data: JSON.stringify(data ?? {}) }));
  if (runtime) runtime.told = (name: string, data: unknown) => tell({ lykeion: "notify", name, data: cloneable(data) });
});

function wrapped(real: Function, also: (name: string, data: unknown) => void): (name: string, data: unknown, element?: unknown) => void {
  return (name, data, element) => {
    also(name, data);
    real(name, data, element);
  };
}

function cloneable(data: unknown): unknown {
  return data === undefined ? undefined : JSON.parse(JSON.stringify(data));
}

addEventListener("message", (event: MessageEvent<ToFrame>) => {
  if (event.source !== parent || event.data?.lykeion !== "ready") return;
  if (event.data.theme) document.documentElement.dataset.theme = event.data.theme;
  else delete document.documentElement.dataset.theme;
});

document.addEventListener("click", (event) => {
  const link = (event.target as Element).closest?.<HTMLAnchorElement>("a[href]");
  if (!link || event.defaultPrevented) return;
  const written = link.getAttribute("href") ?? "";
  if (written.startsWith("#")) {
    event.preventDefault();
    document.getElementById(decodeURIComponent(written.slice(1)))?.scrollIntoView();
  } else if (!link.target && new URL(link.href, document.baseURI).origin === new URL(document.baseURI).origin) {
    event.preventDefault();
    const address = handlerAddress(link.href);
    if (address) void download(address, link.download);
    else tell({ lykeion: "visit", url: link.href });
  }
});

/** A form that no script took goes to its handler, and the page shows the block anew. */
document.addEventListener("submit", (event) => {
  const form = event.target as HTMLFormElement;
  const address = handlerAddress(form.action);
  if (event.defaultPrevented || !address) return;
  event.preventDefault();
  const body = new FormData(form, (event as SubmitEvent).submitter);
  void call(address, "POST", [["x-requested-with", "XMLHttpRequest"]], body).then(() => tell({ lykeion: "reload" }));
});

async function download(url: string, name: string): Promise<void> {
  const answer = await call(url, "GET", [], undefined);
  const header = (wanted: string): string => answer.headers.find(([known]) => known.toLowerCase() === wanted)?.[1] ?? "";
  const link = document.createElement("a");
  link.href = URL.createObjectURL(new Blob([answer.body], { type: header("content-type") }));
  link.download = name || /filename="?([^";]+)/.exec(header("content-disposition"))?.[1] || "download";
  link.target = "_self";
  link.click();
}
