import { page } from "./page";

type Heard = (name: string, data: unknown, element: unknown) => void;
const listeners: { name: string; element: unknown; heard: Heard }[] = [];

/** Browser events of blocks: `Logger.log("seq_next", {...})` ends in the tracking log. */
export const Logger = {
  log(name: string, data: unknown, element: unknown = null): void {
    void page().then(({ logEvent }) => logEvent(name, data));
    for (const one of listeners)
      if (one.name === name && (one.element === null || one.element === element)) one.heard(name, data, element);
  },
  listen(name: string, element: unknown, heard: Heard): void {
    listeners.push({ name, element, heard });
  },
  bind(): void {}, // leaving the page is noticed by the events controller
};
