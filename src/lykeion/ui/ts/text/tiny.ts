// The visual editor: TinyMCE, set up for what a text of a course is. A chunk of its own, fetched by pages that edit text.
import tinymce, { type AstNode, type Editor } from "tinymce8";
import "tinymce8/icons/default/icons";
import "tinymce8/models/dom/model";
import "tinymce8/themes/silver/theme";
import "tinymce8/plugins/autoresize/plugin";
import "tinymce8/plugins/charmap/plugin";
import "tinymce8/plugins/directionality/plugin";
import "tinymce8/plugins/lists/plugin";
import "tinymce8/plugins/searchreplace/plugin";
import "tinymce8/plugins/table/plugin";
import { copiedHere, keepCopies } from "./copied";
import { cleaned } from "./paste";
import { shownAt, type CourseFile } from "./upload";

export type { Editor };

export interface Options {
  /** The folder of the skins, and the style sheet that course texts are shown with. */
  skins: string;
  style: string;
  /** The address of the draft's files: what stands as /static/ in a text; '' where there are none. */
  files: string;
  words: Record<string, string>;
  label: string;
  dark: boolean;
  /** Where pictures go; without it there are no pictures and no formulas (mail has neither). */
  upload: ((file: File) => Promise<CourseFile>) | undefined;
  ask(what: "link" | "image" | "formula", editor: Editor): void;
  lostPictures(count: number): void;
  changed(): void;
}

const TOOLBAR =
  "blocks | bold italic | bullist numlist | course-link course-image table course-formula | blockquote course-code removeformat | outdent indent | subscript superscript strikethrough | hr charmap | ltr rtl | undo redo searchreplace";
const FORMULA = '<svg width="24" height="24"><path fill-rule="nonzero" d="M5 5h14v3h-2V7H9.2l4.3 5-4.3 5H17v-1h2v3H5v-1.6L10.6 12 5 6.6z"/></svg>';

/** An editor in place of `source`, with what stands there. */
export async function open(source: HTMLTextAreaElement, options: Options): Promise<Editor> {
  const language = document.documentElement.lang || "en";
  tinymce.suffix = ".min"; // the names of its style sheets
  const directionality = document.documentElement.dir === "rtl" ? "rtl" : "ltr";
  tinymce.addI18n(language, { ...options.words, _dir: directionality });
  const [editor] = await tinymce.init({
    target: source,
    license_key: "gpl",
    language,
    language_load: false,
    directionality,
    skin_url: `${options.skins}/${options.dark ? "oxide-dark" : "oxide"}`,
    content_css: options.style,
    content_style: "html { background: var(--paper) } body.prose { margin: 0 auto; padding: 1rem; min-block-size: 0; background: transparent }",
    body_class: "prose",
    iframe_aria_text: options.label,
    iframe_attrs: { title: options.label },
    plugins: "autoresize charmap directionality lists searchreplace table",
    toolbar: options.upload ? TOOLBAR : TOOLBAR.replace(/course-(image|formula) ?/g, ""),
    toolbar_mode: innerWidth < 640 ? "sliding" : "wrap",
    menubar: false,
    statusbar: false,
    branding: false,
    promotion: false,
    contextmenu: false,
    browser_spellcheck: true,
    min_height: 380,
    max_height: 800,
    autoresize_bottom_margin: 24,
    autoresize_overflow_padding: 16,
    block_formats: "Paragraph=p; Heading 1=h2; Heading 2=h3; Heading 3=h4; Preformatted=pre",
    // The form's field is written by who opened the editor, never by TinyMCE itself.
    add_form_submit_trigger: false,
    add_unload_trigger: false,
    editable_root: false, // until the text is in it: what was typed before would be overwritten
    ...fidelity(options),
    ...arriving(options),
    setup: (made) => {
      made.save = () => source.value; // it is called when the editor goes, and would write all of the text anew
      setUp(made, options);
    },
  });
  if (!editor) throw new Error("The visual editor did not start");
  return editor;
}

