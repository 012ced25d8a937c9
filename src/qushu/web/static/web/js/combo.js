/* A long select becomes a field that one types into: <select> with more than 12 choices, or with data-combo.
   The select stays, keeps the value and works without this script. Words match anywhere in a choice, in any order;
   an option's data-more (a duty, a full name, initials) is searched too and shown below it. */
const LONG = 12;
const SHOWN = 60;
const NARROWING = /\s+/;

class Combo {
  constructor(select) {
    this.select = select;
    this.build();
    this.sync();
    this.input.addEventListener("focus", () => this.input.select());
    this.input.addEventListener("click", () => this.open());
    this.input.addEventListener("input", () => this.open(this.input.value));
    this.input.addEventListener("keydown", (event) => this.press(event));
    this.input.addEventListener("blur", () => setTimeout(() => this.close(), 120));
    this.list.addEventListener("pointerdown", (event) => {
      event.preventDefault();
      const row = event.target.closest("[role=option]");
      if (row) this.choose(row);
    });
    select.addEventListener("change", () => this.sync());
    select.addEventListener("focus", () => this.input.focus());
    select.form?.addEventListener("draft:restored", () => this.sync());
    select.form?.addEventListener("reset", () => setTimeout(() => this.sync()));
  }

  build() {
    const { select } = this;
    const box = document.createElement("span");
    box.className = "combo";
    select.before(box);
    this.input = document.createElement("input");
    this.list = document.createElement("ul");
    const id = select.id || `combo-${select.name}`;
    Object.assign(this.input, { type: "text", id: `${id}_combo`, autocomplete: "off", disabled: select.disabled, autofocus: select.autofocus });
    Object.assign(this.list, { id: `${id}_list`, className: "combo-list", hidden: true });
    this.list.setAttribute("role", "listbox");
    const name = select.labels[0]?.textContent.replace("*", "").trim() ?? select.getAttribute("aria-label") ?? "";
    this.list.setAttribute("aria-label", "可选项");
    if (!select.labels.length) this.input.setAttribute("aria-label", name);
    const aria = { role: "combobox", "aria-expanded": "false", "aria-controls": this.list.id, "aria-autocomplete": "list" };
    for (const [key, value] of Object.entries(aria)) this.input.setAttribute(key, value);
    for (const key of ["aria-describedby", "aria-invalid", "data-key", "data-key-label"]) {
      if (select.hasAttribute(key)) this.input.setAttribute(key, select.getAttribute(key));
      if (key.startsWith("data-")) select.removeAttribute(key);
    }
    if (select.required) this.input.setAttribute("aria-required", "true");
    for (const label of [...select.labels]) label.htmlFor = this.input.id;
    select.classList.add("combo-select");
    select.tabIndex = -1;
    select.setAttribute("aria-hidden", "true");
    if (document.activeElement === select) requestAnimationFrame(() => this.input.focus());
    box.append(this.input, this.list, select);
  }

  sync() {
    const chosen = this.select.selectedOptions[0];
    this.input.value = chosen?.value ? chosen.text.trim() : "";
    this.input.placeholder = this.select.options[0]?.value ? "" : this.select.options[0]?.text ?? "";
  }

  matching(words) {
    const wanted = words.trim().toLowerCase().split(NARROWING).filter(Boolean);
    return [...this.select.options].filter((option) => {
      const text = `${option.text} ${option.dataset.more ?? ""}`.toLowerCase();
      return !option.disabled && wanted.every((word) => text.includes(word));
    });
  }

  open(words = "") {
    const found = this.matching(words);
    this.list.replaceChildren(...found.slice(0, SHOWN).map((option, i) => this.row(option, i)));
    if (!found.length || found.length > SHOWN) {
      const note = document.createElement("li");
      note.className = "combo-note";
      note.textContent = found.length ? `还有 ${found.length - SHOWN} 项，请再输入几个字` : "没有这一项";
      this.list.append(note);
    }
    this.list.hidden = false;
    this.input.setAttribute("aria-expanded", "true");
    this.mark(words ? this.rows[0] : this.rows.find((row) => row.dataset.value === this.select.value) ?? this.rows[0]);
  }

  row(option, i) {
    const row = document.createElement("li");
    row.id = `${this.list.id}_${i}`;
    row.setAttribute("role", "option");
    row.dataset.value = option.value;
    row.textContent = option.text;
    if (option.dataset.more) {
      const more = document.createElement("small");
      more.textContent = option.dataset.more;
      row.append(more);
    }
    return row;
  }

  get rows() {
    return [...this.list.querySelectorAll("[role=option]")];
  }

  mark(row) {
    for (const other of this.rows) other.setAttribute("aria-selected", String(other === row));
    if (row) this.input.setAttribute("aria-activedescendant", row.id);
    else this.input.removeAttribute("aria-activedescendant");
    row?.scrollIntoView({ block: "nearest" });
  }

  press(event) {
    if (event.isComposing) return;
    const isOpen = !this.list.hidden;
    const at = this.rows.findIndex((row) => row.getAttribute("aria-selected") === "true");
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      if (!isOpen) return this.open();
      const next = at + (event.key === "ArrowDown" ? 1 : -1);
      this.mark(this.rows[Math.max(0, Math.min(this.rows.length - 1, next))]);
    } else if (event.key === "Enter" && isOpen && !event.ctrlKey) {
      event.preventDefault();
      if (this.rows[at]) this.choose(this.rows[at]);
    } else if (event.key === "Tab" && isOpen && this.input.value.trim() && this.rows[at]) {
      this.choose(this.rows[at]);
    } else if (event.key === "Escape" && isOpen) {
      event.preventDefault();
      event.stopPropagation();
      this.close();
    }
  }

  choose(row) {
    this.select.value = row.dataset.value;
    this.sync();
    this.close();
    this.select.dispatchEvent(new Event("input", { bubbles: true }));
    this.select.dispatchEvent(new Event("change", { bubbles: true }));
  }

  close() {
    if (this.list.hidden) return;
    this.list.hidden = true;
    this.input.setAttribute("aria-expanded", "false");
    this.input.removeAttribute("aria-activedescendant");
    const empty = [...this.select.options].find((option) => !option.value);
    if (!this.input.value.trim() && empty && this.select.value) this.choose({ dataset: { value: "" } });
    else this.sync();
  }
}

const LONG_ONES = "select:not([multiple], [size], [data-plain], .combo-select)";

function begin(root) {
  for (const select of root.querySelectorAll?.(LONG_ONES) ?? []) {
    if (select.hasAttribute("data-combo") || select.options.length > LONG) new Combo(select);
  }
}

begin(document);
document.addEventListener("htmx:load", (event) => begin(event.target));
