/* Rows of a table: moving and opening by keyboard or click, picking several with a count. */
const ROWS = "tr[data-href], [data-row]";
const allRows = () => [...document.querySelectorAll(ROWS)].filter((row) => row.offsetParent);

export const currentRow = () => document.querySelector(".is-current");

function makeCurrent(row) {
  for (const other of document.querySelectorAll(".is-current")) {
    other.classList.remove("is-current");
    other.removeAttribute("tabindex");
  }
  row.classList.add("is-current");
  row.setAttribute("tabindex", "-1");
  row.focus({ preventScroll: true });
  row.scrollIntoView({ block: "nearest" });
}

export function moveRow(step) {
  const rows = allRows();
  if (!rows.length) return false;
  const at = rows.indexOf(currentRow());
  makeCurrent(rows[at < 0 ? (step > 0 ? 0 : rows.length - 1) : Math.min(rows.length - 1, Math.max(0, at + step))]);
  return true;
}

export function openRow(row = currentRow(), elsewhere = false) {
  if (!row) return false;
  const link = row.querySelector("a[data-row-link]");
  if (elsewhere) window.open(row.dataset.href, "_blank", "noopener");
  else if (row.dataset.href) location.assign(row.dataset.href);
  else (link ?? row.querySelector("a, button"))?.click();
  return true;
}

export function pickRow() {
  const box = currentRow()?.querySelector("[data-pick]");
  box?.click();
  return Boolean(box);
}

function showCount(form) {
  const boxes = [...document.querySelectorAll(`[data-pick][form="${form}"]`)];
  const picked = boxes.filter((box) => box.checked);
  for (const box of boxes) box.closest("tr, [data-row]")?.classList.toggle("is-selected", box.checked);
  const bar = document.querySelector(`[data-bulk="${form}"]`);
  if (bar) {
    bar.hidden = !picked.length;
    bar.querySelector("[data-bulk-count]").textContent = picked.length;
  }
  const all = boxes[0]?.closest("table")?.querySelector("[data-pick-all]");
  if (all) {
    all.checked = Boolean(picked.length) && picked.length === boxes.length;
    all.indeterminate = Boolean(picked.length) && picked.length < boxes.length;
  }
}

let lastPicked = null;

document.addEventListener("change", (event) => {
  const one = event.target;
  if (one.matches("[data-pick-all]")) {
    const boxes = one.closest("table").querySelectorAll("[data-pick]");
    for (const box of boxes) box.checked = one.checked;
    if (boxes[0]) showCount(boxes[0].getAttribute("form"));
  } else if (one.matches("[data-pick]")) showCount(one.getAttribute("form"));
});

/* Shift-click picks everything from the last picked row to this one. */
document.addEventListener("click", (event) => {
  const box = event.target.closest?.("[data-pick]");
  if (box) {
    const boxes = [...box.closest("table").querySelectorAll("[data-pick]")];
    if (event.shiftKey && lastPicked && boxes.includes(lastPicked)) {
      const [from, to] = [boxes.indexOf(lastPicked), boxes.indexOf(box)].sort((a, b) => a - b);
      for (const between of boxes.slice(from, to + 1)) between.checked = box.checked;
      showCount(box.getAttribute("form"));
    }
    lastPicked = box;
    return;
  }
  const clear = event.target.closest("[data-bulk-clear]");
  if (clear) {
    const form = clear.closest("[data-bulk]").dataset.bulk;
    for (const one of document.querySelectorAll(`[data-pick][form="${form}"]`)) one.checked = false;
    showCount(form);
    return;
  }
  const row = event.target.closest("tr[data-href]");
  if (!row || event.target.closest("a, button, input, label, select, summary") || String(getSelection())) return;
  openRow(row, event.ctrlKey || event.metaKey);
});

function showAllCounts() {
  for (const bar of document.querySelectorAll("[data-bulk]")) showCount(bar.dataset.bulk);
}
showAllCounts();
document.addEventListener("htmx:afterSettle", showAllCounts);
/* The browser keeps ticks when one comes back to the page. */
addEventListener("pageshow", showAllCounts);
