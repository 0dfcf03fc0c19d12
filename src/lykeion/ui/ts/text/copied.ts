// What was copied in an editor here comes back as it was. TinyMCE takes any text for its own that says so in a comment,
// and any page can write such a comment: so what was copied is kept in this browser, and only that goes in uncleaned.

const KEPT = "text:copied";
const TYPE = "application/x-lykeion-copied";
const MARK = "<!-- x-tinymce/html -->";
let arrived = "";

/** Watches the document of an editor: keeps what is copied or cut there, and knows it again when it is pasted. */
export function keepCopies(inside: Document): void {
  for (const name of ["copy", "cut"] as const) inside.addEventListener(name, keep);
  inside.addEventListener("paste", (event) => (arrived = known(event.clipboardData)), { capture: true });
  inside.addEventListener("drop", () => (arrived = ""), { capture: true });
}

/** What arrives now, if it was copied here; else nothing. */
export function copiedHere(): string {
  return arrived;
}

function keep(event: ClipboardEvent): void {
  const html = event.clipboardData?.getData("text/html").replace(MARK, "");
  if (!html) return;
  const token = crypto.randomUUID();
  try {
    localStorage.setItem(KEPT, JSON.stringify([token, html]));
    event.clipboardData?.setData(TYPE, token);
  } catch {
    // The browser's storage is full or shut: what is pasted is cleaned, as if it came from elsewhere.
  }
}

function known(data: DataTransfer | null): string {
  const token = data?.getData(TYPE);
  const [kept, html] = JSON.parse(localStorage.getItem(KEPT) ?? "[]") as string[];
  return token && token === kept ? (html ?? "") : "";
}
