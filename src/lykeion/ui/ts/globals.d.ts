// What the page and the older world hang on `window`, and modules that come without types.
declare module "lykeion:controllers" {
  import type { ControllerConstructor } from "@hotwired/stimulus";
  const controllers: [identifier: string, controller: ControllerConstructor][];
  export default controllers;
}

interface JQueryLike {
  [index: number]: HTMLElement;
  length: number;
  [method: string]: any;
}
interface JQueryFactory {
  (target: unknown): JQueryLike;
  [member: string]: any;
}
declare module "jquery" {
  const jquery: JQueryFactory;
  export default jquery;
}
declare module "underscore" {
  const underscore: any;
  export default underscore;
}
declare module "backbone" {
  const backbone: any;
  export default backbone;
}
declare module "codemirror" {
  const codemirror: any;
  export default codemirror;
}
declare module "urijs" {
  const uri: any;
  export default uri;
}
declare module "blueimp-file-upload/js/*";
declare module "codemirror/*";
declare module "jquery-ui/dist/*";
declare module "qtip2/jquery.qtip.min";
declare module "tinymce/*";

interface Window {
  XBlock?: import("./xblock/initialize").XBlockWorld;
  lykeion?: import("./page").Page;
  MathJax?: any;
  [name: string]: any;
}
