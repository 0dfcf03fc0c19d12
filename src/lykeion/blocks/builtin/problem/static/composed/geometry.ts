import { all, asObject, asText, type Compose, one, shape } from "./composer";

const [CENTRE_X, CENTRE_Y, AWAY] = [120, 100, 70];

/** A geometry and the atom at each of its places. */
export const compose: Compose = (form, settings) => {
  const shapes = JSON.parse(settings.places ?? "{}") as Record<string, string[]>;
  const geometry = one<HTMLSelectElement>(form, "[data-geometry]");
  const drawing = one<SVGSVGElement>(form, "[data-drawing]");
  const atoms = all<HTMLInputElement>(form, "[data-place]");
  const here = (): HTMLInputElement[] => (shapes[geometry.value] ?? []).flatMap((place) => atoms.filter((atom) => atom.dataset.place === place));
  const show = (): void => {
    const shown = here();
    for (const atom of atoms) (atom.closest("label") as HTMLElement).hidden = !shown.includes(atom);
    drawing.replaceChildren(...sketch(shown));
    drawing.toggleAttribute("hidden", shown.length === 0);
  };
  form.addEventListener("input", show);
  return {
    read(answer) {
      const kept = asObject(answer);
      geometry.value = asText(kept.geometry);
      const names = asObject(kept.atoms);
      for (const atom of atoms) atom.value = asText(names[atom.dataset.place ?? ""]);
      show();
    },
    value() {
      if (!geometry.value) return undefined;
      const written = here().filter((atom) => atom.value.trim());
      return { geometry: geometry.value, atoms: Object.fromEntries(written.map((atom) => [atom.dataset.place, atom.value.trim()])) };
    },
  };
};

/** The atoms around the centre: those on the axis above and below, the others in a ring. */
function sketch(atoms: HTMLInputElement[]): SVGElement[] {
  const [centre, ...around] = atoms;
  if (!centre) return [];
  const ring = around.filter((atom) => !atom.dataset.place?.startsWith("a"));
  const flat = ring.length < around.length ? 0.45 : 1;
  const turned = ring.length < around.length ? 0 : -Math.PI / 2;
  const placed = around.map((atom): [HTMLInputElement, number, number] => {
    const place = atom.dataset.place ?? "";
    if (place.startsWith("a")) return [atom, CENTRE_X, CENTRE_Y + (place === "a0" ? -AWAY : AWAY)];
    const angle = turned + (2 * Math.PI * order(ring, atom)) / ring.length + (flat < 1 ? 0.35 : 0);
    return [atom, CENTRE_X + AWAY * Math.cos(angle), CENTRE_Y + AWAY * flat * Math.sin(angle)];
  });
  const bonds = placed.map(([, x2, y2]) => shape("line", { x1: CENTRE_X, y1: CENTRE_Y, x2, y2, class: "edge" }));
  return [...bonds, ...[[centre, CENTRE_X, CENTRE_Y] as const, ...placed].flatMap(([atom, x, y]) => ball(atom.value.trim(), x, y))];
}

/** Pairs that lie opposite each other (`e10`, `e11`) are kept opposite in the ring. */
function order(ring: HTMLInputElement[], atom: HTMLInputElement): number {
  const index = ring.indexOf(atom);
  const pairs = ring.length === 4 && atom.dataset.place?.length === 3;
  return pairs ? ([0, 2, 1, 3][index] ?? index) : index;
}

function ball(name: string, cx: number, cy: number): SVGElement[] {
  return [shape("circle", { cx, cy, r: 16, class: "ball" }), shape("text", { x: cx, y: cy + 5, "text-anchor": "middle" }, name || "?")];
}
