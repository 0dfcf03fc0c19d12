// Just enough of AMD for blocks that ship `define([...], function)` modules and `require` them by name or address.
import { LIBRARIES, library, loadScript } from "./libraries";

type Factory = (...modules: unknown[]) => unknown;
interface Entry {
  needs: string[];
  factory: unknown;
}

const made = new Map<string, unknown>();
const known = new Map<string, Entry>();
const loaded = new Set<string>();
const paths = new Map<string, string>();

/** Puts `define`, `require`, `requirejs` and the `RequireJS` namespace on the page, unless a loader is there. */
export function defineAmd(given: Record<string, unknown>): void {
  for (const [name, module] of Object.entries(given)) made.set(name, module);
  if (window.define || window.require) return;
  const require = Object.assign(requireModules, { config, undef: (name: string) => void made.delete(name), defined: isHere });
  // Libraries that a block puts on the page must go on hanging themselves on `window`; those that it fetches define.
  window.define = Object.defineProperty(define, "amd", { get: () => (scriptBeingLoaded() ? {} : undefined) });
  window.require = window.requirejs = require;
  window.RequireJS = { define, require, requirejs: require };
}

/** `require.config({paths: {name: "address without .js"}})`; the rest of what RequireJS could be told is not needed. */
function config(given: { paths?: Record<string, string> } = {}): unknown {
  for (const [name, path] of Object.entries(given.paths ?? {})) paths.set(name, new URL(/\.js(\?|$)/.test(path) ? path : `${path}.js`, location.href).href);
  return window.require;
}

const isHere = (name: string): boolean => made.has(name) || known.has(name);

function define(...args: unknown[]): void {
  const factory = args.pop();
  const name = typeof args[0] === "string" ? (args.shift() as string) : scriptBeingLoaded();
  const needs = Array.isArray(args[0]) ? (args[0] as string[]) : [];
  if (name) known.set(name, { needs, factory });
  else if (typeof factory === "function") requireModules(needs, factory as Factory);
}

/** A module without a name is called by the address of the script it stands in, if `require` asked for that. */
function scriptBeingLoaded(): string | undefined {
  const src = document.currentScript instanceof HTMLScriptElement ? document.currentScript.src : "";
  return loaded.has(src) ? src : undefined;
}

/** At once when everything is on the page already (so that a block's start function is there when it is called). */
function requireModules(needs: string | string[], done?: Factory, failed?: (error: unknown) => void): unknown {
  if (typeof needs === "string") return find(needs);
  if (needs.every(isReady)) return done?.(...needs.map(find));
  Promise.all(needs.map(fetch)).then(() => done?.(...needs.map(find))).catch(failed ?? ((error: unknown) => console.error(error)));
  return undefined;
}

function isReady(name: string): boolean {
  if (made.has(name)) return true;
  return known.get(key(name))?.needs.every(isReady) ?? false;
}

const isAddress = (name: string): boolean => /^(?:[a-z]+:)?\/|\.js(?:\?|$)/.test(name);
const key = (name: string): string => paths.get(name) ?? (isAddress(name) ? new URL(name, location.href).href : name);

async function fetch(name: string): Promise<void> {
  if (made.has(name)) return;
  const lent = LIBRARIES[name];
  if (lent) return void made.set(name, await library(lent));
  const called = key(name);
  if (!known.has(called) && isAddress(called)) {
    loaded.add(called);
    await loadScript(called);
  }
  await Promise.all((known.get(called)?.needs ?? []).map(fetch));
}

function find(name: string): unknown {
  const called = made.has(name) ? name : key(name);
  if (made.has(called)) return made.get(called);
  const entry = known.get(called);
  if (!entry && loaded.has(called)) return undefined; // a plain script: what it brings hangs on `window`
  if (!entry) throw new Error(`A block asks for the AMD module "${name}", which is not on this page`);
  const module = typeof entry.factory === "function" ? (entry.factory as Factory)(...entry.needs.map(find)) : entry.factory;
  made.set(called, module);
  return module;
}
