"""Articles to documents: each block gets its own spaCy Doc, cut into sentences by rules made for news prose.

This is the only place that makes a spaCy `Language`: a blank English one, for its vocabulary. Tokens and sentences are
found by regular expressions with the word lists of `documents.yaml`, because news about hardware is full of what
general tokenizers tear apart: "1.8TB/s", "GPT-5.2", "HBM3e", "non-binding", "C.C. Wei", "Seoul-based".
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import yaml
from spacy.tokens import Doc
from spacy.vocab import Vocab

from aigraph.errors import DataError
from aigraph.language import ArticleNames, EncodedSentence, Name, load_language
from aigraph.language.components import vectors_of
from aigraph.records import (
    Article,
    Block,
    BlockKind,
    Document,
    EntityType,
    ReadBlock,
    RecognizedName,
    Sentence,
    Span,
)
from aigraph.resources import parse_yaml

WORDS = Path(__file__).with_name("documents.yaml")

_WHOLE = frozenset({BlockKind.TITLE, BlockKind.HEADING, BlockKind.TABLE_ROW, BlockKind.METADATA})
"""Kinds of blocks that are one sentence, whatever stops they contain."""

_LETTER = r"[^\W\d_]"
_WORD = r"[^\W_][\w\u0300-\u036f]*"
_NUMBER = r"\d+(?:[.,]\d+)*"
_TOKENS = (
    r"https?://[^\s\"<>]*[^\s\"<>.,;:!?)\]]",
    r"(?<!\w)[\w.+-]+@[\w-]+(?:\.[\w-]+)+",
    r"(?<![\w.])(?:[a-z0-9-]+\.)+(?:com|org|net|ai|io|co|gov|edu|eu|uk|de|cn|jp|in|dev)(?=[A-Z]|(?![\w-]))",
    "{abbreviations}",
    rf"(?<!\w)(?:{_LETTER}\.){{2,}}",  # initials: "C.C."
    r"(?<![\w.])[A-Z]\.(?=\s+[A-Z][\w.])",  # one initial: "J. Doe"
    r"\d{4}-\d\d-\d\d(?!\d)",
    rf"{_NUMBER}(?:-{_LETTER}+)+(?![\w])",  # "6-gigawatt", "two-to-three" has no number and is a word
    r"\d+(?:[:/]\d+)+(?![\w])",  # "9:30", "24/7"
    rf"{_NUMBER}(?:{_LETTER}+(?:/{_LETTER}+)?|(?=\D)|$)\w*",  # "6GW", "1.8TB/s", "30x", "14,000"
    rf"{_NUMBER}",
    r"(?:US|NT|HK|NZ|CA|AU|A|C|S|R)?[$€£¥₩₹](?!\w*[$€£¥₩₹])",
    rf"{_LETTER}+/s(?:ec)?(?!\w)",  # "TB/s" apart from its number
    rf"(?<!\w){_LETTER}['’](?={_LETTER}{{2}}){_WORD}",  # "L'Oréal"
    rf"(?<=\w)n['’]t(?!\w)|{_LETTER}+?(?=n['’]t(?!\w))",  # "do" + "n't"
    r"(?<=[\w.)])['’](?:s|re|ve|ll|d|m|S)(?!\w)",  # the possessive and short forms of verbs
    rf"{_WORD}(?:(?:[-‑&]|(?<=[\dA-Z])\.(?=\d)){_WORD})*\+{{0,2}}",  # words, with hyphens and decimals within
    r"\.\.+|--+|['’]{2}|`{2}",
    r"\S",
)
_QUARTERS = re.compile(r"([QH][1-4])([-‑])([QH][1-4])")
_STOP = re.compile(r"(?P<stop>[.!?…]+)(?P<closing>[\"'”’»)\]]*(?:\[\d{1,3}\])*)(?=\s|$)")
_GLUED_STOP = re.compile(r"(?<=[a-z]{3})(?P<stop>[.!?])(?P<closing>[\"”’)]*)(?=[A-Z][a-z]+\s)")
_GLUE = re.compile(
    r"(?<=[a-z0-9])-\s+(?=[a-z0-9-]+\.(?:com|org|net|co|io|news)(?![a-z]))"
    r"|(?<=\.com)(?=[A-Z])|(?<=\.org)(?=[A-Z])|(?<=\.net)(?=[A-Z])"
    r"|(?<=[a-z])(?=(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)[a-z]* \d{1,2}, \d{4})"
)
"""Where parts of a line beside the story touch: an address and a headline, a headline and its date."""
_BLANKS = re.compile(r"\s*")
_NEXT_WORD = re.compile(r"\s*[\"'“‘«(\[]*(?P<word>[^\s,;:]+)?")
_TYPES = frozenset(kind.value for kind in EntityType)
_LEAST_PLAIN_WORD = 4  # letters of a word that is no unknown abbreviation


@dataclass(frozen=True, slots=True)
class Words:
    """The word lists of `documents.yaml`, which explains them."""

    titles: frozenset[str]
    numbered: frozenset[str]
    endings: frozenset[str]
    starters: frozenset[str]
    compounds: frozenset[str]
    prefixes: frozenset[str]

    @property
    def abbreviations(self) -> tuple[str, ...]:
        """All words that end in a stop of their own, the longest first."""
        return tuple(sorted(self.titles | self.numbered | self.endings, key=lambda word: (-len(word), word)))


def load_words() -> Words:
    """The word lists that come with aigraph.

    Raises:
        DataError: `documents.yaml` is not as its head describes it.
    """
    try:
        data = parse_yaml(WORDS.read_text(encoding="utf-8"))
        return Words(**{name: frozenset(map(str, words)) for name, words in data.items()})
    except (yaml.YAMLError, TypeError, AttributeError) as error:
        raise DataError(f"{WORDS}: the word lists cannot be read ({error}). Correct the file.") from error


class DocumentReader:
    """Reads articles into documents; one reader serves any number of articles."""

    def __init__(self, *, named: bool = True) -> None:
        """With `named` off, names are left out: the network that finds them is still to be made."""
        self._language = load_language()
        self._names = ArticleNames() if named else None
        self._vocab = self._language.vocab
        self._words = load_words()
        self._token = _token_pattern(self._words)

    @property
    def vocab(self) -> Vocab:
        """The words that all documents share."""
        return self._vocab

    def read(self, article: Article) -> Document:
        """The document of an article: every block but boilerplate, with its tokens and sentences.

        Sentences are numbered through the whole document. Titles, headings, rows of tables and metadata are one
        sentence each.
        """
        blocks: list[ReadBlock] = []
        count = 0
        for block in article.blocks:
            if block.kind is BlockKind.BOILERPLATE:
                continue
            read = self._block(article.text, block, count)
            count += len(read.sentences)
            blocks.append(read)
        return Document(article, tuple(self._with_names(blocks, self._names) if self._names else blocks))

    def _with_names(self, blocks: Sequence[ReadBlock], names: ArticleNames) -> list[ReadBlock]:
        """The blocks with the names that the language model finds when it sees all of them."""
        parts = [(n, words, vectors) for n, read in enumerate(blocks) for words, vectors in vectors_of(read.doc)]
        lines = [
            EncodedSentence(tuple(blocks[n].doc[i].text for i in words), vectors, blocks[n].block.kind.value)
            for n, words, vectors in parts
        ]
        found: dict[int, list[RecognizedName]] = defaultdict(list)
        for (n, words, _), here in zip(parts, names.find(lines), strict=True):
            found[n] += (_recognized(blocks[n], words, name) for name in here)
        return [replace(read, names=tuple(found[n])) for n, read in enumerate(blocks)]

    def _block(self, text: str, block: Block, count: int) -> ReadBlock:
        words = _blanked(text[block.span.start : block.span.end], keep_lines=block.kind is BlockKind.TABLE_ROW)
        tokens = self._tokens(words)
        if block.kind is BlockKind.METADATA:
            bounds = tuple(_unglued(words))
        else:
            bounds = ((0, len(words)),) if block.kind in _WHOLE else tuple(_sentences(words, self._words))
        starts = [start for start, _ in tokens]
        firsts = [bisect_left(starts, start) for start, _ in bounds]
        doc = self._annotated(self._doc(words, tokens, frozenset(firsts)))
        sentences = []
        for number, (start, end) in enumerate(bounds):
            span = Span(block.span.start + start, block.span.start + end)
            last = bisect_left(starts, end)
            sentences.append(Sentence(count + number, span, firsts[number], last))
        return ReadBlock(block, doc, tuple(sentences))

    def tokens(self, text: str) -> list[tuple[int, str]]:
        """The tokens of a line of text, each with its start; white space is left out. The model trains on these."""
        blanked = _blanked(text, keep_lines=False)
        return [(start, text[start:end]) for start, end in self._tokens(blanked) if blanked[start:end].strip()]

    def _annotated(self, doc: Doc) -> Doc:
        for _, component in self._language.pipeline:
            doc = component(doc)
        return doc

    def _tokens(self, words: str) -> list[tuple[int, int]]:
        tokens: list[tuple[int, int]] = []
        for match in self._token.finditer(words):
            tokens += _parts(match, self._words)
        return tokens

    def _doc(self, words: str, tokens: Sequence[tuple[int, int]], firsts: frozenset[int]) -> Doc:
        forms: list[str] = []
        spaces: list[bool] = []
        starts: list[bool | int | None] = []
        for number, (start, end) in enumerate(tokens):
            forms.append(words[start:end])
            spaces.append(words[end : end + 1] == " ")
            starts.append(number in firsts)
        return Doc(self._vocab, words=forms, spaces=spaces, sent_starts=starts)


# --- tokens -------------------------------------------------------------------------------------------------


def _recognized(read: ReadBlock, words: Sequence[int], name: Name) -> RecognizedName:
    """A name of a block by its place in the article; `words` are the tokens that the name's places count."""
    first, last = read.doc[words[name.first]], read.doc[words[name.last - 1]]
    start = read.block.span.start
    types = tuple((EntityType(kind), chance) for kind, chance in name.types if kind in _TYPES)
    return RecognizedName(Span(start + first.idx, start + last.idx + len(last.text)), name.score, types)


