"""Writing to a store: whole graphs, each replaced in one step, and snapshots for those who read."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from itertools import islice
from pathlib import Path

from pyoxigraph import NamedNode, Quad, RdfFormat, Store

from aigraph.errors import AigraphError, DataError, StoreMissing, StoreUnreadable
from aigraph.search import Changes, is_current, write_index
from aigraph.store.account import Account
from aigraph.store.constructing import constructed_by
from aigraph.store.content import Content, canonical_lines, holds_blank_nodes, lines_of
from aigraph.store.grounds import Computed, Derivation, Grounds
from aigraph.store.layout import (
    ACCOUNT,
    INDEX,
    Snapshot,
    clean,
    latest_snapshot,
    publish,
    reason,
    stage,
    sync,
    write_text,
)
from aigraph.store.premises import Premises
from aigraph.store.reader import Reader
from aigraph.store.uncollected import uncollected
from aigraph.store.updates import as_stored, data_update
from aigraph.store.upkeep import Upkeep
from aigraph.store.users import add, joined_hash, not_held, read_users

_ROUNDS = 1000

LARGE = 0.1
"""The share of all quads above whose change the derived graphs are made anew as a whole."""
UNFLUSHED = 50_000
"""Changed quads after which the engine's log is written out: it goes through that log when a killed store is opened."""


