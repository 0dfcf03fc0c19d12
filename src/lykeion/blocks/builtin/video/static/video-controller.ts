import { Controller } from "@hotwired/stimulus";
import { postJson } from "../../../../ui/ts/csrf";
import { logEvent } from "../../../../ui/ts/events";
import { FilePlayer, YoutubePlayer, type Happening, type Player } from "./players";
import { clock, Transcript, type Lines } from "./transcript";

interface State {
  position: number;
  speed: number;
  language: string;
  remember: boolean;
}

const SAVE_EVERY_MS = 30_000;
const COMPLETE = 0.95;
const STEP = 5;
const TRIES_AFTER_MS = [0, 1000, 4000];
const TARGETS = ["stage", "file", "start", "notice", "trouble", "controls", "play", "playIcon", "pauseIcon", "playLabel", "seek", "time", "mute", "soundIcon", "mutedIcon", "speed", "captions", "caption", "transcript", "search", "found", "language", "lines"];

/**
 * The player of a video block: one set of controls for files and YouTube, a transcript to follow, and a memory of
 * where the learner was. Nothing is asked of YouTube before the learner starts the video.
 */
export default class extends Controller<HTMLElement> {
  static targets = TARGETS;
  static values = { state: Object, id: String, youtube: String, start: Number, end: Number, saveUrl: String, completionUrl: String, lines: Object };
  declare stateValue: State;
  declare readonly idValue: string;
  declare readonly youtubeValue: string;
  declare readonly startValue: number;
  declare readonly endValue: number;
  declare readonly saveUrlValue: string;
  declare readonly completionUrlValue: string;
  declare readonly linesValue: Record<string, string>;
  readonly [target: `${string}Target`]: any;
  readonly [target: `has${string}Target`]: boolean;

  private player: Player | undefined;
  private transcript: Transcript | undefined;
  private wantedLanguage = "";
  private shownLanguage = "";
  private captionsOn = false;
  private complete = false;
  private stopped = false;
  private slidFrom: number | undefined;
  private lastSave = 0;
  private nearby: IntersectionObserver | undefined;
  /** Who leaves while it plays has watched until here; no player tells. */
  private readonly leave = (): void => {
    if (!this.player?.playing) return;
    this.log("pause_video");
    this.save();
  };

  connect(): void {
    if (!this.hasStageTarget) return;
    this.wantedLanguage = this.stateValue.language in this.linesValue ? this.stateValue.language : (Object.keys(this.linesValue)[0] ?? "");
    if (this.hasLanguageTarget) this.languageTarget.value = this.wantedLanguage;
    if (this.hasLinesTarget) this.transcript = new Transcript(this.linesTarget, (seconds) => this.goTo(seconds, "onCaptionSeek"));
    this.startTarget.hidden = false;
    if (this.youtubeValue) this.showSpeed();
    else this.useFile();
    this.nearby = new IntersectionObserver((seen) => seen.some((one) => one.isIntersecting) && this.cameNear(), { rootMargin: "400px" });
    this.nearby.observe(this.element);
    addEventListener("page:leave", this.leave);
    this.element.addEventListener("video:place", this.hear);
  }

  /** Pages around the player (Studio's) let it go to a place, and ask where it is. */
  private readonly hear = (event: Event): void => {
    const { detail } = event as CustomEvent<{ seconds?: number; now?: number }>;
    if (detail.seconds === undefined) detail.now = this.player?.time ?? 0;
    else this.goTo(detail.seconds, "onCaptionSeek");
  };

  disconnect(): void {
    this.element.removeEventListener("video:place", this.hear);
    this.leave();
    this.nearby?.disconnect();
    this.player?.destroy();
    this.player = undefined;
    removeEventListener("page:leave", this.leave);
  }

  // Starting

  begin(): void {
    this.stageTarget.querySelector(".video-poster")?.remove();
    this.startTarget.hidden = true;
    if (!this.player) this.useYoutube();
    this.player?.play();
    this.playTarget.focus({ preventScroll: true });
  }

