// What a page with a visual editor fetches, in one chunk.
export { unfit } from "./fitness";
export { merge } from "./merge";
export { lost } from "./sameness";
export { open } from "./tiny";
