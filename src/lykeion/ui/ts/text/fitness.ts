// Whether a text can be opened as a visual page, or why only its source can be shown.
import { parsed } from "./pieces";

export type Reason = "page" | "script" | "style" | "own" | "events" | "drawing" | "template";

const TAGS: [Reason, string][] = [
  ["script", "script, noscript"],
  ["style", "style, link, meta, base"],
  ["drawing", "svg, math, canvas, applet"],
  ["template", "template, slot"],
];

/** What in `html` a visual editor would spoil, by kind. */
export function unfit(html: string): Reason[] {
  const reasons = new Set<Reason>();
  if (/<!doctype|<\/?(html|head|body|frameset)[\s>]/i.test(html)) reasons.add("page");
  if (/<\?|<%|%>/.test(html)) reasons.add("template");
  const body = parsed(html);
  for (const [reason, tags] of TAGS) if (body.querySelector(tags)) reasons.add(reason);
  for (const one of body.querySelectorAll("*")) {
    if (one.localName.includes("-") || one.localName.includes(":")) reasons.add("own");
    if ([...one.attributes].some(({ name, value }) => /^on/i.test(name) || /^\s*javascript:/i.test(value))) reasons.add("events");
  }
  return [...reasons];
}
