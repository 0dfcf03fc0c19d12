/** The other side said no: the method is not there, or it failed. */
export class Refusal extends Error {}

/** The other side said nothing in time. */
export class Silence extends Error {}

interface Message {
  id?: number;
  method?: string;
  params?: unknown;
  result?: unknown;
  error?: string;
  message?: string;
}

interface Waiting {
  resolve(value: unknown): void;
  reject(reason: Error): void;
}

/**
 * Calls methods of a page in a frame by messages, in the format of Mozilla's jschannel: JSON texts
 * `{id, method: "<scope>::<name>", params}`, answered by `{id, result}` or `{id, error, message}`, after both sides have
 * said `<scope>::__ready` (a `ping`, answered by a `pong`). Calls wait until the page is ready.
 */
export class Channel {
  private static lastId = Math.floor(Math.random() * 1_000_000);
  private readonly waiting = new Map<number, Waiting>();
  private queue: Message[] = [];
  private ready = false;

  /** `origin` is where the page comes from; `null` for a page that runs in an origin of its own. */
  constructor(private readonly frame: HTMLIFrameElement, private readonly origin: string | null, private readonly scope: string) {
    addEventListener("message", this.receive);
    frame.addEventListener("load", this.greet);
    this.greet();
  }

  close(): void {
    removeEventListener("message", this.receive);
    this.frame.removeEventListener("load", this.greet);
    for (const { reject } of this.waiting.values()) reject(new Silence());
    this.waiting.clear();
  }

  /** The result of a method. Rejects with a Refusal, or with Silence after `patience` milliseconds. */
  call(method: string, params: unknown, patience: number): Promise<unknown> {
    const id = ++Channel.lastId;
    const answer = new Promise<unknown>((resolve, reject) => {
      const timer = setTimeout(() => reject(new Silence()), patience);
      const settled = <T>(then: (value: T) => void) => (value: T) => (clearTimeout(timer), then(value));
      this.waiting.set(id, { resolve: settled(resolve), reject: settled(reject) });
    });
    const message = { id, method: `${this.scope}::${method}`, params };
    if (this.ready) this.send(message);
    else this.queue.push(message);
    return answer.finally(() => this.drop(id));
  }

  private drop(id: number): void {
    this.waiting.delete(id);
    this.queue = this.queue.filter((message) => message.id !== id);
  }

  private readonly greet = (): void => {
    if (!this.ready) this.send({ method: `${this.scope}::__ready`, params: "ping" });
  };

  private send(message: Message): void {
    this.frame.contentWindow?.postMessage(JSON.stringify(message), this.origin ?? "*");
  }

  private readonly receive = ({ source, origin, data }: MessageEvent): void => {
    if (source !== this.frame.contentWindow || origin !== (this.origin ?? "null")) return;
    const message = parsed(data);
    if (message?.method === `${this.scope}::__ready`) this.nowReady(message.params);
    else if (message?.id !== undefined && message.method === undefined) this.answered(message.id, message);
  };

  private nowReady(greeting: unknown): void {
    this.ready = true;
    if (greeting === "ping") this.send({ method: `${this.scope}::__ready`, params: "pong" });
    for (const message of this.queue.splice(0)) this.send(message);
  }

  private answered(id: number, { result, error, message }: Message): void {
    const waiting = this.waiting.get(id);
    if (error) waiting?.reject(new Refusal(message || error));
    else waiting?.resolve(result);
  }
}

function parsed(data: unknown): Message | undefined {
  try {
    const message: unknown = typeof data === "string" ? JSON.parse(data) : undefined;
    return typeof message === "object" && message !== null ? message : undefined;
  } catch {
    return undefined; // somebody else's message
  }
}
