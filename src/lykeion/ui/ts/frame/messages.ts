// What a framed block's document and the page around it say to each other.

/** A body that can cross: FormData becomes its entries, the rest is what structured clones carry. */
export type Body = string | ArrayBuffer | Blob | { form: [string, string | File][] } | null;

export interface Call {
  lykeion: "call";
  id: number;
  url: string;
  method: string;
  headers: [string, string][];
  body: Body;
}

export interface Answer {
  lykeion: "answer";
  id: number;
  /** 0: the page did not ask, or nobody answered. */
  status: number;
  statusText: string;
  headers: [string, string][];
  body: ArrayBuffer;
}

export type FromFrame =
  | Call
  | { lykeion: "height"; height: number }
  | { lykeion: "event"; name: string; data: string }
  | { lykeion: "notify"; name: string; data: unknown }
  | { lykeion: "visit"; url: string }
  | { lykeion: "reload" }
  | { lykeion: "hello" };
export type ToFrame = Answer | { lykeion: "ready"; theme: string };
