import { post } from "../csrf";

/** A file of the course; `url` is what texts name it by, `/static/PATH`. */
export interface CourseFile {
  path: string;
  url: string;
  content_type: string;
}

/** Puts a file into the course, beside what is there already. Throws an Error that says why not, for people. */
export async function upload(address: string, file: File): Promise<CourseFile> {
  const form = new FormData();
  form.append("file", file, file.name);
  form.append("keep", "1");
  const answer = await post(address, form);
  const told = (await answer.json().catch(() => ({}))) as { files?: CourseFile[]; error?: string };
  const made = told.files?.[0];
  if (!answer.ok || !made) throw new Error(told.error || answer.statusText);
  return made;
}

/** Where the draft shows what a text names; `files` is the address of the draft's files. */
export function shownAt(files: string, url: string): string {
  return url.startsWith("/static/") ? files + url.slice("/static/".length) : url;
}
