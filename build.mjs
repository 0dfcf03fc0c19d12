// Builds everything the browser loads into src/lykeion/ui/static/ui/ (git-ignored, shipped in wheels).
//   main.js, main.css    every page
//   parts/               what main.js imports on demand (`await import("./large-thing")`): fetched by pages that need it
//   xblock.js            only pages that hold third-party blocks
//   frame.js             only blocks that live in a sandboxed frame
//   legacy/              libraries that some of those blocks use: only where they do (blocks/libraries.py)
//   jsinput-page.js      only authors' pages inside a problem (see ui/jsinput.py)
//   tinymce/             skins of the editor of texts, for the pages of Studio that have one
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
const PLAIN = { xblock: path.join(UI, "ts/xblock.ts"), frame: path.join(UI, "ts/frame.ts"), "jsinput-page": path.join(ROOT, "src/lykeion/blocks/builtin/problem/static/jsinput/page.ts") };
const plain = { ...shared, entryPoints: PLAIN, format: "iife" };

/** Libraries for the page that has xblock.js already: they share its jQuery and underscore. */
const LENT = { jquery: "jQuery", underscore: "_" };
const lentModules = {
  name: "lykeion-lent",
  setup(build) {
    build.onResolve({ filter: /^(jquery|underscore)$/ }, ({ path: name }) => ({ path: name, namespace: "lent" }));
    build.onLoad({ filter: /.*/, namespace: "lent" }, ({ path: name }) => ({ contents: `module.exports = window.${LENT[name]};` }));
  },
};
const legacy = {
  ...plain,
  entryPoints: await filesMatching("src/lykeion/ui/ts/legacy/*.ts"),
  entryNames: "legacy/[name]",
  plugins: [lentModules],
  define: { define: "undefined" }, // UMD modules must neither look for a loader nor find ours
  loader: { ".png": "dataurl", ".gif": "dataurl" },
  sourcemap: false,
};

/** Where Open edX's pages have TinyMCE: blocks name this folder, and its skin, as theirs. */
const TINYMCE_PLUGINS = ["code", "image", "link", "lists", "media", "paste", "table"];
async function copyTinymce() {
  const from = path.join(ROOT, "node_modules/tinymce");
  const to = path.join(UI, "static/js/vendor/tinymce/js/tinymce");
  const scripts = ["icons/default/icons", "themes/silver/theme", ...TINYMCE_PLUGINS.map((name) => `plugins/${name}/plugin`)];
  for (const script of scripts) await cp(path.join(from, `${script}.min.js`), path.join(to, `${script}.js`));
  await mkdir(path.join(to, "plugins/codemirror"), { recursive: true }); // Open edX's name for the plug-in that shows the source
  const source = await readFile(path.join(from, "plugins/code/plugin.min.js"), "utf8");
  await writeFile(path.join(to, "plugins/codemirror/plugin.js"), source.replace('.add("code",', '.add("codemirror",'));
  for (const name of ["oxide", "studio-tmce5"]) await cp(path.join(from, "skins/ui/oxide"), path.join(to, "skins/ui", name), { recursive: true });
  for (const name of ["default", "studio-tmce5"]) await cp(path.join(from, "skins/content/default"), path.join(to, "skins/content", name), { recursive: true });
  await cp(path.join(from, "license.txt"), path.join(to, "license.txt"));
  await cp(path.join(UI, "static/js"), path.join(UI, "static/studio/js"), { recursive: true }); // editors name Studio's folder
}

/** The editor of texts brings its skins as files; the light and the dark one. */
async function copyEditorSkins() {
  const from = path.join(ROOT, "node_modules/tinymce8");
  const to = path.join(OUT, "tinymce");
  for (const skin of ["oxide", "oxide-dark"])
    for (const sheet of ["skin.min.css", "content.min.css"]) await cp(path.join(from, "skins/ui", skin, sheet), path.join(to, skin, sheet));
  await cp(path.join(from, "license.md"), path.join(to, "license.md"));
}

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
const results = await Promise.all([esbuild.build(modules), esbuild.build(plain), esbuild.build(legacy), copyMathjax(), copyTinymce(), copyEditorSkins(), copyPictures()]);
await renameStylesheet();
for (const [name, { bytes }] of results.flatMap((result) => Object.entries(result?.metafile?.outputs ?? {})))
  if (!name.endsWith(".map")) console.log(`${path.basename(name).replace("main-css", "main").padEnd(12)} ${(bytes / 1024).toFixed(1)} kB`);
console.log(`built in ${((performance.now() - started) / 1000).toFixed(1)} s`);
