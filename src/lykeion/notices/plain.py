"""The plain text beside the HTML of a mail, for those whose programs show nothing else."""

from __future__ import annotations

import re
from html.parser import HTMLParser
from typing import Final

_BLOCKS: Final = frozenset(
    {"p", "div", "h1", "h2", "h3", "h4", "h5", "h6", "ul", "ol", "table", "blockquote", "pre", "section", "figure"}
)
_DEEPEST: Final = 8
"""Lists in lists are indented so far and no further: text must not grow with the square of the HTML."""

_SPACE: Final = re.compile(r"\s+")


def plain(html: str) -> str:
    """``html`` as text: paragraphs with a line between them, lists with marks, links with their address behind."""
    reader = _Reader()
    reader.feed(html)
    reader.close()
    return reader.text()


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self._lines: list[str] = [""]
        self._lists: list[int | None] = []
        self._link: tuple[str, int, int] = ("", 0, 0)
        self._exact = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        if tag == "br":
            self._lines.append("")
        elif tag in ("ul", "ol"):
            self._gap() if not self._lists else self._line()
            self._lists.append(1 if tag == "ol" else None)
        elif tag == "li":
            self._item()
        elif tag in ("tr", "hr"):
            self._line()
            self._put("-" * 40 if tag == "hr" else "")
        elif tag in ("td", "th"):
            self._put(" " if self._lines[-1] else "")
        elif tag == "a":
            self._link = ((given.get("href") or "").strip(), len(self._lines) - 1, len(self._lines[-1]))
        elif tag == "img":
            self._put(given.get("alt") or "")
        elif tag in _BLOCKS:
            self._gap()
            self._exact += tag == "pre"

    def handle_endtag(self, tag: str) -> None:
        if tag == "a":
            self._end_link()
        elif tag in ("ul", "ol") and self._lists:
            self._lists.pop()
            self._gap() if not self._lists else None
        elif tag in _BLOCKS:
            self._exact -= tag == "pre"
            self._gap()
        elif tag in ("li", "tr", "hr"):
            self._line()

    def handle_data(self, data: str) -> None:
        if self._exact > 0:
            first, *more = data.split("\n")
            self._put(first)
            self._lines += more
            return
        text = _SPACE.sub(" ", data)
        self._put(text if self._lines[-1] and not self._lines[-1].endswith(" ") else text.lstrip())

    def text(self) -> str:
        """What was read, without empty lines at its ends and never two in a row."""
        lines = "\n".join(line.rstrip() for line in self._lines)
        return re.sub(r"\n{3,}", "\n\n", lines).strip("\n")

    def _put(self, text: str) -> None:
        self._lines[-1] += text

    def _line(self) -> None:
        if self._lines[-1].strip():
            self._lines.append("")

    def _gap(self) -> None:
        if self._lists and self._lines[-1].strip(" -0123456789.") == "":
            return  # a paragraph that begins an item stays beside its mark
        self._line()
        if len(self._lists) == 0 and len(self._lines) > 1 and self._lines[-2]:
            self._lines.append("")

    def _item(self) -> None:
        self._line()
        number = self._lists[-1] if self._lists else None
        if number is not None:
            self._lists[-1] = number + 1
        self._put("  " * min(len(self._lists) - 1, _DEEPEST) + (f"{number}. " if number is not None else "- "))

    def _end_link(self) -> None:
        address, line, start = self._link
        words = "\n".join([self._lines[line][start:], *self._lines[line + 1 :]]).strip() if address else ""
        if address and words not in (address, address.removeprefix("mailto:")):
            self._put(f" ({address})" if words else address)
        self._link = ("", 0, 0)
