// Builds everything the browser loads into src/lykeion/ui/static/ui/ (git-ignored, shipped in wheels).
//   main.js, main.css    every page
//   parts/               what main.js imports on demand (`await import("./large-thing")`): fetched by pages that need it
//   xblock.js            only pages that hold third-party blocks
//   jsinput-page.js      only authors' pages inside a problem (see learn/jsinput.py)
//   mathjax/             fetched by the page only when it shows mathematics
import { cp, glob, mkdir, readFile, rm, writeFile } from "node:fs/promises";
import path from "node:path";
import { fileURLToPath } from "node:url";
import * as esbuild from "esbuild";

const ROOT = path.dirname(fileURLToPath(import.meta.url));
const UI = path.join(ROOT, "src/lykeion/ui");
const OUT = path.join(UI, "static/ui");
const BLOCKS = "src/lykeion/blocks/builtin/*/static";
const MATHJAX_PARTS = [
  "tex-chtml.js",
  "a11y/assistive-mml.js",
  "input/tex/extensions",
  "output/chtml/fonts/woff-v2",
];

async function filesMatching(...patterns) {
  const found = [];
  for await (const name of glob(patterns, { cwd: ROOT })) found.push(path.join(ROOT, name));
  return found.sort();
}

/** A module `lykeion:controllers`: every controller file, under the name Stimulus knows it by. */
async function controllersModule() {
  const files = await filesMatching("src/lykeion/ui/ts/controllers/*-controller.ts", `${BLOCKS}/*-controller.ts`);
  const names = files.map((file) => path.basename(file, "-controller.ts"));
  const twice = names.find((name, index) => names.indexOf(name) !== index);
  if (twice) throw new Error(`Two controllers are called "${twice}": rename one of ${files.join(", ")}`);
  const imports = files.map((file, index) => `import c${index} from ${JSON.stringify(file)};`);
  const entries = names.map((name, index) => `[${JSON.stringify(name)}, c${index}]`);
  return { contents: `${imports.join("\n")}\nexport default [${entries.join(", ")}];`, resolveDir: ROOT };
}

/** A stylesheet `lykeion:components`: every component file, each in the layer of its place. */
async function componentsStylesheet() {
  const files = await filesMatching("src/lykeion/ui/css/components/*.css", `${BLOCKS}/*.css`);
  const imports = files.map((file) => `@import ${JSON.stringify(file)} layer(components);`);
  return { contents: imports.join("\n"), resolveDir: ROOT, loader: "css" };
}

const ownModules = {
  name: "lykeion-modules",
  setup(build) {
    build.onResolve({ filter: /^lykeion:/ }, ({ path: name }) => ({ path: name, namespace: "lykeion" }));
    build.onLoad({ filter: /controllers$/, namespace: "lykeion" }, controllersModule);
    build.onLoad({ filter: /components$/, namespace: "lykeion" }, componentsStylesheet);
  },
};

const shared = {
  outdir: OUT,
  bundle: true,
  minify: true,
  sourcemap: "external",
  target: ["chrome123", "firefox121", "safari17.5"],
  entryNames: "[name]",
  plugins: [ownModules],
  logLevel: "warning",
  metafile: true,
};

/** Modules; what they import on demand goes into files of its own. */
const modules = {
  ...shared,
  entryPoints: { main: path.join(UI, "ts/main.ts"), "main-css": path.join(UI, "css/index.css") },
  format: "esm",
  splitting: true,
  chunkNames: "parts/[name]-[hash]",
};

/** Plain scripts: the scripts of older blocks stand right after theirs and expect its globals; authors' pages are no modules. */
const PLAIN = { xblock: path.join(UI, "ts/xblock.ts"), "jsinput-page": path.join(ROOT, "src/lykeion/blocks/builtin/problem/static/jsinput/page.ts") };
const plain = { ...shared, entryPoints: PLAIN, format: "iife" };

async function copyMathjax() {
  const from = path.join(ROOT, "node_modules/mathjax/es5");
  const to = path.join(OUT, "mathjax");
  for (const part of MATHJAX_PARTS) await cp(path.join(from, part), path.join(to, part), { recursive: true });
  await cp(path.join(ROOT, "node_modules/mathjax/LICENSE"), path.join(to, "LICENSE"));
}

async function copyPictures() {
  await cp(path.join(UI, "img"), OUT, { recursive: true });
}

/** The style sheet is built under another name, because `main` is taken by the script; give it its own. */
async function renameStylesheet() {
  for (const suffix of [".css", ".css.map"]) {
    await writeFile(path.join(OUT, `main${suffix}`), await readFile(path.join(OUT, `main-css${suffix}`)));
    await rm(path.join(OUT, `main-css${suffix}`));
  }
}

const started = performance.now();
await rm(path.join(OUT, "parts"), { recursive: true, force: true });
await mkdir(OUT, { recursive: true });
const results = await Promise.all([esbuild.build(modules), esbuild.build(plain), copyMathjax(), copyPictures()]);
await renameStylesheet();
for (const [name, { bytes }] of results.flatMap((result) => Object.entries(result?.metafile?.outputs ?? {})))
  if (!name.endsWith(".map")) console.log(`${path.basename(name).replace("main-css", "main").padEnd(12)} ${(bytes / 1024).toFixed(1)} kB`);
console.log(`built in ${((performance.now() - started) / 1000).toFixed(1)} s`);
