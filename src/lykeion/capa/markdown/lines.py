"""Finding the marked passages of a text, in one pass each, however long the text is."""

from collections.abc import Callable, Iterator, Sequence
from typing import Final

Test = Callable[[str], bool]


def lines_of(text: str) -> list[str]:
    """The lines, each with its end."""
    parts = text.split("\n")
    return [*(part + "\n" for part in parts[:-1]), *([parts[-1]] if parts[-1] else [])]


def is_blank(line: str) -> bool:
    """Nothing but white space."""
    return not line.strip()


def _is_empty(line: str) -> bool:
    return line == "\n"


EMPTY: Final[Test] = _is_empty
BLANK: Final[Test] = is_blank


def replace_runs(text: str, member: Test, build: Callable[[Sequence[str]], str], *, after: Test = EMPTY) -> str:
    """Replace each run of lines that have a mark, with the blank lines before and among them.

    `build` gets the lines of the run; lines for which `after` holds go with the run when they follow it.
    """
    return "".join(_pieces(lines_of(text), member, build, after))


def _pieces(lines: list[str], member: Test, build: Callable[[Sequence[str]], str], after: Test) -> Iterator[str]:
    place = 0
    while place < len(lines):
        end = _end_of_run(lines, place, member)
        if end == place:
            following = min(_past(lines, place, BLANK) + 1, len(lines))
            yield from lines[place:following]
        else:
            yield build([line.rstrip("\n") for line in lines[place:end]])
            following = _past(lines, end, after)
        place = following


def _end_of_run(lines: list[str], place: int, member: Test) -> int:
    """The place after the last line of the run that begins here; the same place where none does."""
    end = place
    while (marked := _past(lines, end, BLANK)) < len(lines) and member(lines[marked]):
        end = marked + 1
    return end


def _past(lines: list[str], place: int, test: Test) -> int:
    while place < len(lines) and test(lines[place]):
        place += 1
    return place


def replace_between(text: str, start: str, end: str, build: Callable[[str], str], *, least: int = 0) -> str:
    """Replace each passage from `start` to the next `end`; `build` gets what is between, `least` letters or more."""
    pieces, place = [], 0
    while (opening := text.find(start, place)) >= 0:
        closing = text.find(end, opening + len(start) + least)
        if closing < 0:
            break
        pieces += [text[place:opening], build(text[opening + len(start) : closing])]
        place = closing + len(end)
    return "".join(pieces) + text[place:]
