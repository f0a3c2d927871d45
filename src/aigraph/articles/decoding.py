"""Bytes to text: UTF-8, UTF-16, what a page declares, or what charset-normalizer makes of older encodings."""

from __future__ import annotations

import codecs
import re
from pathlib import Path

from charset_normalizer import from_bytes

from aigraph.errors import UnreadableArticle

MOST_BYTES = 16 * 2**20
"""Bytes of a file with one article past which it is none (pages carry scripts and pictures with them)."""

MOST_CHARACTERS = 300_000
"""Characters of text past which it is no article: a short book has as many."""

MOST_OF_A_LINE = 50_000
"""Characters of a line past which it is no paragraph."""

_MOST_LINES = 20_000

_OLD_ENCODINGS = ["cp1252", "latin_1", "cp1250", "iso8859_15"]
_SAMPLE = 200_000  # bytes from which an old encoding is told
_CONTROLS = re.compile(r"[\x00-\x08\x0e-\x1a\x1c-\x1f\x7f]")
_MOST_CONTROLS = 0.02  # share of control characters past which a file is no text
_SURROGATE = re.compile("[\ud800-\udfff]")
_SEQUENCE = re.compile(rb"[\xc2-\xdf][\x80-\xbf]|[\xe0-\xef][\x80-\xbf]{2}|[\xf0-\xf4][\x80-\xbf]{3}")
_DECLARED = re.compile(
    rb"""<(?:meta|\?xml)[^>]{0,200}?(?:charset|encoding)\s*=\s*["']?\s*([\w.:-]{3,40})""", re.IGNORECASE
)
_ADVICE = "Save the article as text in UTF-8."


def read_bytes(source: Path, limit: int = MOST_BYTES) -> bytes:
    """The content of the file.

    Raises:
        UnreadableArticle: it is missing, a folder, may not be read, or is too large for one article.
    """
    try:
        with source.open("rb") as stream:
            content = stream.read(limit + 1)
    except (OSError, ValueError) as error:
        raise unreadable(source, error) from error
    if len(content) > limit:
        raise UnreadableArticle(
            f"{source}: the file is larger than {limit // 2**20} MiB, which no article is. "
            "Split it into a file for each article, or write many as JSON Lines (.jsonl)."
        )
    return content


def unreadable(source: Path, error: OSError | ValueError) -> UnreadableArticle:
    """The error of the file system in words for the user."""
    if isinstance(error, FileNotFoundError):
        return UnreadableArticle(f"{source}: there is no such file. Check the path.")
    if isinstance(error, IsADirectoryError):
        return UnreadableArticle(f"{source}: this is a folder, not an article. Name a file in it.")
    if isinstance(error, OSError):
        return UnreadableArticle(f"{source}: cannot be read ({error.strerror or error}). Check its permissions.")
    return UnreadableArticle(f"{str(source)!r}: this is no path of a file ({error}).")  # a NUL in the path


def decode(content: bytes, source: Path, *, page: bool = False) -> str:
    """The content as text with line ends as "\\n" and without byte order mark; never blank.

    A `page` may declare its encoding, which counts where it is not UTF-8.

    Raises:
        UnreadableArticle: it is empty, blank or no text, or has bytes that its encoding does not allow.
    """
    text = tidied(_decode(content, source, _declared(content) if page else None))
    controls = len(_CONTROLS.findall(text))
    if "\x00" in text or controls > _MOST_CONTROLS * len(text):
        raise _binary(source)
    if not text.strip().strip("\ufeff"):
        raise UnreadableArticle(f"{source}: the file is empty or blank. Put the text of an article into it.")
    return text


def tidied(text: str) -> str:
    """Text without byte order mark, with line ends as "\\n"."""
    return text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n").replace("\u2028", "\n")


def check_text(text: str, place: str | Path) -> None:
    """Refuses what cannot be the text of an article.

    Raises:
        UnreadableArticle: it is far too long, has a line that no paragraph is as long as, or is no Unicode text.
    """
    if len(text) > MOST_CHARACTERS:
        raise UnreadableArticle(
            f"{place}: the text has {len(text):,} characters, and an article at most {MOST_CHARACTERS:,}. "
            "Split it into the articles that it is made of."
        )
    if text.count("\n") >= _MOST_LINES:
        raise UnreadableArticle(
            f"{place}: the text has more than {_MOST_LINES:,} lines, which no article has. Split it."
        )
    for number, line in enumerate(text.split("\n"), start=1):
        if len(line) > MOST_OF_A_LINE:
            raise UnreadableArticle(
                f"{place}: line {number} of the text has {len(line):,} characters, and a paragraph at most "
                f"{MOST_OF_A_LINE:,}. Break it into paragraphs."
            )
    if "\x00" in text or _SURROGATE.search(text):
        raise UnreadableArticle(
            f"{place}: the text has characters that are no Unicode text (NUL, half a surrogate pair). Remove them."
        )


def _declared(content: bytes) -> str | None:
    match = _DECLARED.search(content[:4096])
    try:
        return codecs.lookup(match[1].decode("ascii")).name if match else None
    except LookupError:
        return None


def _decode(content: bytes, source: Path, declared: str | None) -> str:
    if (utf16 := _utf16(content)) is not None:
        try:
            return content.decode(utf16)
        except UnicodeDecodeError as error:
            where = f"in UTF-16 that breaks at byte {error.start:,} of {len(content):,}"
            raise UnreadableArticle(f"{source}: this is no text, or text {where}. {_ADVICE}") from None
    if b"\x00" in content:
        raise _binary(source)
    try:
        return content.decode("utf-8")
    except UnicodeDecodeError as error:
        if _is_broken_utf8(content):
            line = content.count(b"\n", 0, error.start) + 1
            raise UnreadableArticle(
                f"{source}, line {line}: the text is UTF-8 but for byte 0x{content[error.start]:02x} (byte "
                f"{error.start:,} of the file). Replace that character, or save the article again in UTF-8."
            ) from None
    if declared is not None:
        try:
            return content.decode(declared)
        except (UnicodeDecodeError, LookupError):  # a codec of bytes to bytes is no encoding of text
            pass
    best = from_bytes(content[:_SAMPLE], cp_isolation=_OLD_ENCODINGS).best()
    if best is None:
        raise _binary(source)
    return content.decode(best.encoding, errors="replace")


def _utf16(content: bytes) -> str | None:
    """The kind of UTF-16 of the content, told by its byte order mark or by where its zero bytes stand."""
    if content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return "utf-16"
    sample = content[:2000]
    if len(content) % 2 or len(sample) < 4:
        return None
    # Latin letters have a zero for one half; in text neither half of a character pair is often both
    high, low = sample[::2].count(0), sample[1::2].count(0)
    half = len(sample) // 2
    if low > 0.7 * half and high == 0:
        return "utf-16-le"
    return "utf-16-be" if high > 0.7 * half and low == 0 else None


def _is_broken_utf8(content: bytes) -> bool:
    """True where most bytes past ASCII are UTF-8: a few bytes were damaged, the encoding is no other."""
    good = sum(len(sequence) for sequence in _SEQUENCE.findall(content))
    beyond = len(content) - len(content.translate(None, bytes(range(128, 256))))
    return content.startswith(codecs.BOM_UTF8) or good > beyond / 2


def _binary(source: Path) -> UnreadableArticle:
    return UnreadableArticle(f"{source}: this is no text (binary data or an unknown encoding). {_ADVICE}")