  private useFile(): void {
    this.fileTarget.hidden = false;
    this.fileTarget.controls = false;
    this.player = new FilePlayer(this.fileTarget, (what) => this.happened(what));
    this.prepare();
    if (this.beginning > 0) this.player.seek(this.beginning);
    this.log("load_video");
  }

  private useYoutube(): void {
    const title = this.fileOrStageLabel;
    this.player = new YoutubePlayer(this.stageTarget, this.youtubeValue, title, this.beginning, (what) => this.happened(what));
    if (this.hasNoticeTarget) this.noticeTarget.hidden = true;
    this.prepare();
  }

  private prepare(): void {
    this.controlsTarget.hidden = false;
    this.showSpeed();
    this.player?.setSpeed(this.speed);
    this.progress();
  }

  private get fileOrStageLabel(): string {
    return this.stageTarget.parentElement?.getAttribute("aria-label") ?? "";
  }

  private get beginning(): number {
    const { position } = this.stateValue;
    const inside = position > this.startValue && (!this.endValue || position < this.endValue);
    return inside ? position : this.startValue;
  }

  // What the player tells

  private happened(what: Happening): void {
    if (what === "ready" && this.youtubeValue) this.log("load_video");
    if (what === "play") this.played();
    if (what === "pause") this.paused();
    if (what === "ended") this.ended();
    if (what === "trouble") return this.trouble();
    if (what === "sound") this.showSound();
    if (what === "time" || what === "ready") this.progress();
  }

  private played(): void {
    this.startTarget.hidden = true;
    this.lastSave = Date.now();
    this.showPlaying(true);
    this.log("play_video");
  }

  private paused(): void {
    this.showPlaying(false);
    const { time = 0, duration = 0 } = this.player ?? {};
    if (duration && time >= duration) return; // "ended" follows
    this.log("pause_video");
    this.save();
  }

  private ended(): void {
    this.showPlaying(false);
    this.log("stop_video");
    this.finish();
    this.save(this.startValue);
  }

  private trouble(): void {
    if (this.player instanceof YoutubePlayer && this.hasFileTarget) {
      this.player.destroy();
      this.useFile();
      return this.player?.play();
    }
    this.player?.destroy();
    this.player = undefined;
    this.startTarget.hidden = true;
    this.controlsTarget.hidden = true;
    if (this.hasNoticeTarget) this.noticeTarget.hidden = true;
    this.troubleTarget.hidden = false;
  }

  private progress(): void {
    const player = this.player;
    if (!player) return;
    if (this.slidFrom === undefined) this.showTime(player.time);
    this.transcript?.follow(player.time);
    this.showCaption();
    this.stopAtEnd(player);
    const length = this.length - this.startValue;
    if (length > 0 && player.playing && player.time - this.startValue >= COMPLETE * length) this.finish();
    if (player.playing && Date.now() - this.lastSave > SAVE_EVERY_MS) this.save();
  }

  /** Stops where the author said; the learner may go on from there. */
  private stopAtEnd(player: Player): void {
    if (!this.endValue || this.stopped || !player.playing || player.time < this.endValue) return;
    this.stopped = true;
    player.pause();
    this.finish();
  }

  private finish(): void {
    if (this.complete || !this.stateValue.remember) return;
    this.complete = true;
    this.log("complete_video");
    void postJson(this.completionUrlValue, { completion: 1.0 })
      .then((answer) => (answer.ok ? this.dispatch("done") : (this.complete = false)))
      .catch(() => (this.complete = false));
  }

  /** Where the video ends for this block. */
  private get length(): number {
    const duration = this.player?.duration ?? 0;
    return this.endValue && (!duration || this.endValue < duration) ? this.endValue : duration;
  }

  // What the learner does

  toggle(): void {
    if (!this.player) return this.begin();
    if (this.player.playing) this.player.pause();
    else this.begin();
  }

  slide(): void {
    this.slidFrom ??= this.player?.time ?? 0;
    this.showTime(Number(this.seekTarget.value));
  }

  slideEnd(): void {
    const from = this.slidFrom ?? this.player?.time ?? 0;
    this.slidFrom = undefined;
    this.goTo(Number(this.seekTarget.value), "onSlideSeek", from);
  }

