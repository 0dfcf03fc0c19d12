import type { Answer, Body, Call, FromFrame, ToFrame } from "./messages";

const waiting = new Map<number, (answer: Answer) => void>();
let last = 0;

/** The page may listen later than our scripts run: what it is told before it says that it is ready would be lost. */
const ready = new Promise<void>((resolve) =>
  addEventListener("message", (event: MessageEvent<ToFrame>) => event.source === parent && event.data?.lykeion === "ready" && resolve()),
);
parent.postMessage({ lykeion: "hello" } satisfies FromFrame, "*");

/** Tells the page something, as soon as it listens. */
export function tell(message: FromFrame): void {
  void ready.then(() => parent.postMessage(message, "*"));
}

addEventListener("message", (event: MessageEvent<ToFrame>) => {
  if (event.source !== parent || event.data?.lykeion !== "answer") return;
  waiting.get(event.data.id)?.(event.data);
  waiting.delete(event.data.id);
});

/** The whole address when the page has to ask for it: handlers of blocks; undefined for all else. */
export function handlerAddress(url: string | URL): string | undefined {
  const address = new URL(url, document.baseURI);
  const own = address.origin === new URL(document.baseURI).origin;
  return own && /\/xblock\/[^/]+\/handler\//.test(address.pathname) ? address.href : undefined;
}

/** Has the page ask a handler. Never fails: status 0 says that nobody answered. */
export async function call(url: string, method: string, headers: [string, string][], given: unknown): Promise<Answer> {
  const { body, type } = await portable(given);
  if (type && !headers.some(([name]) => name.toLowerCase() === "content-type")) headers = [...headers, ["content-type", type]];
  const id = ++last;
  const message: Call = { lykeion: "call", id, url, method: method.toUpperCase(), headers, body };
  return new Promise((resolve) => {
    waiting.set(id, resolve);
    tell(message);
  });
}

/** `given` in a form that crosses, with the content type that a browser would give it. */
async function portable(given: unknown): Promise<{ body: Body; type?: string }> {
  if (given == null) return { body: null };
  if (given instanceof FormData) return { body: { form: [...given] } };
  if (given instanceof URLSearchParams) return { body: String(given), type: "application/x-www-form-urlencoded;charset=UTF-8" };
  if (given instanceof Blob) return { body: given, type: given.type };
  if (given instanceof ArrayBuffer) return { body: given };
  if (ArrayBuffer.isView(given)) return { body: given.buffer.slice(given.byteOffset, given.byteOffset + given.byteLength) as ArrayBuffer };
  return { body: String(given), type: "text/plain;charset=UTF-8" };
}
