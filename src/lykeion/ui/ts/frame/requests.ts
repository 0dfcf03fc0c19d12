import { call, handlerAddress } from "./calls";
import type { Answer } from "./messages";

/** `fetch`, by way of the page for handlers of blocks. */
export function framedFetch(real: typeof fetch): typeof fetch {
  return async (input, init) => {
    const url = handlerAddress(input instanceof Request ? input.url : input);
    if (!url) return real(input, init);
    const request = input instanceof Request ? input : undefined;
    const headers = [...new Headers(init?.headers ?? request?.headers)] as [string, string][];
    const body = init?.body ?? (request?.body ? await request.blob() : undefined);
    const answer = await call(url, init?.method ?? request?.method ?? "GET", headers, body);
    if (answer.status === 0) throw new TypeError("The page around this frame could not ask the handler");
    const empty = [101, 204, 205, 304].includes(answer.status);
    return new Response(empty ? null : answer.body, { status: answer.status, statusText: answer.statusText, headers: answer.headers });
  };
}

/** `XMLHttpRequest`, by way of the page for handlers of blocks. Requests that should wait (`async` false) cannot. */
export class FramedRequest extends XMLHttpRequest {
  private url: string | undefined;
  private method = "GET";
  private sent: [string, string][] = [];
  private state = 0;
  private answer: Answer | undefined;
  private stopped = false;

  override open(method: string, url: string | URL, wait: boolean = true, user?: string | null, password?: string | null): void {
    this.url = handlerAddress(url);
    if (!this.url) return super.open(method, url, wait, user, password);
    if (!wait) throw new DOMException("A block in a frame cannot ask its handler and wait; ask with async true", "InvalidAccessError");
    Object.assign(this, { method, sent: [], answer: undefined, stopped: false });
    this.become(1);
  }

  override setRequestHeader(name: string, value: string): void {
    if (this.url) this.sent.push([name, value]);
    else super.setRequestHeader(name, value);
  }

  override send(body?: Document | XMLHttpRequestBodyInit | null): void {
    if (!this.url) return super.send(body);
    this.dispatchEvent(new ProgressEvent("loadstart"));
    void call(this.url, this.method, this.sent, body).then((answer) => this.take(answer));
  }

  override abort(): void {
    if (!this.url) return super.abort();
    this.stopped = true;
    this.dispatchEvent(new ProgressEvent("abort"));
    this.dispatchEvent(new ProgressEvent("loadend"));
  }

  private take(answer: Answer): void {
    if (this.stopped) return;
    this.answer = answer;
    for (const state of [2, 3, 4]) this.become(state);
    const size = { loaded: answer.body.byteLength, total: answer.body.byteLength, lengthComputable: true };
    this.dispatchEvent(new ProgressEvent(answer.status ? "load" : "error", size));
    this.dispatchEvent(new ProgressEvent("loadend", size));
  }

  private become(state: number): void {
    this.state = state;
    this.dispatchEvent(new Event("readystatechange"));
  }

  override get readyState(): number {
    return this.url ? this.state : super.readyState;
  }
  override get status(): number {
    return this.url ? (this.answer?.status ?? 0) : super.status;
  }
  override get statusText(): string {
    return this.url ? (this.answer?.statusText ?? "") : super.statusText;
  }
  override get responseURL(): string {
    return this.url ?? super.responseURL;
  }
  override get responseText(): string {
    return this.url ? new TextDecoder().decode(this.answer?.body) : super.responseText;
  }
  override get response(): unknown {
    if (!this.url) return super.response;
    if (!this.answer) return null;
    if (this.responseType === "arraybuffer") return this.answer.body;
    if (this.responseType === "blob") return new Blob([this.answer.body], { type: this.getResponseHeader("content-type") ?? "" });
    if (this.responseType === "json") return parsed(this.responseText);
    return this.responseText;
  }
  override getResponseHeader(name: string): string | null {
    if (!this.url) return super.getResponseHeader(name);
    return this.answer?.headers.find(([known]) => known.toLowerCase() === name.toLowerCase())?.[1] ?? null;
  }
  override getAllResponseHeaders(): string {
    if (!this.url) return super.getAllResponseHeaders();
    return (this.answer?.headers ?? []).map(([name, value]) => `${name}: ${value}\r\n`).join("");
  }
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
