import { Controller } from "@hotwired/stimulus";
import type { Board } from "./dnd/board";
import type { Parts, Placing, Words } from "./dnd/placing";

/** Things to put into a picture, by dragging, by choosing a thing and then a place, or in words. */
export default class extends Controller<HTMLElement> {
  static targets = ["help", "tray", "panel", "stage", "placed", "field"];
  static values = { board: Object, words: Object };
  declare readonly helpTarget: HTMLElement;
  declare readonly trayTarget: HTMLElement;
  declare readonly panelTarget: HTMLElement;
  declare readonly stageTarget: HTMLElement;
  declare readonly placedTarget: HTMLElement;
  declare readonly fieldTarget: HTMLInputElement;
  declare readonly boardValue: Board;
  declare readonly wordsValue: Words;
  private placing: Placing | undefined;

  async connect(): Promise<void> {
    const { Placing } = await import("./dnd/placing"); // a draft is back in the field by then
    if (!this.element.isConnected || this.placing) return;
    const parts: Parts = {
      help: this.helpTarget,
      tray: this.trayTarget,
      panel: this.panelTarget,
      stage: this.stageTarget,
      placed: this.placedTarget,
      field: this.fieldTarget,
    };
    this.placing = new Placing(parts, this.boardValue, this.wordsValue);
    await this.placing.start();
  }

  disconnect(): void {
    this.placing?.stop();
    this.placing = undefined;
  }
}
