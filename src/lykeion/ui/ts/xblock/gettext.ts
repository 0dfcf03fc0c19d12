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
