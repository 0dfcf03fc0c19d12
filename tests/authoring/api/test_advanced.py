"""Every field of a course, typed: what does not fit is refused with the reason, and never stored."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC

import pytest

from lykeion.authoring.api import advanced
from lykeion.authoring.otherfields import HIDDEN
from lykeion.authoring.types import Author, AuthoringError, FieldError
from lykeion.content import api as content
from lykeion.content.types import ChangedMeanwhile
from lykeion.olx.api import known_fields
from tests.content.trees import NOON

Enter = Callable[..., Author]


def test_every_known_field_of_a_course_is_described() -> None:
    assert set(known_fields("course")) == set(advanced.FIELDS) | HIDDEN
    assert all(str(one.title) and str(one.text) for one in advanced.FIELDS.values())


def test_every_default_can_be_shown_and_is_of_the_type_of_its_field(author: Enter) -> None:
    for entry in advanced.entries(author(), UTC):
        assert isinstance(entry.text, str)
        if entry.default:
            advanced.save_field(author(), entry.field.name, entry.default, UTC, base=None, at=NOON)


def save(author: Author, name: str, text: str) -> object:
    advanced.save_field(author, name, text, UTC, base=author.root, at=NOON)
    course = content.part(content.head(author.run, "draft"), "course")
    return course and course.fields.get(name)


@pytest.mark.parametrize(
    ("name", "text", "value"),
    [
        ("invitation_only", "true", True),
        ("invitation_only", "", False),
        ("max_attempts", "3", 3),
        ("days_early_for_beta", "2.5", 2.5),
        ("start", "2027-01-01T10:00", "2027-01-01T10:00:00Z"),
        ("graceperiod", "2 days 3 hours", "2 days 3 hours"),
        ("catalog_visibility", "about", "about"),
        ("advanced_modules", '["poll"]', ["poll"]),
        ("other_course_settings", '{"weeks_to_complete": 6}', {"weeks_to_complete": 6}),
        ("advertised_start", "Spring", "Spring"),
    ],
)
def test_values_are_stored_typed(author: Enter, name: str, text: str, value: object) -> None:
    assert save(author(), name, text) == value


@pytest.mark.parametrize(
    ("name", "text", "words"),
    [
        ("max_attempts", "many", "whole number"),
        ("max_student_enrollments_allowed", "-1", "from 0"),
        ("start", "tomorrow", "no date"),
        ("graceperiod", "a while", "length of time"),
        ("catalog_visibility", "all", "none of"),
        ("advanced_modules", '["poll",\n]', "Line 2"),
        ("advanced_modules", '{"a": 1}', "must be a list"),
        ("advanced_modules", "[1]", "Entry 1"),
        ("tabs", '[{"name": "x"}]', "“type”"),
        ("user_partitions", '[{"id": "x", "groups": []}]', "“id”"),
        ("group_access", '{"x": [1]}', "partition"),
        ("grading_policy", '{"GRADER": [{"type": "HW", "weight": "x"}]}', "weight"),
        ("pre_requisite_courses", '["nonsense"]', "Entry 1"),
        ("days_early_for_beta", "NaN", "from 0"),
        ("other_course_settings", '{"a": NaN}', "NaN"),
        ("display_name", " ", "empty"),
    ],
)
def test_what_does_not_fit_is_refused_with_the_reason(author: Enter, name: str, text: str, words: str) -> None:
    before = author().root

    with pytest.raises(FieldError, match=words) as refused:
        save(author(), name, text)

    assert refused.value.field == name
    assert author().root == before


def test_a_default_holds_again(author: Enter) -> None:
    save(author(), "max_attempts", "3")

    advanced.reset_field(author(), "max_attempts", at=NOON)

    entry = next(one for one in advanced.entries(author(), UTC) if one.field.name == "max_attempts")
    assert (entry.text, entry.is_set) == ("", False)


def test_fields_that_nobody_knows_are_shown_and_can_be_edited(author: Enter) -> None:
    content.edit(author().run, lambda d: d.update("course@course", {"odd": {"a": 1}}), author="carol", at=NOON)

    assert save(author(), "odd", '{"a": 2}') == {"a": 2}
    with pytest.raises(AuthoringError):
        save(author(), "new_one", "1")


def test_two_authors_of_one_field_are_told(author: Enter) -> None:
    slow = author("staff")
    save(author(), "max_attempts", "3")

    with pytest.raises(ChangedMeanwhile):
        save(slow, "max_attempts", "4")
