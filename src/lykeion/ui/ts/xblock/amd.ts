// Just enough of AMD for blocks that ship `define([...], function)` modules and `require` them by name.

type Factory = (...modules: unknown[]) => unknown;
interface Entry {
  needs: string[];
  factory: unknown;
}

const made = new Map<string, unknown>();
const known = new Map<string, Entry>();

/** Puts `define`, `require`, `requirejs` and the `RequireJS` namespace on the page, unless a loader is there. */
export function defineAmd(given: Record<string, unknown>): void {
  for (const [name, module] of Object.entries(given)) made.set(name, module);
  if (window.define || window.require) return;
  const require = Object.assign(requireModules, { config: () => require, defined: (name: string) => made.has(name) || known.has(name) });
  // `define.amd` stays unset: libraries that ask for it must go on hanging themselves on `window`.
  window.define = define;
  window.require = window.requirejs = require;
  window.RequireJS = { define, require, requirejs: require };
}

function define(...args: unknown[]): void {
  const factory = args.pop();
  const name = typeof args[0] === "string" ? (args.shift() as string) : undefined;
  const needs = Array.isArray(args[0]) ? (args[0] as string[]) : [];
  if (name) known.set(name, { needs, factory });
  else if (typeof factory === "function") (factory as Factory)(...needs.map(find));
}

function requireModules(needs: string | string[], done?: Factory): unknown {
  if (typeof needs === "string") return find(needs);
  const modules = needs.map(find);
  return done?.(...modules);
}

function find(name: string): unknown {
  if (made.has(name)) return made.get(name);
  const entry = known.get(name);
  if (!entry) throw new Error(`A block asks for the AMD module "${name}", which is not on this page`);
  const module = typeof entry.factory === "function" ? (entry.factory as Factory)(...entry.needs.map(find)) : entry.factory;
  made.set(name, module);
  return module;
}
