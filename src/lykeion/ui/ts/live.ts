/** Says something to people who listen to the page. A repeated text is said again. */
export function announce(text: string): void {
  const region = document.getElementById("live");
  if (!region) return;
  region.textContent = "";
  requestAnimationFrame(() => (region.textContent = text));
}

export interface Toast {
  text: string;
  /** Where to post when the person changes their mind. */
  undo?: string;
}

/** Shows a short message at the foot of the page (see toast-controller). */
export function toast(message: Toast): void {
  document.dispatchEvent(new CustomEvent("toast", { detail: message }));
}
