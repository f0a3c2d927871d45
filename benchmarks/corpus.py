#!/usr/bin/env python3
"""Made-up news articles to build from: the same bytes for the same seed, in the layouts that real ones come in.

    python benchmarks/corpus.py FOLDER [--count 1000] [--seed 7] [--overlap 0.6] [--sentences 20] [--first 0]

Companies and chips are curated names and made-up ones; Nvidia is in most articles, most are in a few. An article tells
some things of its own and some that others tell too: `--overlap` is the share of the latter. Three quarters of these
are news, told by about ten articles with neighbouring numbers however many there are; the rest is what everybody
repeats: of 400 such facts the first stands in one article out of twenty. So several articles say the same of one thing,
now and then with another figure; a company has one chief executive and one revenue a year, whoever tells it, and chips
follow one another in lines. All sentences were written for this project.
"""

from __future__ import annotations

import argparse
import json
import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

COMPANIES = (
    "Nvidia", "AMD", "Intel", "Broadcom", "Qualcomm", "TSMC", "Samsung", "SK hynix", "Micron", "Cerebras", "Groq",
    "Tenstorrent", "Microsoft", "Google", "Amazon", "Meta", "OpenAI", "Anthropic", "Oracle", "CoreWeave",
)  # fmt: skip
CHIPS = {
    "H100": "Nvidia", "MI300X": "AMD", "B200": "Nvidia", "H200": "Nvidia", "Gaudi 3": "Intel", "Trainium2": "Amazon",
    "TPU v5p": "Google", "MI350X": "AMD", "Maia 100": "Microsoft", "WSE-3": "Cerebras",
}  # fmt: skip
FIRST = ("Cor", "Tarn", "Vel", "Nor", "Quarr", "Hal", "Pel", "Ost", "Bram", "Lyn", "Dov", "Kest", "Mar", "Sil", "Ard")
LAST = ("vane", "fell", "mont", "wick", "stone", "cyon", "agic", "mark", "den", "gate", "more", "ridge", "ton", "by")
KINDS = ("Semiconductor", "Systems", "Labs", "Technologies", "Compute", "Networks", "")
PEOPLE_FIRST = ("Ada", "Jonas", "Mirela", "Tomas", "Ingrid", "Kofi", "Lena", "Ravi", "Sofia", "Daniel", "Yuki", "Omar")
PEOPLE_LAST = ("Brandt", "Okafor", "Lindqvist", "Marek", "Haas", "Varga", "Nakano", "Petrov", "Sorensen", "Costa")
PLACES = ("Austin", "Dresden", "Hsinchu", "Bengaluru", "Toronto", "Dublin", "Phoenix", "Eindhoven")
OUTLETS = ("Chip Ledger", "The Fab Line", "Compute Weekly", "Silicon Gazette", "Datacenter Courier")

SHARED = (
    "{a} develops the {chip} accelerator.",
    "{buyer} acquired {bought} for ${paid} billion in {year}.",
    "{a} and {b} have agreed on a partnership around the {chip}.",
    "{a} supplies {b} with {chip} accelerators.",
    "{a} will invest ${n} billion in {b}.",
    "{a} licensed the design of the {chip} from {b}.",
    "{a} competes with {b} in the market for inference chips.",
    "{a} said that revenue reached ${revenue} billion in {year}.",
    "The {chip} from {a} delivers up to {k}x the performance of the {older}.",
    "{ceo}, CEO of {a}, expects demand for the {chip} to double by {year}.",
)
"""What articles tell of what they share: with the same things in them, they say the same."""

OWN = (
    "{a} unveiled the {chip}, which draws {w} watts and carries {g} GB of memory.",
    "Its successor, the {newer}, is due in the second half of {year}.",
    "The company plans to ship {t},000 units of the {chip} in {year}.",
    "{b} denied that it is in talks to buy {a}.",
    "{a} reportedly wants to raise ${n} billion from {b} and other investors.",
    "According to analysts, the market for such accelerators could reach ${m} billion by {year}.",
    "“We could not build them fast enough,” said {head}, who leads the data centre business of {a}.",
    "{a} is based in {place} and employs {t},000 people.",
    "If yields improve, {b} may move part of its orders to {a}.",
    "Shares of {a} rose {p} percent after the announcement.",
    "{cto} joined {a} from {b} as chief technology officer.",
    "The {chip} is built for inference, while the {newer} is meant for training.",
    "{b} uses {t},000 {chip} accelerators in its site near {place}.",
    "It remains unclear whether the deal between {a} and {b} will be completed this year.",
    "Memory bandwidth of the {chip} is {bw} TB/s, {p} percent more than that of the {older}.",
    "Both companies declined to comment on the terms.",
)
MADE = 3000  # companies that are made up
HEADLINES = (
    "{a} Takes the {chip} to Market as {b} Waits",
    "{a} and {b} Draw Closer over the {chip}",
    "Why {a} Is Betting on {chip}",
    "{b} Looks beyond {a} for Its Next Accelerators",
)


