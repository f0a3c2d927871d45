"""What descriptions and pronouns stand for in parsed sentences, where rules and network decide together."""

from __future__ import annotations

import json
import re
from functools import cache
from pathlib import Path

import pytest
from corpus import read_corpus

from aigraph.articles import read
from aigraph.errors import DataError
from aigraph.mentions import ranking
from aigraph.mentions.features import FEATURES
from aigraph.mentions.ranking import load_ranker
from aigraph.pipeline.steps import Pipeline
from aigraph.records import Mention, MentionKind
from aigraph.vocab import DEFAULT_BASE

ROOT = Path(__file__).resolve().parent.parent

STAND_FOR = [
    # the sentence before, the clause before, the same clause
    ("Kiruna Compute opened a hall in Oslo. It will hold 9,000 Blackwell chips.", "It", "Kiruna Compute"),
    ("Microsoft hired Dana Whitlock. She ran the labs of Intel until May.", "She", "Dana Whitlock"),
    ("Broadcom says that its order book has doubled.", "its", "Broadcom"),
    # what the rules alone take for the owner of the place or the speaker
    ("Nvidia praised Lightmatter, whose founder, Nick Harris, set up the Boston firm in 2017.", "firm", "Lightmatter"),
    ("Groq sold LPUs to Aramco, and the company boasts that its racks stood in eight days.", "the company", "Groq"),
    # objects and obliques
    ("TSMC makes the Hopper chip, and Amkor packages it in Korea.", "it", "Hopper"),
    # forward
    ("Despite its losses, Intel bought Habana Labs.", "its", "Intel"),
    # nothing that has a name
    ("Intel cut jobs. It is unclear how many.", "It", None),
    ("Intel and AMD grew. The government wants its share.", "its", None),
]  # fmt: skip


SEVERAL = [
    # two that were joined
    ("Samsung and SK Hynix raised prices. Both declined to comment.", "Both", ["Samsung", "SK Hynix"]),
    ("Groq and Cerebras grew fast. The two companies rent out their own chips.", "two", ["Groq", "Cerebras"]),
    ("Intel and AMD have formed a group. They sell most of the processors for servers.", "They", ["Intel", "AMD"]),
    # one of two
    ("Google relies on Broadcom and MediaTek. The latter joined last year.", "The latter", ["MediaTek"]),
    ("Meta talked to Rivos and FuriosaAI. The former agreed to be bought.", "The former", ["Rivos"]),
    # no names: other nouns, the two of "both A and B", a number of other things
    ("Intel and AMD grew. Both years were good.", "Both", None),
    ("The shop sells both Intel and AMD processors.", "both", None),
    ("Engineers left Intel and AMD. Managers say they want shorter hours.", "they", None),
    # three
    ("Intel, AMD and Arm grew. Nvidia, Qualcomm and Broadcom shrank. The two had other plans.", "The two", None),
]  # fmt: skip


@cache
def pipeline() -> Pipeline:
    return Pipeline(DEFAULT_BASE)


def mentions(text: str, folder: Path) -> tuple[str, list[Mention]]:
    path = folder / "article.txt"
    path.write_text(text, encoding="utf-8")
    (article,) = read(path)
    found = pipeline().mentions.find(pipeline().documents.read(article))
    return article.text, list(found.mentions)


@pytest.mark.parametrize(("text", "form", "expected"), STAND_FOR)
def test_what_an_expression_stands_for(text: str, form: str, expected: str | None, tmp_path: Path) -> None:
    text, found = mentions(text, tmp_path)
    referring = [m for m in found if m.kind is not MentionKind.NAME and m.form == form]
    named = [text[m.antecedent.start : m.antecedent.end] for m in referring if m.antecedent is not None]
    assert named == ([expected] if expected else [])


@pytest.mark.parametrize(("text", "form", "expected"), SEVERAL)
def test_what_a_plural_stands_for(text: str, form: str, expected: list[str] | None, tmp_path: Path) -> None:
    text, found = mentions(text, tmp_path)
    referring = [m for m in found if m.kind is not MentionKind.NAME and re.search(rf"\b{form}\b", m.form)]
    named = [
        [text[m.antecedent.start : m.antecedent.end], *(text[f.span.start : f.span.end] for f in m.fellows)]
        for m in referring
        if m.antecedent is not None
    ]
    assert named == ([expected] if expected else [])


def test_reading_is_the_same_each_time(tmp_path: Path) -> None:
    text = " ".join(sentence for sentence, _, _ in STAND_FOR)
    assert mentions(text, tmp_path) == mentions(text, tmp_path)


def test_chances_add_up_and_do_not_depend_on_order() -> None:
    ranker = load_ranker()
    rows = [tuple(float((row * column) % 3 == 0) for column in range(len(FEATURES))) for row in range(1, 6)]
    chances = ranker.chances(rows)
    assert chances.sum() == pytest.approx(1)
    assert list(ranker.chances(rows[::-1])) == pytest.approx(list(chances[::-1]))
    assert len(set(chances)) > 1


def test_weights_for_other_features_are_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    data = json.loads(ranking.WEIGHTS.read_text(encoding="utf-8"))
    other = tmp_path / "antecedents.json"
    other.write_text(json.dumps({**data, "features": data["features"][::-1]}), encoding="utf-8")
    monkeypatch.setattr(ranking, "WEIGHTS", other)
    with pytest.raises(DataError, match=r"other features.*training/antecedents\.py"):
        load_ranker.__wrapped__()


def test_what_annotators_marked_stands_in_the_corpus() -> None:
    """Each line of `training/antecedents.txt` names words of its line and names of its document."""
    documents = {d.id: d for d in read_corpus(sorted((ROOT / "training" / "corpus").glob("[0-9]*.txt")))}
    marked = 0
    names: set[str] = set()
    for line in (ROOT / "training" / "antecedents.txt").read_text(encoding="utf-8").splitlines():
        if line.startswith("# "):
            document = documents[line[2:]]
            names = {one.text[e.start : e.end] for one in document.lines for e in one.entities}
            continue
        match = re.fullmatch(r" (\d+) (.+?)(?:#(\d+))? > (.+)", line)
        assert match, line
        stands = document.lines[int(match[1]) - 1].text
        assert len(re.findall(rf"(?<!\w){re.escape(match[2])}(?!\w)", stands)) >= int(match[3] or 1), line
        assert match[4] == "-" or set(match[4].split(" + ")) <= names, line
        marked += 1
    assert marked > 6000
