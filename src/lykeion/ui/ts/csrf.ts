import { meta } from "./page-meta";

/** The token Django wants back with every request that changes something: today's, if somebody signed in meanwhile. */
export function csrfToken(): string {
  const cookie = document.cookie.split("; ").find((pair) => pair.startsWith("csrftoken="));
  return cookie ? decodeURIComponent(cookie.slice("csrftoken=".length)) : meta("csrf-token");
}

/** Posts to our own site, with the token. The answer may be an error; a lost connection throws. */
export async function post(url: string, body: BodyInit, contentType?: string): Promise<Response> {
  const headers: Record<string, string> = { "X-CSRFToken": csrfToken(), "X-Requested-With": "XMLHttpRequest" };
  if (contentType) headers["Content-Type"] = contentType;
  const answer = await fetch(url, { method: "POST", body, headers, credentials: "same-origin", keepalive: isSmall(body) });
  if (answer.status === 401) signedOut(await answer.clone().text());
  return answer;
}

/** Browsers let only 64 KiB outlive the page; a request that is larger and asks for it would not be sent at all. */
function isSmall(body: BodyInit): boolean {
  const texts = body instanceof FormData ? [...body].flat() : [body];
  const length = texts.reduce((sum, text) => sum + (typeof text === "string" ? text.length : Infinity), 0);
  return length < 15_000; // four bytes a character at most
}

/** Tells the page that the session is over; `told` is the server's JSON: {"error", "sign_in"}. See session-controller. */
export function signedOut(told: string): void {
  document.dispatchEvent(new CustomEvent("session:over", { detail: told }));
}

export function postJson(url: string, value: unknown): Promise<Response> {
  return post(url, JSON.stringify(value), "application/json");
}
