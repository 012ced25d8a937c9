/* What htmx needs from us: the CSRF token on every write, and a word when a request does not come through. */
import { toast } from "./toast.js";

const UNSAFE = /^(post|put|patch|delete)$/i;

document.addEventListener("htmx:configRequest", (event) => {
  if (UNSAFE.test(event.detail.verb)) {
    event.detail.headers["X-CSRFToken"] = document.querySelector('meta[name="csrf-token"]')?.content ?? "";
  }
});

document.addEventListener("htmx:sendError", (event) => {
  // What the page asks by itself while somebody types is silent, and a kept form has its own words (drafts.js).
  if (!event.detail.elt.matches("form:not([data-draft-key]), a, button")) return;
  toast("网络断开，这次操作没有送到。已填写的内容仍在，恢复后请再试一次。", "late");
});

/* A form that the browser itself would send leads to its error page when the line is gone: it stays here instead. */
document.addEventListener("submit", (event) => {
  if (event.defaultPrevented || navigator.onLine || event.target.method === "dialog") return;
  event.preventDefault();
  toast("网络断开，没有送出。已填写的内容仍在，网络恢复后请再按一次。", "late");
});

document.addEventListener("htmx:responseError", (event) => {
  const status = event.detail.xhr.status;
  if (status === 403) toast("您没有这项权限，或登录已过期。没有做任何改动，请重新登录后再试。", "late");
  else if (status === 429) toast("操作太频繁，请稍等片刻再试。已填写的内容仍在。", "warn");
  else toast(`这次操作没有完成（${status}）。已填写的内容仍在，请稍后再试。`, "late");
});

/* The server may say something with the header HX-Trigger: {"toast": {"text": "…", "tone": "good"}}. */
document.addEventListener("toast", (event) => toast(event.detail.text ?? event.detail.value, event.detail.tone));

/* After a refused form is swapped in, the first wrong field takes the focus. */
document.addEventListener("htmx:afterSwap", (event) => {
  event.detail.target.querySelector?.('[aria-invalid="true"]')?.focus();
});
