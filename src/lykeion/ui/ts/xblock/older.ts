// Ways of jQuery 2, which Open edX's pages have, that jQuery 3 dropped.

const CALLS = { success: "done", error: "fail", complete: "always" } as const;
const EVENTS = ["load", "unload", "error"] as const;

export function speakOlderJQuery(jQuery: JQueryFactory): void {
  jQuery.ajaxPrefilter((_options: unknown, _given: unknown, request: Record<string, unknown>) => {
    for (const [old, now] of Object.entries(CALLS)) request[old] = request[now];
  });
  jQuery.fn.size = function (this: JQueryLike): number {
    return this.length;
  };
  jQuery.fn.andSelf = jQuery.fn.addBack;
  for (const name of EVENTS) {
    const now = jQuery.fn[name];
    jQuery.fn[name] = function (this: JQueryLike, first: unknown, ...rest: unknown[]): unknown {
      return typeof first === "string" && now ? now.call(this, first, ...rest) : this.on(name, first, ...rest);
    };
  }
}
