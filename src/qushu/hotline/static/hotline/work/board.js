/* The board fetches itself anew each minute, but never under somebody's hands: not while rows are picked, a field has the
   focus or a window is open. The link that has the focus keeps it (htmx finds it by its id), so does the current row. */
const busy = () =>
  document.querySelector("[data-pick]:checked, dialog[open]") ||
  /^(input|textarea|select)$/i.test(document.activeElement?.tagName ?? "") ||
  document.getElementById("order-words")?.value;

let row = "";
let closed = false;

document.addEventListener("htmx:beforeRequest", (event) => {
  if (!event.target.matches("[data-board]")) return;
  if (busy()) event.preventDefault();
  row = document.querySelector(".is-current")?.id ?? "";
  closed = document.getElementById("by-unit")?.open === false;
});

document.addEventListener("htmx:afterSettle", () => {
  if (closed) document.getElementById("by-unit")?.removeAttribute("open");
  const again = row && document.getElementById(row);
  if (!again) return;
  again.classList.add("is-current");
  again.setAttribute("tabindex", "-1");
  if (document.activeElement === document.body) again.focus({ preventScroll: true });
  row = "";
});
