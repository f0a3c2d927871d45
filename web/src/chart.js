// Answers as a chart: a dot for each row with a number, by a time, another number or a name.

const MOST_NAMES = 40;
const TIMES = /(date|dateTime|gYear|gYearMonth)$/;
const NUMBERS = /#(integer|decimal|double|float|int|long|short|byte|nonNegativeInteger|positiveInteger)$/;

export class Chart {
  constructor(yasr) {
    this.yasr = yasr;
    this.label = "Chart";
    this.priority = 1;
  }

  canHandleResults() {
    return columns(this.yasr.results).some((one) => one.kind === "number");
  }

  getIcon() {
    return icon("M4 20V10h4v10zM10 20V4h4v16zM16 20v-7h4v7z");
  }

  async draw() {
    const Plot = await import("@observablehq/plot");
    const all = columns(this.yasr.results);
    const numbers = all.filter((one) => one.kind === "number");
    const others = all.filter((one) => one !== numbers[0] && !one.iri);
    const along = others.find((one) => one.kind === "time") ?? others.find((one) => one.kind === "text") ?? others[0] ?? all[0];
    const colours = others.find((one) => one.kind === "text" && one !== along && one.different > 1 && one.different <= 10);

    const figure = document.createElement("div");
    const controls = document.createElement("div");
    controls.className = "editor-controls";
    const place = document.createElement("div");
    place.className = "wide editor-chart";
    const redraw = () => {
      const picked = (name) => all.find((one) => one.name === controls.querySelector(`[name=${name}]`).value);
      place.replaceChildren(plotted(Plot, this.yasr.results, picked("along"), picked("value"), picked("colour"), place.clientWidth));
    };
    controls.append(
      choice("value", "Figure", numbers, numbers[0]),
      choice("along", "Along", all, along),
      choice("colour", "Colour", [null, ...all.filter((one) => one.different <= 30)], colours),
    );
    controls.addEventListener("change", redraw);
    figure.append(controls, place);
    this.yasr.resultsEl.append(figure);
    redraw();
  }

  download(name) {
    const svg = this.yasr.resultsEl.querySelector(".editor-chart svg");
    if (!svg) return undefined;
    const file = { contentType: "image/svg+xml", title: "Download the chart", filename: `${name ?? "chart"}.svg` };
    return { ...file, getData: () => new XMLSerializer().serializeToString(svg) };
  }
}

/** The columns of an answer with what kind of values they hold. */
function columns(results) {
  const rows = results?.getBindings?.();
  if (!rows) return [];
  return (results.getVariables() ?? []).map((name) => {
    const cells = rows.map((row) => row[name]).filter(Boolean);
    const every = (test) => cells.length > 0 && cells.every(test);
    const kind = every((cell) => NUMBERS.test(cell.datatype ?? ""))
      ? "number"
      : every((cell) => TIMES.test(cell.datatype ?? "")) ? "time" : "text";
    return {
      name,
      kind,
      iri: cells.some((cell) => cell.type === "uri"),
      different: new Set(cells.map((cell) => cell.value)).size,
    };
  });
}

function valueOf(cell, column) {
  if (!cell) return null;
  if (column.kind === "number") return Number(cell.value);
  return column.kind === "time" ? new Date(cell.value) : cell.value;
}

/** The rows with the first of all names. */
function firstNames(data) {
  const names = new Set();
  return data.filter((row) => (names.size < MOST_NAMES ? names.add(row.along) : names).has(row.along));
}

function plotted(Plot, results, along, value, colour, width) {
  const rows = results.getBindings().map((row) => ({
    along: valueOf(row[along.name], along),
    value: valueOf(row[value.name], value),
    colour: colour ? (row[colour.name]?.value ?? "–") : null,
  }));
  const data = rows.filter((row) => row.value !== null && row.along !== null);
  const named = along.kind === "text";
  const shown = named ? firstNames(data) : data;
  const fill = colour ? "colour" : "var(--accent)";
  const figures = { label: value.name, grid: true, tickFormat: "~s", nice: true };
  const common = {
    width: Math.max(320, width - 24),
    style: { background: "none", fontSize: "13px", fontFamily: "inherit" },
    color: colour ? { legend: true, label: colour.name } : undefined,
    ariaLabel: `Chart of ${value.name} by ${along.name}; the table holds the same`,
  };
  if (named) {
    const longest = Math.max(0, ...shown.map((row) => row.along.length));
    const left = Math.min(common.width * 0.45, 24 + longest * 7);
    const letters = Math.floor((left - 24) / 7);
    return Plot.plot({
      ...common,
      marginLeft: left,
      x: figures,
      y: { label: along.name, tickFormat: (text) => (text.length > letters ? `${text.slice(0, letters - 1)}…` : text) },
      marks: [
        Plot.ruleX([0]),
        Plot.ruleY(shown, { x1: 0, x2: "value", y: "along", stroke: "var(--line)", strokeWidth: 3 }),
        Plot.dot(shown, { x: "value", y: "along", fill, stroke: "var(--paper)", r: 6, tip: true, sort: { y: null } }),
      ],
    });
  }
  return Plot.plot({
    ...common,
    marginLeft: 60,
    x: { label: along.name, grid: true, type: along.kind === "time" ? "utc" : "linear" },
    y: figures,
    marks: [Plot.dot(data, { x: "along", y: "value", fill, stroke: "var(--paper)", r: 5, tip: true })],
  });
}

/** A field to choose a column. */
export function choice(name, words, options, selected) {
  const label = document.createElement("label");
  const select = document.createElement("select");
  select.name = name;
  for (const one of options) select.append(new Option(one?.name ?? "–", one?.name ?? "", false, one === (selected ?? null)));
  label.append(`${words} `, select);
  return label;
}

export function icon(path) {
  const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  svg.setAttribute("viewBox", "0 0 24 24");
  svg.setAttribute("aria-hidden", "true");
  const drawn = document.createElementNS("http://www.w3.org/2000/svg", "path");
  drawn.setAttribute("d", path);
  drawn.setAttribute("fill", "currentColor");
  svg.append(drawn);
  return svg;
}
