// Runs inside an author's page (see ui/jsinput.py) and calls the page's functions, by their dotted names, when the
// problem around it asks. It speaks the format of channel.ts under the scope JSInputPage.
const SCOPE = "JSInputPage::";

function say(message: object): void {
  parent.postMessage(JSON.stringify(message), "*"); // the page is in an origin of its own and cannot know ours
}

/** `a.b.c` of the window, called as a method of `a.b`. */
async function called(path: string, argument: unknown): Promise<unknown> {
  const names = path.split(".");
  const last = names.pop() ?? "";
  const owner = names.reduce((object, name) => object[name], window as any);
  return owner[last](...(argument === undefined ? [] : [argument]));
}

async function answer(id: unknown, path: string, argument: unknown): Promise<void> {
  try {
    say({ id, result: await called(path, argument) });
  } catch (error) {
    say({ id, error: "runtime_error", message: String(error) });
  }
}

addEventListener("message", ({ source, data }) => {
  if (source !== parent || typeof data !== "string" || !data.includes(SCOPE)) return;
  const { id, method, params } = JSON.parse(data) as { id?: number; method: string; params?: { argument?: unknown } | string };
  const name = method.slice(SCOPE.length);
  if (name !== "__ready") void answer(id, name, (params as { argument?: unknown }).argument);
  else if (params === "ping") say({ method: `${SCOPE}__ready`, params: "pong" });
});
say({ method: `${SCOPE}__ready`, params: "ping" });
document.currentScript?.remove(); // the page's own script comes first again
