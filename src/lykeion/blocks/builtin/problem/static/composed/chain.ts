import { all, asObject, asText, type Compose, one, shape } from "./composer";

type Step = [number, number];

const TURNS = ["E", "NE", "NW", "W", "SW", "SE"]; // each a sixth of a circle further
const RIGHT = "CORRECT";

/** A chain on a grid of triangles, link by link. The answer says whether it has the wanted shape, and which it has. */
export const compose: Compose = (form, settings) => {
  const wanted = (settings.chain ?? "").split(";");
  const links = all<HTMLSelectElement>(form, "[data-link]");
  const laid = (): string[] => links.map((link) => link.value);
  const draw = (): void => drawn(one<SVGSVGElement>(form, "[data-laid]"), laid());
  drawn(one<SVGSVGElement>(form, "[data-wanted]"), wanted);
  form.addEventListener("input", draw);
  return {
    read(answer) {
      const kept = asText(asObject(answer).protex_shape).split(";");
      links.forEach((link, index) => (link.value = kept[index] ?? ""));
      draw();
    },
    value() {
      const chain = laid();
      if (!chain.some(Boolean)) return undefined;
      const answer = chain.every(Boolean) && isSame(chain, wanted) ? RIGHT : "INCORRECT";
      return { protex_answer: answer, protex_shape: chain.join(";") };
    },
  };
};

/** Two shapes are the same if they take the same turns, or all of them the other way round, from either end. */
function isSame(one: string[], other: string[]): boolean {
  const turns = turnsOf(other).join();
  const mirrored = turnsOf(one).map((turn) => (6 - turn) % 6);
  const backwards = [...turnsOf(one)].reverse().map((turn) => (6 - turn) % 6);
  return [turnsOf(one), mirrored, backwards, [...turnsOf(one)].reverse()].some((list) => list.join() === turns);
}

function turnsOf(chain: string[]): number[] {
  return chain.slice(1).map((link, index) => (TURNS.indexOf(link) - TURNS.indexOf(chain[index] ?? "") + 6) % 6);
}

/** Draws the links up to the first that is not chosen yet. */
function drawn(drawing: SVGSVGElement, chain: string[]): void {
  const end = chain.findIndex((link) => !link);
  const places = placesOf(end < 0 ? chain : chain.slice(0, end));
  const [xs, ys] = [places.map(([x]) => x), places.map(([, y]) => y)];
  const [left, top] = [Math.min(...xs) - 1, Math.min(...ys) - 1];
  drawing.setAttribute("viewBox", `${left} ${top} ${Math.max(...xs) - left + 1} ${Math.max(...ys) - top + 1}`);
  const line = shape("polyline", { points: places.map((place) => place.join()).join(" "), class: "chain" });
  const beads = places.map(([cx, cy], index) => shape("circle", { cx, cy, r: 0.28, class: index ? "ball" : "ball first" }));
  drawing.replaceChildren(line, ...beads);
}

function placesOf(chain: string[]): Step[] {
  let [x, y] = [0, 0];
  const places: Step[] = [[x, y]];
  for (const link of chain) {
    const angle = (TURNS.indexOf(link) * Math.PI) / 3;
    [x, y] = [x + Math.cos(angle), y - Math.sin(angle)];
    places.push([x, y]);
  }
  return places;
}
