// `edx.HtmlUtils` and `edx.StringUtils`, as far as blocks use them: text is escaped unless it was marked as HTML.
import jQuery from "jquery";
import underscore from "underscore";

class Html {
  constructor(readonly text: string) {}
  toString(): string {
    return this.text;
  }
}

type Values = Record<string, unknown>;
const fill = (format: string, values: Values): string =>
  format.replace(/{(\w+)}/g, (all, name: string) => (name in values ? String(values[name]) : all));

const HTML = (given: unknown): Html => (given instanceof Html ? given : new Html(given == null ? "" : String(given)));
const ensureHtml = (given: unknown): Html => (given instanceof Html ? given : new Html(underscore.escape(given)));
const put = (how: string) => (element: unknown, html: unknown): JQueryLike => jQuery(element)[how](ensureHtml(html).text);

const HtmlUtils = {
  HTML,
  ensureHtml,
  HtmlSnippet: Html,
  joinHtml: (...parts: unknown[]): Html => new Html(parts.map((part) => ensureHtml(part).text).join("")),
  interpolateHtml(format: unknown, values: Values = {}): Html {
    const safe = Object.fromEntries(Object.entries(values).map(([name, value]) => [name, ensureHtml(value)]));
    return new Html(fill(ensureHtml(format).text, safe));
  },
  template(text: string): (values?: Values) => Html {
    const compiled = underscore.template(text);
    return (values = {}) => new Html(compiled({ HtmlUtils, StringUtils, ...values }));
  },
  setHtml: put("html"),
  append: put("append"),
  prepend: put("prepend"),
};
const StringUtils = { interpolate: (format: string, values: Values = {}): string => fill(format, values) };

export const edx = { HtmlUtils, StringUtils };
