// The page's side of a framed block. Everything that comes from the frame is hostile until it was checked here.
import { csrfToken, signedOut } from "../csrf";
import { logEvent } from "../events";
import type { Answer, Body, Call, FromFrame, ToFrame } from "./messages";

const TALLEST = 30_000; // pixels
const HEADERS = new Set(["accept", "content-type", "x-requested-with", "range"]);
const METHODS = new Set(["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE"]);
const HIDDEN_STEPS = /%2f|%5c|%2e|\\|\/\.\.?(\/|$)/i;
const PARTS_OF_COURSES = /^\/courses\/[^/]+\/(jump_to|jump_to_id|courseware|course|progress|dates|about|info)(\/|$)/;

/** Listens to the frame until the function it returns is called. */
export function serve(frame: HTMLIFrameElement): () => void {
  const listen = (event: MessageEvent): void => {
    if (frame.contentWindow && event.source === frame.contentWindow) answer(frame, event.data as FromFrame);
  };
  addEventListener("message", listen);
  const looks = new MutationObserver(() => greet(frame));
  looks.observe(document.documentElement, { attributeFilter: ["data-theme"] });
  greet(frame);
  return () => {
    removeEventListener("message", listen);
    looks.disconnect();
  };
}

function answer(frame: HTMLIFrameElement, message: FromFrame): void {
  switch (message?.lykeion) {
    case "call": return void ask(frame, message);
    case "hello": return greet(frame);
    case "height": return fit(frame, message.height);
    case "event": return logEvent(String(message.name).slice(0, 255), String(message.data));
    case "notify": return notify(frame, String(message.name), message.data);
    case "visit": return visit(String(message.url));
    case "reload": return location.reload();
  }
}

/** Says that the page listens, and in which theme it is now. */
function greet(frame: HTMLIFrameElement): void {
  const theme = document.documentElement.dataset.theme ?? "";
  frame.contentWindow?.postMessage({ lykeion: "ready", theme } satisfies ToFrame, "*");
}

function fit(frame: HTMLIFrameElement, height: unknown): void {
  const pixels = Number(height);
  if (pixels >= 0) frame.style.blockSize = `${Math.min(pixels, TALLEST)}px`;
}

function notify(frame: HTMLIFrameElement, name: string, data: unknown): void {
  if (/^[\w.-]{1,60}$/.test(name)) frame.dispatchEvent(new CustomEvent(`xblock:${name}`, { bubbles: true, detail: data }));
}

/** Follows a link to a part of a course, after a person's click or key only. */
function visit(url: string): void {
  const there = URL.canParse(url) ? new URL(url) : undefined;
  if (there?.origin === location.origin && PARTS_OF_COURSES.test(there.pathname) && navigator.userActivation?.isActive) location.assign(there);
}

/** Whether `url` is below one of the addresses that the server named for this frame. */
export function mayAsk(frame: HTMLIFrameElement, url: string): boolean {
  if (!URL.canParse(url)) return false;
  const { origin, pathname } = new URL(url);
  const prefixes = JSON.parse(frame.dataset.handlers ?? "[]") as string[];
  return origin === location.origin && !HIDDEN_STEPS.test(pathname) && prefixes.some((prefix) => decodeURIComponent(pathname).startsWith(`${decodeURIComponent(prefix)}/`));
}

async function ask(frame: HTMLIFrameElement, call: Call): Promise<void> {
  const reply = await perform(frame, call).catch(() => failed(call));
  frame.contentWindow?.postMessage(reply, "*", [reply.body]);
}

async function perform(frame: HTMLIFrameElement, call: Call): Promise<Answer> {
  if (!mayAsk(frame, call.url) || !METHODS.has(call.method)) return failed(call);
  const headers = new Headers(call.headers.filter(([name]) => HEADERS.has(name.toLowerCase())));
  headers.set("X-Requested-With", "XMLHttpRequest");
  const sends = call.method !== "GET" && call.method !== "HEAD";
  if (sends) headers.set("X-CSRFToken", csrfToken());
  const body = sends ? bodyOf(call.body, headers) : null;
  // A redirect could lead to any page that this person may read: it is not followed.
  const reply = await fetch(call.url, { method: call.method, headers, body, credentials: "same-origin", redirect: "manual" });
  if (reply.status === 401) signedOut(await reply.clone().text());
  return { lykeion: "answer", id: call.id, status: reply.status, statusText: reply.statusText, headers: [...reply.headers], body: await reply.arrayBuffer() };
}

function bodyOf(given: Body, headers: Headers): BodyInit | null {
  if (given === null || typeof given === "string" || given instanceof Blob || given instanceof ArrayBuffer) return given;
  headers.delete("content-type"); // the browser's own, with its boundary
  const form = new FormData();
  for (const [name, value] of given.form) form.append(name, value);
  return form;
}

function failed(call: Call): Answer {
  return { lykeion: "answer", id: call.id, status: 0, statusText: "", headers: [], body: new ArrayBuffer(0) };
}
