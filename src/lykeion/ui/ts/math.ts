// TeX in course text, set by our own copy of MathJax, fetched by the first page that shows a formula.
import { meta } from "./page-meta";

const INLINE = [["\\(", "\\)"], ["[mathjaxinline]", "[/mathjaxinline]"]];
const DISPLAY = [["\\[", "\\]"], ["$$", "$$"], ["[mathjax]", "[/mathjax]"]];
const OPENERS = [...INLINE, ...DISPLAY].map(([open]) => open as string);
let arrival: Promise<void> | undefined;
let queue: Promise<unknown> = Promise.resolve(); // MathJax sets one piece at a time

export function hasMath(element: Element): boolean {
  const text = element.textContent ?? "";
  return OPENERS.some((open) => text.includes(open));
}

/** Typesets the formulas below `element`; fetches MathJax when there are any and it is not here. */
export async function typeset(element: Element): Promise<void> {
  if (!hasMath(element)) return;
  await fetchMathJax();
  const turn = queue.then(() => window.MathJax.typesetPromise([element]));
  queue = turn.catch(() => undefined);
  await turn;
}

function fetchMathJax(): Promise<void> {
  arrival ??= new Promise((resolve, reject) => {
    const source = meta("lykeion-mathjax");
    if (!source) return reject(new Error('The page does not say where MathJax is: <meta name="lykeion-mathjax"> is missing'));
    configure(resolve);
    const script = document.createElement("script");
    script.src = source;
    script.onerror = () => reject(new Error(`MathJax could not be fetched from ${source}`));
    document.head.append(script);
  });
  return arrival;
}

function configure(ready: () => void): void {
  const older = window.MathJax ?? {};
  window.MathJax = {
    Hub: older.Hub,
    tex: { inlineMath: INLINE, displayMath: DISPLAY, processEscapes: false },
    chtml: { scale: 1, matchFontHeight: false },
    options: { enableMenu: false, skipHtmlTags: ["script", "noscript", "style", "textarea", "pre", "code", "annotation", "annotation-xml"] },
    startup: {
      typeset: false,
      ready: () => {
        window.MathJax.startup.defaultReady();
        window.MathJax.Hub = older.Hub; // MathJax 2 as blocks call it (xblock/mathjax.ts)
        window.MathJax.startup.promise.then(ready);
      },
    },
  };
}
