// What scripts outside our bundle may use: `window.lykeion`.
import { logEvent } from "./events";
import { announce, toast } from "./live";
import { typeset } from "./math";

export const page = { announce, logEvent, toast, typeset };
export type Page = typeof page;
