import { csrfToken } from "../csrf";

const HARMLESS = new Set(["GET", "HEAD", "OPTIONS", "TRACE"]);

/** Blocks post with plain `$.ajax`: their requests to our own site carry Django's token. Others' never do. */
export function carryCsrf(jQuery: JQueryFactory): void {
  jQuery(document).on("ajaxSend", (_event: unknown, request: XMLHttpRequest, settings: { type: string; url: string }) => {
    const own = new URL(settings.url, location.href).origin === location.origin;
    if (own && !HARMLESS.has(settings.type.toUpperCase())) request.setRequestHeader("X-CSRFToken", csrfToken());
  });
}
