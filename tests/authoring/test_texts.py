"""Texts side by side, and two changes in one."""

from __future__ import annotations

import pytest

from lykeion.authoring.texts import Span, merged, seen_words, side_by_side


def test_only_words_that_differ_are_marked() -> None:
    old, new = side_by_side("Rivers run to the sea.", "Rivers run slowly to the sea.")

    assert old == (Span("same", "Rivers run "), Span("same", "to the sea."))
    assert new == (Span("same", "Rivers run "), Span("new", "slowly "), Span("same", "to the sea."))


def test_what_is_far_from_a_difference_is_left_out() -> None:
    same = " ".join(f"w{number}" for number in range(100))

    old, new = side_by_side(f"{same} old", f"{same} new")

    assert [span.kind for span in old] == ["left", "same", "gone"]
    assert new[-1] == Span("new", "new")
    assert len(old[1].text.split()) == 12


def test_readers_see_the_words_of_html_and_problems() -> None:
    source = "<p>Rivers <b>run</b>.</p><script>x()</script><!-- no --><problem><choice>Yes</choice>No</problem>"

    assert seen_words(source) == "Rivers run.\nYes\nNo"
    assert seen_words("") == seen_words("<!-- only this -->") == ""


@pytest.mark.parametrize(
    ("base", "mine", "theirs", "both", "clean"),
    [
        ("a b c d", "A b c d", "a b c D", "A b c D", True),
        ("a b c", "a b c", "a B c", "a B c", True),
        ("a b c", "a c", "a b c d", "a c d", True),
        ("a b c", "a x c", "a y c", "a x y c", False),
        ("", "mine", "theirs", "mine theirs", False),
        ("one two", "one two", "one two", "one two", True),
    ],
)
def test_changes_of_different_words_come_together(base: str, mine: str, theirs: str, both: str, clean: bool) -> None:
    text, is_clean = merged(base, mine, theirs)

    assert " ".join(text.split()) == both
    assert is_clean is clean
