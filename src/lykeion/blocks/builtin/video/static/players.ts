// What plays: a file in the browser's own player, or YouTube in a frame. Both speak the same few words.

export type Happening = "ready" | "play" | "pause" | "ended" | "time" | "sound" | "trouble";
export type Tell = (happening: Happening) => void;

export interface Player {
  /** As the tracking log names it: a YouTube id, or "html5". */
  readonly code: string;
  readonly time: number;
  readonly duration: number;
  readonly playing: boolean;
  muted: boolean;
  play(): void;
  pause(): void;
  seek(seconds: number): void;
  setSpeed(speed: number): void;
  destroy(): void;
}

const HEARD: [event: string, happening: Happening][] = [
  ["loadedmetadata", "ready"], ["play", "play"], ["pause", "pause"], ["ended", "ended"],
  ["timeupdate", "time"], ["durationchange", "time"], ["volumechange", "sound"],
];

export class FilePlayer implements Player {
  readonly code = "html5";
  private readonly listening = new AbortController();
  private wanted: number | undefined;

  constructor(private readonly video: HTMLVideoElement, tell: Tell) {
    const { signal } = this.listening;
    for (const [event, happening] of HEARD) video.addEventListener(event, () => tell(happening), { signal });
    video.addEventListener("loadedmetadata", () => this.wanted !== undefined && this.seek(this.wanted), { signal });
    video.querySelector("source:last-of-type")?.addEventListener("error", () => tell("trouble"), { signal });
    video.addEventListener("error", () => tell("trouble"), { signal });
    if (video.networkState === HTMLMediaElement.NETWORK_NO_SOURCE) tell("trouble");
  }

  get time(): number { return this.wanted ?? this.video.currentTime; }
  get duration(): number { return Number.isFinite(this.video.duration) ? this.video.duration : 0; }
  get playing(): boolean { return !this.video.paused && !this.video.ended; }
  get muted(): boolean { return this.video.muted; }
  set muted(muted: boolean) { this.video.muted = muted; }
  play(): void { void this.video.play().catch(() => undefined); }
  pause(): void { this.video.pause(); }
  setSpeed(speed: number): void { this.video.playbackRate = this.video.defaultPlaybackRate = speed; }

  /** A place asked for before the file is known is gone to as soon as it is. */
  seek(seconds: number): void {
    const known = this.video.readyState >= HTMLMediaElement.HAVE_METADATA;
    this.wanted = known ? undefined : seconds;
    if (known) this.video.currentTime = seconds;
  }

  destroy(): void {
    this.listening.abort();
    this.video.pause();
  }
}

const YOUTUBE = "https://www.youtube-nocookie.com";
const PATIENCE_MS = 12_000;
const [ENDED, PLAYING, PAUSED] = [0, 1, 2];

interface Told {
  event?: string;
  info?: { currentTime?: number; duration?: number; playerState?: number; muted?: boolean } | null;
}

/** YouTube's frame, by messages alone: none of its scripts run in our page. */
export class YoutubePlayer implements Player {
  time = 0;
  duration = 0;
  playing = false;
  private silent = false;
  private ready = false;
  private wanted = false;
  private speed = 1;
  private readonly frame = document.createElement("iframe");
  private readonly listening = new AbortController();
  private readonly calling: ReturnType<typeof setInterval>;

  constructor(stage: Element, readonly code: string, title: string, start: number, private readonly tell: Tell) {
    const asked = new URLSearchParams({ enablejsapi: "1", origin: location.origin, playsinline: "1", rel: "0", controls: "0", disablekb: "1", autoplay: "1", start: String(Math.floor(start)) });
    this.frame.src = `${YOUTUBE}/embed/${encodeURIComponent(code)}?${asked}`;
    this.frame.title = title;
    this.frame.allow = "autoplay; encrypted-media; fullscreen; picture-in-picture";
    this.frame.referrerPolicy = "strict-origin-when-cross-origin";
    window.addEventListener("message", (event) => this.hear(event), { signal: this.listening.signal });
    stage.prepend(this.frame);
    const since = performance.now();
    this.calling = setInterval(() => this.call(performance.now() - since), 250);
  }

  get muted(): boolean { return this.silent; }
  set muted(muted: boolean) { this.command(muted ? "mute" : "unMute"); }
  play(): void { this.wanted = true; this.command("playVideo"); }
  pause(): void { this.wanted = false; this.command("pauseVideo"); }
  seek(seconds: number): void { this.time = seconds; this.command("seekTo", seconds, true); }
  setSpeed(speed: number): void { this.speed = speed; this.command("setPlaybackRate", speed); }

  destroy(): void {
    clearInterval(this.calling);
    this.listening.abort();
    this.frame.remove();
  }

  /** The frame answers only after it was called, and hears nothing before it is loaded. */
  private call(waited: number): void {
    if (this.ready) return clearInterval(this.calling);
    this.post({ event: "listening", id: 1, channel: "widget" });
    if (waited < PATIENCE_MS) return;
    clearInterval(this.calling);
    this.tell("trouble");
  }

  private hear(message: MessageEvent): void {
    if (message.source !== this.frame.contentWindow || message.origin !== YOUTUBE || typeof message.data !== "string") return;
    const told = parsed(message.data);
    if (told.event === "onError") return this.tell("trouble");
    if (!this.ready && (told.event === "onReady" || told.event === "initialDelivery")) {
      this.ready = true;
      this.setSpeed(this.speed);
      if (this.wanted) this.play(); // what was said before the frame could hear
      this.tell("ready");
    }
    if (told.info) this.learn(told.info);
  }

  private learn(info: NonNullable<Told["info"]>): void {
    this.duration = info.duration ?? this.duration;
    if (info.muted !== undefined && info.muted !== this.silent) {
      this.silent = info.muted;
      this.tell("sound");
    }
    if (info.currentTime !== undefined) {
      this.time = info.currentTime;
      this.tell("time");
    }
    if (info.playerState !== undefined) this.change(info.playerState);
  }

  private change(state: number): void {
    const was = this.playing;
    if (state === PLAYING) this.playing = true;
    if (state === PAUSED || state === ENDED) this.playing = false;
    if (state === ENDED && was) this.tell("ended");
    else if (was !== this.playing) this.tell(this.playing ? "play" : "pause");
  }

  private command(func: string, ...args: unknown[]): void {
    this.post({ event: "command", func, args, id: 1, channel: "widget" });
  }

  private post(message: unknown): void {
    this.frame.contentWindow?.postMessage(JSON.stringify(message), YOUTUBE);
  }
}

function parsed(text: string): Told {
  try {
    return (JSON.parse(text) ?? {}) as Told;
  } catch {
    return {};
  }
}
