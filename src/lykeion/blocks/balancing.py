"""HTML of a block that ends where it began: what it leaves open is closed, what it closes too much is left out.

A page puts each block into an element of its own. One ``</div>`` too many would end that element, and a ``<b>`` or
``<!--`` left open would reach into whatever comes after it. Nothing else is touched: HTML that is balanced comes back
as the same string. What counts as open, and which end tags reach through what, are the rules by which browsers build a
page (https://html.spec.whatwg.org/multipage/parsing.html, "has an element in scope", the adoption agency algorithm).

No parser writes a text back as it was, so this one only finds the places. See decision 15.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Final


def _names(text: str) -> frozenset[str]:
    return frozenset(text.split())


_ATTRIBUTES: Final = r"""(?:[^>=]++|=\s*+(?:"[^"]*+(?:"|\Z)|'[^']*+(?:'|\Z)|[^\s>]*+))*+"""
_TOKEN: Final = re.compile(
    rf"""<(?:!--(?P<comment>)|(?P<end>/?)(?P<name>[a-zA-Z][^\s/>]*+){_ATTRIBUTES}(?:>|\Z(?P<cut>))"""
    r"""|[!?/][^>]*+(?:>|\Z(?P<bogus>)))"""
)
_COMMENT_END: Final = re.compile(r"-->|--!>")
_RAW: Final = _names("script style textarea title xmp iframe noembed noframes noscript")
"""Elements whose content is text to a browser that runs scripts."""
_RAW_ENDS: Final = {name: re.compile(rf"</{name}(?=[\s/>])", re.IGNORECASE) for name in _RAW}
_FORMATTING: Final = _names("a b big code em font i nobr s small strike strong tt u")
"""Elements that go on behind the end of what they are in, until they are closed themselves."""
_LOOSE: Final = _FORMATTING | {"form"}
"""Elements that end alone: what was opened in them stays open."""
_MARKERS: Final = _names("applet marquee object template td th caption")
"""Elements whose end ends the formatting in them, too."""
_FOREIGN: Final = frozenset({"svg", "math"})
_HOLES: Final = _names("foreignobject desc title mi mo mn ms mtext annotation-xml")
"""Elements of drawings and formulas that hold HTML."""
_WALLS: Final = _MARKERS | _FOREIGN | _HOLES | {"table", "select"}
"""Elements that an end tag in them does not reach out of."""
_ITEMS: Final = {"li": frozenset({"li"}), "dt": frozenset({"dt", "dd"}), "dd": frozenset({"dt", "dd"})}
_HEADINGS: Final = frozenset({"h1", "h2", "h3", "h4", "h5", "h6"})
_BLOCKS: Final = _HEADINGS | _names(
    "address article aside blockquote button center details dialog dir div dl fieldset figcaption figure footer header"
    " hgroup listing main menu nav ol pre search section summary ul"
)
_VOID: Final = _names("area base br col embed hr img input link meta source track wbr")
_TRACKED: Final = _BLOCKS | _LOOSE | _WALLS | _ITEMS.keys()
_LEAVING: Final = (
    (_FORMATTING - {"a", "font"})
    | _HEADINGS
    | _ITEMS.keys()
    | _names("blockquote center div dl listing menu ol pre table ul")
)
"""Elements that are no part of a drawing or a formula: they end it."""
_CELLS: Final = frozenset({"td", "th", "caption"})
_WITHOUT_END: Final = _CELLS | _ITEMS.keys()
"""Elements that what they are in may end."""
_BARRIERS: Final = {
    "table": frozenset({"template"}),
    "template": frozenset[str](),
    "select": _WALLS - {"select"},
    "li": _WALLS | {"ol", "ul", "menu"},
    **dict.fromkeys(_CELLS, frozenset({"table", "template"})),
    **{name: (_BLOCKS | _WALLS | _ITEMS.keys()) - {name} for name in _FOREIGN | _HOLES},
}


def balanced(html: str) -> str:
    """``html``, with every element in it closed and no end tag that closes nothing in it."""
    if "<" not in html:
        return html
    scan = _Scan(html)
    scan.read()
    return html if scan.is_balanced else scan.mended()


class _Scan:
    """One reading of a text: what is open, and where the parts are that have to go."""

    def __init__(self, html: str) -> None:
        self.html = html
        self.open: list[str] = []
        self.cuts: list[tuple[int, int]] = []
        self.tail = ""

    @property
    def is_balanced(self) -> bool:
        return not self.cuts and not self.tail and all(name in _WITHOUT_END for name in self.open)

    def mended(self) -> str:
        kept, start = [], 0
        for begin, end in self.cuts:
            kept.append(self.html[start:begin])
            start = end
        ends = (f"</{name}>" for name in reversed(self.open) if name not in _ITEMS)
        return "".join([*kept, self.html[start:], self.tail, *ends])

    def read(self) -> None:
        position: int | None = 0
        while position is not None:
            position = self._read_on(position)

    def _read_on(self, position: int) -> int | None:
        """Reads tags from ``position``, up to a text that holds none: where to read on behind that, None at the end."""
        for token in _TOKEN.finditer(self.html, position):
            name = token["name"]
            if name is None or token["cut"] is not None:
                if (there := self._no_tag(token)) is not None:
                    return there
            elif (name := name.lower()) in _RAW and not token["end"] and not self._is_foreign:
                return self._behind(_RAW_ENDS[name], token.end(), f"</{name}>")
            elif name in _TRACKED or self._is_in_hole(name):
                self._tag(token, name)
            elif name == "plaintext":
                self.cuts.append(token.span())
        return None

    def _no_tag(self, token: re.Match[str]) -> int | None:
        """A comment leads to its end; a tag that the text breaks off in goes."""
        if token["cut"] is not None or token["bogus"] is not None:
            self.cuts.append(token.span())
            return None
        if token["comment"] is None:
            return None
        return self._behind(_COMMENT_END, token.start() + 2, "-->")  # <!--> is a whole comment

    def _behind(self, end: re.Pattern[str], position: int, missing: str) -> int:
        found = end.search(self.html, position)
        if found is None:
            self.tail = missing
            return len(self.html)
        return found.end()

    def _tag(self, token: re.Match[str], name: str) -> None:
        if token["end"]:
            if not self._close(name):
                self.cuts.append(token.span())
        elif not self._closes_itself(token, name):
            self._start(name)

    def _closes_itself(self, token: re.Match[str], name: str) -> bool:
        """``<svg/>``, and whatever ends so in it: HTML knows no such tags."""
        return self.html.startswith("/>", token.end() - 2) and (
            name in _FOREIGN or (self._is_foreign and name not in _LEAVING)
        )

    @property
    def _is_foreign(self) -> bool:
        """Whether tags here belong to a drawing or a formula."""
        return next((name for name in reversed(self.open) if name != "a"), "") in _FOREIGN

    def _is_in_hole(self, name: str) -> bool:
        """Whether ``name`` stands right in HTML that a drawing holds: there every element counts."""
        top = self.open[-1] if self.open else "div"
        return (top in _HOLES or top not in _TRACKED) and name not in _VOID

    def _start(self, name: str) -> None:
        if (name in _CELLS and not {"table", "template"} & set(self.open)) or (name in _HOLES and not self._is_foreign):
            return  # browsers leave the former out; the latter are nothing of their own
        while name in _LEAVING and self.open and self.open[-1] in _FOREIGN:
            self.open.pop()
        if name == "button":
            self._close(name)
        if name in _CELLS and not self._is_foreign:
            self._end_cell()
        if name in _ITEMS:
            self._end_item(_ITEMS[name])
        self.open.append(name)

    def _end_item(self, names: frozenset[str]) -> None:
        """An item ends the one before it in the same list."""
        for place in range(len(self.open) - 1, -1, -1):
            if self.open[place] in names:
                self._end(place)
                return
            if self.open[place] not in _FORMATTING | {"div", "address"}:
                return

    def _end_cell(self) -> None:
        """A cell ends whatever stands in its table, the cell before it among others."""
        inside = next(place for place in range(len(self.open), 0, -1) if self.open[place - 1] in _BARRIERS["td"])
        self.open[inside:] = _going_on(self.open[inside:])

    def _close(self, name: str) -> bool:
        """Ends the innermost ``name`` that an end tag here reaches; False when there is none."""
        names = _HEADINGS if name in _HEADINGS else {name}
        barriers = _BARRIERS.get(name, _WALLS)
        for place in range(len(self.open) - 1, -1, -1):
            if self.open[place] in names:
                self._end(place)
                return True
            if self.open[place] in barriers or (name in _HOLES and self.open[place] not in _TRACKED):
                return False
        return False

    def _end(self, place: int) -> None:
        if self.open[place] in _LOOSE:
            del self.open[place]
        else:
            gone = self.open[place:]
            self.open[place:] = _going_on(gone)


def _going_on(ended: Iterable[str]) -> list[str]:
    """The formatting of ``ended`` elements that goes on behind them."""
    going_on = []
    for name in ended:
        if name in _MARKERS:
            break
        if name in _FORMATTING:
            going_on.append(name)
    return going_on