  mute(): void {
    if (this.player) this.player.muted = !this.player.muted;
  }

  changeSpeed(): void {
    const old = this.stateValue.speed;
    this.stateValue = { ...this.stateValue, speed: this.speed };
    this.player?.setSpeed(this.speed);
    this.log("speed_change_video", { current_time: this.player?.time ?? 0, old_speed: String(old), new_speed: String(this.speed) });
    this.send({ speed: this.speed });
  }

  toggleCaptions(): void {
    this.captionsOn = !this.captionsOn;
    this.captionsTarget.setAttribute("aria-pressed", String(this.captionsOn));
    if (this.captionsOn) void this.loadLines();
    this.showCaption();
    this.log(`edx.video.closed_captions.${this.captionsOn ? "shown" : "hidden"}`, { current_time: this.player?.time ?? 0, language: this.wantedLanguage });
  }

  changeLanguage(): void {
    this.wantedLanguage = this.languageTarget.value;
    void this.loadLines();
    this.send({ transcript_language: this.wantedLanguage });
  }

  transcriptToggled(): void {
    if (this.transcriptTarget.open) void this.loadLines();
    this.log(this.transcriptTarget.open ? "show_transcript" : "hide_transcript", { current_time: this.player?.time ?? 0 });
  }

  find(): void {
    const words: string = this.searchTarget.value;
    const count = this.transcript?.find(words) ?? 0;
    const { some, none } = this.foundTarget.dataset;
    this.foundTarget.textContent = words.trim() ? (count ? `${some} ${count}` : none) : "";
  }

  fullscreen(): void {
    if (document.fullscreenElement) return void document.exitFullscreen();
    void this.stageTarget.parentElement.requestFullscreen?.().catch(() => this.fileTarget.webkitEnterFullscreen?.());
  }

  /** Keys work while the focus is in the player, as on YouTube; fields and buttons keep their own. */
  key(event: KeyboardEvent): void {
    const on = event.target as HTMLElement;
    if (event.ctrlKey || event.metaKey || event.altKey || on.closest("input:not([type=range]), select, textarea")) return;
    if (on.closest("input, .transcript") && /^(Arrow|Home|End| $)/.test(event.key)) return;
    if (event.key === " " && on.closest("button, summary, a")) return;
    const act = this.keys[event.key.toLowerCase()];
    if (!act) return;
    event.preventDefault();
    act();
  }

  private readonly keys: Record<string, () => void> = {
    " ": () => this.toggle(),
    k: () => this.toggle(),
    m: () => this.mute(),
    f: () => this.fullscreen(),
    c: () => this.hasCaptionsTarget && this.toggleCaptions(),
    arrowleft: () => this.skip(-STEP),
    arrowright: () => this.skip(STEP),
    j: () => this.skip(-2 * STEP),
    l: () => this.skip(2 * STEP),
  };

  private skip(seconds: number): void {
    if (this.player) this.goTo(this.player.time + seconds, "onSkipSeek");
  }

  private goTo(seconds: number, type: string, from = this.player?.time ?? 0): void {
    const to = Math.max(0, this.player?.duration ? Math.min(seconds, this.player.duration) : seconds);
    if (!this.player) {
      this.stateValue = { ...this.stateValue, position: to };
      return this.begin();
    }
    const { playing } = this.player;
    this.player.seek(to);
    this.stopped = this.endValue > 0 && to >= this.endValue;
    this.log("seek_video", { old_time: from, new_time: to, type });
    if (playing) this.log("play_video"); // a seek ends what was watched; no player tells that it goes on
    this.progress();
    if (type === "onCaptionSeek") this.begin();
    else if (!this.player.playing) this.save();
  }

  // What is shown

  private get speed(): number {
    return Number(this.speedTarget.value) || 1;
  }

  private showSpeed(): void {
    const options = [...(this.speedTarget as HTMLSelectElement).options];
    const nearest = options.reduce((best, one) => (this.off(one) < this.off(best) ? one : best));
    this.speedTarget.value = nearest.value;
  }

