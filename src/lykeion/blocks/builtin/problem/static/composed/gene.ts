import { asObject, asText, type Compose, one } from "./composer";

interface Words {
  none: string;
  given: string;
  length: string;
}

const [PROMOTER, TERMINATOR, INTRON_START, INTRON_END] = ["TATAA", "GGGGG", "GUGCG", "CAAAG"];
const TAIL = "A".repeat(13);
const BASES = "UCAG";
// The standard genetic code: first, second and third base each in the order of BASES; `*` ends the protein.
const AMINO_ACIDS = "FFLLSSSSYY**CC*WLLLLPPPPHHQQRRRRIIIMTTTTNNKKSSRRVVVVAAAADDEEGGGG";

/** A gene as text, and what comes of it. */
export const compose: Compose = (form, settings, changed) => {
  const given = settings.dna ?? "";
  const sequence = one<HTMLTextAreaElement>(form, "[data-sequence]");
  const words = JSON.parse(one<HTMLElement>(form, "[data-words]").dataset.words ?? "{}") as Words;
  const show = (): void => express(form, letters(sequence.value), given, words);
  one<HTMLButtonElement>(form, "[data-again]").addEventListener("click", () => {
    sequence.value = given;
    show();
    changed();
  });
  form.addEventListener("input", show);
  return {
    read(answer) {
      sequence.value = asText(asObject(answer).genex_dna_sequence) || given;
      show();
    },
    value() {
      const dna = letters(sequence.value);
      return dna ? { genex_dna_sequence: dna, genex_answer: "" } : undefined;
    },
  };
};

function letters(text: string): string {
  return text.toUpperCase().replace(/[^ACGT]/g, "");
}

function express(form: HTMLElement, dna: string, given: string, words: Words): void {
  const premrna = transcribed(dna);
  const mrna = premrna && spliced(premrna) + TAIL;
  const protein = translated(mrna);
  const count = words.length.replace("{count}", String(protein.length));
  write(form, "changes", changes(dna, given) || words.given);
  write(form, "premrna", premrna || words.none);
  write(form, "mrna", mrna || words.none);
  write(form, "protein", protein ? `${protein} (${count})` : words.none);
}

function write(form: HTMLElement, part: string, text: string): void {
  one<HTMLElement>(form, `[data-part=${part}]`).textContent = text;
}

function transcribed(dna: string): string {
  const start = dna.indexOf(PROMOTER ?? "");
  if (start < 0) return "";
  const rest = dna.slice(start + 5);
  const end = rest.indexOf(TERMINATOR ?? "");
  return end < 0 ? "" : rest.slice(0, end).replaceAll("T", "U");
}

function spliced(rna: string): string {
  return rna.replace(new RegExp(`${INTRON_START}.*?${INTRON_END}`, "g"), "");
}

function translated(rna: string): string {
  const start = rna.indexOf("AUG");
  let protein = "";
  for (let place = start; start >= 0 && place + 3 <= rna.length; place += 3) {
    const [a, b, c] = [...rna.slice(place, place + 3)].map((base) => BASES.indexOf(base));
    const acid = AMINO_ACIDS[16 * (a ?? 0) + 4 * (b ?? 0) + (c ?? 0)] ?? "*";
    if (acid === "*") break;
    protein += acid;
  }
  return protein;
}

/** The bases that differ, by place; only the lengths where bases were added or taken away. */
function changes(dna: string, given: string): string {
  if (dna.length !== given.length) return `${given.length} → ${dna.length}`;
  return [...dna].flatMap((base, at) => (base === given[at] ? [] : [`${at + 1}: ${given[at]} → ${base}`])).join(", ");
}
