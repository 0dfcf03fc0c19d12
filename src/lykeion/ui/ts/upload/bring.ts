import { post } from "../csrf";
import type { CourseFile } from "../text/upload";
import { ask, type Begun, send } from "./sending";

export interface Way {
  /** Where an upload begins, and where what is here as a whole goes into the course. */
  begin: string;
  take: string;
  signal: AbortSignal;
  progress(offset: number): void;
  lost(): void;
}

/**
 * Brings one file into the course in parts, beside a file of its name. What was sent of the same file before, and was not
 * finished, is not sent again. Throws an Error that says why not, for people.
 */
export async function bring(file: File, way: Way): Promise<CourseFile> {
  const wanted = new URLSearchParams({ purpose: "file", path: file.name, size: `${file.size}`, mark: `${file.size}-${file.lastModified}` });
  const begun: Begun = await ask(way.begin, { method: "POST", body: wanted }, way);
  await send(file, begun, way);
  const answer = await post(way.take, new URLSearchParams({ key: begun.key, keep: begun.key }));
  const told = (await answer.json().catch(() => ({}))) as { files?: CourseFile[]; error?: string };
  const made = told.files?.[0];
  if (!answer.ok || !made) throw new Error(told.error || answer.statusText);
  return made;
}
