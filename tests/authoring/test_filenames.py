"""Names of course files."""

from __future__ import annotations

import pytest

from lykeion.authoring.filenames import clean_path, free_path
from lykeion.authoring.types import AuthoringError


@pytest.mark.parametrize(
    ("given", "path"),
    [
        ("Week 1/My photo (2).PNG", "Week_1/My_photo_2.PNG"),
        ("../../etc/passwd", "etc/passwd"),
        (".htaccess", "htaccess"),
        ("C:\\My files\\a.pdf", "C/My_files/a.pdf"),
        ("Übung ñ.pdf", "Übung_ñ.pdf"),
        ("archive.tar.gz", "archive.tar.gz"),
        ("a//b~", "a/b"),
        ('x" onload="y.png', "x_onload_y.png"),
    ],
)
def test_names_are_made_fit_for_links(given: str, path: str) -> None:
    assert clean_path(given) == path
    assert clean_path(path) == path


@pytest.mark.parametrize("given", ["", " ", "..", "/", "a" * 201])
def test_what_cannot_be_a_name_is_refused_with_words(given: str) -> None:
    with pytest.raises(AuthoringError, match="name"):
        clean_path(given)


def test_a_taken_name_gets_the_next_free_number() -> None:
    taken = {"a/b.png", "a/b-2.png", "README"}

    assert [free_path(path, taken) for path in ("a/b.png", "README", "c.png")] == ["a/b-3.png", "README-2", "c.png"]
