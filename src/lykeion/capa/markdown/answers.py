"""`= 3.14 +- 2%`, `s= Michigan`, and the lines `or=` and `not=` after them."""

import re
from collections.abc import Iterator, Sequence
from typing import Final

from lykeion.capa.markdown.hints import Hinted, attribute, hinted, without_hints
from lykeion.capa.markdown.lines import EMPTY, lines_of

_FIRST: Final = re.compile(r"s?=\s*")
_MORE: Final = re.compile(r"(or|not)=\s*(.*)")
_LETTER_BUT_E: Final = re.compile(r"[a-df-zA-DF-Z]")
_BEGINS_AS_NUMBER: Final = re.compile(r"\s*[+-]?\.?[0-9]")
_NUMBER: Final = re.compile(
    r"\s*(?:[+-]?(?:Infinity|(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]+)?)"
    r"|0[xX][0-9a-fA-F]+|0[oO][0-7]+|0[bB][01]+)?\s*"
)
_SPACE: Final = re.compile(r"\s+")
More = tuple[str, Hinted]  # "or" or "not", and what follows


def answers(text: str) -> str:
    """Replace each line that begins with `=` or `s=`, and the `or=` and `not=` below it."""
    return "".join(_pieces(lines_of(text)))


def _pieces(lines: list[str]) -> Iterator[str]:
    place = 0
    while place < len(lines):
        if not _FIRST.match(lines[place]):
            yield lines[place]
            place += 1
            continue
        end = _end(lines, place)
        yield _response([line.removesuffix("\n") for line in lines[place:end]])
        yield "\n" if lines[end - 1].endswith("\n") else ""
        place = end


def _end(lines: list[str], place: int) -> int:
    """The place after the last `or=` or `not=` that belongs to the answer; empty lines may be between."""
    end = following = place + 1
    while following < len(lines):
        if _MORE.match(lines[following]):
            end = following + 1
        elif not EMPTY(lines[following]):
            break
        following += 1
    return end


def _response(lines: Sequence[str]) -> str:
    first = hinted(lines[0][_FIRST.match(lines[0]).end() :])  # type: ignore[union-attr]  # it is what brought us here
    more = [(found.group(1), Hinted(found.group(2), entry.hint, entry.label)) for found, entry in _more(lines[1:])]
    if lines[0].startswith("=") and is_numerical(without_hints(lines[0][1:])):
        return _numerical(first, more)
    return _text(first, more)


def _more(lines: Sequence[str]) -> Iterator[tuple[re.Match[str], Hinted]]:
    for line in lines:
        entry = hinted(line)
        if found := _MORE.match(entry.text):
            yield found, entry


def is_numerical(answer: str) -> bool:
    """Begins as a number and has no letter but e, or is a range."""
    if _is_range(answer):
        return True
    return not _LETTER_BUT_E.search(answer) and _BEGINS_AS_NUMBER.match(answer) is not None


def _is_range(answer: str) -> bool:
    return answer[:1] in ("[", "(") and answer[-1:] in ("]", ")")


def _numerical(first: Hinted, more: Sequence[More]) -> str:
    answer, tolerance = first.text.strip(), ""
    if not _is_range(answer):
        answer, _, tolerance = first.text.partition("+-")
        answer, tolerance = _SPACE.sub("", answer), tolerance.lstrip()
    parts = [f'<numericalresponse answer="{attribute(answer)}">']
    if tolerance:
        parts.append(f'  <responseparam type="tolerance" default="{attribute(tolerance)}" />')
    parts += [f"  {_additional(entry)}" for word, entry in more if word == "or" and is_plain_number(entry.text)]
    parts.append("  <formulaequationinput />")
    if first.hint:
        parts.append(f"  {first.element('correcthint')}")
    return "\n".join([*parts, "</numericalresponse>\n\n"])


def is_plain_number(text: str) -> bool:
    """Other answers have no tolerance and are no ranges: what is not a plain number is left out."""
    return _NUMBER.fullmatch(text) is not None


def _additional(entry: Hinted) -> str:
    hint = entry.element("correcthint") if entry.hint else ""
    return f'<additional_answer answer="{attribute(entry.text)}">{hint}</additional_answer>'


def _text(first: Hinted, more: Sequence[More]) -> str:
    answer, kind = first.text, "ci"
    if answer.startswith("|"):
        answer, kind = answer[1:].strip(), "ci regexp"
    parts = [f'<stringresponse answer="{attribute(answer)}" type="{kind}" >']
    if first.hint:
        parts.append(f"  {first.element('correcthint')}")
    for word, entry in more:
        parts.append(f"  {_additional(entry) if word == 'or' else _text_hint(entry)}")
    return "\n".join([*parts, '  <textline size="20"/>', "</stringresponse>\n\n"])


def _text_hint(entry: Hinted) -> str:
    return f'<stringequalhint answer="{attribute(entry.text)}"{entry.label_attribute}>{entry.hint}</stringequalhint>'
