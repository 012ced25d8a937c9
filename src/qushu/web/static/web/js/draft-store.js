/* Where drafts are kept on this machine: one entry per account and form. They hold citizens' data, so they are
   removed when sent, when somebody logs out, and after three days. */
const PREFIX = "qushu:draft:";
const DAYS = 3;
const account = document.body.dataset.account || "citizen";
const nameOf = (key) => `${PREFIX}${account}:${key}`;

export const clock = (at) => at.toLocaleTimeString("zh-CN", { hour: "2-digit", minute: "2-digit", hour12: false, timeZone: "Asia/Shanghai" });

export function keep(key, values) {
  try {
    localStorage.setItem(nameOf(key), JSON.stringify({ at: Date.now(), values }));
    return true;
  } catch {
    return false; // full or forbidden by the browser; the caller tells the person
  }
}

export function kept(key) {
  const text = localStorage.getItem(nameOf(key));
  return text ? JSON.parse(text) : null;
}

/* The newest that this machine keeps of the forms whose key begins so, but for one: { key, at, values }; null when none. */
export function newest(beginning, but) {
  const all = mine().filter((name) => name.startsWith(nameOf(beginning)) && name !== nameOf(but));
  const drafts = all.map((name) => ({ key: name.slice(nameOf("").length), ...JSON.parse(localStorage.getItem(name)) }));
  return drafts.sort((one, other) => other.at - one.at)[0] ?? null;
}

export const forget = (key) => localStorage.removeItem(nameOf(key));

const mine = () => Object.keys(localStorage).filter((name) => name.startsWith(PREFIX));

export function sweep() {
  for (const name of mine()) {
    const { at } = JSON.parse(localStorage.getItem(name));
    if (Date.now() - at > DAYS * 24 * 3600 * 1000) localStorage.removeItem(name);
  }
}

document.addEventListener("submit", (event) => {
  if (!event.target.matches("[data-logout]")) return;
  for (const name of mine()) if (name.startsWith(`${PREFIX}${account}:`)) localStorage.removeItem(name);
});
