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

interface Window {
  XBlock?: import("./xblock/initialize").XBlockWorld;
  lykeion?: import("./page").Page;
  MathJax?: any;
  [name: string]: any;
}
