// The query editor: it takes the place of the plain text area, and shows answers as table, chart and graph. The page
// works without: the form is the server's, and so is the answer to an address with a query.
import { Yasgui } from "@zazuko/yasgui";
import "@zazuko/yasgui/build/yasgui.min.css";
import "./editor.css";
import { Chart } from "./chart.js";
import { completers } from "./completion.js";
import { Graph } from "./graph.js";
import { LinkedTable } from "./table.js";

const { Yasqe, Yasr } = Yasgui;
const GRAPHS = ["CONSTRUCT", "DESCRIBE"];
const LONGEST_ADDRESS = 60_000;

/** Puts the editor in the place of a form's text area. */
async function start(form) {
  const area = form.querySelector("textarea");
  const settings = JSON.parse(document.getElementById("editor-settings").textContent);
  const about = fetch(settings.terms).then((response) => response.json());
  completers(Yasqe, about);
  Yasqe.defaults.autocompleters = []; // some of the library's own ask other hosts

  const place = document.createElement("div");
  area.before(place);
  const yasqe = new Yasqe(place, {
    value: "",
    persistenceId: null,
    consumeShareLink: null,
    createShareableLink: null,
    showQueryButton: false,
    autocompleters: ["variables", "prefixes", "terms"],
    editorHeight: "20rem",
    screenReaderLabel: "Query in SPARQL. Escape and then Tab leave the editor, Control and Space complete.",
    // Tab goes on to the next field, as everywhere on a page
    extraKeys: { ...Yasqe.defaults.extraKeys, Tab: false, "Shift-Tab": false, "Ctrl-S": false },
    requestConfig: {
      // updates go where queries of programs go, and these to where an answer comes as much as a page shows
      endpoint: (editor) => (editor.getQueryMode() === "update" ? form.action : new URL(settings.answers, location).href),
      method: (editor) => (editor.getValue().length > LONGEST_ADDRESS ? "POST" : "GET"),
      acceptHeaderGraph: "application/n-triples",
      acceptHeaderSelect: "application/sparql-results+json",
    },
  });
  // prefixes that the service knows are no mistake where they are not declared
  const mode = yasqe.getMode();
  const begin = mode.startState;
  mode.startState = (...given) => ({ ...begin.apply(mode, given), prefixes: { ...settings.known } });
  yasqe.setValue(area.value);
  yasqe.clearHistory();
  area.hidden = area.disabled = true; // what is required and cannot be seen would hold the form back
  form.querySelector("label").hidden = true;
  const answers = new Answers(yasqe, form, settings);
  const button = form.querySelector("button");
  const busy = (running) => {
    button.textContent = running ? "Stop" : "Ask";
    form.setAttribute("aria-busy", String(running));
  };

  form.addEventListener("submit", (event) => {
    event.preventDefault();
    if (form.getAttribute("aria-busy") === "true") yasqe.abortQuery();
    else yasqe.query().catch(() => {});
  });
  yasqe.on("query", () => {
    busy(true);
    answers.asked();
  });
  yasqe.on("queryAbort", () => busy(false));
  yasqe.on("queryResponse", (_, response, duration) => {
    busy(false);
    if (response?.name !== "AbortError") answers.show(response, duration);
  });
  yasqe.on("changes", () => answers.unmark());
  window.addEventListener("popstate", () => {
    yasqe.setValue(new URLSearchParams(location.search).get("query") ?? "");
    if (yasqe.getValue()) answers.again();
  });

  answers.first();
  if (settings.run) yasqe.query().catch(() => {});
  form.dataset.ready = "true";
}

/** What became of a query: its answer, or where it is wrong; and its address. */
class Answers {
  constructor(yasqe, form, settings) {
    this.yasqe = yasqe;
    this.form = form;
    this.settings = settings;
    this.place = document.getElementById("results");
    this.served = document.getElementById("served");
    this.marks = [];
    this.returning = false;
    this.prefixes = {};
    this.prefixes = settings.prefixes;
  }

  /** The answer or the problem that the server put into the page. */
  first() {
    const { problem } = this.settings;
    if (problem) {
      document.getElementById("problem")?.remove();
      this.mark(problem);
    }
    const given = document.getElementById("editor-answer");
    if (given) {
      const { content, total } = JSON.parse(given.textContent);
      const headers = new Headers({ "Content-Type": "application/sparql-results+json" });
      if (total !== null) headers.set("X-Total-Count", total);
      this.draw({ ok: true, status: 200, headers, content });
    } else if (this.served && !problem) {
      this.served.scrollIntoView?.({ block: "nearest" });
    }
  }

  /** Asks again without a new address, as for one out of the history. */
  again() {
    this.returning = true;
    this.yasqe.query().catch(() => {});
  }

  /** A query is on its way: its address stands in the browser from now on. */
  asked() {
    this.unmark();
    document.getElementById("problem")?.remove();
    const query = this.yasqe.getValue();
    const address = `${this.form.action}?${new URLSearchParams({ query })}`;
    if (!this.returning && address.length < LONGEST_ADDRESS && address !== location.href) {
      history.pushState(null, "", address);
    }
    this.returning = false;
  }

