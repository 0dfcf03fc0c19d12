"""The words of the history."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from lykeion.authoring.api.history import Entry
from lykeion.content.types import ObjectId
from lykeion.studio.deeds import deed
from tests.content.trees import NOON

SOURCE = Path(__file__).resolve().parents[2] / "src" / "lykeion" / "authoring"
VERB = re.compile(r'(?:f"([A-Z][a-z ]+): \{|_why\("([A-Z][a-z ]+)")')


def entry(verb: str, ref: str, title: str = "") -> Entry:
    return Entry("draft", verb, ref, title, "carol", NOON, None, ObjectId("0"), ObjectId("0"))


@pytest.mark.parametrize(
    ("made", "words"),
    [
        (entry("Renamed", "vertical@u", "Rivers"), "Renamed Unit “Rivers”"),
        (entry("Published", ""), "Published the whole course"),
        (entry("Restored", "course@course"), "Went back to an older version of the whole course"),
        (entry("Edited", "about/overview"), "Edited the about page"),
        (entry("Uploaded", "files/maps/a@2.png"), "Uploaded the file “maps/a@2.png”"),
        (entry("Locked", "2 files (a.png, b.png)"), "Kept “2 files (a.png, b.png)” for learners only"),
        (entry("Undid", "an import"), "Took an import back"),
        (entry("Undid", "html@h", "Text"), "Undid a change of Text “Text”"),
        (entry("Mended", "html@h", "Text"), "Mended: Text “Text”"),
        (entry("Made as a new run of course-v1:A+B+C", ""), "Made this as a new run of course-v1:A+B+C"),
    ],
)
def test_deeds_are_told_in_words(made: Entry, words: str) -> None:
    assert deed(made) == words


def test_every_verb_that_is_stored_has_words() -> None:
    found = (VERB.findall(path.read_text(encoding="utf-8")) for path in SOURCE.rglob("*.py"))
    verbs = {one or other for pairs in found for one, other in pairs}
    verbs -= {"The course cannot be imported", "Collection"}  # an error; libraries have a history of their own

    assert len(verbs) > 8
    assert [verb for verb in sorted(verbs) if deed(entry(verb, "vertical@u", "Rivers")).startswith(f"{verb}: ")] == []
