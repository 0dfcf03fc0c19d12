"""What goes into a spreadsheet and comes back is what it was, and is never a formula."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lykeion.core.spreadsheets import encoding_of, safe, separator_of, unsafe

FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "\uff1d", "\uff0b", "\uff0d", "\uff20")
HOSTILE = st.text(alphabet="".join(FORMULA) + "'a1 ", max_size=6)


@given(HOSTILE)
def test_no_cell_begins_like_a_formula_and_all_come_back(text: str) -> None:
    assert not safe(text).startswith(FORMULA)
    assert unsafe(safe(text)) == text


@pytest.mark.parametrize(
    ("text", "written"),
    [("=1+1", "'=1+1"), ("-1", "'-1"), ("it's", "it's"), ("'tis", "'tis"), ("'=1", "''=1"), ("", "")],
)
def test_only_what_could_be_a_formula_gets_an_apostrophe(text: str, written: str) -> None:
    assert safe(text) == written


def test_files_say_how_they_are_written() -> None:
    encodings = [encoding_of("é".encode(name)) for name in ("utf-8", "utf-8-sig", "utf-16")]

    assert encodings == ["utf-8-sig", "utf-8-sig", "utf-16"]
    assert [separator_of(head) for head in ("a,b", "a;b;c", "a\tb", "a")] == [",", ";", "\t", ","]
