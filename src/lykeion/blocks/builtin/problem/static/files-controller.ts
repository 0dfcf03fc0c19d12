import { Controller } from "@hotwired/stimulus";

/** Says what is wrong with files before they are sent; the browser then keeps the form back. */
export default class extends Controller<HTMLElement> {
  static targets = ["field", "fault"];
  static values = {
    allowed: String,
    required: String,
    bytes: Number,
    most: Number,
    large: String,
    other: String,
    missing: String,
    many: String,
  };
  declare readonly fieldTarget: HTMLInputElement;
  declare readonly faultTarget: HTMLElement;
  declare readonly allowedValue: string;
  declare readonly requiredValue: string;
  declare readonly bytesValue: number;
  declare readonly mostValue: number;
  declare readonly largeValue: string;
  declare readonly otherValue: string;
  declare readonly missingValue: string;
  declare readonly manyValue: string;

  check(): void {
    const fault = this.fault([...(this.fieldTarget.files ?? [])]);
    this.fieldTarget.setCustomValidity(fault);
    this.fieldTarget.toggleAttribute("aria-invalid", fault !== "");
    this.faultTarget.textContent = fault;
  }

  private fault(files: File[]): string {
    if (files.length === 0) return "";
    if (files.length > this.mostValue) return filled(this.manyValue, { count: files.length, most: this.mostValue });
    const allowed = names(this.allowedValue);
    for (const { name, size } of files) {
      if (allowed.length && !allowed.includes(name)) return filled(this.otherValue, { filename: name, allowed: allowed.join(", ") });
      if (size > this.bytesValue) return filled(this.largeValue, { filename: name, size: this.bytesValue / 1_000_000 });
    }
    const missing = names(this.requiredValue).filter((name) => !files.some((file) => file.name === name));
    return missing.length ? filled(this.missingValue, { missing: missing.join(", ") }) : "";
  }
}

function names(list: string): string[] {
  return list.split(" ").filter(Boolean);
}

function filled(sentence: string, values: Record<string, string | number>): string {
  return sentence.replace(/\{(\w+)\}/g, (_, name: string) => String(values[name] ?? ""));
}
