"""A certificate on paper: one landscape page of PDF.

PyMuPDF brings fonts for all writing systems and lays out text in both directions without any library of the machine.
It may be used by one thread at a time.
"""

from __future__ import annotations

import logging
import re
from collections.abc import Sequence
from threading import Lock
from typing import Any, Final

import pymupdf
from django.utils.html import escape

from lykeion.certificates.types import Paper, Signed

logger = logging.getLogger(__name__)
_NoPicture: Any = pymupdf.mupdf.FzErrorBase
_LOCK: Final = Lock()
_blank: Any = pymupdf.open  # the package has no types
_box: Any = pymupdf.Rect
_WIDTH, _HEIGHT = 842, 595  # A4 across, in points
_EDGE: Final = 36
_INK: Final = (0.13, 0.16, 0.22)
_ACCENT: Final = (0.13, 0.35, 0.55)
_BREAK: Final = "\\1\N{ZERO WIDTH SPACE}"
_LONGEST: Final = re.compile(r"(\S{30})(?=\w)")
"""So many letters without a space stay on one line; a longer name would shrink the page to nothing."""

_LIGATURE, _APART = re.compile("f(?=[fijl])"), "f<span></span>"
"""An address that is copied from the paper must hold the letters that were typed, not one sign for two of them."""
_TO_ADDRESS: Final = 2  # a link to somewhere on the web (PDF 32000-1, 12.6.4.7)

_PNG, _JPEG = b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff"
_MOST_PIXELS: Final = 4_000_000
_NO_PICTURE: Final = "A signature on a certificate cannot be printed; use JPEG, or PNG of 4 million pixels at most."
_STYLE: Final = """
  * { font-family: serif; color: #20293a; text-align: center; margin: 0; }
  .small { font-size: 11px; font-family: sans-serif; color: #4a5568; }
  .org { font-size: 15px; font-family: sans-serif; color: #215a8c; }
  .words { font-size: 15px; margin-top: 22px; }
  .name { font-size: 36px; margin-top: 12px; }
  .course { font-size: 25px; margin-top: 12px; }
"""


def pdf(paper: Paper) -> bytes:
    """The page as PDF, with the fonts it needs and no more."""
    with _LOCK, _blank() as document:
        page = document.new_page(width=_WIDTH, height=_HEIGHT)
        _frame(page)
        _put(page, (80, 66, _WIDTH - 80, 372), _body(paper))
        _signatures(page, paper.signed)
        foot = (80, _HEIGHT - 74, _WIDTH - 80, _HEIGHT - 46)
        _put(page, foot, f'<p class="small">{_LIGATURE.sub(_APART, escape(paper.check))}</p>')
        if paper.address:
            page.insert_link({"kind": _TO_ADDRESS, "from": _box(*foot), "uri": paper.address})
        document.set_metadata({"title": paper.title, "author": paper.org})
        document.set_language(paper.language)
        document.subset_fonts()
        return bytes(document.tobytes(garbage=3, deflate=True))


def _frame(page: Any) -> None:
    for inset, width, color in ((_EDGE - 12, 3, _ACCENT), (_EDGE - 4, 0.7, _INK)):
        page.draw_rect(_box(inset, inset, _WIDTH - inset, _HEIGHT - inset), color=color, width=width)


def _body(paper: Paper) -> str:
    lines = (
        ("org", paper.org), ("words", paper.words), ("name", paper.name), ("words", paper.did),
        ("course", paper.course), ("words", paper.description), ("words", paper.date),
    )  # fmt: skip
    return "".join(
        f'<p class="{kind}" dir="auto">{escape(_LONGEST.sub(_BREAK, text))}</p>' for kind, text in lines if text
    )


def _signatures(page: Any, signed: Sequence[Signed]) -> None:
    """Side by side, each over its own part of the width."""
    if not signed:
        return
    room = (_WIDTH - 120) / len(signed)
    for place, one in enumerate(signed):
        left = 60 + place * room
        if one.image:
            _picture(page, _box(left + 10, 384, left + room - 10, 434), one.image)
        page.draw_line((left + 14, 440), (left + room - 14, 440), color=_INK, width=0.6)
        text = "".join(f'<p class="small">{escape(line)}</p>' for line in one.lines if line)
        _put(page, (left + 4, 446, left + room - 4, 512), text)


def _picture(page: Any, place: Any, image: bytes) -> None:
    """Draws the picture; one that cannot be printed is left out, the name stands below all the same."""
    if not _is_printable(image):
        logger.warning(_NO_PICTURE)
        return
    try:
        page.insert_image(place, stream=image, keep_proportion=True)
    except (RuntimeError, ValueError, _NoPicture):
        logger.warning(_NO_PICTURE)


def _is_printable(image: bytes) -> bool:
    """Whether this is a JPEG, which goes to paper as it is, or a PNG that is soon decoded: half a megabyte of it can
    unfold to a gigabyte. The sides of a PNG stand behind its signature and the head of its first chunk."""
    if image.startswith(_PNG):
        width, height = (int.from_bytes(image[start : start + 4]) for start in (16, 20))
        return width * height <= _MOST_PIXELS
    return image.startswith(_JPEG)


def _put(page: Any, place: tuple[float, float, float, float], html: str) -> None:
    """Sets ``html`` into ``place``, smaller when it would not fit."""
    page.insert_htmlbox(_box(*place), html, css=_STYLE, scale_low=0)
