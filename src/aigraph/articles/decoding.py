"""Bytes to text: UTF-8, UTF-16 with a byte order mark, or what charset-normalizer makes of older encodings."""

from __future__ import annotations

import codecs
from pathlib import Path

from charset_normalizer import from_bytes

from aigraph.errors import UnreadableArticle

_OLD_ENCODINGS = ["cp1252", "latin_1", "cp1250", "iso8859_15"]
_CONTROLS = frozenset(range(32)) - frozenset(b"\t\n\r\f\v\x1b") | {127}
_MOST_CONTROLS = 0.02  # share of control characters past which a file is no text


def read_bytes(source: Path) -> bytes:
    """The content of the file.

    Raises:
        UnreadableArticle: it is missing, a folder, or may not be read.
    """
    try:
        return source.read_bytes()
    except FileNotFoundError:
        raise UnreadableArticle(f"{source}: there is no such file. Check the path.") from None
    except IsADirectoryError:
        raise UnreadableArticle(f"{source}: this is a folder, not an article. Name a file in it.") from None
    except OSError as error:
        reason = error.strerror or str(error)
        raise UnreadableArticle(f"{source}: cannot be read ({reason}). Check its permissions.") from error
    except ValueError as error:  # a NUL in the path
        raise UnreadableArticle(f"{str(source)!r}: this is no path of a file ({error}).") from error


def decode(content: bytes, source: Path) -> str:
    """The content as text with line ends as "\\n" and without byte order mark; never blank.

    Raises:
        UnreadableArticle: it is empty, blank or no text.
    """
    text = _decode(content, source)
    text = text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n").replace("\u2028", "\n")
    controls = sum(ord(character) in _CONTROLS for character in text)
    if "\x00" in text or controls > _MOST_CONTROLS * len(text):
        raise _binary(source)
    if not text.strip().strip("\ufeff"):
        raise UnreadableArticle(f"{source}: the file is empty or blank. Put the text of an article into it.")
    return text


def _decode(content: bytes, source: Path) -> str:
    if content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        try:
            return content.decode("utf-16")
        except UnicodeDecodeError:
            raise _binary(source) from None
    if b"\x00" in content:
        raise _binary(source)
    try:
        return content.decode("utf-8")
    except UnicodeDecodeError:
        pass
    best = from_bytes(content, cp_isolation=_OLD_ENCODINGS).best()
    if best is None:
        raise _binary(source)
    return str(best)


def _binary(source: Path) -> UnreadableArticle:
    return UnreadableArticle(
        f"{source}: this is no text (binary data or an unknown encoding). Save the article as text in UTF-8."
    )
