// Suggestions while typing, for every field with data-suggest: an ARIA combobox with a list box below it.
// Without this script the field is a plain one: its form searches, its datalist offers names.

const PAUSE = 120; // milliseconds without a key before anything is asked
const LONGEST = 300;
const KEPT = 50;
const HEADINGS = { entity: "Companies, people, things", claim: "Claims", deal: "Deals", article: "Articles" };

let number = 0;

class Suggestions {
  constructor(input) {
    this.input = input;
    this.address = new URL(input.dataset.suggest, location.href);
    this.known = new Map();
    this.options = [];
    this.active = -1;
    this.asked = 0;
    this.make();
    input.addEventListener("input", (event) => event.isComposing || this.later());
    input.addEventListener("compositionend", () => this.later());
    input.addEventListener("keydown", (event) => this.key(event));
    input.addEventListener("blur", () => this.close());
  }

  /** The list box and the line that is read aloud; the field becomes a combobox. */
  make() {
    const { input } = this;
    const name = `suggestions-${(number += 1)}`;
    this.list = element("div", { id: name, className: "suggestions", hidden: true });
    this.list.setAttribute("role", "listbox");
    this.list.setAttribute("aria-label", "Suggestions");
    // a press would take the focus from the field, and so close the list
    this.list.addEventListener("mousedown", (event) => event.preventDefault());
    this.list.addEventListener("click", (event) => {
      const option = event.target.closest("[role=option]");
      if (option) this.pick(this.options.indexOf(option));
    });
    this.status = element("p", { className: "unseen" });
    this.status.setAttribute("role", "status");
    input.parentElement.classList.add("suggesting");
    input.parentElement.append(this.list, this.status);
    if (input.type === "search") input.type = "text"; // a search box may not have the role of a combobox
    input.removeAttribute("list");
    for (const [key, value] of Object.entries({
      role: "combobox",
      autocomplete: "off",
      autocapitalize: "off",
      spellcheck: "false",
      "aria-autocomplete": "list",
      "aria-expanded": "false",
      "aria-controls": name,
    }))
      input.setAttribute(key, value);
  }

