import { meta } from "./page-meta";

/** The token Django wants back with every request that changes something. */
export function csrfToken(): string {
  return meta("csrf-token");
}

/** Posts to our own site, with the token. The answer may be an error; a lost connection throws. */
export function post(url: string, body: BodyInit, contentType?: string): Promise<Response> {
  const headers: Record<string, string> = { "X-CSRFToken": csrfToken(), "X-Requested-With": "XMLHttpRequest" };
  if (contentType) headers["Content-Type"] = contentType;
  return fetch(url, { method: "POST", body, headers, credentials: "same-origin", keepalive: true });
}

export function postJson(url: string, value: unknown): Promise<Response> {
  return post(url, JSON.stringify(value), "application/json");
}