NEWS, REACH = 0.75, 8
"""The share of news in what is shared, and how far the numbers of the articles reach that may tell it."""


@dataclass(frozen=True, slots=True)
class Corpus:
    """Articles by number; the same seed, number and settings give the same one. `variant` is another text of it."""

    seed: int = 7
    overlap: float = 0.6
    sentences: int = 20
    pool: int = 400
    _names: dict[str, str] = field(default_factory=dict)

    def article(self, number: int, variant: int = 0) -> tuple[str, str]:
        """The file name and the content of an article."""
        chance = random.Random(f"{self.seed}/{number}/{variant}")  # noqa: S311 - texts for a measurement
        things = self._things(chance)
        headline = chance.choice(HEADLINES).format(**things)
        told = self._told(chance, number, things)
        paragraphs = [" ".join(told[i : i + 4]) for i in range(0, len(told), 4)]
        day = f"2026-{chance.randint(1, 12):02}-{chance.randint(1, 28):02}"
        outlet = chance.choice(OUTLETS)
        name = f"made-{number:06}"
        layout = (_wire, _markdown, _page, _bullets)[chance.choices(range(4), (4, 3, 2, 1))[0]]
        ending, text = layout(headline, day, outlet, paragraphs, chance)
        return name + ending, text

    def write(self, folder: Path, numbers: Iterator[int] | range) -> None:
        """Write articles as files, a thousand to a folder."""
        for number in numbers:
            name, text = self.article(number)
            place = folder / f"{number // 1000:03}"
            place.mkdir(parents=True, exist_ok=True)
            (place / name).write_text(text, encoding="utf-8")

    def _told(self, chance: random.Random, number: int, things: dict[str, object]) -> list[str]:
        """Sentences in some order, none twice."""
        own = [template.format(**things) for template in chance.sample(OWN, len(OWN))]
        told: dict[str, None] = {}
        while len(told) < self.sentences:
            told.setdefault(self._shared(chance, number) if chance.random() < self.overlap or not own else own.pop())
        return list(told)

    def _shared(self, chance: random.Random, number: int) -> str:
        """What news and pool tell is decided by their number alone, but for a figure that is sometimes another."""
        if chance.random() < NEWS:
            index = f"news/{number + chance.randint(-REACH, REACH)}"
        else:
            index = f"pool/{_rank(chance, self.pool, 16)}"
        shared = random.Random(f"{self.seed}/{index}")  # noqa: S311 - texts for a measurement
        template = shared.choice(SHARED)
        told = self._things(shared)
        if chance.random() < 0.1:
            told |= dict.fromkeys(("n", "paid", "revenue"), chance.randint(2, 90))
        return template.format(**told)

    def _things(self, chance: random.Random) -> dict[str, object]:
        chip, b, year = self._chip(chance), self._company(chance), chance.randint(2025, 2029)
        a = self._maker(chip)
        bought = self._made(chance.randrange(MADE))
        return {
            "a": a,
            "b": b if b != a else "Hewlett Packard Enterprise" if chance.random() < 0.2 else self._company(chance, 5),
            "chip": chip,
            **self._figures(chip, a, year),
            "bought": bought,
            "buyer": self._company(self._told_of(bought, "buyer")),
            "paid": self._told_of(bought, "paid").randint(2, 40),
            "n": chance.randint(2, 40),
            "m": chance.randint(50, 900),
            "p": chance.randint(2, 40),
            "t": chance.randint(2, 400),
            "year": year,
        }

    def _figures(self, chip: str, company: str, year: int) -> dict[str, object]:
        """What is true of a chip and of a company, whoever tells it."""
        by_chip, by_company = self._told_of(chip), self._told_of(company)
        return {
            "newer": self._newer(chip),
            "older": self._chip(self._told_of(chip, "older"), 2),
            "k": by_chip.choice((2, 3, 5, 10, 30)),
            "w": by_chip.choice((350, 700, 1000, 1200, 1400)),
            "g": by_chip.choice((80, 96, 141, 192, 288)),
            "bw": by_chip.choice(("3.35", "4.8", "5.3", "8")),
            "place": by_company.choice(PLACES),
            **{post: self._person(self._told_of(company, post)) for post in ("ceo", "cto", "head")},
            "revenue": self._told_of(company, str(year)).randint(2, 90),
        }

    @staticmethod
    def _told_of(*what: str) -> random.Random:
        return random.Random("/".join(what))  # noqa: S311 - texts for a measurement

    @staticmethod
    def _person(chance: random.Random) -> str:
        return f"{chance.choice(PEOPLE_FIRST)} {chance.choice(PEOPLE_LAST)}"

    def _newer(self, chip: str) -> str:
        """The chip after one: of a made-up one the next of its line, for any others would make one circle of all."""
        if chip in CHIPS:
            return self._chip(self._told_of(chip, "newer"), len(CHIPS))
        return f"{chip[0]}{int(chip[1]) + 1}{chip[2:]}"

    def _maker(self, chip: str) -> str:
        return CHIPS.get(chip) or self._company(self._told_of(chip, "maker"))

    @classmethod
    def _company(cls, chance: random.Random, beyond: int = 0) -> str:
        index = _rank(chance, MADE, 3) + beyond
        return COMPANIES[index] if index < len(COMPANIES) else cls._made(index)

    @staticmethod
    def _made(index: int) -> str:
        made = random.Random(f"company/{index}")  # noqa: S311 - texts for a measurement
        return f"{made.choice(FIRST)}{made.choice(LAST)} {made.choice(KINDS)}".strip()

    @staticmethod
    def _chip(chance: random.Random, beyond: int = 0) -> str:
        index = _rank(chance, MADE // 2, 3) + beyond
        if index < len(CHIPS):
            return list(CHIPS)[index]
        made = random.Random(f"chip/{index}")  # noqa: S311 - texts for a measurement
        return f"{made.choice('KTXZRV')}{made.randint(1, 9)}{made.choice(('00', '50', '20'))}"


def _rank(chance: random.Random, count: int, flat: int) -> int:
    """A rank below `count`; rank r comes in proportion to 1 / (r + flat)."""
    return min(int((count / flat + 1) ** chance.random() * flat) - flat, count - 1)


def _wire(headline: str, day: str, outlet: str, paragraphs: Sequence[str], chance: random.Random) -> tuple[str, str]:
    place = chance.choice(PLACES).upper()
    first, *rest = paragraphs
    return ".txt", "\n\n".join([headline, f"{outlet} | {day}", f"{place} – {first}", *rest]) + "\n"


def _markdown(headline: str, day: str, outlet: str, paragraphs: Sequence[str], _: random.Random) -> tuple[str, str]:
    head = f"---\ntitle: {json.dumps(headline)}\ndate: {day}\npublisher: {outlet}\n---\n\n# {headline}\n\n"
    half = len(paragraphs) // 2
    body = [*paragraphs[:half], "## What comes next", *paragraphs[half:]]
    return ".md", head + "\n\n".join(body) + "\n"


def _page(headline: str, day: str, outlet: str, paragraphs: Sequence[str], _: random.Random) -> tuple[str, str]:
    story = "\n".join(f"<p>{words}</p>" for words in paragraphs)
    return ".html", (
        f'<!doctype html><html lang="en"><head><meta charset="utf-8"><title>{headline} - {outlet}</title>'
        f'<meta property="article:published_time" content="{day}"></head><body>'
        '<nav><a href="/">Home</a> <a href="/chips">Chips</a> <a href="/newsletter">Newsletter</a></nav>'
        f"<main><article><h1>{headline}</h1>\n{story}\n</article></main>"
        "<footer>Subscribe to our newsletter. All rights reserved.</footer></body></html>\n"
    )


def _bullets(headline: str, day: str, outlet: str, paragraphs: Sequence[str], _: random.Random) -> tuple[str, str]:
    points = "\n".join(f"- {words}" for words in paragraphs[1:])
    return ".md", f"# {headline}\n\n{outlet}, {day}\n\n{paragraphs[0]}\n\n## In brief\n\n{points}\n"


def main() -> None:
    """Write the articles."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("folder", type=Path)
    parser.add_argument("--count", type=int, default=1000)
    parser.add_argument("--first", type=int, default=0)
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--overlap", type=float, default=0.6)
    parser.add_argument("--sentences", type=int, default=20)
    args = parser.parse_args()
    corpus = Corpus(args.seed, args.overlap, args.sentences)
    corpus.write(args.folder, range(args.first, args.first + args.count))


if __name__ == "__main__":
    main()
