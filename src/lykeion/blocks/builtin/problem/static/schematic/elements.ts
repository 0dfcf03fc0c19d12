type Attributes = Record<string, string | number | boolean | ((event: any) => void)>;
type Child = Node | string;

const SVG = "http://www.w3.org/2000/svg";

/** An HTML element: attributes by name, listeners by `on…`, true for an attribute without a value, false for none. */
export function html<Name extends keyof HTMLElementTagNameMap>(name: Name, attributes: Attributes = {}, ...children: Child[]): HTMLElementTagNameMap[Name] {
  return filled(document.createElement(name), attributes, children);
}

export function svg<Name extends keyof SVGElementTagNameMap>(name: Name, attributes: Attributes = {}, ...children: Child[]): SVGElementTagNameMap[Name] {
  return filled(document.createElementNS(SVG, name), attributes, children);
}

function filled<Kind extends Element>(element: Kind, attributes: Attributes, children: Child[]): Kind {
  for (const [name, value] of Object.entries(attributes)) {
    if (typeof value === "function") element.addEventListener(name.slice(2), value);
    else if (value !== false) element.setAttribute(name, value === true ? "" : String(value));
  }
  element.append(...children);
  return element;
}

export function button(label: string, press: (event: MouseEvent) => void, attributes: Attributes = {}): HTMLButtonElement {
  return html("button", { type: "button", class: "button", onclick: press, ...attributes }, label);
}

let fields = 0;

/** A label with its control below it. */
export function field(label: string, control: HTMLInputElement | HTMLSelectElement): HTMLElement {
  fields += 1;
  control.id ||= `schematic-field-${fields}`;
  return html("div", { class: "field" }, html("label", { class: "field-label", for: control.id }, label), control);
}

export function choice(options: [value: string, text: string][], chosen: string): HTMLSelectElement {
  return html("select", {}, ...options.map(([value, text]) => html("option", { value, selected: value === chosen }, text)));
}

/** Asks for some values in a modal dialog; false if the person gives up. */
export function ask(title: string, content: HTMLElement, words: { ok: string; cancel: string }): Promise<boolean> {
  const cancel = button(words.cancel, () => box.close("no"));
  const form = html("form", { method: "dialog" }, content, html("div", { class: "dialog-foot" }, cancel, html("button", { class: "button button-primary", value: "yes" }, words.ok)));
  fields += 1;
  const heading = html("h2", { id: `schematic-dialog-${fields}` }, title);
  const box = html("dialog", { "aria-labelledby": heading.id }, html("div", { class: "dialog-head" }, heading), form);
  document.body.append(box);
  box.showModal();
  return new Promise((resolve) => {
    box.addEventListener("close", () => {
      box.remove();
      resolve(box.returnValue === "yes");
    });
  });
}
