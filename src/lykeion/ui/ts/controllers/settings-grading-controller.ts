import { Controller } from "@hotwired/stimulus";

/** On the grading form: sliders and numbers go together, and the sum of the weights and the scale follow what is typed. */
export default class extends Controller<HTMLElement> {
  static targets = ["cutoff", "weight", "sum", "scale"];
  declare readonly cutoffTargets: HTMLElement[];
  declare readonly weightTargets: HTMLInputElement[];
  declare readonly sumTarget: HTMLElement;
  declare readonly scaleTarget: HTMLElement;

  connect(): void {
    this.drawScale();
  }

  show(event: Event): void {
    const field = event.target as HTMLInputElement;
    const row = this.cutoffTargets.find((one) => one.contains(field));
    if (row && field.dataset.role) {
      const other = field.dataset.role === "range" ? "number" : "range";
      (row.querySelector(`[data-role="${other}"]`) as HTMLInputElement).value = field.value;
    }
    if (row) this.drawScale();
    if (this.weightTargets.includes(field)) this.addUp();
  }

  private addUp(): void {
    const total = this.weightTargets.reduce((sum, field) => sum + (Number.parseFloat(field.value) || 0), 0);
    const rounded = Math.round(total * 100) / 100;
    const { good = "", bad = "" } = this.sumTarget.dataset;
    const badge = document.createElement("span");
    badge.className = rounded === 100 ? "badge badge-good" : "badge badge-warn";
    badge.textContent = rounded === 100 ? good : bad.replace("{total}", String(rounded));
    this.sumTarget.replaceChildren(badge);
  }

  private drawScale(): void {
    const rows = this.cutoffTargets
      .map((row) => ({ letter: value(row, "letter"), from: Number(value(row, "cutoff")) || 0 }))
      .sort((a, b) => b.from - a.from);
    let end = 100;
    const spans = [...rows, { letter: "F", from: 0 }].map(({ letter, from }) => {
      const span = document.createElement("span");
      span.style.flexGrow = String(Math.max(end - from, 0));
      span.textContent = letter;
      end = from;
      return span;
    });
    this.scaleTarget.replaceChildren(...spans.reverse());
  }
}

function value(row: HTMLElement, name: string): string {
  return (row.querySelector(`[name="${name}"]`) as HTMLInputElement).value;
}
