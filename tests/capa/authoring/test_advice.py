"""The simple syntax has traps; whoever steps into one is told at that line."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lykeion.capa.api import check_markdown

TOLD = {
    "Look:\n^(a)^ first": "(a) at the beginning of a line makes a choice; "
    "write (x) for a right choice and ( ) for a wrong one, or begin the line with a word",
    "^[1]^ A source": "[1] at the beginning of a line makes a checkbox; "
    "write [x] for a right one and [ ] for a wrong one, or begin the line with a word",
    "^=2*pi^": "2*pi has letters: it is compared as text; "
    "write a plain number, or s= where text is meant; formulas with letters need XML",
    "= 5\n\n^or= 7 +- 1^": "after a number this line is passed over: 7 +- 1 is no plain number; "
    "other right numbers have no tolerance and are no ranges: make the first answer a range",
    "[explanation]\nSee [12^]^\n[explanation]": (
        "a ] in an explanation makes it plain text that everybody sees; write &#93;"
    ),
}


@pytest.mark.parametrize("marked", TOLD)
def test_a_trap_is_told_at_its_letters(marked: str) -> None:
    before, letters, after = marked.split("^")

    (mark,) = check_markdown(before + letters + after)

    start = len(before) - before.rfind("\n") - 1
    assert (mark.line, mark.start, mark.end) == (before.count("\n") + 1, start, start + len(letters))
    assert mark.finding.message == TOLD[marked]


GOOD = """>>Which?||One<<
(x) a {{yes}}
( ) b
(!x@) c

[x] A {{ selected: s }}
[ ] B
[[a, (b)]]
= 3.14 +- 2%
or= 3
= [5, 7)
s= Michigan
or= MI 2
= Ohio
[explanation]
Because.
[explanation]
"""


def test_what_means_what_it_says_is_not_told() -> None:
    assert check_markdown(GOOD) == ()


@settings(max_examples=60, deadline=None)
@given(st.text("([{x a1=or]})\n", max_size=40))
def test_marks_stand_in_the_text_whatever_is_typed(text: str) -> None:
    lines = text.split("\n")

    assert all(0 <= mark.start <= mark.end <= len(lines[mark.line - 1]) for mark in check_markdown(text))
