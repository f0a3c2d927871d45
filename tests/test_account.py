"""What the writer keeps account of is what the graphs say, whatever changes, and is forgotten where nobody knows."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from pyoxigraph import Literal, NamedNode, Quad, Store

from aigraph.store import open_writer
from aigraph.store.account import Account
from aigraph.vocab import AIG, Iris

IRIS = Iris()
ACME, ZETA = IRIS.thing("Company", "Acme"), IRIS.thing("Chip", "Zeta")


def article(name: str, *rows: tuple[NamedNode, str, str, int]) -> tuple[NamedNode, list[Quad]]:
    """The graph of an article with some mentions: of what, as what, in which form, how often."""
    graph = IRIS.graph(name)

    def quads() -> Iterator[Quad]:
        for thing, cls, form, number in rows:
            node = IRIS.part("mention", name, thing.value, cls, form)
            yield Quad(node, AIG.mentionOf, thing, graph)
            yield Quad(node, AIG.mentionedAs, AIG[cls], graph)
            yield Quad(node, AIG.form, Literal(form), graph)
            yield Quad(node, AIG.occurrences, Literal(number), graph)

    return graph, list(quads())


FIRST = article("one", (ACME, "Company", "Acme", 2), (ZETA, "Chip", "Zeta", 1))
SECOND = article("two", (ACME, "Company", "Acme", 3), (ACME, "Organization", "ACME", 1))
AGAIN = article("one", (ACME, "Company", "Acme", 5))
BOTH = {(AIG.Company.value, "Acme", 5), (AIG.Organization.value, "ACME", 1)}


def sums(account: Account, store: Store, thing: NamedNode = ACME) -> set[tuple[str, str, int]]:
    found = account.namings([thing], store).get(thing, [])
    return {(cls.value, form.value, number) for cls, form, number in found}


def test_sums_follow_what_comes_changes_and_goes(tmp_path: Path) -> None:
    with open_writer(tmp_path / "store") as writer:
        account, store = writer._account, writer._store
        for change, expected in (
            (FIRST, {(AIG.Company.value, "Acme", 2)}),
            (SECOND, BOTH),
            (AGAIN, {(AIG.Company.value, "Acme", 8), (AIG.Organization.value, "ACME", 1)}),
            (article("two"), {(AIG.Company.value, "Acme", 5)}),
        ):
            writer.replace_graph(*change)
            assert sums(account, store) == expected
            account.fill(store)
            assert sums(account, store) == expected, "added up anew"
        assert not sums(account, store, ZETA)


def test_it_is_kept_from_writer_to_writer(tmp_path: Path) -> None:
    with open_writer(tmp_path / "store") as writer:
        writer.replace_graph(*FIRST)
        assert sums(writer._account, writer._store)
        writer._account.put({"key": "value"})
        writer.commit()
    with open_writer(tmp_path / "store") as writer:
        assert sums(writer._account, Store()) == {(AIG.Company.value, "Acme", 2)}, "nothing is looked up"
        assert writer._account.get(["key", "other"]) == {"key": "value"}
        writer._account.drop(["key"])
        assert writer._account.get(["key"]) == {}


def test_after_an_interruption_all_is_forgotten(tmp_path: Path) -> None:
    with open_writer(tmp_path / "store") as writer:
        writer.replace_graph(*FIRST)
        assert sums(writer._account, writer._store)
        writer._account.save("", writer.content())  # and no commit: another change may not have been entered
    with open_writer(tmp_path / "store") as writer:
        assert writer.interrupted
        assert not sums(writer._account, Store())
        assert sums(writer._account, writer._store) == {(AIG.Company.value, "Acme", 2)}


def test_one_of_another_state_is_not_believed(tmp_path: Path) -> None:
    """Another version of aigraph may have written to the store, and knew nothing of it."""
    path = tmp_path / "store"
    with open_writer(path) as writer:
        writer.replace_graph(*FIRST)
        assert sums(writer._account, writer._store)
        writer.commit()
    old = (path / "account.db").read_bytes()
    with open_writer(path) as writer:
        writer.replace_graph(*SECOND)
        writer.commit()
    (path / "account.db").write_bytes(old)
    with open_writer(path) as writer:
        assert sums(writer._account, writer._store) == BOTH


@pytest.mark.parametrize("content", [b"", b"no database at all, but long enough to be read as a page of one" * 100])
def test_a_damaged_one_is_begun_anew(tmp_path: Path, content: bytes) -> None:
    with open_writer(tmp_path / "store") as writer:
        writer.replace_graph(*FIRST)
        writer.commit()
    (tmp_path / "store" / "account.db").write_bytes(content)
    with open_writer(tmp_path / "store") as writer:
        assert sums(writer._account, writer._store) == {(AIG.Company.value, "Acme", 2)}
        writer.replace_graph(*SECOND)
        assert sums(writer._account, writer._store) == BOTH
