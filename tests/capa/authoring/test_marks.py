"""A text editor marks the very letters that are wrong."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lykeion.capa.api import check, parse
from lykeion.capa.types import CapaError

MARKED = {
    # the text with the marked letters between ^, and what is said of them
    '<problem>\n  <choicegroup ^shufle^="true"><choice correct="true"/></choicegroup>\n</problem>': (
        "unknown attribute shufle of <choicegroup>; did you mean shuffle?"
    ),
    "<problem>\n  <p>a</p> ^<solutoin^>b</solutoin>\n</problem>": (
        "unknown element <solutoin>; did you mean <solution>?"
    ),
    '<problem>\n  <stringresponse\n answer=""\n ^tpye^="ci"><label>L</label><textline/></stringresponse></problem>': (
        "unknown attribute tpye of <stringresponse>; did you mean type?"
    ),
    '<problem>\n  <script type="loncapa/python">\n^x = = 1^\n</script>\n</problem>': (
        "the script is no Python: invalid syntax; mend the code at this line"
    ),
    "<problem>\n  <p>a\n^</problem>^": (
        "The problem is not XML: Opening and ending tag mismatch: p line 2 and problem."
    ),
    "<problem>\n  a ^&^ b</problem>": (
        "The problem is not XML: xmlParseEntityRef: no name; write the character itself or its number, such as &#160;."
    ),
    '<problem>\n  ^<stringresponse answer="a"><label>L</label><textline/><textline/></stringresponse>^\n</problem>': (
        "Response stringresponse: cannot have more than 1 input fields"
    ),
    "^^": "The problem is not XML: Document is empty.",
}


@pytest.mark.parametrize("marked", MARKED)
def test_a_mark_stands_at_what_it_is_about(marked: str) -> None:
    before, letters, after = marked.split("^")

    (mark,) = check(before + letters + after)

    start = len(before) - before.rfind("\n") - 1
    assert (mark.line, mark.start, mark.end) == (before.count("\n") + 1, start, start + len(letters))
    assert mark.finding.message == MARKED[marked]


def test_a_good_problem_has_no_marks() -> None:
    good = "<problem><numericalresponse answer='1'><label>L</label><textline/></numericalresponse></problem>"

    assert check(good) == ()


@settings(max_examples=80, deadline=None)
@given(st.text("<>/=\"'&p \nab1", max_size=40).map(lambda text: f"<problem>{text}</problem>") | st.text(max_size=20))
def test_marks_stand_in_the_text_whatever_is_typed(xml: str) -> None:
    lines = xml.split("\n")

    found = check(xml)

    assert all(0 <= mark.start <= mark.end <= len(lines[mark.line - 1]) for mark in found)
    try:
        parse(xml, problem_id="p", seed=1)
    except CapaError:
        assert found
