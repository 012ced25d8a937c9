/* The desk: suggestions fill fields, knowledge fills the answer, a reload finds the same form again. */
const form = document.querySelector("form[data-desk]");

function put(name, value) {
  const control = form.elements[name];
  if (!control) return;
  control.value = value;
  control.dispatchEvent(new Event("input", { bubbles: true }));
  control.dispatchEvent(new Event("change", { bubbles: true }));
}

function open(id) {
  const part = document.getElementById(id);
  if (!part) return;
  part.open = true;
  part.querySelector("textarea, select")?.focus();
  part.scrollIntoView({ block: "nearest" });
}

document.addEventListener("click", (event) => {
  const fill = event.target.closest("[data-fill]");
  if (fill) put(fill.dataset.fill, fill.dataset.value);
  const opener = event.target.closest("[data-open]");
  if (opener) open(opener.dataset.open);
  const answer = event.target.closest("[data-answer]");
  if (answer) {
    put("answer", document.getElementById(`knowledge-${answer.dataset.answer}`).textContent.trim());
    put("knowledge", answer.dataset.answer);
    open("desk-answer");
  }
});

/* After a refusal the first wrong field takes the focus; a combo stands in for its select. */
addEventListener("load", () => form?.querySelector('[aria-invalid="true"]:not(.combo-select)')?.focus());

/* The address names this form, so that a reload or the way back finds what was typed. */
if (form && !location.search.includes(form.dataset.desk)) {
  history.replaceState(null, "", `${location.pathname}?draft=${form.dataset.desk}`);
}
