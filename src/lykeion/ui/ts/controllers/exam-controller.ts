import { Controller } from "@hotwired/stimulus";
import type { Countdown } from "../exam/countdown";

/**
 * The bar of a running exam: counts down, warns, and leaves the exam when its time is up. It only shows the time; the
 * site keeps it. What it needs is loaded by pages that have such a bar only.
 */
export default class extends Controller<HTMLElement> {
  static targets = ["clock"];
  static values = {
    left: Number,
    allowed: Number,
    name: String,
    timeUrl: String,
    submitUrl: String,
    pageUrl: String,
    warning: String,
    over: String,
    inside: Boolean,
  };
  declare readonly clockTarget: HTMLElement;
  declare readonly leftValue: number;
  declare readonly allowedValue: number;
  declare readonly nameValue: string;
  declare readonly timeUrlValue: string;
  declare readonly submitUrlValue: string;
  declare readonly pageUrlValue: string;
  declare readonly warningValue: string;
  declare readonly overValue: string;
  declare readonly insideValue: boolean;
  private countdown?: Countdown;

  async connect(): Promise<void> {
    const { Countdown } = await import("../exam/countdown");
    if (!this.element.isConnected) return;
    this.countdown = new Countdown(this.element, this.clockTarget, {
      left: this.leftValue,
      allowed: this.allowedValue,
      name: this.nameValue,
      timeUrl: this.timeUrlValue,
      submitUrl: this.submitUrlValue,
      pageUrl: this.pageUrlValue,
      warning: this.warningValue,
      over: this.overValue,
      inside: this.insideValue,
    });
    this.countdown.start();
  }

  disconnect(): void {
    this.countdown?.stop();
  }

  ask(): void {
    void this.countdown?.ask();
  }
}
