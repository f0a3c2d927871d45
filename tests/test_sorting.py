"""Sorting more lines than fit into memory."""

from __future__ import annotations

from io import BytesIO
from typing import BinaryIO

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aigraph import sorting
from aigraph.sorting import Sorted

LINES = st.lists(st.text(st.characters(exclude_characters="\n", exclude_categories=["Cs"]), max_size=4).map(str.encode))


class Disk:
    """Gives files, and remembers them."""

    def __init__(self) -> None:
        self.files: list[BinaryIO] = []

    def scratch(self) -> BinaryIO:
        self.files.append(BytesIO())
        return self.files[-1]


@given(LINES, st.integers(0, 20))
def test_lines_come_back_sorted_each_once(lines: list[bytes], held: int) -> None:
    disk = Disk()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(sorting, "HELD", held)
        found = Sorted(disk.scratch)
        for line in lines:
            found.add(line)
        assert list(found) == sorted(set(lines))
    assert bool(disk.files) is (sum(map(len, lines)) > held)
    assert all(file.closed for file in disk.files)
    assert not list(found), "they are to be had once"


def test_files_are_let_go_of_where_nobody_reads_on(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sorting, "HELD", 1)
    disk = Disk()
    found = Sorted(disk.scratch)
    for line in (b"one", b"two", b"six"):
        found.add(line)
    lines = iter(found)
    assert next(lines) == b"one"
    lines.close()  # type: ignore[attr-defined]
    assert len(disk.files) == 3
    assert all(file.closed for file in disk.files)
