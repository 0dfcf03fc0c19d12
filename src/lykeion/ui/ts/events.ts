// What the learner did in the browser, on its way to the tracking log (POST /event).
import { csrfToken } from "./csrf";
import { meta } from "./page-meta";

interface BrowserEvent {
  event_type: string;
  event: string;
  page: string;
}

const FULL = 20;
const PAUSE_MS = 2000;
let waiting: BrowserEvent[] = [];
let timer: ReturnType<typeof setTimeout> | undefined;

/** Takes note of an event; it is sent with others soon, at the latest when the page is left. */
export function logEvent(name: string, data: unknown): void {
  const event = typeof data === "string" ? data : JSON.stringify(data ?? {});
  waiting.push({ event_type: name, event, page: location.href });
  clearTimeout(timer);
  if (waiting.length >= FULL) sendEvents();
  else timer = setTimeout(sendEvents, PAUSE_MS);
}

/** Sends what waits, in a way that outlives the page. */
export function sendEvents(): void {
  const url = meta("lykeion-events");
  if (!waiting.length || !url) return;
  const body = new FormData();
  body.set("csrfmiddlewaretoken", csrfToken());
  body.set("events", JSON.stringify(waiting));
  waiting = [];
  if (!navigator.sendBeacon(url, body)) void fetch(url, { method: "POST", body, keepalive: true }).catch(() => undefined);
}
