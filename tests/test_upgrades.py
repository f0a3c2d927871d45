"""Stores of other versions: read, brought to the layout of today, or refused in plain words; and nothing is lost."""

from __future__ import annotations

import json
import tarfile
from pathlib import Path

import pytest
from pyoxigraph import Literal, NamedNode, Quad

from aigraph.errors import StoreTooNew, StoreTooOld, StoreUnreadable
from aigraph.store import layout, open_latest, open_writer, restore, write_backup
from aigraph.vocab import DEFAULT_BASE, RDFS, Iris

KEPT = Path(__file__).parent / "stores"
IRIS = Iris(DEFAULT_BASE)


@pytest.fixture
def kept(tmp_path: Path) -> Path:
    """The store that aigraph 0.1.0 wrote in layout 1, with one article's graph and what a user wrote."""
    with tarfile.open(KEPT / "layout-1.tar.xz") as packed:
        packed.extractall(tmp_path, filter="data")
    return tmp_path / "store"


def manifest(store: Path) -> dict[str, object]:
    content: dict[str, object] = json.loads((store / "aigraph.json").read_text(encoding="utf-8"))
    return content


def set_layout(store: Path, version: int) -> None:
    (store / "aigraph.json").write_text(json.dumps(manifest(store) | {"version": version}), encoding="utf-8")


def test_a_kept_store_is_read_and_written_by_this_version(kept: Path) -> None:
    with open_latest(kept) as reader:
        before = set(reader.quads(IRIS.graph("kept")))
        assert len(before) == 2
        assert len(set(reader.quads(NamedNode("https://example.org/notes")))) == 1
    with open_writer(kept) as writer:
        assert set(writer.quads(IRIS.graph("kept"))) == before
        new = Quad(IRIS.article("new"), RDFS.label, Literal("new"), IRIS.graph("new"))
        writer.replace_graph(IRIS.graph("new"), [new])
        writer.commit()
    with open_latest(kept) as reader:
        assert set(reader.quads(IRIS.graph("kept"))) == before
        assert set(reader.quads(IRIS.graph("new"))) == {new}
        assert len(set(reader.quads(NamedNode("https://example.org/notes")))) == 1


def test_a_backup_of_before_ids_were_sums_is_restored_and_published(kept: Path, tmp_path: Path) -> None:
    """The id of its snapshot is a hash of all sorted lines; what is restored is the same under the id of today."""
    backup, other = tmp_path / "old.tar", tmp_path / "other"
    old = write_backup(kept, backup)
    with open_latest(kept) as reader:
        before = set(reader.quads())
    restored = restore(backup, other)
    assert restored.quads == old.quads
    assert restored.id != old.id
    with open_latest(other) as reader:
        assert set(reader.quads()) == before
    new = Quad(IRIS.article("new"), RDFS.label, Literal("new"), IRIS.graph("new"))
    with open_writer(other) as writer:
        assert not writer.interrupted
        writer.replace_graph(IRIS.graph("new"), [new])
        published = writer.commit()
        assert published.made == writer.content().digest
    with open_latest(other) as reader:
        assert set(reader.quads()) == before | {new}
    with open_writer(other) as writer:
        writer.remove_graph(IRIS.graph("new"))
        assert writer.commit().id == restored.id
    again = tmp_path / "again"
    write_backup(other, tmp_path / "new.tar")
    assert restore(tmp_path / "new.tar", again).id == restored.id


def test_an_old_backup_whose_users_part_was_changed_is_refused(kept: Path, tmp_path: Path) -> None:
    written = kept / "users.nq"
    write_backup(kept, tmp_path / "good.tar")
    written.write_text(written.read_text(encoding="utf-8").replace('"', '"not ', 1), encoding="utf-8")
    write_backup(kept, tmp_path / "changed.tar")
    with pytest.raises(StoreUnreadable, match="of users is not what its snapshot showed"):
        restore(tmp_path / "changed.tar", tmp_path / "other")
    assert not (tmp_path / "other").exists()


def test_every_layout_that_is_read_has_a_kept_store_and_a_way_to_the_next() -> None:
    layouts = range(layout.OLDEST_LAYOUT, layout.LAYOUT_VERSION + 1)
    assert [f"layout-{number}.tar.xz" for number in layouts] == sorted(path.name for path in KEPT.glob("*.tar.xz"))
    assert sorted(layout.UPGRADES) == list(layouts)[:-1]


def test_an_older_layout_is_read_and_brought_to_that_of_today_by_a_writer(
    kept: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With two layouts that are to come; the second step is killed once, and taken up again."""
    done: list[int] = []

    def first(store: Path) -> None:
        (store / "first").touch()
        done.append(1)

    def second(store: Path) -> None:
        assert (store / "first").exists()
        done.append(2)
        if done.count(2) == 1:
            raise KeyboardInterrupt

    monkeypatch.setattr(layout, "LAYOUT_VERSION", 3)
    monkeypatch.setattr(layout, "UPGRADES", {1: first, 2: second})
    with open_latest(kept) as reader:
        assert len(set(reader.quads(IRIS.graph("kept")))) == 2
    assert manifest(kept)["version"] == 1
    with pytest.raises(KeyboardInterrupt), open_writer(kept):
        pass
    assert manifest(kept)["version"] == 2
    with open_writer(kept) as writer:
        assert len(set(writer.quads(IRIS.graph("kept")))) == 2
    assert manifest(kept)["version"] == 3
    assert done == [1, 2, 2]


@pytest.mark.parametrize(
    ("version", "error", "told"),
    [
        (0, StoreTooOld, "layout 0, which is read no more.*Build the articles into a new folder"),
        (99, StoreTooNew, "layout 99.*Install a newer aigraph"),
    ],
)
def test_another_layout_is_refused_and_left_alone(kept: Path, version: int, error: type[Exception], told: str) -> None:
    set_layout(kept, version)
    before = {path: path.read_bytes() for path in kept.rglob("*") if path.is_file() and path.name != "lock"}
    with pytest.raises(error, match=told), open_latest(kept):
        pass
    with pytest.raises(error, match=told), open_writer(kept):
        pass
    assert {path: path.read_bytes() for path in before} == before
