import { Controller } from "@hotwired/stimulus";

/** On the frame of a block: does for it what it may not do itself (see ../frame/host.ts). */
export default class extends Controller<HTMLIFrameElement> {
  private stop: (() => void) | undefined;

  connect(): void {
    void import("../frame/host").then(({ serve }) => {
      if (this.element.isConnected) this.stop = serve(this.element);
    });
  }

  disconnect(): void {
    this.stop?.();
  }
}
