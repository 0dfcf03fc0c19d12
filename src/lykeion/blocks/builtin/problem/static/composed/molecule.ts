import { asList, asObject, asText, type Compose, one } from "./composer";

/** A molecule as MOL text, with lines about it. */
export const compose: Compose = (form, _settings, changed) => {
  const mol = one<HTMLTextAreaElement>(form, "[data-mol]");
  const info = one<HTMLTextAreaElement>(form, "[data-info]");
  form.querySelector<HTMLAnchorElement>("[data-given]")?.addEventListener("click", (event) => {
    event.preventDefault();
    void fetchGiven(event.currentTarget as HTMLAnchorElement, form, (text) => {
      mol.value = text;
      changed();
    });
  });
  return {
    read(answer) {
      const kept = asObject(answer);
      mol.value = asText(kept.mol);
      info.value = asList(kept.info).map(asText).join("\n");
    },
    value() {
      const lines = info.value.split("\n").map((line) => line.trim()).filter(Boolean);
      return mol.value.trim() || lines.length ? { mol: mol.value, info: lines } : undefined;
    },
  };
};

async function fetchGiven(link: HTMLAnchorElement, form: HTMLElement, take: (text: string) => void): Promise<void> {
  const told = one<HTMLElement>(form, "[data-told]");
  const answer = await fetch(link.href).catch(() => undefined);
  told.textContent = answer?.ok ? "" : (link.dataset.failed ?? "");
  if (answer?.ok) take(await answer.text());
}
