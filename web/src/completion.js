// Completion from what the graph itself holds: its prefixes, and its classes and properties with their labels.

const MOST = 60;
const TYPES = ["a", "rdf:type", "rdfs:domain", "rdfs:range"];

/** Registers the completers "prefixes" and "terms"; `about` promises what `/terms.json` gives. */
export function completers(Yasqe, about) {
  const known = { prefixes: {}, classes: [], properties: [] };
  about.then((found) => Object.assign(known, found));

  Yasqe.registerAutocompleter(
    {
      ...Yasqe.Autocompleters.prefixes,
      name: "prefixes",
      persistenceId: null,
      // prefixes that the service knows need no declaration, so none is put in unasked
      onInitialize() {},
      get: () => about.then(({ prefixes }) => Object.entries(prefixes).map(([name, iri]) => `${name}: <${iri}>`)),
    },
    false,
  );
  Yasqe.registerAutocompleter(
    {
      name: "terms",
      bulk: false,
      autoShow: true,
      isValidCompletionPosition: (yasqe) => offered(yasqe, known).length > 0,
      get: (yasqe) => offered(yasqe, known).map((term) => term.name),
      postprocessHints: (yasqe, hints) => hints.map((hint) => ({ ...hint, render: (element) => row(element, hint, known) })),
    },
    false,
  );
}

/** The terms that fit what stands before the cursor, the likeliest first. */
function offered(yasqe, known) {
  const token = yasqe.getCompleteToken();
  const typed = token.string.trim().toLowerCase();
  if (!/^[a-z][\w-]*(:[\w-]*)?$/.test(typed) || ["comment", "string"].includes(token.type)) return [];
  const terms = candidates(yasqe, token, typed, known);
  const found = [];
  for (const term of terms) {
    const score = fit(term, typed);
    if (score && term.name.toLowerCase() !== typed) found.push([score, term]);
  }
  found.sort((one, other) => other[0] - one[0] || other[1].count - one[1].count || (one[1].name < other[1].name ? -1 : 1));
  return found.slice(0, MOST).map(([, term]) => term);
}

/** Classes after "a", properties where a verb stands, and both elsewhere once a prefix is written. */
function candidates(yasqe, token, typed, known) {
  const before = yasqe.getPreviousNonWsToken(yasqe.getDoc().getCursor().line, token);
  if (before && TYPES.includes(before.string)) return known.classes;
  if (token.state.possibleCurrent?.includes("a")) return known.properties;
  return typed.includes(":") ? [...known.properties, ...known.classes] : [];
}

function fit(term, typed) {
  const name = term.name.toLowerCase();
  const local = name.slice(name.indexOf(":") + 1);
  if (name.startsWith(typed)) return 4;
  if (local.startsWith(typed)) return 3;
  if (term.label.toLowerCase().split(" ").some((word) => word.startsWith(typed))) return 2;
  return typed.length > 2 && local.includes(typed) ? 1 : 0;
}

function row(element, hint, known) {
  const term = [...known.classes, ...known.properties].find((one) => one.name === hint.text);
  const name = document.createElement("code");
  name.textContent = hint.text;
  const words = document.createElement("span");
  words.className = "editor-hint";
  words.textContent = term ? `${term.label} · ${term.count.toLocaleString("en")}` : "";
  element.title = term?.definition ?? "";
  element.append(name, words);
}