  private off(option: HTMLOptionElement): number {
    return Math.abs(Number(option.value) - this.stateValue.speed);
  }

  private showPlaying(playing: boolean): void {
    this.playIconTarget.hidden = playing;
    this.pauseIconTarget.hidden = !playing;
    const { play, pause } = this.playLabelTarget.dataset;
    this.playLabelTarget.textContent = playing ? pause : play;
  }

  private showSound(): void {
    const muted = this.player?.muted ?? false;
    this.muteTarget.setAttribute("aria-pressed", String(muted));
    this.soundIconTarget.hidden = muted;
    this.mutedIconTarget.hidden = !muted;
  }

  private showTime(seconds: number): void {
    const duration = this.player?.duration ?? 0;
    this.seekTarget.max = String(Math.max(1, Math.floor(duration)));
    this.seekTarget.value = String(Math.floor(seconds));
    const ends = duration ? clock(duration) : "–:––";
    this.timeTarget.textContent = `${clock(seconds)} / ${ends}`;
    this.seekTarget.setAttribute("aria-valuetext", `${clock(seconds)} ${this.seekTarget.dataset.of} ${ends}`);
  }

  /** Files show their captions themselves, by the track of the language; over YouTube we write them. */
  private showCaption(): void {
    const file = this.player instanceof FilePlayer && this.fileTarget.textTracks.length > 0;
    if (file)
      for (const track of this.fileTarget.textTracks as TextTrackList)
        track.mode = this.captionsOn && track.language === this.wantedLanguage ? "showing" : "disabled";
    const text = this.captionsOn && !file ? (this.transcript?.captionAt(this.player?.time ?? 0) ?? "") : "";
    if (this.captionTarget.textContent !== text) this.captionTarget.textContent = text;
    this.captionTarget.hidden = !text;
  }

  private cameNear(): void {
    this.nearby?.disconnect();
    if (this.hasTranscriptTarget && this.transcriptTarget.open) void this.loadLines();
  }

  private async loadLines(): Promise<void> {
    const language = this.wantedLanguage;
    const url = this.linesValue[language];
    if (!url || !this.transcript || this.shownLanguage === language) return;
    this.shownLanguage = language;
    const lines = await fetched(url);
    if (language !== this.wantedLanguage) return;
    if (!lines?.text) {
      this.shownLanguage = "";
      return this.transcript.say(this.linesTarget.dataset.missing ?? "");
    }
    this.transcript.show(lines, language);
    this.progress();
    if (this.searchTarget.value) this.find();
  }

  // What is told and remembered

  private log(name: string, more: Record<string, unknown> = {}): void {
    const player = this.player;
    logEvent(name, { id: this.idValue, code: player?.code ?? (this.youtubeValue || "html5"), currentTime: player?.time ?? 0, duration: player?.duration ?? 0, ...more });
  }

  private save(position = this.player?.time ?? 0): void {
    this.lastSave = Date.now();
    this.stateValue = { ...this.stateValue, position };
    this.send({ saved_video_position: hoursMinutesSeconds(position) });
  }

  private send(state: Record<string, unknown>): void {
    if (this.stateValue.remember) void postJson(this.saveUrlValue, state).catch(() => undefined);
  }
}

function hoursMinutesSeconds(seconds: number): string {
  const whole = Math.max(0, Math.floor(seconds));
  return [Math.floor(whole / 3600), Math.floor(whole / 60) % 60, whole % 60].map((part) => String(part).padStart(2, "0")).join(":");
}

/** The lines at `url`; a network or a site that is out of breath is asked again. */
async function fetched(url: string): Promise<Lines | undefined> {
  for (const pause of TRIES_AFTER_MS) {
    if (pause) await new Promise((done) => setTimeout(done, pause));
    const answer = await fetch(url, { credentials: "same-origin" }).catch(() => undefined);
    if (answer?.ok) return (await answer.json().catch(() => undefined)) as Lines | undefined;
    if (answer && answer.status < 500) return undefined;
  }
  return undefined;
}
