const SCALES: Record<string, number> = { t: 12, T: 12, g: 9, G: 9, M: 6, k: 3, K: 3, m: -3, u: -6, U: -6, µ: -6, μ: -6, n: -9, N: -9, p: -12, P: -12, f: -15, F: -15 };
const NUMBER = /^\s*([+-]?)(?:0[xX]([0-9a-fA-F]+)|0[bB]([01]+)|0([0-7]+)(?![.\d])|(\d+(?:\.\d*)?|\.\d+)(?:[eE]([+-]?\d+)|([a-zA-Zµμ]))?)/;
const PREFIXES: [number, string][] = [[1e12, "T"], [1e9, "G"], [1e6, "M"], [1e3, "k"], [1, ""], [1e-3, "m"], [1e-6, "u"], [1e-9, "n"], [1e-12, "p"], [1e-15, "f"]];

/**
 * A number as engineers write it: `4.7k` is 4700, `10MEG` 1e7 (a capital M is mega, a small one milli), `4us` 4e-6. What
 * follows the letter is ignored. As in Open edX, digits after a leading 0 are octal and 0x and 0b are read. Undefined
 * if there is no number.
 */
export function parseNumber(text: string): number | undefined {
  const found = NUMBER.exec(text);
  if (!found) return undefined;
  const [, minus, hexadecimal, binary, octal, digits, exponent, letter] = found;
  const sign = minus === "-" ? -1 : 1;
  if (hexadecimal) return sign * parseInt(hexadecimal, 16);
  if (binary) return sign * parseInt(binary, 2);
  if (octal) return sign * parseInt(octal, 8);
  return sign * Number(`${digits}e${exponent ?? SCALES[letter ?? ""] ?? 0}`);
}

/** A number for people: at most `digits` significant ones, with the engineer's letter. */
export function engineering(value: number, digits = 4): string {
  if (!Number.isFinite(value)) return String(value);
  if (value === 0) return "0";
  const rounded = Number(value.toPrecision(digits));
  const size = Math.abs(rounded);
  const [scale, letter] = PREFIXES.find(([least]) => size >= least * 0.9999999) ?? [1, ""];
  if (size < 1e-15 || size >= 1e15) return rounded.toExponential(digits - 1);
  return `${Number((rounded / scale).toPrecision(digits))}${letter}`;
}
