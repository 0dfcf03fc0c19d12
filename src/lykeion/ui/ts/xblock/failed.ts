/** Says in the page that a block's script did not start; once a block. The words come with our script's tag. */
export function sayFailed(wrapper: HTMLElement): void {
  const words = document.querySelector<HTMLElement>("script[data-failed]")?.dataset.failed;
  if (!words || wrapper.querySelector(":scope > .block-notice-failed")) return;
  const box = document.createElement("div");
  box.className = "block-notice block-notice-broken block-notice-failed";
  box.setAttribute("role", "status");
  box.append(Object.assign(document.createElement("p"), { textContent: words }));
  wrapper.append(box);
}
