import { autocompletion, completionKeymap } from "@codemirror/autocomplete";
import { type ElementSpec, xml } from "@codemirror/lang-xml";
import { type Diagnostic, forceLinting, linter, lintGutter, lintKeymap } from "@codemirror/lint";
import type { Text } from "@codemirror/state";
import { EditorView, keymap } from "@codemirror/view";
import { edit } from "../../../blocks/builtin/problem/static/code/editor";
import { post } from "../csrf";

interface Word {
  name: string;
  about?: string;
  children?: string[];
  top?: boolean;
  attributes: { name: string; about?: string; values?: string[] }[];
}

interface Mark {
  text: string;
  level: "error" | "warning" | "access";
  line: number;
  start: number;
  end: number;
}

export interface Source {
  goto(line: number): void;
  close(): void;
}

const PAUSE_MS = 400;

/** The editor of XML on a text area: completes words of the language, and shows what is wrong where it stands. */
export function startSource(source: HTMLTextAreaElement, check: string, note: (html: string) => void): Source {
  const words = JSON.parse(document.getElementById("problem-words")?.textContent ?? "[]") as Word[];
  const marks = linter((view) => marked(view, check, note), { delay: PAUSE_MS });
  const colours = [
    xml({ elements: words.map(spec) }),
    autocompletion({ icons: false }),
    marks,
    lintGutter(),
    LOOKS,
    keymap.of([...completionKeymap, ...lintKeymap]),
  ];
  const editor = edit(source, { colours, tab: 2, numbers: true });
  const goto = (line: number): void => show(editor.view, line);
  const typing = document.activeElement === source;
  source.hidden = true;
  if (typing) editor.view.focus();
  forceLinting(editor.view);
  if (source.dataset.line) goto(Number(source.dataset.line));
  return { goto, close: () => editor.close() };
}

function spec({ name, about, children, top, attributes }: Word): ElementSpec {
  return {
    name,
    top: top ?? false,
    ...(children ? { children } : {}),
    ...(about ? { completion: { info: about } } : {}),
    attributes: attributes.map((one) => ({ name: one.name, ...(one.values ? { values: one.values } : {}), ...(one.about ? { completion: { info: one.about } } : {}) })),
  };
}

/** Without an answer (no network) the text is without marks; the form says that it is not saved. */
async function marked(view: EditorView, check: string, note: (html: string) => void): Promise<Diagnostic[]> {
  const body = new FormData();
  const { doc } = view.state;
  body.set("xml", doc.toString());
  const answer = await post(check, body).catch(() => undefined);
  if (!answer?.ok) return [];
  const { marks, notes } = (await answer.json()) as { marks: Mark[]; notes: string };
  if (view.state.doc.eq(doc)) note(notes);
  return marks.map((mark) => diagnostic(doc, mark));
}

function diagnostic(doc: Text, { text, level, line, start, end }: Mark): Diagnostic {
  const at = doc.line(Math.min(Math.max(line, 1), doc.lines));
  const from = Math.min(at.from + start, at.to);
  return { from, to: Math.min(at.from + end, at.to), severity: level === "error" ? "error" : "warning", message: text };
}

function show(view: EditorView, line: number): void {
  const at = view.state.doc.line(Math.min(Math.max(line, 1), view.state.doc.lines));
  view.dispatch({ selection: { anchor: at.from, head: at.to }, effects: EditorView.scrollIntoView(at.from, { y: "center" }) });
  view.focus();
}

const LOOKS = EditorView.theme({
  ".cm-tooltip": { color: "var(--ink)", backgroundColor: "var(--surface)", border: "1px solid var(--line-strong)", borderRadius: "var(--radius)" },
  ".cm-tooltip-autocomplete > ul > li": { padding: "var(--space-1) var(--space-2)" },
  ".cm-tooltip.cm-tooltip-autocomplete > ul > li[aria-selected]": { color: "var(--on-accent)", backgroundColor: "var(--accent)" },
  ".cm-completionInfo": { padding: "var(--space-2)", maxInlineSize: "20rem" },
  ".cm-diagnostic": { padding: "var(--space-2)" },
  ".cm-diagnostic-error": { borderInlineStart: "4px solid var(--bad)" },
  ".cm-diagnostic-warning": { borderInlineStart: "4px solid var(--warn)" },
  ".cm-lintRange-error": { backgroundImage: "none", textDecoration: "underline wavy var(--bad)" },
  ".cm-lintRange-warning": { backgroundImage: "none", textDecoration: "underline wavy var(--warn)" },
});