def _blanked(words: str, *, keep_lines: bool) -> str:
    """The words with each white-space character as a blank, so that a name broken by a line end stays one name.

    The rows of flattened tables keep their line ends: there they part the cells.
    """
    return re.sub(r"[^\S\n]" if keep_lines else r"\s", " ", words)


def _token_pattern(words: Words) -> re.Pattern[str]:
    known = "|".join(re.escape(word) for word in words.abbreviations)
    patterns = [
        # white space past the one blank that a token has behind it is a token of its own, as spaCy does it
        r"(?<=\S) (?P<more>\s+)|(?P<white>^\s+|(?<=\S)(?! \S)[^\S ]\s*)",
        *(pattern.replace("{abbreviations}", rf"(?<![\w.-])(?:{known})(?!\w)") for pattern in _TOKENS),
    ]
    return re.compile("|".join(f"(?:{pattern})" for pattern in patterns))


def _parts(match: re.Match[str], words: Words) -> list[tuple[int, int]]:
    """The tokens of a match: itself, or the parts of a compound with a name in it."""
    start, end = match.span("more") if match["more"] else match.span()
    form = match.string[start:end]
    cut = None
    if quarters := _QUARTERS.fullmatch(form):
        cut = quarters.start(2)
    elif "-" in form:
        first, last = form.index("-"), form.rindex("-")
        if form[last + 1 :] in words.compounds and (form[0].isupper() or form[0].isdigit() or _is_camel(form)):
            cut = last
        elif form[:first].casefold() in words.prefixes and form[first + 1 : first + 2].isupper():
            cut = first
    if cut is None or not match[0].strip():
        return [(start, end)]
    return [(start, start + cut), (start + cut, start + cut + 1), (start + cut + 1, end)]


