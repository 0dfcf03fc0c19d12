import { Channel, Refusal } from "./channel";

export interface Functions {
  grade: string;
  get: string;
  set: string;
}

const PATIENCE_MS = 6000;
const READY_MS = 15_000;
const AGAIN_MS = 200;

/**
 * One author's page: puts the learner's state into it, and asks it for answer and state (Open edX: jsinput.js). A page
 * answers over a channel of its own, under three fixed names; or the bridge in it calls its functions by their names.
 */
export class Session {
  private readonly bridged: boolean;
  private readonly channel: Channel;

  constructor(frame: HTMLIFrameElement, private readonly functions: Functions) {
    this.bridged = new URL(frame.src).search.includes("jsinput=1");
    this.channel = new Channel(frame, originOf(frame), this.bridged ? "JSInputPage" : "JSInput");
  }

  close(): void {
    this.channel.close();
  }

  /** Whether the page keeps a state: only then the value is JSON of answer and state. */
  get keepsState(): boolean {
    return Boolean(this.functions.get && this.functions.set);
  }

  /** Whether there is anything to ask for. */
  get answers(): boolean {
    return !this.bridged || Boolean(this.functions.grade);
  }

  /** Gives the page a state; as long as its functions are not there yet, again and again. */
  async setState(state: unknown): Promise<void> {
    const until = performance.now() + READY_MS;
    for (;;) {
      try {
        await this.ask("setState", this.functions.set, READY_MS, state);
        return;
      } catch (refused) {
        if (!this.bridged || !(refused instanceof Refusal) || performance.now() > until) throw refused;
        await new Promise((resolve) => setTimeout(resolve, AGAIN_MS));
      }
    }
  }

  /** What the field of the form shall hold. */
  async value(): Promise<string> {
    const answer = this.decoded(await this.ask("getGrade", this.functions.grade, PATIENCE_MS));
    return this.keepsState ? JSON.stringify({ answer, state: await this.state() }) : String(answer ?? "");
  }

  /** The state as a text. */
  async state(): Promise<unknown> {
    const state = await this.ask("getState", this.functions.get, PATIENCE_MS);
    return this.bridged ? unescaped(String(state)) : this.decoded(state);
  }

  private ask(name: string, path: string, patience: number, argument?: unknown): Promise<unknown> {
    if (!this.bridged) return this.channel.call(name, argument ?? "", patience);
    return this.channel.call(path, argument === undefined ? {} : { argument }, patience);
  }

  /** Over a channel everything is text, and percent signs are undone. */
  private decoded(value: unknown): unknown {
    if (this.bridged) return value;
    const text = String(value ?? "");
    try {
      return decodeURI(text);
    } catch {
      return text; // a percent sign that stands for itself
    }
  }
}

/** The state in a stored value; undefined when there is none. A value that is no JSON is a state as it stands. */
export function stateIn(stored: string): unknown {
  if (!stored) return undefined;
  try {
    const value: unknown = JSON.parse(stored);
    return typeof value === "object" ? (value as { state?: unknown } | null)?.state : value;
  } catch {
    return stored;
  }
}

/** Where the page comes from; null for ours, which run in an origin of their own. */
function originOf(frame: HTMLIFrameElement): string | null {
  return frame.sandbox.contains("allow-same-origin") && new URL(frame.src).origin !== location.origin ? new URL(frame.src).origin : null;
}

/** `%uXXXX` and `%XX` undone, as old pages write them. */
function unescaped(text: string): string {
  return text.replace(/%u([\da-f]{4})|%([\da-f]{2})/gi, (_, wide, narrow) => String.fromCharCode(parseInt(wide ?? narrow, 16)));
}
