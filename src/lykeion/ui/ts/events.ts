// What the learner did in the browser, on its way to the tracking log (POST /event).
import { csrfToken } from "./csrf";
import { meta } from "./page-meta";

interface BrowserEvent {
  event_type: string;
  event: string;
  page: string;
  time: number; // of this browser's clock: the site takes the difference to when they were sent
}

const FULL = 20;
const FULL_CHARACTERS = 15_000; // with signs of four bytes still below the 64 kB that outlive a page
const LONGEST = 50_000; // events/browser.py: MAX_EVENT_CHARACTERS
const PAUSE_MS = 2000;
let waiting: BrowserEvent[] = [];
let characters = 0;
let last = 0;
let timer: ReturnType<typeof setTimeout> | undefined;

/** Takes note of an event; it is sent with others soon, at the latest when the page is left. */
export function logEvent(name: string, data: unknown): void {
  const event = typeof data === "string" ? data : JSON.stringify(data ?? {});
  if (event.length > LONGEST) return console.warn(`The event ${name} is too long for the tracking log.`); // would be refused with all that go along
  if (characters + event.length > FULL_CHARACTERS) sendEvents();
  last = Math.max(Date.now(), last + 1); // never two at one moment: whoever reads the log knows what came first
  waiting.push({ event_type: name, event, page: location.href, time: last });
  characters += event.length;
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
  body.set("sent", String(Math.max(Date.now(), last)));
  waiting = [];
  characters = 0;
  if (!navigator.sendBeacon(url, body)) void fetch(url, { method: "POST", body }).catch(() => undefined);
}