/** What stands in a text stays as it is, whatever TinyMCE thinks of it. */
function fidelity({ files }: Options): Record<string, unknown> {
  const tail = (url: string): string => decodeURI(url.slice(files.length));
  return {
    valid_elements: "*[*]",
    extended_valid_elements: "*[*]",
    valid_children: "+a[div|p|h1|h2|h3|h4|h5|h6|ul|ol|table|img|figure],+button[*]",
    verify_html: false,
    convert_fonts_to_spans: false,
    inline_styles: false,
    schema: "html5",
    entity_encoding: "raw",
    element_format: "html",
    fix_list_elements: false,
    sandbox_iframes: false,
    convert_unsafe_embeds: false,
    allow_conditional_comments: true,
    allow_unsafe_link_target: true, // browsers have long been safe by themselves
    convert_urls: true,
    urlconverter_callback: (url: string) => (files && url.startsWith(files) ? `/static/${tail(url)}` : url),
    object_resizing: "img,table",
    table_default_attributes: {},
    table_default_styles: {},
    table_resize_bars: true,
    table_sizing_mode: "relative",
    table_advtab: false,
    table_cell_advtab: false,
    table_row_advtab: false,
    table_header_type: "sectionCells",
  };
}

/** What is pasted and dropped. */
function arriving({ files, upload, ask, lostPictures }: Options): Record<string, unknown> {
  return {
    paste_data_images: !!upload,
    paste_block_drop: false,
    smart_paste: true,
    paste_preprocess: (_editor: Editor, arrival: { content: string; internal: boolean }) => {
      const ours = arrival.internal && copiedHere();
      if (ours) return void (arrival.content = ours);
      const { html, pictures } = cleaned(arrival.content);
      arrival.content = html;
      if (pictures) lostPictures(pictures);
    },
    automatic_uploads: !!upload,
    images_reuse_filename: true,
    images_file_types: "jpeg,jpg,png,gif,webp,avif,svg,bmp",
    images_upload_handler: async (blob: { blob(): Blob; filename(): string }) => {
      if (!upload) throw new Error("There is nowhere to put a picture");
      const data = blob.blob();
      const name = data instanceof File && data.name ? data.name : blob.filename().replace(/^mceclip\d+/, "picture");
      const url = shownAt(files, (await upload(new File([data], name, { type: data.type }))).url);
      setTimeout(() => describe(url, ask), 300);
      return url;
    },
  };
}

/** A picture that came without words: asks for them, as soon as the editor shows it at its place; one after the other. */
function describe(url: string, ask: Options["ask"]): void {
  const asking = document.querySelector("dialog[open]");
  if (asking) return asking.addEventListener("close", () => describe(url, ask), { once: true });
  const editor = tinymce.activeEditor;
  const image = editor?.dom.select<HTMLImageElement>("img").find((one) => one.getAttribute("src")?.split("?")[0] === url && !one.alt && !one.role);
  if (!editor || !image) return;
  editor.selection.select(image);
  ask("image", editor);
}

function setUp(editor: Editor, options: Options): void {
  const { registry } = editor.ui;
  const asks = (what: "link" | "image", icon: string, tooltip: string, selector: string): void =>
    registry.addToggleButton(`course-${what}`, {
      icon,
      tooltip,
      onAction: () => options.ask(what, editor),
      onSetup: (button) => editor.selection.selectorChangedWithUnbind(selector, (active) => button.setActive(active)).unbind,
    });
  registry.addIcon("course-formula", FORMULA);
  asks("link", "link", "Link", "a[href]");
  asks("image", "image", "Image", "img");
  registry.addButton("course-formula", { icon: "course-formula", tooltip: "Formula", onAction: () => options.ask("formula", editor) });
  registry.addToggleButton("course-code", { icon: "code-sample", tooltip: "Code", onAction: () => editor.execCommand("mceToggleFormat", false, "code"), onSetup: (button) => editor.formatter.formatChanged("code", (active) => button.setActive(active)).unbind });
  editor.addShortcut("meta+k", "Link", () => options.ask("link", editor));
  editor.on("PreInit", () => editor.parser.addAttributeFilter("src", (nodes) => nodes.forEach((node) => located(node, options.files))));
  editor.on("LoadContent", () => editor.setEditableRoot(true));
  editor.on("init", () => {
    const theme = document.documentElement.dataset.theme;
    if (theme) editor.getDoc().documentElement.dataset.theme = theme;
    keepCopies(editor.getDoc());
    editor.on("input change undo redo ExecCommand ObjectResized", options.changed);
  });
  editor.on("dblclick", (event) => event.target.nodeName === "IMG" && options.ask("image", editor));
}

/** Pictures of the course are shown from the draft; in the text they stay /static/. */
function located(node: AstNode, files: string): void {
  const src = node.attr("src");
  if (!src?.startsWith("/static/")) return;
  node.attr("data-mce-src", src);
  node.attr("src", shownAt(files, src));
}
