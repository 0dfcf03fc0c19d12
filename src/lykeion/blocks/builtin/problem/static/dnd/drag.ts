import type { Point } from "./board";

export interface Handlers {
  /** The picture of the thing that follows the pointer; undefined where nothing may be dragged now. */
  lift(): HTMLElement | undefined;
  /** Where the middle of the thing is now, in the window. */
  over(middle: Point): void;
  drop(middle: Point): void;
  /** The drag ended without a drop. */
  stop(): void;
}

const FAR = 6; // pixels: less is a click
const EDGE = 48; // pixels from the window's edge where the page begins to move
const PACE = 10;

/** Lets an element be dragged with mouse, pen or finger. A press that does not move stays a click. */
export function draggable(element: HTMLElement, handlers: Handlers): void {
  element.addEventListener("pointerdown", (down) => {
    if (down.button === 0 && down.isPrimary) new Drag(element, handlers, down);
  });
}

class Drag {
  private ghost: HTMLElement | undefined;
  private readonly offset: Point;
  private readonly ending = new AbortController();

  constructor(private readonly element: HTMLElement, private readonly handlers: Handlers, private readonly down: PointerEvent) {
    const box = element.getBoundingClientRect();
    this.offset = { x: box.left + box.width / 2 - down.clientX, y: box.top + box.height / 2 - down.clientY };
    const { signal } = this.ending;
    addEventListener("pointermove", this.move, { signal });
    addEventListener("pointerup", this.up, { signal });
    addEventListener("pointercancel", this.cancel, { signal });
    addEventListener("keydown", (event) => event.key === "Escape" && this.cancel(), { signal });
  }

  private readonly move = (event: PointerEvent): void => {
    if (event.pointerId !== this.down.pointerId) return;
    if (!this.ghost) {
      if (Math.hypot(event.clientX - this.down.clientX, event.clientY - this.down.clientY) < FAR) return;
      this.ghost = this.handlers.lift();
      if (!this.ghost) return this.cancel();
      this.ghost.classList.add("dnd-ghost");
      document.body.append(this.ghost);
    }
    event.preventDefault();
    scrollAtEdge(event.clientY);
    const { x, y } = this.middle(event);
    this.ghost.style.translate = `calc(${x}px - 50%) calc(${y}px - 50%)`;
    this.handlers.over({ x, y });
  };

  private readonly up = (event: PointerEvent): void => {
    if (event.pointerId !== this.down.pointerId) return;
    const dragged = this.ghost !== undefined;
    this.end();
    if (!dragged) return;
    swallowClick();
    this.handlers.drop(this.middle(event));
  };

  private readonly cancel = (): void => {
    this.end();
    this.handlers.stop();
  };

  private end(): void {
    this.ending.abort();
    this.ghost?.remove();
  }

  private middle({ clientX, clientY }: PointerEvent): Point {
    const own = this.element.isConnected ? this.offset : { x: 0, y: 0 };
    return { x: clientX + own.x, y: clientY + own.y };
  }
}

/** The click that ends a drag is none. */
function swallowClick(): void {
  const stop = (event: Event): void => {
    event.preventDefault();
    event.stopImmediatePropagation();
  };
  addEventListener("click", stop, { capture: true, once: true });
  setTimeout(() => removeEventListener("click", stop, { capture: true }), 50);
}

function scrollAtEdge(y: number): void {
  if (y < EDGE) scrollBy(0, -PACE);
  else if (y > innerHeight - EDGE) scrollBy(0, PACE);
}
