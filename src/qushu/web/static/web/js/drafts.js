/* Nothing typed is lost: a form with data-draft-key is kept on this machine at every stroke, and sent to data-draft-url.
   A form with data-guard (or a draft that could not be kept) warns before the page is left. */
import { clock, forget, keep, kept, sweep } from "./draft-store.js";

const SEND_AFTER = 3000;
const PENDING = "qushu:draft-sent";
const SECRET = /^(password|file|hidden|submit|button)$/;

function valuesOf(form) {
  return [...form.elements]
    .filter((one) => one.name && !SECRET.test(one.type) && !one.hasAttribute("data-no-draft"))
    .filter((one) => !/^(checkbox|radio)$/.test(one.type) || one.checked)
    .flatMap((one) => (one.multiple ? [...one.selectedOptions].map((chosen) => [one.name, chosen.value]) : [[one.name, one.value]]));
}

function fill(form, values) {
  for (const one of form.elements) {
    if (!one.name || SECRET.test(one.type) || one.hasAttribute("data-no-draft")) continue;
    const mine = values.filter(([name]) => name === one.name).map(([, value]) => value);
    if (/^(checkbox|radio)$/.test(one.type)) one.checked = mine.includes(one.value);
    else if (one.multiple) for (const option of one.options) option.selected = mine.includes(option.value);
    else if (mine.length) one.value = mine[0];
  }
  form.dispatchEvent(new CustomEvent("draft:restored", { bubbles: true }));
}

class Draft {
  constructor(form) {
    this.form = form;
    this.key = form.dataset.draftKey;
    this.url = form.dataset.draftUrl;
    this.start = JSON.stringify(valuesOf(form));
    this.words = form.querySelector("[data-draft-word]") ?? this.addWords();
    this.restore();
    form.addEventListener("input", () => this.changed());
    form.addEventListener("change", () => this.changed());
    form.addEventListener("submit", () => sessionStorage.setItem(PENDING, this.key));
    form.addEventListener("reset", () => setTimeout(() => this.changed()));
    addEventListener("online", () => this.back());
    addEventListener("offline", () => this.isThere && this.say("offline"));
  }

  addWords() {
    const words = document.createElement("span");
    words.className = "draft-word";
    words.setAttribute("role", "status");
    (this.form.querySelector(".form-actions") ?? this.form).append(words);
    return words;
  }

  say(what, at = new Date()) {
    this.words.classList.toggle("is-offline", ["offline", "full", "unsent"].includes(what));
    this.words.textContent = {
      saved: `草稿已存 ${clock(at)}`,
      local: `草稿已存本机 ${clock(at)}`,
      offline: "网络断开，草稿存在本机",
      full: "本机存不下草稿，请尽快提交",
      unsent: "没有送出：网络断开。内容存在本机，恢复后再送，不会重复受理",
      back: "网络已恢复，还没有送出的请按“再次送出”",
      restored: `已恢复 ${clock(at)} 未提交的内容`,
    }[what];
  }

  restore() {
    const before = kept(this.key);
    if (!before || this.form.querySelector('[aria-invalid="true"]') || JSON.stringify(before.values) === this.start) return;
    fill(this.form, before.values);
    this.say("restored", new Date(before.at));
    const drop = document.createElement("button");
    drop.type = "button";
    drop.className = "button button-quiet button-small";
    drop.textContent = "丢弃";
    drop.addEventListener("click", () => {
      forget(this.key);
      fill(this.form, JSON.parse(this.start));
      drop.remove();
      this.words.textContent = "";
    });
    this.words.after(drop);
  }

  /* The line broke while the form was sent. The form's own key makes that what arrived after all isn't kept twice. */
  unsent(again) {
    this.isUnsent = true;
    this.say("unsent");
    this.retry?.remove();
    this.retry = document.createElement("button");
    this.retry.type = "button";
    this.retry.className = "button button-small";
    this.retry.textContent = "再次送出";
    this.retry.addEventListener("click", () => again.click());
    this.words.after(this.retry);
  }

  back() {
    if (this.isUnsent) this.say("back");
    this.send();
  }

  changed() {
    this.dirty = true;
    this.isKept = keep(this.key, valuesOf(this.form));
    if (!this.isKept) this.say("full");
    else if (!navigator.onLine) this.say("offline");
    else if (!this.url) this.say("local");
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.send(), SEND_AFTER);
  }

  async send() {
    if (!this.url || !this.dirty || !navigator.onLine || !this.isThere) return;
    const body = new FormData();
    for (const [name, value] of valuesOf(this.form)) body.append(name, value);
    body.append("draft_key", this.key);
    const token = document.querySelector('meta[name="csrf-token"]')?.content ?? "";
    this.dirty = false;
    try {
      const answer = await fetch(this.url, { method: "POST", body, headers: { "X-CSRFToken": token }, credentials: "same-origin" });
      if (!answer.ok) throw new Error(String(answer.status));
      this.say(this.isUnsent ? "back" : "saved");
    } catch {
      // It stays on this machine; the next stroke or the network's return sends it again.
      this.dirty = true;
      this.say("offline");
    }
  }

  /* A refused form comes back as another one. */
  get isThere() {
    return this.form.isConnected;
  }

  get unsafe() {
    return this.dirty && !this.isKept;
  }
}

const drafts = new Map();
const guarded = new Map();

function begin(root) {
  for (const form of root.querySelectorAll?.("form[data-draft-key]") ?? []) if (!drafts.has(form)) drafts.set(form, new Draft(form));
  for (const form of root.querySelectorAll?.("form[data-guard]") ?? []) if (!guarded.has(form)) guarded.set(form, JSON.stringify(valuesOf(form)));
}

/* The page after a submit: the server's word (data-draft-done) clears the draft, as does a page without that form
   that is not an error page. The same form shown again with errors keeps it. */
function settleSent() {
  for (const done of document.querySelectorAll("[data-draft-done]")) forget(done.dataset.draftDone);
  const sent = sessionStorage.getItem(PENDING);
  sessionStorage.removeItem(PENDING);
  if (!sent || document.body.hasAttribute("data-error")) return;
  if (!document.querySelector(`form[data-draft-key="${CSS.escape(sent)}"]`)) forget(sent);
}

let leaving = false;
document.addEventListener("submit", (event) => {
  const draft = drafts.get(event.target);
  if (draft) draft.sentBy = event.submitter;
  if (event.defaultPrevented) sessionStorage.removeItem(PENDING); // it stays, or htmx sends it
  else leaving = true;
});
document.addEventListener("htmx:sendError", (event) => {
  const draft = drafts.get(event.detail.elt);
  if (draft?.sentBy) draft.unsent(draft.sentBy);
});
document.addEventListener("htmx:afterRequest", (event) => {
  const form = event.detail.elt.closest?.("form");
  if (!form || event.detail.requestConfig?.verb === "get") return;
  sessionStorage.removeItem(PENDING);
  if (!event.detail.successful) return;
  if (form.dataset.draftKey && event.detail.elt === form) forget(form.dataset.draftKey);
  guarded.delete(form);
});
addEventListener("beforeunload", (event) => {
  if (leaving) return;
  const changed = [...guarded].some(([form, start]) => form.isConnected && JSON.stringify(valuesOf(form)) !== start);
  if (changed || [...drafts.values()].some((draft) => draft.unsafe)) event.preventDefault();
});
addEventListener("pageshow", () => (leaving = false));

sweep();
settleSent();
begin(document);
document.addEventListener("htmx:load", (event) => begin(event.target));
