/* Native dialogs and small menus, opened by data attributes. */
/* Who asked for the dialog gets the focus back, also when a key asked and the focus was elsewhere. */
let asker = null;

function giveBack(opener, dialog) {
  const at = document.activeElement;
  if (at && at !== document.body && !dialog.contains(at)) return;
  const menu = opener?.closest("details[data-menu]:not([open])");
  const back = menu?.querySelector("summary") ?? opener;
  (back?.isConnected ? back : document.getElementById("main"))?.focus();
}

/* The first thing to fill in takes the focus, not the button that closes. */
function show(dialog) {
  if (!dialog || dialog.open) return;
  const opener = asker ?? document.activeElement;
  asker = null;
  dialog.addEventListener("close", () => giveBack(opener, dialog), { once: true });
  dialog.showModal();
  (dialog.querySelector("[autofocus]") ?? dialog.querySelector(".dialog-body :is(input, select, textarea):not([type=hidden])"))?.focus();
}

document.addEventListener("click", (event) => {
  const opener = event.target.closest("[data-dialog-open]");
  if (opener) {
    const dialog = document.getElementById(opener.dataset.dialogOpen);
    opener.closest("details[data-menu]")?.removeAttribute("open");
    asker = opener;
    show(dialog);
    return;
  }
  if (event.target.closest("[data-dialog-close]")) event.target.closest("dialog")?.close();
  else if (event.target instanceof HTMLDialogElement && !event.target.querySelector("form[data-guard]")) event.target.close();
  for (const menu of document.querySelectorAll("details[data-menu][open]")) {
    if (!menu.contains(event.target)) menu.removeAttribute("open");
  }
  event.target.closest("[data-dismiss]")?.closest(".notice")?.remove();
  const side = event.target.closest("[data-side-toggle]");
  if (side) {
    const open = document.getElementById("side").classList.toggle("is-open");
    side.setAttribute("aria-expanded", String(open));
  }
});

document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape") return;
  const menu = document.querySelector("details[data-menu][open]");
  if (menu) {
    menu.removeAttribute("open");
    menu.querySelector("summary").focus();
  }
  const side = document.querySelector(".side.is-open");
  if (side) {
    side.classList.remove("is-open");
    const toggle = document.querySelector("[data-side-toggle]");
    toggle.setAttribute("aria-expanded", "false");
    toggle.focus();
  }
});

document.addEventListener("htmx:beforeRequest", (event) => {
  if (event.detail.target?.id === "dialog-host" && !event.detail.elt.closest("dialog")) asker = event.detail.elt;
});

/* A dialog that comes with htmx opens itself: <dialog data-dialog-now>. The server closes one with HX-Trigger: dialog-close. */
document.addEventListener("htmx:load", (event) => {
  const found = event.target.matches?.("dialog[data-dialog-now]") ? event.target : event.target.querySelector?.("dialog[data-dialog-now]");
  if (found) show(found);
});
document.addEventListener("dialog-close", () => document.querySelector("dialog[open]")?.close());
