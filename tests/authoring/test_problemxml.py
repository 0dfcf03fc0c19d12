"""An edit of a problem sets its XML, and keeps the simple syntax in step or drops it."""

from __future__ import annotations

import pytest

from lykeion.authoring.problemxml import Edit, from_markdown, from_xml, markdown_of
from lykeion.authoring.types import AuthoringError
from lykeion.capa.source import MAX_BYTES
from lykeion.capa.types import NoMarkdown

WRITTEN = ">>Two and two?<<\n= 4\n"
MADE = (
    '<problem><numericalresponse answer="4"><label>Two and two?</label><formulaequationinput/>'
    "</numericalresponse></problem>"
)
OWN = "<problem>\n<!-- mine -->\n<script><![CDATA[x = 1 < 2]]></script>\n</problem>\n"


def test_xml_is_kept_to_the_letter() -> None:
    assert from_xml(OWN, {}) == Edit({"data": OWN}, ("markdown_edited",))


def test_settings_leave_the_xml_and_all_else_stays() -> None:
    xml = OWN.strip().replace("<problem>", '<problem attempts="2" showanswer="never" mine="1">')

    edit = from_xml(xml, {})

    assert edit.values == {
        "max_attempts": 2,
        "showanswer": "never",
        "data": OWN.strip().replace("<problem>", '<problem mine="1">'),
    }


@pytest.mark.parametrize(
    ("xml", "told"),
    [
        ("<problem>", "This is not saved: line 1: The problem is not XML"),
        ("", "This is not saved: line 1: The problem is not XML: Document is empty."),
        ("<p/>", "This is not saved: a problem begins with <problem>, not with <p>."),
        ("<!DOCTYPE x><problem/>", "This is not saved: line 1: A problem must not have a DOCTYPE."),
        ("x" * (MAX_BYTES + 1), "This is not saved: The problem is longer than"),
    ],
)
def test_what_is_no_problem_is_refused(xml: str, told: str) -> None:
    with pytest.raises(AuthoringError) as refusal:
        from_xml(xml, {})

    assert str(refusal.value).startswith(told)


def test_markdown_that_is_too_long_is_refused() -> None:
    with pytest.raises(AuthoringError, match="longer than"):
        from_markdown("x" * (MAX_BYTES + 1), {})


def test_the_words_of_the_author_are_shown_while_they_say_the_same() -> None:
    assert markdown_of({"data": MADE, "markdown": WRITTEN}) == WRITTEN
    assert markdown_of({"data": MADE.replace("4", "5"), "markdown": WRITTEN}) == ">>Two and two?<<\n\n= 5\n"
    assert markdown_of({"data": MADE}) == ">>Two and two?<<\n\n= 4\n"
    assert markdown_of({}) == ""


def test_a_problem_without_words_says_so() -> None:
    with pytest.raises(NoMarkdown, match="line 3: Markdown has no scripts"):
        markdown_of({"data": OWN, "markdown": WRITTEN})
