// Answers as a graph: the triples of CONSTRUCT and DESCRIBE, and rows of SELECT whose columns hold things.
import { icon } from "./chart.js";
import { pageOf } from "./table.js";

const MOST = 150;
const TYPE = "http://www.w3.org/1999/02/22-rdf-syntax-ns#type";
const NAMES = /(#|\/)(label|prefLabel|title)$/;

export class Graph {
  constructor(yasr) {
    this.yasr = yasr;
    this.label = "Graph";
    this.priority = 5;
  }

  canHandleResults() {
    return edges(this.yasr).edges.length > 0;
  }

  getIcon() {
    return icon("M5 3a3 3 0 1 1-.01 6A3 3 0 0 1 5 3zm14 3a3 3 0 1 1-.01 6A3 3 0 0 1 19 6zM9 15a3 3 0 1 1-.01 6A3 3 0 0 1 9 15zM6 9l2 6 1.6-.6-2-6zm3.2 7.5 8.3-5-1-1.6-8.3 5zM8 6.9l8 1.6.4-1.9-8-1.6z");
  }

  async draw() {
    const { default: cytoscape } = await import("cytoscape");
    const found = edges(this.yasr);
    const kept = new Set();
    const drawn = [];
    for (const edge of found.edges) {
      if (![edge.from, edge.to].every((node) => kept.has(node)) && kept.size >= MOST) continue;
      kept.add(edge.from).add(edge.to);
      drawn.push(edge);
    }
    const canvas = document.createElement("div");
    canvas.className = "editor-graph";
    canvas.setAttribute("role", "img");
    canvas.setAttribute("aria-label", `${kept.size} things and ${drawn.length} relations; the list below holds the same`);
    const left = found.nodes - kept.size;
    const note = document.createElement("p");
    note.className = "hint";
    note.textContent = `${left > 0 ? `${left.toLocaleString("en")} more things are left out. ` : ""}Drag to move, scroll to zoom, click to open a page.`;
    this.yasr.resultsEl.append(canvas, note, list(drawn, found.labels, this.yasr.site));

    const colour = (name) => getComputedStyle(document.documentElement).getPropertyValue(name).trim();
    this.drawn = cytoscape({
      container: canvas,
      elements: [
        ...[...kept].map((id) => ({ data: { id, label: found.labels.get(id) ?? id } })),
        ...drawn.map((edge, place) => ({ data: { id: `edge ${place}`, source: edge.from, target: edge.to, label: edge.label } })),
      ],
      layout: { name: "cose", animate: false, nodeDimensionsIncludeLabels: true, idealEdgeLength: () => 90, randomize: true },
      minZoom: 0.2,
      maxZoom: 4,
      style: [
        { selector: "node", style: { label: "data(label)", "background-color": colour("--accent"), color: colour("--ink"), width: 14, height: 14, "font-size": 11, "text-wrap": "ellipsis", "text-max-width": 140, "text-valign": "bottom", "text-margin-y": 3 } },
        { selector: "edge", style: { label: "data(label)", "line-color": colour("--line"), "target-arrow-color": colour("--quiet"), "target-arrow-shape": "triangle", "curve-style": "bezier", width: 1.5, color: colour("--quiet"), "font-size": 9, "text-rotation": "autorotate", "text-background-color": colour("--paper"), "text-background-opacity": 0.9, "arrow-scale": 0.8 } },
      ],
    });
    this.drawn.on("tap", "node", (event) => {
      const iri = event.target.id();
      if (/^[a-z][a-z0-9+.-]*:/i.test(iri)) location.assign(pageOf(iri, this.yasr.site));
    });
  }

  destroy() {
    this.drawn?.destroy();
    this.drawn = undefined;
  }

  download(name) {
    if (!this.drawn) return undefined;
    const picture = { contentType: "image/png", title: "Download the picture", filename: `${name ?? "graph"}.png` };
    return { ...picture, getData: () => this.drawn.png({ full: true, scale: 2, bg: getComputedStyle(document.body).backgroundColor }) };
  }
}

/** The edges of an answer, and what its nodes are called. */
function edges(yasr) {
  const labels = new Map();
  const found = [];
  const prefixes = Object.entries(yasr.getPrefixes());
  const short = (iri) => {
    const fits = prefixes.filter(([, space]) => iri.startsWith(space) && iri !== space);
    const [name, space] = fits.sort((one, other) => other[1].length - one[1].length)[0] ?? [];
    return space ? `${name}:${iri.slice(space.length)}` : iri;
  };
  const named = (iri) => {
    if (!labels.has(iri)) labels.set(iri, short(iri).split(/[:/]/).at(-1) || iri);
    return iri;
  };
  const results = yasr.results;
  const triples = results?.getStatements?.() ?? [];
  for (const { subject, predicate, object } of triples) {
    if (object.termType === "Literal") {
      if (NAMES.test(predicate.value)) labels.set(subject.value, object.value);
      continue;
    }
    const type = predicate.value === TYPE;
    found.push({ type, from: subject.value, to: object.value, label: short(predicate.value).split(":").at(-1) });
  }
  if (!triples.length) rows(results, found, labels);
  // classes draw all lines together: they are shown where there is nothing else
  const telling = found.filter((edge) => !edge.type);
  if (telling.length) found.splice(0, found.length, ...telling);
  for (const edge of found) {
    named(edge.from);
    named(edge.to);
  }
  return { edges: found, labels, nodes: new Set(found.flatMap((edge) => [edge.from, edge.to])).size };
}

/** Rows as edges from the first thing of a row to its others; a middle one of three is the relation. */
function rows(results, found, labels) {
  const names = results?.getVariables?.() ?? [];
  for (const row of results?.getBindings?.() ?? []) {
    const things = names.filter((name) => row[name]?.type === "uri");
    for (const name of things) {
      const label = row[`${name}Label`];
      if (label) labels.set(row[name].value, label.value);
    }
    if (things.length < 2) continue;
    const word = row.relation?.type !== "uri" ? row.relation?.value : undefined;
    if (things.length === 3 && /^(p|pred|predicate|property|relation)$/.test(things[1])) {
      const label = row[things[1]].value.split(/[#/]/).at(-1);
      found.push({ from: row[things[0]].value, to: row[things[2]].value, label });
      continue;
    }
    for (const other of things.slice(1)) {
      if (row[other].value !== row[things[0]].value) {
        found.push({ from: row[things[0]].value, to: row[other].value, label: other === things[1] && word ? word : other });
      }
    }
  }
}

/** The graph as a list that can be read and walked by keyboard. */
function list(drawn, labels, site) {
  const details = document.createElement("details");
  const summary = document.createElement("summary");
  summary.textContent = "The same as a list";
  const items = document.createElement("ul");
  const link = (iri) => {
    const text = labels.get(iri) ?? iri;
    if (!/^[a-z][a-z0-9+.-]*:/i.test(iri)) return text;
    const anchor = document.createElement("a");
    anchor.href = pageOf(iri, site);
    anchor.textContent = text;
    return anchor;
  };
  for (const edge of drawn) {
    const item = document.createElement("li");
    item.append(link(edge.from), ` ${edge.label} `, link(edge.to));
    items.append(item);
  }
  details.append(summary, items);
  return details;
}
