import { csrfToken } from "../csrf";

interface Asked {
  type: string;
  url: string;
}

const HARMLESS = new Set(["GET", "HEAD", "OPTIONS", "TRACE"]);

/**
 * Blocks post with plain `$.ajax`: their requests to our own site carry Django's token. Others' never do. What else on
 * the page hangs on their answers hears of them (`xblock:answered`).
 */
export function carryCsrf(jQuery: JQueryFactory): void {
  // Not on the event "ajaxSend": editors of Open edX send with `global: false`, which keeps it from them.
  jQuery.ajaxPrefilter((settings: Asked, _given: unknown, request: XMLHttpRequest) => {
    if (acts(settings)) request.setRequestHeader("X-CSRFToken", csrfToken());
  });
  jQuery(document).on("ajaxSuccess", (_event: unknown, _request: XMLHttpRequest, settings: Asked) => {
    if (acts(settings)) document.dispatchEvent(new CustomEvent("xblock:answered"));
  });
}

/** Whether a request may change something on our own site. */
function acts(asked: Asked): boolean {
  return new URL(asked.url, document.baseURI).origin === location.origin && !HARMLESS.has(asked.type.toUpperCase());
}
