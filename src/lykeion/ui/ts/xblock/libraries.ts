// Libraries of Open edX's pages that come in files of their own (`legacy/*.ts`, built to `legacy/*.js`): the server puts
// those on the page that blocks' scripts name (blocks/libraries.py); what is asked for by `require` is fetched here.

interface Library {
  file: string;
  styles?: boolean;
  value: () => unknown;
}
const jQuery = (): unknown => window.jQuery;
const ui: Library = { file: "jquery-ui", styles: true, value: jQuery };
const small: Library = { file: "small", value: jQuery };
const codemirror: Library = { file: "codemirror", styles: true, value: () => window.CodeMirror };

export const LIBRARIES: Record<string, Library> = {
  backbone: { file: "backbone", value: () => window.Backbone },
  CodeMirror: codemirror,
  codemirror,
  "jquery.cookie": small,
  "jquery.fileupload": { file: "fileupload", value: jQuery },
  "jquery.leanModal": small,
  "jquery.qtip": { file: "qtip", styles: true, value: jQuery },
  "jquery.tinymce": { file: "tinymce", value: jQuery },
  "jquery.ui": ui,
  "jquery-ui": ui,
  jqueryui: ui,
  tinymce: { file: "tinymce", value: () => window.tinymce },
  URI: { file: "uri", value: () => window.URI },
};

const script = document.currentScript instanceof HTMLScriptElement ? document.currentScript.src : "/static/ui/xblock.js";
const fetched = new Map<string, Promise<void>>();

/** The value of a library, once it is on the page. */
export async function library({ file, styles, value }: Library): Promise<unknown> {
  if (styles) stylesheet(new URL(`legacy/${file}.css`, script).href);
  await loadScript(new URL(`legacy/${file}.js`, script).href);
  return value();
}

function stylesheet(href: string): void {
  if (document.querySelector(`link[href="${CSS.escape(href)}"]`)) return;
  document.head.append(Object.assign(document.createElement("link"), { rel: "stylesheet", href }));
}

/** Runs a script once, also when it stands in the page already. */
export function loadScript(src: string): Promise<void> {
  const address = new URL(src, location.href).href;
  let loading = fetched.get(address);
  if (!loading) {
    const there = [...document.scripts].some((one) => one.src === address);
    fetched.set(address, (loading = there ? Promise.resolve() : add(address)));
  }
  return loading;
}

function add(src: string): Promise<void> {
  return new Promise((resolve, reject) => {
    const element = Object.assign(document.createElement("script"), { src });
    element.onload = () => resolve();
    element.onerror = () => reject(new Error(`A block's script ${src} cannot be loaded`));
    document.head.append(element);
  });
}
