/* A short message in the corner that leaves by itself; late ones stay until they are closed. */
const STAYS = 6000;

export function toast(text, tone = "info") {
  const place = document.getElementById("toasts");
  if (!place || !text) return;
  const box = document.createElement("div");
  box.className = `notice tone-${tone}`;
  const words = document.createElement("div");
  words.className = "notice-words";
  words.textContent = text;
  const close = document.createElement("button");
  close.type = "button";
  close.className = "notice-close";
  close.textContent = "×";
  close.setAttribute("aria-label", "关闭这条消息");
  close.addEventListener("click", () => box.remove());
  box.append(words, close);
  place.append(box);
  if (tone !== "late") setTimeout(() => box.remove(), STAYS);
}
