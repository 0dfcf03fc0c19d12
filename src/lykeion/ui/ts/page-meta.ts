/** What the server says about the page: the content of `<meta name="…">`, empty when there is none. */
export function meta(name: string): string {
  return document.querySelector<HTMLMetaElement>(`meta[name="${name}"]`)?.content ?? "";
}
