/** Says, in words for the learner, why an input could not hand over its answer. */
export class NotCollected extends Error {}

/** What listeners of `capa:collect` get: `waitFor` makes the form wait until `work` has written the answer. */
export interface Collecting {
  waitFor(work: Promise<void>): void;
}

/**
 * Lets inputs whose answers are made elsewhere (in a frame, by an editor) write them into their fields before the form
 * is read. They listen to `capa:collect` on their form and hand a promise to `detail.waitFor`; one that is rejected
 * stops the sending, and a `NotCollected` says why.
 */
export async function collect(form: HTMLFormElement): Promise<void> {
  const works: Promise<void>[] = [];
  const detail: Collecting = { waitFor: (work) => void works.push(work) };
  form.dispatchEvent(new CustomEvent<Collecting>("capa:collect", { detail }));
  await Promise.all(works);
}
