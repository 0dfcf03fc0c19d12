// What the controllers of the outline (outline-*) share: how the server answers a change, and the levels of the tree.
import { post } from "./csrf";

export interface Answer {
  lists?: Record<string, string>;
  rows?: Record<string, string>;
  whole?: string;
  say?: string;
  focus?: string;
  undo?: string;
  notes?: string[];
  toast?: boolean;
  published?: string;
  clip?: { kind: string; title: string };
  error?: string;
  dialog?: string;
}

const LEVELS = ["course", "chapter", "sequential", "vertical"];

/** Whether a block of type `kind` belongs right below one of type `parent`. */
export function fits(kind: string, parent: string): boolean {
  return LEVELS.includes(kind) ? LEVELS.indexOf(parent) + 1 === LEVELS.indexOf(kind) : parent === "vertical";
}

export function kindOf(ref: string): string {
  return ref.split("@", 1)[0] ?? "";
}

export function itemOf(element: Element): HTMLElement | null {
  return element.closest<HTMLElement>(".tree-item");
}

export function rowOf(item: Element): HTMLElement {
  return item.querySelector<HTMLElement>(":scope > .tree-row") as HTMLElement;
}

/** Posts `data`; the answer, whatever its status. A lost connection throws. */
export async function send(url: string, data: FormData): Promise<{ status: number; answer: Answer; html: string }> {
  const response = await post(url, data);
  const text = await response.text();
  const isJson = (response.headers.get("Content-Type") ?? "").includes("json");
  return { status: response.status, answer: isJson ? (JSON.parse(text) as Answer) : {}, html: isJson ? "" : text };
}

/** An address with `REF` in it, for one block. */
export function addressOf(template: string, ref: string): string {
  return template.replace("REF", template.includes("?") ? encodeURIComponent(ref) : encodeURI(ref));
}

/** The one element that `html` describes. */
export function made(html: string): HTMLElement {
  const template = document.createElement("template");
  template.innerHTML = html.trim();
  return template.content.firstElementChild as HTMLElement;
}

/** Closes the menu that `entry` is in; the focus goes back to where it was opened. */
export function shut(entry: Element | null): void {
  const menu = entry?.closest<HTMLDetailsElement>("details.menu[open]");
  if (!menu) return;
  menu.open = false;
  menu.querySelector("summary")?.focus();
}
