/* The keyboard: rows, search, help, saving, and the page's own keys: [data-key] alone, [data-row-key] for the current
   row, [data-alt] with Alt and so while typing too. Single keys can be switched off (WCAG 2.1.4). */
import { currentRow, moveRow, openRow, pickRow } from "./rows.js";

const SWITCH = "qushu:single-keys";
const singleKeysOn = () => localStorage.getItem(SWITCH) !== "off";
const isTyping = (target) =>
  target.isContentEditable || /^(input|textarea|select)$/i.test(target.tagName) && !/^(checkbox|radio|button|submit)$/i.test(target.type ?? "");

function savePrimary() {
  const form = document.querySelector("dialog[open] form[data-primary]") ?? document.querySelector("form[data-primary]");
  if (!form) return false;
  const button = form.querySelector('[type="submit"][data-default]') ?? form.querySelector('[type="submit"]');
  if (button) button.click(); // not requestSubmit: htmx takes the button that was clicked for the way to save
  else form.requestSubmit();
  return true;
}

function focusSearch() {
  const box = document.getElementById("global-search");
  box?.focus();
  box?.select();
  return Boolean(box);
}

const SINGLE = {
  "/": focusSearch,
  "?": () => (document.getElementById("keys-dialog")?.showModal(), true),
  j: () => moveRow(1),
  k: () => moveRow(-1),
  x: pickRow,
  Enter: () => openRow(),
};

const WITH_ALT = /^Digit(\d)$/;

function pressPageKey(key, kind = "key") {
  const ofRow = kind === "key" ? [...(currentRow()?.querySelectorAll("[data-row-key]") ?? [])].filter((one) => one.dataset.rowKey === key) : [];
  const ofPage = [...document.querySelectorAll(`[data-${kind}]`)].filter((one) => one.dataset[kind] === key);
  const found = [...ofRow, ...ofPage].find((one) => !one.disabled && one.offsetParent);
  if (!found) return false;
  if (/^(input|textarea|select)$/i.test(found.tagName)) found.focus();
  else found.click();
  return true;
}

document.addEventListener("keydown", (event) => {
  if (event.isComposing) return;
  if (event.altKey) {
    // By the place of the key: with Alt some layouts type another sign.
    const digit = !event.ctrlKey && !event.metaKey && !document.querySelector("dialog[open]") && WITH_ALT.exec(event.code);
    if (digit && pressPageKey(digit[1], "alt")) event.preventDefault();
    return;
  }
  if (event.ctrlKey || event.metaKey) {
    if ((event.key === "Enter" || event.key.toLowerCase() === "s") && savePrimary()) event.preventDefault();
    return;
  }
  if (event.key === "Escape" && !event.defaultPrevented && isTyping(event.target) && !event.target.closest("dialog")) return event.target.blur();
  if (isTyping(event.target) || document.querySelector("dialog[open]") || !singleKeysOn()) return;
  // Enter belongs to the link or button that has the focus; to the list only when the current row has it.
  if (event.key === "Enter" && event.target !== document.body && event.target !== currentRow()) return;
  const act = SINGLE[event.key];
  if (act ? act() : pressPageKey(event.key)) event.preventDefault();
});

/* The help window lists the keys of this page from [data-key-label], and anew when a part of it came later. */
function listPageKeys() {
  const list = document.querySelector("[data-page-keys]");
  if (!list) return;
  list.replaceChildren();
  const listed = new Set();
  for (const one of document.querySelectorAll(":is([data-key], [data-alt], [data-row-key])[data-key-label]")) {
    const name = one.dataset.key ?? one.dataset.rowKey ?? `Alt ${one.dataset.alt}`;
    if (one.disabled || listed.has(name)) continue;
    listed.add(name);
    const key = document.createElement("dt");
    const kbd = document.createElement("kbd");
    kbd.textContent = name;
    key.append(kbd);
    const words = document.createElement("dd");
    words.textContent = one.dataset.keyLabel;
    list.append(key, words);
  }
  list.hidden = !list.children.length;
}

const box = document.querySelector("[data-keys-switch]");
if (box) {
  box.checked = singleKeysOn();
  box.addEventListener("change", () => localStorage.setItem(SWITCH, box.checked ? "on" : "off"));
}
listPageKeys();
document.addEventListener("htmx:afterSettle", listPageKeys);