  later() {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.ask(), PAUSE);
  }

  /** Shows what goes on from the text in the field, unless more was typed in the meantime. */
  async ask() {
    clearTimeout(this.timer);
    const typed = this.input.value.trim();
    const turn = (this.asked += 1);
    this.stopping?.abort();
    if (typed.length > LONGEST || (!typed && this.leads)) return this.close();
    let found = this.known.get(typed);
    if (!found) {
      this.stopping = new AbortController();
      try {
        found = await this.fetched(typed, this.stopping.signal);
      } catch {
        found = null; // a help that fails is none: the form works as ever
      }
      if (found) this.keep(typed, found);
    }
    if (turn !== this.asked || document.activeElement !== this.input) return undefined;
    return found ? this.show(found, typed) : this.close();
  }

  async fetched(typed, signal) {
    const address = new URL(this.address);
    address.searchParams.set("q", typed);
    const answer = await fetch(address, { signal, headers: { Accept: "application/json" } });
    return answer.ok ? (await answer.json()).suggestions : null;
  }

  keep(typed, found) {
    this.known.set(typed, found);
    if (this.known.size > KEPT) this.known.delete(this.known.keys().next().value);
  }

  /** Whether choosing leads to a page; else it fills the field. */
  get leads() {
    return "leads" in this.input.dataset;
  }

  show(found, typed) {
    const groups = grouped(found);
    this.point(-1);
    this.found = [...groups.values()].flat();
    this.options = [];
    this.list.replaceChildren(...[...groups].map(([kind, ones]) => this.group(kind, ones, typed)));
    const count = found.length === 1 ? "1 suggestion" : `${found.length} suggestions`;
    this.status.textContent = found.length ? `${count}, arrow keys choose.` : typed ? "No suggestions." : "";
    if (!found.length) return this.hide();
    this.list.hidden = false;
    this.input.setAttribute("aria-expanded", "true");
    return this.place();
  }

  group(kind, ones, typed) {
    const options = ones.map((one) => this.option(one, typed));
    if (!HEADINGS[kind]) return fragment(options);
    const heading = element("div", { className: "heading", id: `${this.list.id}-${kind}`, textContent: HEADINGS[kind] });
    const group = element("div", {});
    group.setAttribute("role", "group");
    group.setAttribute("aria-labelledby", heading.id);
    heading.setAttribute("role", "presentation");
    group.append(heading, ...options);
    return group;
  }

  option(one, typed) {
    const option = element("div", { className: "option", id: `${this.list.id}-${this.options.length}` });
    option.classList.toggle("text", isText(one));
    option.setAttribute("role", "option");
    option.setAttribute("aria-selected", "false");
    const label = element("span", { className: "what" });
    label.append(...marked(one.label, typed));
    option.append(label);
    const more = details(one);
    if (more) option.append(" ", element("small", { textContent: more }));
    this.options.push(option);
    return option;
  }

  /** Below the field, as wide as that at least, and within the window. */
  place() {
    const { input, list } = this;
    list.style.top = `${input.offsetTop + input.offsetHeight + 4}px`;
    list.style.left = `${input.offsetLeft}px`;
    list.style.minWidth = `${input.offsetWidth}px`;
    const beyond = list.getBoundingClientRect().right - document.documentElement.clientWidth + 8;
    if (beyond > 0) list.style.left = `${input.offsetLeft - beyond}px`;
  }

  key(event) {
    if (event.isComposing || event.ctrlKey || event.metaKey) return;
    const open = !this.list.hidden;
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      if (!open) this.ask();
      else if (!event.altKey) this.move(event.key === "ArrowDown" ? 1 : -1);
      else if (event.key === "ArrowUp") this.close();
    } else if (event.key === "Escape" && open) {
      event.preventDefault();
      this.close();
    } else if (event.key === "Enter" && open && this.active >= 0) {
      event.preventDefault();
      this.pick(this.active);
    } else if (event.key === "Enter") this.close();
  }

  /** To the next or the last one; between the last and the first stands the field itself. */
  move(step) {
    const places = this.options.length + 1;
    this.point(((this.active + 1 + step + places) % places) - 1);
  }

  point(place) {
    this.options[this.active]?.setAttribute("aria-selected", "false");
    this.active = place;
    const option = this.options[place];
    if (!option) {
      this.input.removeAttribute("aria-activedescendant");
      return;
    }
    option.setAttribute("aria-selected", "true");
    this.input.setAttribute("aria-activedescendant", option.id);
    option.scrollIntoView({ block: "nearest" });
  }

  pick(place) {
    const one = this.found[place];
    this.close();
    if (this.leads && one.page) {
      location.assign(one.page);
      return;
    }
    this.input.value = one.label;
    this.input.dispatchEvent(new Event("change", { bubbles: true }));
    this.status.textContent = `${one.label}, chosen.`;
  }

  close() {
    clearTimeout(this.timer);
    this.asked += 1;
    this.stopping?.abort();
    this.status.textContent = "";
    this.hide();
  }

  hide() {
    this.point(-1);
    this.list.hidden = true;
    this.input.setAttribute("aria-expanded", "false");
  }
}

function element(name, properties) {
  return Object.assign(document.createElement(name), properties);
}

function fragment(nodes) {
  const made = document.createDocumentFragment();
  made.append(...nodes);
  return made;
}

/** What was found by its kind; names for a field have none. */
function grouped(found) {
  const groups = new Map();
  for (const one of found) groups.set(one.kind, [...(groups.get(one.kind) ?? []), one]);
  return groups;
}

/** Whether it is a claim, a deal or an article, and no name. */
function isText(one) {
  return one.kind !== undefined && one.kind !== "entity";
}

/** What stands behind a name: another name that was typed, the class, where it is from, how many there are. */
function details(one) {
  if (one.claims !== undefined) return counted(one.claims, "claim");
  if (isText(one)) return [one.kind !== "article" && one.title, one.published].filter(Boolean).join(", ");
  const also = one.name && one.name !== one.label ? `“${one.name}”` : "";
  return [also, one.typeLabel, one.articles && counted(one.articles, "article")].filter(Boolean).join(", ");
}

function counted(count, what) {
  return `${count.toLocaleString("en")} ${what}${count === 1 ? "" : "s"}`;
}

/** A text in pieces, the beginnings of words that were typed set off. */
function marked(text, typed) {
  const words = typed.match(/[\p{L}\p{N}]+/gu) ?? [];
  if (!words.length) return [text];
  words.sort((one, other) => other.length - one.length);
  const parts = text.split(new RegExp(`(?<![\\p{L}\\p{N}])(${words.join("|")})`, "giu"));
  return parts.map((part, place) => (place % 2 ? element("b", { textContent: part }) : part));
}

for (const input of document.querySelectorAll("input[data-suggest]")) new Suggestions(input);
