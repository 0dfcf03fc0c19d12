// Used where Django's JavaScript catalogue is not on the page: the words stay as they are written.

export const gettext = (text: string): string => text;
export const pgettext = (_context: string, text: string): string => text;
export const ngettext = (one: string, many: string, count: number): string => (count === 1 ? one : many);

/** `interpolate("%s of %s", [1, 2])`, `interpolate("%(n)s", {n: 1}, true)`. */
export function interpolate(format: string, values: Record<string, unknown> | unknown[], named = false): string {
  if (named) return format.replace(/%\((\w+)\)s/g, (_all, name: string) => String((values as Record<string, unknown>)[name]));
  const rest = [...(values as unknown[])];
  return format.replace(/%s/g, () => String(rest.shift()));
}

/** Open edX's own: `interpolate_text("{n} files", {n: 2})`. */
export function interpolateText(format: string, values: Record<string, unknown>): string {
  return format.replace(/\{(\w+)\}/g, (all, name: string) => (name in values ? String(values[name]) : all));
}

/** Open edX's own: `interpolate_ntext("{n} file", "{n} files", 2, {n: 2})`. */
export function interpolateManyText(one: string, many: string, count: number, values: Record<string, unknown>): string {
  return interpolateText(window.ngettext?.(one, many, count) ?? ngettext(one, many, count), values);
}
