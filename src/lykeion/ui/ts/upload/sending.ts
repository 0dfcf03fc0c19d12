import { csrfToken, signedOut } from "../csrf";

/** What the server says of an upload. */
export interface Begun {
  url: string;
  key: string;
  path: string;
  offset: number;
  part: number;
}

/** The server says no, in words for people; `code` tells scripts why. */
export class Refused extends Error {
  constructor(
    message: string,
    readonly code: string,
  ) {
    super(message);
  }
}

const PAUSES = [1000, 2000, 5000, 10_000]; // milliseconds before it is tried again when the network is away

type Watch = { signal: AbortSignal; progress(offset: number): void; lost(): void };

/** Sends a file part after part, from where the server is; waits for the network as long as it takes. */
export async function send(file: File, begun: Begun, watch: Watch): Promise<void> {
  let { offset } = begun;
  watch.progress(offset);
  while (offset < file.size) {
    const part = file.slice(offset, offset + begun.part);
    const answer = await ask(begun.url, { method: "POST", body: part, headers: { "Upload-Offset": `${offset}`, "Content-Type": "application/octet-stream" } }, watch);
    offset = answer.offset;
    watch.progress(offset);
  }
}

/** Asks until there is an answer. 409 with an offset is one: another page, or a lost answer, was quicker. */
export async function ask(url: string, init: RequestInit, watch: Pick<Watch, "signal" | "lost">): Promise<Begun> {
  for (let tries = 0; ; tries++) {
    const answer = await once(url, init, watch.signal);
    if (answer && answer.status < 500) return told(answer);
    watch.lost();
    await pause(PAUSES[Math.min(tries, PAUSES.length - 1)] as number, watch.signal);
  }
}

async function once(url: string, init: RequestInit, signal: AbortSignal): Promise<Response | undefined> {
  const headers = { ...init.headers, "X-CSRFToken": csrfToken(), "X-Requested-With": "XMLHttpRequest" };
  try {
    return await fetch(url, { ...init, headers, signal, credentials: "same-origin" });
  } catch (error) {
    if (signal.aborted) throw error;
    return undefined;
  }
}

async function told(answer: Response): Promise<Begun> {
  const text = await answer.text();
  if (answer.status === 401) signedOut(text);
  const said = text.startsWith("{") ? JSON.parse(text) : {};
  if (answer.ok || (answer.status === 409 && typeof said.offset === "number")) return said as Begun;
  throw new Refused(said.error ?? answer.statusText, said.code ?? "");
}

/** Ends early when the network comes back. */
function pause(time: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(resolve, time);
    window.addEventListener("online", () => resolve(), { once: true });
    signal.addEventListener("abort", () => (clearTimeout(timer), reject(signal.reason)), { once: true });
  });
}
