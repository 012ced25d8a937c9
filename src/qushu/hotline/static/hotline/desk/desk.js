/* The desk: suggestions fill fields, knowledge fills the answer, a reload finds the same form again, and the newest draft
   is offered. A refused form comes back in place of the one that was sent. */
import { newest } from "../../web/js/draft-store.js";

const PREFIX = "desk-";
const theForm = () => document.getElementById("desk-form");
const time = new Intl.DateTimeFormat("zh-CN", { month: "2-digit", day: "2-digit", hour: "2-digit", minute: "2-digit", hour12: false, timeZone: "Asia/Shanghai" });

function put(name, value) {
  const control = theForm()?.elements[name];
  if (!control) return;
  control.value = value;
  control.dispatchEvent(new Event("input", { bubbles: true }));
  control.dispatchEvent(new Event("change", { bubbles: true }));
}

/* The suggestion is drawn anew and its button is gone: who pressed it goes on at the field that it filled. Who took it by
   its key stays where the typing is. */
function fill(button) {
  const pressed = document.activeElement === button;
  put(button.dataset.fill, button.dataset.value);
  const filled = pressed && theForm()?.elements[button.dataset.fill];
  if (filled) (document.getElementById(`${filled.id}_combo`) ?? filled).focus();
}

function open(id) {
  const part = document.getElementById(id);
  if (!part) return;
  part.open = true;
  part.querySelector("textarea, select")?.focus();
  part.scrollIntoView({ block: "nearest" });
}

document.addEventListener("click", (event) => {
  const filler = event.target.closest("[data-fill]");
  if (filler) fill(filler);
  const opener = event.target.closest("[data-open]");
  if (opener) open(opener.dataset.open);
  const answer = event.target.closest("[data-answer]");
  if (answer) {
    put("answer", document.getElementById(`knowledge-${answer.dataset.answer}`).textContent.trim());
    put("knowledge", answer.dataset.answer);
    open("desk-answer");
  }
});

/* The address names this form, so that a reload or the way back finds what was typed. */
function nameAddress() {
  const key = theForm()?.dataset.desk;
  if (key && !location.search.includes(key)) history.replaceState(null, "", `${location.pathname}?draft=${key}`);
}

/* What this machine keeps may be newer than what reached the server. */
function offerNewest() {
  const offer = document.querySelector("[data-resume]");
  const draft = newest(PREFIX, theForm()?.dataset.desk ?? "");
  if (!offer || !draft || draft.at / 1000 <= Number(offer.dataset.at ?? 0) || theForm().querySelector(".draft-word")?.textContent) return;
  const said = new Map(draft.values);
  offer.querySelector("[data-resume-words]").textContent = (said.get("title") || said.get("text") || "（只有号码）").slice(0, 24);
  offer.querySelector("[data-resume-at]").textContent = time.format(draft.at);
  offer.querySelector("[data-resume-link]").href = `${location.pathname}?draft=${draft.key}`;
  offer.hidden = false;
}

/* After a refusal the first wrong field takes the focus; a combo stands in for its select. */
const focusWrong = () => theForm()?.querySelector('[aria-invalid="true"]:not(.combo-select)')?.focus();

nameAddress();
addEventListener("load", () => {
  offerNewest();
  focusWrong();
});
document.addEventListener("htmx:load", (event) => {
  if (event.target.id !== "desk-form") return;
  nameAddress();
  focusWrong();
});
