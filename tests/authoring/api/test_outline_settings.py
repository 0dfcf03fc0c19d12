"""Settings of sections, subsections and units."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from lykeion.authoring.api import outline, outline_settings
from lykeion.authoring.types import Author, AuthoringError, NotAllowed
from lykeion.content import api as content
from lykeion.content.types import ChangedMeanwhile
from lykeion.core.clock import now

Enter = Callable[..., Author]


def test_settings_are_set_and_taken_off(author: Enter) -> None:
    outline_settings.save(author(), "chapter@week1", {"start": "2027-01-01T00:00:00Z"}, base=None, at=now())
    outline_settings.save(author(), "chapter@week1", {"start": None, "hide_from_toc": True}, base=None, at=now())

    fields = outline.item(author(), "chapter@week1").fields

    assert ("start" in fields, fields["hide_from_toc"]) == (False, True)


def test_authors_who_set_different_things_both_get_them(author: Enter) -> None:
    base = outline.item(author(), "sequential@sub").base
    outline_settings.save(author("editor"), "sequential@sub", {"format": "Exam"}, base=base, at=now())

    outline_settings.save(author(), "sequential@sub", {"due": "2027-01-01T00:00:00Z"}, base=base, at=now())
    with pytest.raises(ChangedMeanwhile):
        outline_settings.save(author(), "sequential@sub", {"format": "Homework"}, base=base, at=now())

    fields = outline.item(author(), "sequential@sub").fields
    assert (fields["format"], fields["due"]) == ("Exam", "2027-01-01T00:00:00Z")


def test_what_does_not_go_together_is_refused(author: Enter) -> None:
    dates = {"start": "2027-02-01T00:00:00Z", "due": "2027-01-01T00:00:00Z"}

    with pytest.raises(AuthoringError, match="before the release date"):
        outline_settings.save(author(), "sequential@sub", dates, base=None, at=now())
    with pytest.raises(AuthoringError, match="cannot be set here: due"):
        outline_settings.save(author(), "vertical@unit", {"due": None}, base=None, at=now())
    with pytest.raises(NotAllowed):
        outline_settings.save(author("reader"), "sequential@sub", dates, base=None, at=now())


def test_a_prerequisite_makes_the_course_ask_for_it(author: Enter) -> None:
    other = outline.add(author(), "chapter@week1", "sequential", "Later", at=now())
    assert [one.ref for one in outline_settings.prerequisites(author(), other)] == ["sequential@sub"]

    asked = outline_settings.required(author(), "sequential@sub")
    outline_settings.save(author(), other, {"required_prereq": asked, "min_score": 80}, base=None, at=now())

    assert author().course.fields["enable_subsection_gating"] is True
    assert outline.item(author(), "sequential@sub").fields["is_prerequisite"] is True
    back = {"required_prereq": outline_settings.required(author(), other)}
    with pytest.raises(AuthoringError, match="wait for each other"):
        outline_settings.save(author(), "sequential@sub", back, base=None, at=now())


def test_units_are_for_content_groups_but_not_for_groups_of_experiments(author: Enter) -> None:
    partitions = [
        {"id": 7, "name": "Content groups", "scheme": "cohort", "groups": [{"id": 1, "name": "A"}]},
        {"id": 8, "name": "Experiment", "scheme": "random", "groups": [{"id": 1, "name": "B"}]},
    ]
    values = {"user_partitions": partitions}
    content.edit(author().run, lambda draft: draft.update("course@course", values), author="carol", at=now())

    found = outline_settings.partitions(author())

    assert found == [outline_settings.Partition(7, "Content groups", ((1, "A"),))]
