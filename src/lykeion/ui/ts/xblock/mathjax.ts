import { page } from "./page";

/** MathJax 2 as blocks call it, answered by our MathJax 3: `MathJax.Hub.Queue(["Typeset", MathJax.Hub, element])`. */
export const mathJaxTwo = {
  Hub: {
    Queue(...jobs: unknown[]): void {
      void jobs.reduce<Promise<unknown>>((before, job) => before.then(() => run(job)), Promise.resolve());
    },
    Config(): void {},
    Register: { StartupHook(): void {} },
    getAllJax: (): unknown[] => [],
  },
};

function run(job: unknown): unknown {
  if (typeof job === "function") return job();
  if (!Array.isArray(job)) return undefined;
  const [what, self, ...rest] = job;
  if (what === "Typeset") return page().then(({ typeset }) => typeset(place(rest[0])));
  return typeof what === "function" ? what.apply(self, rest) : self?.[what]?.(...rest);
}

function place(given: unknown): Element {
  if (typeof given === "string") return document.getElementById(given) ?? document.body;
  if (given instanceof Element) return given;
  return (given as JQueryLike | undefined)?.[0] ?? document.body;
}
