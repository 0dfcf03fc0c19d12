import { defaultKeymap, history, historyKeymap, indentLess, indentMore } from "@codemirror/commands";
import { bracketMatching, indentOnInput, indentUnit, syntaxHighlighting } from "@codemirror/language";
import { countColumn, EditorState, type Extension } from "@codemirror/state";
import { drawSelection, EditorView, highlightActiveLine, keymap, lineNumbers } from "@codemirror/view";
import { classHighlighter } from "@lezer/highlight";

export { language } from "./languages";

export interface Editor {
  view: EditorView;
  /** Takes over what stands in the text area. */
  read(): void;
  close(): void;
}

interface Options {
  colours: Extension;
  tab: number;
  numbers: boolean;
}

const LEAVE_MS = 600_000; // until the next key: CodeMirror's own two seconds are too short for many people

/** An editor right before `source`, named and described as it is. */
export function edit(source: HTMLTextAreaElement, options: Options): Editor {
  const extensions = [options.colours, ...behaviour(options), named(source), written(source)];
  const view = new EditorView({ state: EditorState.create({ doc: source.value, extensions }) });
  source.before(view.dom);
  const label = source.labels?.[0];
  const focus = (): void => view.focus();
  label?.addEventListener("click", focus);
  return {
    view,
    read: () => replace(view, source.value),
    close: () => {
      label?.removeEventListener("click", focus);
      view.destroy();
    },
  };
}

function replace(view: EditorView, text: string): void {
  if (text !== view.state.doc.toString()) view.dispatch({ changes: { from: 0, to: view.state.doc.length, insert: text } });
}

function behaviour({ tab, numbers }: Options): Extension[] {
  return [
    numbers ? lineNumbers() : [],
    history(),
    drawSelection(),
    indentOnInput(),
    bracketMatching(),
    highlightActiveLine(),
    syntaxHighlighting(classHighlighter),
    indentUnit.of(" ".repeat(tab)),
    EditorState.tabSize.of(tab),
    EditorView.lineWrapping,
    LOOKS,
    keymap.of([{ key: "Escape", run: letGo }, ...defaultKeymap, ...historyKeymap, { key: "Tab", run: indent, shift: indentLess }]),
  ];
}

/** Our own colours, which change with the page's; CodeMirror's rules stand above those of style sheets. */
const LOOKS = EditorView.theme({
  "&": { direction: "ltr", color: "var(--ink)", backgroundColor: "var(--paper)", fontSize: "var(--text-sm)" },
  "&.cm-focused": { outline: "3px solid var(--accent)", outlineOffset: "1px" },
  ".cm-scroller": { fontFamily: "var(--font-code)", lineHeight: "1.5", maxBlockSize: "min(70vh, calc(var(--rows) * 1.5em + 1rem))", minBlockSize: "min(20rem, calc(var(--rows) * 1.5em + 1rem))" },
  ".cm-content": { caretColor: "var(--ink)", padding: "0.5rem 0" },
  ".cm-cursor": { borderLeftColor: "var(--ink)" },
  ".cm-gutters": { color: "var(--ink-soft)", backgroundColor: "var(--sunken)", borderRight: "1px solid var(--line)" },
  ".cm-activeLine, .cm-activeLineGutter": { backgroundColor: "transparent" },
  "&.cm-focused .cm-activeLine": { backgroundColor: "color-mix(in srgb, var(--accent) 8%, transparent)" },
  "&.cm-focused > .cm-scroller > .cm-selectionLayer .cm-selectionBackground, .cm-selectionBackground": {
    backgroundColor: "color-mix(in srgb, var(--accent) 30%, transparent)",
  },
  "&.cm-focused .cm-matchingBracket": { backgroundColor: "transparent", outline: "1px solid var(--accent)" },
});

/** After Escape, the next Tab moves on in the page. */
function letGo(view: EditorView): boolean {
  view.setTabFocusMode(LEAVE_MS);
  return true;
}

/** Spaces up to the next stop; a selection is indented as a whole. */
function indent(view: EditorView): boolean {
  const { state } = view;
  if (state.readOnly || state.selection.ranges.some((range) => !range.empty)) return indentMore(view);
  const { head } = state.selection.main;
  const column = countColumn(state.sliceDoc(state.doc.lineAt(head).from, head), state.tabSize);
  view.dispatch(state.replaceSelection(" ".repeat(state.tabSize - (column % state.tabSize))), { userEvent: "input", scrollIntoView: true });
  return true;
}

function named(source: HTMLTextAreaElement): Extension {
  const attributes: Record<string, string> = { "aria-describedby": source.getAttribute("aria-describedby") ?? "" };
  const label = source.labels?.[0];
  if (label) {
    label.id ||= `${source.id}_label`;
    attributes["aria-labelledby"] = label.id;
  } else {
    attributes["aria-label"] = source.getAttribute("aria-label") ?? "";
  }
  return [EditorView.contentAttributes.of(attributes), source.disabled ? EditorState.readOnly.of(true) : []];
}

function written(source: HTMLTextAreaElement): Extension {
  return EditorView.updateListener.of((update) => {
    const text = update.state.doc.toString();
    if (!update.docChanged || text === source.value) return;
    source.value = text;
    source.dispatchEvent(new Event("input", { bubbles: true }));
  });
}