def _is_camel(form: str) -> bool:
    return re.match(r"[a-z]{1,2}[A-Z]", form) is not None


# --- sentences ----------------------------------------------------------------------------------------------


def _unglued(text: str) -> Iterator[tuple[int, int]]:
    """The parts of a line beside the story, which may have lost what stood between them: "example.comHeadline"."""
    start = 0
    for cut in _GLUE.finditer(text):
        if text[start : cut.start()].strip():
            yield start, start + len(text[start : cut.start()].rstrip())
        start = cut.end()
    if text[start:].strip() or start == 0:
        yield start, max(start, len(text.rstrip()))


def _sentences(text: str, words: Words) -> Iterator[tuple[int, int]]:
    """The start and end of each sentence, without white space around it."""
    start = len(text) - len(text.lstrip())
    stops = sorted([*_STOP.finditer(text), *_GLUED_STOP.finditer(text)], key=lambda match: match.start())
    for match in stops:
        if match.start() < start or not _ends_sentence(text, match, start, words):
            continue
        yield start, match.end()
        start = _BLANKS.match(text, match.end()).end()  # type: ignore[union-attr]  # matches anything
    end = len(text.rstrip())
    if start < end:
        yield start, end


def _ends_sentence(text: str, match: re.Match[str], start: int, words: Words) -> bool:
    """True where a stop ends the sentence that began at `start`."""
    following = _NEXT_WORD.match(text, match.end())
    word = (following["word"] if following else None) or ""
    if not word:
        return True
    if not any(character.isalnum() for character in text[start : match.start()]):
        return False  # ". . ." or a stop after a sign alone
    words_before = text[start : match.start("stop")].split(" ")
    last = words_before[-1].lstrip("\"'“‘(—–")
    if match["stop"] == "." and not match["closing"].strip("'’"):
        return _stop_ends_sentence(last, word, text[start : match.start()], words)
    # "Why?" he asked; "It is fast," … but a name such as xAI may begin a sentence
    return not word[0].islower() or _is_camel(word)


def _stop_ends_sentence(last: str, word: str, sentence: str, words: Words) -> bool:
    """True where a single stop after the word `last` and before `word` ends a sentence."""
    form = last.rsplit("—", 1)[-1] + "."
    initials = re.fullmatch(r"(?:[A-Z]\.)+", form) is not None
    if form in words.titles:
        return False
    if form in words.numbered and (word[0].isdigit() or word[0] == "#"):
        return False
    if form in words.endings or initials:
        return word.rstrip(".,").replace("’", "'") in words.starters
    if re.fullmatch(r"\(?\d{1,2}", sentence.strip()):
        return False  # the number of a list item
    if word[0].islower() and not _is_camel(word):
        plain = re.sub(r"\W", "", last)
        return len(plain) >= _LEAST_PLAIN_WORD or any(character.isdigit() for character in plain)
    return True
