// The lines of a transcript: shown, found, followed.

export interface Lines {
  start: number[];
  end: number[];
  text: string[];
}

export function clock(seconds: number): string {
  const whole = Math.max(0, Math.floor(seconds));
  const [hours, minutes, rest] = [Math.floor(whole / 3600), Math.floor(whole / 60) % 60, whole % 60];
  const two = (value: number): string => String(value).padStart(2, "0");
  return hours ? `${hours}:${two(minutes)}:${two(rest)}` : `${minutes}:${two(rest)}`;
}

/** The number of the line that is spoken at `seconds`, or -1 before the first. A line holds until the next begins. */
export function lineAt(lines: Lines, seconds: number): number {
  const time = seconds * 1000 + 1;
  let [low, high] = [0, lines.start.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((lines.start[middle] ?? 0) <= time) low = middle + 1;
    else high = middle;
  }
  return low - 1;
}

export class Transcript {
  lines: Lines = { start: [], end: [], text: [] };
  private buttons: HTMLButtonElement[] = [];
  private current = -1;
  private touched = 0;

  constructor(private readonly list: HTMLElement, private readonly go: (seconds: number) => void) {
    for (const event of ["wheel", "pointerdown", "touchmove", "keydown"]) list.addEventListener(event, () => (this.touched = Date.now()), { passive: true });
  }

  show(lines: Lines, language: string): void {
    this.lines = lines;
    this.current = -1;
    this.list.lang = language;
    this.list.dir = "auto";
    this.buttons = lines.text.map((text, index) => this.button(text, (lines.start[index] ?? 0) / 1000));
    this.list.replaceChildren(...this.buttons.map(inItem));
  }

  say(text: string): void {
    this.lines = { start: [], end: [], text: [] };
    this.buttons = [];
    const item = document.createElement("li");
    item.textContent = text;
    this.list.replaceChildren(item);
  }

  /** Marks the line of `seconds` and keeps it in view, unless the reader is moving about in the list. */
  follow(seconds: number): void {
    const index = lineAt(this.lines, seconds);
    if (index === this.current) return;
    this.buttons[this.current]?.removeAttribute("aria-current");
    this.current = index;
    const line = this.buttons[index];
    if (!line) return;
    line.setAttribute("aria-current", "true");
    if (Date.now() - this.touched > 5000 && !this.list.contains(document.activeElement)) this.reveal(line);
  }

  /** The text at `seconds`, for captions; empty between lines. */
  captionAt(seconds: number): string {
    const index = lineAt(this.lines, seconds);
    return (this.lines.end[index] ?? -1) >= seconds * 1000 ? (this.lines.text[index] ?? "") : "";
  }

  /** Shows only lines that hold `words`, with the words marked. Returns how many there are. */
  find(words: string): number {
    const wanted = words.trim().toLocaleLowerCase();
    let count = 0;
    this.buttons.forEach((button, index) => {
      const text = this.lines.text[index] ?? "";
      const place = wanted ? text.toLocaleLowerCase().indexOf(wanted) : -1;
      const hit = place >= 0 && text.toLocaleLowerCase().length === text.length;
      const shown = !wanted || place >= 0;
      count += shown ? 1 : 0;
      (button.parentElement as HTMLElement).hidden = !shown;
      (button.lastElementChild as HTMLElement).replaceChildren(...(hit ? marked(text, place, wanted.length) : [text]));
    });
    return count;
  }

  private reveal(line: HTMLElement): void {
    const top = line.getBoundingClientRect().top - this.list.getBoundingClientRect().top + this.list.scrollTop;
    const smooth = !matchMedia("(prefers-reduced-motion: reduce)").matches;
    this.list.scrollTo({ top: top - this.list.clientHeight / 3, behavior: smooth ? "smooth" : "auto" });
  }

  private button(text: string, start: number): HTMLButtonElement {
    const button = document.createElement("button");
    button.type = "button";
    button.className = "transcript-line";
    const time = document.createElement("time");
    time.textContent = clock(start);
    const words = document.createElement("span");
    words.textContent = text;
    button.append(time, words);
    button.addEventListener("click", () => this.go(start));
    return button;
  }
}

function inItem(button: HTMLElement): HTMLLIElement {
  const item = document.createElement("li");
  item.append(button);
  return item;
}

function marked(text: string, place: number, length: number): (string | Node)[] {
  const mark = document.createElement("mark");
  mark.textContent = text.slice(place, place + length);
  return [text.slice(0, place), mark, text.slice(place + length)];
}
