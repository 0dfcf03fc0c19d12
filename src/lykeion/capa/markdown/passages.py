"""What is around questions: heads, labels, hints on demand, explanations, code, paragraphs."""

import re
from collections.abc import Iterator, Sequence
from typing import Final

from lykeion.capa.markdown.lines import BLANK, lines_of, replace_between, replace_runs
from lykeion.capa.markdown.mend import mended

_BAR: Final = re.compile(r"==+\n?")
_HINT: Final = re.compile(r"\s*\|\|(.*?)\|\|")
_HINT_LINE: Final = re.compile(r"\s*\|\|.*?\|\|\s*")
_EXPLANATION: Final = re.compile(r"\[explanation\]\n?([^\]]*)\[/?explanation\]", re.IGNORECASE)
_CODE: Final = re.compile(r"\[code\]\n?([^\]]*)\[/?code\]", re.IGNORECASE)
_UNWRAPPED: Final = "(?:script|pre|label|description)"
_UNWRAPPED_TAG: Final = re.compile(rf"(</?{_UNWRAPPED}[^<>\n]*>)")
_OPENING: Final = re.compile(rf"<{_UNWRAPPED}")
_CLOSING: Final = re.compile(rf"</{_UNWRAPPED}")
_MARKUP: Final = re.compile(r"\s*<[A-Za-z/!?]")


def heads(text: str) -> str:
    """A line over a line of `==` is a head."""
    lines = lines_of(text)
    return "".join(_with_heads(lines, [_BAR.fullmatch(line) is not None for line in lines]))


def _with_heads(lines: Sequence[str], bars: Sequence[bool]) -> Iterator[str]:
    for index, line in enumerate(lines):
        under_bar = bars[index] and index > 0
        over_bar = index + 1 < len(lines) and bars[index + 1]
        if over_bar:
            yield _head(line.removesuffix("\n")) + ("\n" if lines[index + 1].endswith("\n") else "")
        elif not under_bar:
            yield line


def _head(line: str) -> str:
    return f'<h3 class="hd hd-2 problem-header">{line}</h3>'


def labels(text: str) -> str:
    """`>>question||description<<` names what is asked."""
    return replace_between(text, ">>", "<<", _label, least=1)


def _label(inside: str) -> str:
    question, *rest = inside.split("||")
    described = f"<description>{mended(rest[0])}</description>\n" if rest and rest[0] else ""
    return f"<label>{mended(question)}</label>\n{described}"


def take_demand_hints(text: str, found: list[str]) -> str:
    """The text without its lines `||hint||`; the hints are added to `found`."""

    def take(lines: Sequence[str]) -> str:
        found.extend(match.group(1).strip() for line in lines if (match := _HINT.match(line)))
        return ""

    return replace_runs(text, lambda line: _HINT_LINE.fullmatch(line) is not None, take, after=BLANK)


def explanations(text: str) -> str:
    """`[explanation]` to the next one; a `]` between them leaves both as text."""
    wrapped = r'<solution>\n<div class="detailed-solution">\nExplanation\n\n\1\n</div>\n</solution>'
    return _EXPLANATION.sub(wrapped, text)


def code(text: str) -> str:
    """`[code]` to the next one, without a `]` between them."""
    return _CODE.sub(r"<pre><code>\1</code></pre>", text)


def paragraphs(text: str) -> str:
    """Each line that is no markup becomes a paragraph, but for those inside elements that keep their lines."""
    pieces, wrap = [], True
    for piece in _UNWRAPPED_TAG.split(text):
        wrap = wrap and not _OPENING.search(piece)
        pieces.append(_wrapped(piece) if wrap else piece)
        wrap = wrap or _CLOSING.search(piece) is not None
    return "".join(pieces)


def _wrapped(text: str) -> str:
    lines = lines_of(text)
    markup_follows = False  # behind the last line there is none
    for index in range(len(lines) - 1, -1, -1):
        line = lines[index].removesuffix("\n")
        if line.strip():
            markup_follows = _MARKUP.match(line) is not None
        if line and not markup_follows:
            lines[index] = f"<p>{mended(line)}</p>" + ("\n" if lines[index].endswith("\n") else "")
    return "".join(lines)