  show(response, duration) {
    if (response instanceof Error) {
      const problem = problemOf(response);
      this.clear();
      document.getElementById("results-note").textContent = "";
      this.mark(problem);
    } else {
      this.draw(response, duration);
    }
  }

  clear() {
    if (this.served) this.served.hidden = true;
    this.place.hidden = true;
    document.getElementById("downloads").hidden = true;
  }

  draw(response, duration) {
    this.clear();
    this.place.hidden = false;
    if (!this.yasr) {
      Yasr.registerPlugin("table", LinkedTable, true);
      Yasr.registerPlugin("chart", Chart, true);
      Yasr.registerPlugin("graph", Graph, true);
      this.yasr = new Yasr(this.place.querySelector(".drawn"), {
        persistenceId: null,
        defaultPlugin: "table",
        pluginOrder: ["table", "chart", "graph", "response"],
        prefixes: () => this.prefixes,
        plugins: {
          table: { enabled: true, dynamicConfig: { compact: true, isEllipsed: false } },
          chart: { enabled: true },
          graph: { enabled: true, dynamicConfig: { page: this.settings.page } },
          boolean: { enabled: true },
          response: { enabled: true },
          error: { enabled: true },
        },
      });
      this.yasr.site = this.settings;
      this.yasr.on("drawn", () => tidy(this.yasr));
    }
    const [total, cut] = ["X-Total-Count", "X-Cut"].map((name) => response.headers?.get?.(name));
    let note = "";
    if (Number(total) > this.settings.rows) {
      note = `The first ${this.settings.rows.toLocaleString("en")} of ${Number(total).toLocaleString("en")} rows; the files below hold all.`;
    } else if (cut) {
      note = "The beginning of a long answer; the files below hold all.";
    }
    document.getElementById("results-note").textContent = note;
    this.yasr.setResponse(response, duration);
    this.downloads();
  }

  /** The same answer in every format, and for programs. */
  downloads() {
    const query = this.yasqe.getValue();
    const formats = this.settings.formats[GRAPHS.includes(this.yasqe.getQueryType()) ? "graph" : "rows"];
    const place = document.getElementById("downloads");
    const links = formats.map(([name, label]) => {
      const link = document.createElement("a");
      link.href = `${this.form.action}?${new URLSearchParams({ query, format: name })}`;
      link.textContent = label;
      return link;
    });
    place.replaceChildren("Get this as ", ...links.flatMap((link) => [link, " "]));
    place.hidden = links[0].href.length > LONGEST_ADDRESS;
    const curl = document.getElementById("curl");
    curl.textContent = `curl -H 'Accept: ${formats === this.settings.formats.graph ? "text/turtle" : "text/csv"}' --data-urlencode query@- ${this.form.action} <<'END'\n${query}\nEND`;
    curl.hidden = document.getElementById("curl-of").hidden = false;
  }

  /** Says what is wrong with a query, at its place where that is known. */
  mark({ line, column, detail, title }) {
    this.unmark();
    const doc = this.yasqe.getDoc();
    const message = document.createElement("p");
    message.className = "error editor-problem";
    message.setAttribute("role", "alert");
    message.textContent = detail ?? title ?? "The query could not be asked.";
    if (!line || line > doc.lineCount()) {
      this.form.querySelector(".actions").after(message);
      this.marks.push(() => message.remove());
      return;
    }
    const at = { line: line - 1, ch: Math.min((column ?? 1) - 1, doc.getLine(line - 1).length) };
    const token = this.yasqe.getTokenAt({ line: at.line, ch: at.ch + 1 });
    const from = { line: at.line, ch: token.end > token.start ? Math.min(token.start, at.ch) : Math.max(at.ch - 1, 0) };
    const marked = doc.markText(from, { line: at.line, ch: Math.max(token.end, at.ch) }, { className: "editor-wrong" });
    const handle = this.yasqe.addLineClass(at.line, "background", "editor-wrong-line");
    const widget = this.yasqe.addLineWidget(at.line, message, { coverGutter: false, noHScroll: true });
    this.marks.push(() => marked.clear());
    this.marks.push(() => this.yasqe.removeLineClass(handle, "background", "editor-wrong-line"));
    this.marks.push(() => widget.clear());
    doc.setCursor(at);
    this.yasqe.focus();
  }

  unmark() {
    for (const undo of this.marks.splice(0)) undo();
  }
}

/** The problem (RFC 9457) in an error of the editor, else the error's own words. */
function problemOf(error) {
  try {
    const problem = JSON.parse(error.message);
    if (problem.detail) return problem;
  } catch {
    // no answer of ours
  }
  const lost = error.name === "TypeError";
  return { detail: lost ? "The server does not answer. Is it still running?" : error.message.slice(0, 500) };
}

/** What the library draws with names that nobody can read, or links that lead elsewhere. */
function tidy(yasr) {
  yasr.headerEl.querySelector(".yasr_external_ref_btn")?.remove();
  for (const button of yasr.headerEl.querySelectorAll(".yasr_btnGroup button")) {
    button.setAttribute("aria-pressed", String(button.classList.contains("selected")));
    button.disabled = button.classList.contains("disabled");
  }
  const sizes = yasr.rootEl.querySelector(".tableSizer");
  sizes?.setAttribute("aria-label", "Rows on a page");
}

for (const form of document.querySelectorAll("form.editor")) start(form);
