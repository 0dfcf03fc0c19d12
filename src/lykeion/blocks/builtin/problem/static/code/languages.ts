import { StreamLanguage, type StreamParser } from "@codemirror/language";
import type { Extension } from "@codemirror/state";

type Parser = StreamParser<unknown>;

/** Each language is a file of its own, fetched by the pages that need it. */
const LANGUAGES: Record<string, () => Promise<Parser>> = {
  python: async () => (await import("@codemirror/legacy-modes/mode/python")).python as Parser,
  javascript: async () => (await import("@codemirror/legacy-modes/mode/javascript")).javascript as Parser,
  java: async () => (await import("@codemirror/legacy-modes/mode/clike")).java as Parser,
  c: async () => (await import("@codemirror/legacy-modes/mode/clike")).c as Parser,
  cpp: async () => (await import("@codemirror/legacy-modes/mode/clike")).cpp as Parser,
  sql: async () => (await import("@codemirror/legacy-modes/mode/sql")).standardSQL as Parser,
  octave: async () => (await import("@codemirror/legacy-modes/mode/octave")).octave as Parser,
  r: async () => (await import("@codemirror/legacy-modes/mode/r")).r as Parser,
  xml: async () => (await import("@codemirror/legacy-modes/mode/xml")).xml as Parser,
  html: async () => (await import("@codemirror/legacy-modes/mode/xml")).html as Parser,
  css: async () => (await import("@codemirror/legacy-modes/mode/css")).css as Parser,
  shell: async () => (await import("@codemirror/legacy-modes/mode/shell")).shell as Parser,
  haskell: async () => (await import("@codemirror/legacy-modes/mode/haskell")).haskell as Parser,
  ruby: async () => (await import("@codemirror/legacy-modes/mode/ruby")).ruby as Parser,
  go: async () => (await import("@codemirror/legacy-modes/mode/go")).go as Parser,
};

/** What colours and indents a language; nothing for plain text. */
export async function language(mode: string): Promise<Extension> {
  const parser = await LANGUAGES[mode]?.();
  return parser ? StreamLanguage.define(parser) : [];
}
