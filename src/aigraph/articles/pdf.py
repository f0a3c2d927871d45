"""PDF files, with the extra `pdf`: pdfminer.six gives the printed lines, `pdfpages` makes paragraphs of them."""

from __future__ import annotations

import io
from pathlib import Path
from typing import TYPE_CHECKING

from aigraph.articles.drafts import Draft, Reader, assembled
from aigraph.articles.files import binary_files
from aigraph.articles.pdfpages import Page, Printed, entries_of
from aigraph.errors import UnreadableArticle

if TYPE_CHECKING:
    from pdfminer.layout import LTPage, LTTextLine

_MOST_PAGES = 200
_MOST_UNKNOWN = 0.02  # glyphs that a font gives no letter for, as a share of all
_LIGATURES = str.maketrans({"ﬀ": "ff", "ﬁ": "fi", "ﬂ": "fl", "ﬃ": "ffi", "ﬄ": "ffl", "ﬅ": "st", "ﬆ": "st", "\xa0": " "})
_ADVICE = "Save the text of the article in its place."


def draft(content: bytes, source: Path) -> Draft:
    """The text of a PDF in reading order, one line a paragraph; running heads and page numbers are boilerplate.

    Raises:
        UnreadableArticle: the extra `pdf` is not installed, or the file is damaged, locked, too long or without text.
    """
    text, hints = assembled(tuple(entries_of(_pages(content, source))))
    unknown = text.count("(cid:")
    if not any(character.isalnum() for character in text):
        raise UnreadableArticle(
            f"{source}: the PDF holds no text, perhaps only pictures of pages. Let a program recognise the text (OCR)."
        )
    if unknown > _MOST_UNKNOWN * len(text):
        raise UnreadableArticle(f"{source}: the fonts of the PDF do not say which letters they draw. {_ADVICE}")
    return Draft(text, hints)


READER = Reader("PDF", (".pdf",), binary_files(draft))


def _pages(content: bytes, source: Path) -> list[Page]:
    try:
        from pdfminer.high_level import extract_pages
        from pdfminer.layout import LAParams
        from pdfminer.pdfdocument import PDFPasswordIncorrect
    except ImportError:
        raise UnreadableArticle(
            f"{source}: PDF files need the extra `pdf`. Install it with: pip install 'aigraph[pdf]'"
        ) from None
    if b"%PDF-" not in content[:1024]:
        raise UnreadableArticle(f"{source}: this is no PDF file, whatever its ending says. {_ADVICE}")
    pages: list[Page] = []
    try:
        for layout in extract_pages(io.BytesIO(content), maxpages=_MOST_PAGES + 1, laparams=LAParams()):
            pages.append(_page(layout))
    except PDFPasswordIncorrect:
        raise UnreadableArticle(f"{source}: the PDF is locked with a password. {_ADVICE}") from None
    except Exception as error:  # damaged files raise whatever their bytes lead pdfminer to
        raise UnreadableArticle(
            f"{source}: the PDF is damaged ({type(error).__name__} on page {len(pages) + 1}). {_ADVICE}"
        ) from error
    if len(pages) > _MOST_PAGES:
        raise UnreadableArticle(f"{source}: the PDF has more than {_MOST_PAGES} pages, which no article has. Split it.")
    return pages


def _page(layout: LTPage) -> Page:
    from pdfminer.layout import LTTextBox, LTTextLine

    boxes = []
    for box in layout:
        if isinstance(box, LTTextBox):
            lines = [_printed(line) for line in box if isinstance(line, LTTextLine)]
            if kept := tuple(line for line in lines if line.words):
                boxes.append(kept)
    return Page(layout.height, tuple(boxes))


def _printed(line: LTTextLine) -> Printed:
    from pdfminer.layout import LTChar

    letters = [letter for letter in line if isinstance(letter, LTChar) and not letter.get_text().isspace()]
    sizes = sorted(letter.size for letter in letters)
    bold = sum("bold" in letter.fontname.casefold() or "black" in letter.fontname.casefold() for letter in letters)
    return Printed(
        words=" ".join(line.get_text().translate(_LIGATURES).split()),
        left=line.x0,
        right=line.x1,
        bottom=line.y0,
        top=line.y1,
        size=sizes[len(sizes) // 2] if sizes else 0.0,
        bold=bold > len(letters) / 2,
    )