class Writer(Reader):
    """The one writer of a store. Nothing that it writes is seen by readers before `commit`.

    `interrupted` is true where an earlier writer ended before its commit: the graphs of articles are each as before or
    after a step of it, but derived graphs may be missing or old, so they have to be derived again.
    """

    def __init__(self, path: Path, store: Store, base: str) -> None:
        super().__init__(store, base)
        self.path = path
        self.interrupted = self._unpublished.exists()
        self._searched = Changes(anew=self.interrupted)
        self._upkeep: Upkeep | None = None
        self._unflushed = 0
        self._content: Content | None = None
        """The sum over all quads; None where nobody has kept it."""
        self._computed: Computed | None = None
        self._grounds: Grounds | None = None
        with self._writing():
            newest = self._newest()
            self._account = Account(path / ACCOUNT, newest.made if newest else "")
            if self.interrupted:
                self._account.forget()
            self._content = self._account.content
            if self._content is None and next(self.quads(), None) is None:
                self._content = Content()

    @uncollected()
    def replace_graph(self, graph: NamedNode, quads: Iterable[Quad]) -> bool:
        """Makes a graph hold exactly these quads, in one step; true where that changed anything.

        A process killed meanwhile leaves the graph as it was or as it should be.

        Raises:
            ValueError: a quad belongs to another graph.
        """
        new = as_stored(quads)
        if strange := next((quad for quad in new if quad.graph_name != graph), None):
            raise ValueError(f"{strange} does not belong to the graph {graph}")
        if not new:
            return self.remove_graph(graph)
        old = set(self.quads(graph))
        blank = any(map(holds_blank_nodes, new)) or any(map(holds_blank_nodes, old))
        if blank:
            # Blank nodes have no names that an update could delete them by, and get new labels when inserted.
            if canonical_lines(new) == canonical_lines(old):
                return False
            steps = [f"DROP SILENT GRAPH {graph}", data_update("INSERT", graph, new)]
        else:
            steps = [
                data_update(verb, graph, part) for verb, part in (("DELETE", old - new), ("INSERT", new - old)) if part
            ]
        if not steps:
            return False
        self._note(graph, old, new)
        with self._changing(), self._summing() as content:
            if old:
                self._store.update(" ;\n".join(steps))
            else:  # in one step too, and quicker than an update
                self._store.extend(new)
            self._account.enter(old, new)
            self._entered()
            content.remove(lines_of(old if blank else old - new))
            content.add(lines_of(new if blank else new - old))
            self._wrote(len(old ^ new))
        return True

    @property
    def anew(self) -> bool:
        """Whether `derive` will make the derived graphs anew, so that `load` costs nothing there."""
        return self._upkeep is None or self._upkeep.large

    def load(self, graphs: Sequence[NamedNode], lines: bytes) -> None:
        """Adds whole graphs that the store does not hold, in bulk: many at once, several times as fast as each alone.

        `lines` are the N-Quads of these graphs. A process killed meanwhile leaves a part of them, which the next writer
        removes. What `follow` took note of is not enough any more: `derive` makes everything anew.
        """
        self._upkeep = self._computed = self._grounds = self._content = None
        self._searched.graphs.update(graphs)
        with self._changing():
            self._account.forget()
            write_text(self._loading, "".join(f"{graph.value}\n" for graph in graphs))
            self._store.bulk_load(lines, format=RdfFormat.N_QUADS)
            self._loading.unlink()
            sync(self.path)

    def undo_load(self) -> None:
        """Removes what a writer left that was killed while it loaded."""
        if self._loading.exists():
            for name in self._loading.read_text(encoding="utf-8").splitlines():
                self.remove_graph(NamedNode(name))
            self._loading.unlink()

    @uncollected()
    def remove_graph(self, graph: NamedNode) -> bool:
        """Removes a graph with all its quads in one step; true where there was one."""
        if not self._store.contains_named_graph(graph):
            return False
        old = set(self.quads(graph))
        self._note(graph, old, set())
        with self._changing(), self._summing() as content:
            self._store.remove_graph(graph)
            self._account.enter(old, ())
            self._entered()
            content.remove(lines_of(old))
        return True

    def _note(self, graph: NamedNode, old: set[Quad], new: set[Quad]) -> None:
        """Tell what keeps derived graphs and the index up to date of a change before it is made."""
        if graph == self.iris.graph("ontology"):
            self._grounds = None
        if graph == self.iris.graph("entities"):
            self._searched.all_things = True
        else:
            self._searched.graphs.add(graph)
        if self._upkeep is not None:
            self._upkeep.before(old - new, new - old)
            if self._upkeep.large:  # all is made anew, so nothing has to be kept in mind
                self._computed = None
        if self._computed is not None:
            self._computed.before(graph, old, new)

    def _entered(self) -> None:
        """Tell what keeps derived graphs up to date that a change has been made."""
        if self._upkeep is None or self._upkeep.large:
            self._account.uncount()
        else:
            self._upkeep.after()

    def construct_into(self, graph: NamedNode, queries: Sequence[str], *, fixpoint: bool = False) -> int:
        """Makes a derived graph hold what CONSTRUCT queries give on the union of all other graphs.

        A triple that stands in another graph is left out, so that no triple stands in two graphs. All queries see the
        same state; with `fixpoint` they are asked again, with what they gave, until nothing new comes. Returns the
        number of triples of the graph.

        Raises:
            QuerySyntaxError: a query is malformed.
            DataError: a query is no CONSTRUCT, makes blank nodes, or never comes to an end.
        """
        before = set(self.quads(graph))
        # What the graph held must not support itself, so the queries are asked without it.
        self.remove_graph(graph)
        self._searched.all_things |= graph == self.iris.graph("entities")
        try:
            with self._changing():
                self._construct(graph, queries, _ROUNDS if fixpoint else 1)
        except AigraphError:
            self.replace_graph(graph, before)
            raise
        return sum(1 for _ in self.quads(graph))

    def follow(
        self, steps: Sequence[Derivation], computed: Computed | None = None, *, limit: int | None = None
    ) -> None:
        """Takes note of all changes from now on, so that `derive` with these steps does no more than they ask for.

        That needs derived graphs that are up to date: where `interrupted` is set nothing is noted. `limit` is the
        number of changed quads up to which this is thought to be quicker, by default a share of all.
        """
        if not self.interrupted:
            self._upkeep = Upkeep(
                self._store,
                steps,
                axioms=self.iris.graph("ontology"),
                # to count the quads of the store would take a look at each
                limit=int((newest.quads if (newest := self._newest()) else 0) * LARGE) if limit is None else limit,
                account=self._account,
                grounds=self._grounds,
            )
            self._computed, self._grounds = computed, self._upkeep.grounds

    def _newest(self) -> Snapshot | None:
        """The newest snapshot, if there is one that can be read."""
        try:
            return latest_snapshot(self.path)
        except (StoreMissing, StoreUnreadable):
            return None

    def derive(self, steps: Sequence[Derivation], computed: Computed | None = None) -> None:
        """Brings derived graphs up to date: each step adds to its graph what its queries give, seeing the steps before.

        Changes that `follow` took note of are followed up; else all graphs of the steps are emptied, so that nothing
        supports itself, and made anew. The outcome is the same. `computed` is made of the graphs of articles alone, and
        no query of the steps looks at it.

        Raises:
            QuerySyntaxError, DataError: see `construct_into`; the derived graphs are incomplete then, and the next
                writer finds `interrupted` set.
        """
        upkeep, self._upkeep = self._upkeep, None
        self._compute(computed)
        if upkeep is not None and not upkeep.large and upkeep.grounds.steps == tuple(steps):
            with uncollected(), self._changing(), self._summing() as content:
                if upkeep.finish(content):
                    self._searched.things |= upkeep.touched
                    return
        self._searched.all_things = True
        for graph in dict.fromkeys(step.graph for step in steps):
            self._empty(graph)
        grounds = Grounds(self._store, steps, self.iris.graph("ontology")) if steps else None
        followed = grounds if grounds and grounds.suffice else None
        with self._changing():
            for step in steps:
                premises = followed.premises if followed and step.graph == followed.facts else None
                self._construct(step.graph, step.queries, _ROUNDS if step.fixpoint else 1, premises)
            self._account.fill(self._store)
            if followed:
                self._grounds = followed
                followed.count(self._account)

    def _compute(self, computed: Computed | None) -> None:
        """Bring a graph that code makes up to date: by the changes, if they were followed, else anew."""
        followed, self._computed = self._computed, None
        if computed is None:
            return
        if followed is computed:
            with uncollected(), self._changing(), self._summing() as content:
                lost, found = computed.changes(self._store, self._account)
                for quad in lost:
                    self._store.remove(quad)
                self._store.extend(found)
                content.remove(lines_of(lost))
                content.add(lines_of(found))
            return
        self._empty(computed.graph)
        with self._changing():
            self._account.clear()
        with self._changing():
            self._extend(computed.anew(self._store, self._account))

    def _empty(self, graph: NamedNode) -> None:
        """Removes a derived graph that is made anew, a part at a time: as a whole it may be too large for the memory.

        Nobody believes a part of it, should this process be killed meanwhile (`interrupted`).
        """
        if self._store.contains_named_graph(graph):
            self._content = None
            with self._changing():
                while part := list(islice(self.quads(graph), UNFLUSHED)):
                    for quad in part:
                        self._store.remove(quad)
                    self._wrote(len(part))
                self._store.remove_graph(graph)
                self._entered()

    def _extend(self, quads: Iterable[Quad]) -> None:
        """Adds quads, a part at a time: all together may be too many for the memory, or for the engine's log."""
        self._content = None  # some may be there already
        left = iter(quads)
        while part := list(islice(left, UNFLUSHED)):
            self._store.extend(part)
            self._wrote(len(part))

    def _wrote(self, changed: int) -> None:
        """Writes the engine's log out where it would take long to go through after a kill."""
        self._unflushed += changed
        if self._unflushed >= UNFLUSHED:
            self._store.flush()
            self._unflushed = 0

    def _construct(
        self, graph: NamedNode, queries: Sequence[str], rounds: int, premises: Premises | None = None
    ) -> None:
        """Ask queries until nothing new comes, at most so many times; with premises only those that may give more."""
        asked = queries
        for _ in range(rounds):
            came, more = False, set[str]()
            for part in constructed_by(asked, self, graph, self._account.scratch, UNFLUSHED):
                came = True
                self._extend(part)
                if premises:
                    more |= premises.asking(quad.triple for quad in part)
            if not came:
                return
            if premises:
                asked = [text for text in queries if text in more]
        if rounds > 1:
            raise DataError(f"The queries for {graph} still gave new triples after {rounds} rounds. Correct them.")

    def commit(self) -> Snapshot:
        """Writes everything to the disk and publishes it, with what users wrote, as the newest snapshot.

        Where the content is that of the newest snapshot already, that one is returned. The whole content is looked at
        only where changes were not followed: after an interruption, and where derived graphs were made anew. The index
        of texts is written with each snapshot, out of the one before.
        """
        newest = self._newest()
        indexed = newest is not None and is_current(newest.index)
        unchanged = newest is not None and not self._unpublished.exists()
        made, content = newest.made if newest else "", self._content
        if not unchanged:
            content = self._content = self._content or self.content()
            made = content.digest
        shown = not_held(self._store, read_users(self.path))
        identifier = joined_hash(made, shown)
        with self._writing():
            self._store.flush()
            if newest is None or newest.id != identifier or not indexed:
                generation, staged = stage(self.path)
                self._store.backup(str(staged / "data"))
                before = newest.index if newest else None
                write_index(self._store, self.base, staged / INDEX, before, self._searched)
                if shown:
                    add(staged / "data", shown)
                held = content.quads if content else len(self)
                publish(self.path, generation, identifier, held + len(shown), staged, made=made)
                newest = latest_snapshot(self.path)
            if self._unpublished.exists() and content:
                self._account.save(made, content)
            self._unpublished.unlink(missing_ok=True)
            sync(self.path)
        self.interrupted = False
        self._searched = Changes()
        clean(self.path)
        return newest

    def close(self) -> None:
        """Lets go of the database; the writer cannot be used any more."""
        self._account.close()
        # The engine has no other way to close a database than to forget it.
        self._upkeep = self._grounds = self._computed = None
        del self._store

    @property
    def _loading(self) -> Path:
        return self.path / "loading"

    @property
    def _unpublished(self) -> Path:
        return self.path / "unpublished"

    @contextmanager
    def _changing(self) -> Iterator[None]:
        """Notes, before the first change after a commit, that the data may differ from the newest snapshot."""
        with self._writing():
            if not self._unpublished.exists():
                self._unpublished.touch()
                sync(self.path)
            yield

    @contextmanager
    def _summing(self) -> Iterator[Content]:
        """The content, to enter into it what is changed meanwhile; where that fails, nobody knows it any more."""
        content, self._content = self._content, None
        yield content or Content()
        self._content = content

    @contextmanager
    def _writing(self) -> Iterator[None]:
        """Turns what the system says of full disks and the like into an error of ours."""
        try:
            yield
        except OSError as error:
            raise StoreUnreadable(
                f"The store {self.path} cannot be written to: {reason(error)} Nothing was published."
            ) from error
