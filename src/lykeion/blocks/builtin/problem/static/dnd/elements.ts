/** `{name}` in a sentence replaced by its value. */
export function fill(sentence: string | undefined, values: Record<string, string | number>): string {
  return (sentence ?? "").replace(/\{(\w+)\}/g, (all, name: string) => String(values[name] ?? all));
}

export function button(text: string, css: string, press?: (event: MouseEvent) => void): HTMLButtonElement {
  const element = Object.assign(document.createElement("button"), { type: "button", className: css, textContent: text });
  if (press) element.addEventListener("click", press);
  return element;
}

/** A named group of ways to answer a question; Escape leaves it. */
export function group(question: string, ways: HTMLElement[], leave: () => void): HTMLElement {
  const element = document.createElement("div");
  element.className = "dnd-panel";
  element.setAttribute("role", "group");
  element.setAttribute("aria-label", question);
  const words = Object.assign(document.createElement("p"), { className: "dnd-heading", textContent: question });
  element.append(words, ...ways);
  element.addEventListener("keydown", (event) => {
    if (event.key === "Escape") leave();
  });
  return element;
}

/** A labelled field for a number; it is no answer of its own, so what is typed in it stays here. */
export function numberField(text: string, value: number): { label: HTMLElement; input: HTMLInputElement } {
  const label = Object.assign(document.createElement("label"), { className: "dnd-number" });
  const input = Object.assign(document.createElement("input"), { type: "number", inputMode: "numeric", min: "0", step: "1", value: String(value) });
  for (const kind of ["input", "change"]) input.addEventListener(kind, (event) => event.stopPropagation());
  label.append(Object.assign(document.createElement("span"), { textContent: text }), input);
  return { label, input };
}
