"""Two authors at one block."""

from __future__ import annotations

from collections.abc import Callable

from lykeion.authoring.api import clashes, components, outline
from lykeion.authoring.types import Author
from lykeion.core.clock import now

Enter = Callable[..., Author]


def test_it_is_told_who_gave_it_which_value_and_what_both_would_be(author: Enter) -> None:
    base = outline.item(author(), "html@text").base
    components.save(author("editor"), "html@text", {"data": "<p>Rivers run fast.</p>"}, base=base, at=now())
    outline.rename(author("staff"), "vertical@unit", "Streams", base=None, at=now())

    found = clashes.clash(author(), "html@text", {"data": "<p>All rivers run.</p>", "display_name": "New"}, base)

    [one] = found.fields
    assert (one.name, one.who, one.theirs) == ("data", "editor", "<p>Rivers run fast.</p>")
    assert found.base == outline.item(author(), "html@text").base
    assert (one.merged, one.clean) == ("<p>All rivers run fast.</p>", True)
    assert [span.text for span in one.new if span.kind == "new"] == ["Rivers ", "fast"]
    assert found.ref == "html@text"


def test_changes_of_different_words_are_merged(author: Enter) -> None:
    components.save(author(), "html@text", {"data": "One two three four."}, base=None, at=now())
    base = outline.item(author(), "html@text").base
    components.save(author("editor"), "html@text", {"data": "One two three five."}, base=base, at=now())

    [one] = clashes.clash(author(), "html@text", {"data": "Zero two three four."}, base).fields

    assert (one.merged, one.clean) == ("Zero two three five.", True)


def test_dates_are_not_merged(author: Enter) -> None:
    base = outline.item(author(), "sequential@sub").base
    components.save(author("editor"), "sequential@sub", {"due": "2027-01-01T00:00:00Z"}, base=base, at=now())

    [one] = clashes.clash(author(), "sequential@sub", {"due": "2027-02-01T00:00:00Z"}, base).fields

    assert one.merged is None
    assert "".join(span.text for span in one.new) == "Jan. 1, 2027, midnight (UTC)"
