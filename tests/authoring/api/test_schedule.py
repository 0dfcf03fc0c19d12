"""Schedule and details: what is typed becomes what Open edX stores, and nonsense is refused with its field."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from lykeion.authoring.api import files, schedule, settings
from lykeion.authoring.api.files import Bytes
from lykeion.authoring.types import Author, FieldError, NotAllowed
from lykeion.content import api as content
from lykeion.content.types import Edited
from tests.content.trees import NOON

Enter = Callable[..., Author]
BERLIN = ZoneInfo("Europe/Berlin")


def saved(author: Author, people: list[dict[str, str]] | None = None, **given: str) -> Edited[None]:
    return schedule.save_details(author, given, people, BERLIN, base=author.root, at=NOON)  # type: ignore[arg-type]


def fields(author: Author) -> dict[str, object]:
    course = content.part(content.head(author.run, "draft"), "course")
    assert course is not None
    return dict(course.fields)


def part(author: Author, name: str) -> object:
    node = content.part(content.head(author.run, "draft"), f"about/{name}")
    return node and node.fields["data"]


def test_dates_are_those_of_the_authors_zone_and_kept_in_utc(author: Enter) -> None:
    saved(author(), start="2027-03-01T09:00", end="2027-07-01T00:00")

    assert fields(author())["start"] == "2027-03-01T08:00:00Z"
    assert fields(author())["end"] == "2027-06-30T22:00:00Z"
    assert schedule.details(author(), BERLIN, at=NOON).texts["start"] == "2027-03-01T09:00"


def test_an_emptied_date_is_no_longer_set(author: Enter) -> None:
    saved(author(), start="2027-03-01T09:00")

    saved(author(), start="")

    assert "start" not in fields(author())


def test_what_is_left_alone_is_not_written(author: Enter) -> None:
    texts = dict(schedule.details(author(), BERLIN, at=NOON).texts)
    texts.pop("instructor_info")

    edit = saved(author(), [], **texts)

    assert edit.old == edit.new


def test_texts_of_the_about_page_are_parts(author: Enter) -> None:
    saved(
        author(), overview="<p>All</p>", short_description="Short", effort="04:30", video="https://youtu.be/abcdefghijk"
    )

    assert (part(author(), "overview"), part(author(), "short_description")) == ("<p>All</p>", "Short")
    assert "youtube-nocookie.com/embed/abcdefghijk" in str(part(author(), "video"))
    assert settings.unpublished(author(), "schedule") == (
        "about/effort",
        "about/overview",
        "about/short_description",
        "about/video",
    )
    saved(author(), overview="")
    assert part(author(), "overview") is None


def test_an_overview_keeps_every_byte_that_nobody_edited(author: Enter) -> None:
    from lykeion.content.types import Node

    old = Node("about", {"data": " <h2  >All</h2>\r\n<p>of it</p>\r\n"})
    content.edit(author().run, lambda draft: draft.set_part("about/overview", old), author="carol", at=NOON)

    saved(author(), overview=" <h2  >All</h2>\r\n<p>of them</p>\r\n")

    assert part(author(), "overview") == " <h2  >All</h2>\r\n<p>of them</p>\r\n"


def test_lists_and_people_are_kept_as_open_edx_has_them(author: Enter) -> None:
    teacher = {"name": "Hypatia", "title": "Dr", "organization": "Museion", "bio": "", "image": ""}
    blank = dict.fromkeys(teacher, "")

    saved(author(), [teacher, blank], learning_info="To count\n\nTo measure")

    assert fields(author())["learning_info"] == ["To count", "To measure"]
    assert fields(author())["instructor_info"] == {"instructors": [teacher]}
    assert schedule.details(author(), BERLIN, at=NOON).instructors == (teacher,)


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"start": "soon"}, "start"),
        ({"display_name": " "}, "display_name"),
        ({"short_description": "x" * 151}, "short_description"),
        ({"effort": "two hours"}, "effort"),
        ({"video": "https://example.org/film"}, "video"),
        ({"start": "2027-03-01T09:00", "end": "2027-02-01T09:00"}, "end"),
        ({"enrollment_start": "2027-03-01T09:00", "enrollment_end": "2027-02-01T09:00"}, "enrollment_end"),
        ({"end": "2027-03-01T09:00", "enrollment_end": "2027-04-01T09:00"}, "enrollment_end"),
        ({"certificates_display_behavior": "end_with_date"}, "certificate_available_date"),
        ({"certificates_display_behavior": "never"}, "certificates_display_behavior"),
        ({"license": "mine"}, "license"),
        ({"pre_requisite_courses": "course-v1:No+such+run"}, "pre_requisite_courses"),
        ({"pre_requisite_courses": "course-v1:Lykeion+T1+now"}, "pre_requisite_courses"),
        ({"entrance_exam_minimum_score_pct": "101"}, "entrance_exam_minimum_score_pct"),
    ],
)
def test_what_cannot_be_taken_is_refused_with_its_field(author: Enter, given: dict[str, str], field: str) -> None:
    before = author().root

    with pytest.raises(FieldError) as refused:
        saved(author(), **given)

    assert refused.value.field == field
    assert author().root == before


def test_the_pacing_is_locked_once_learners_have_a_course_that_has_started(author: Enter) -> None:
    saved(author(), self_paced="true")
    assert fields(author())["self_paced"] is True
    saved(author(), start="2026-01-01T00:00")
    settings.publish(author(), "schedule", at=NOON)

    assert schedule.details(author(), BERLIN, at=NOON).pacing_locked
    with pytest.raises(FieldError) as refused:
        saved(author(), self_paced="")
    assert refused.value.field == "self_paced"


def test_an_entrance_exam_comes_with_its_section_once(author: Enter) -> None:
    before = len(content.history(author().run, "draft"))
    saved(author(), entrance_exam_enabled="true", entrance_exam_minimum_score_pct="60")
    assert len(content.history(author().run, "draft")) == before + 1
    saved(author(), entrance_exam_enabled="")
    saved(author(), entrance_exam_enabled="true")

    sections = content.outline(author().run, "draft")
    exams = [one for one in sections.children(sections.course) if one.own.get("is_entrance_exam")]
    assert len(exams) == 1
    assert str(fields(author())["entrance_exam_id"]).endswith(exams[0].id)
    assert fields(author())["entrance_exam_minimum_score_pct"] == 0.6


def test_a_picture_of_the_course_becomes_its_image_and_keeps_its_lock(author: Enter) -> None:
    files.put(author(), "my river.png", Bytes(b"\x89PNG"), NOON, locked=True)
    files.put(author(), "a.exe", Bytes(b"x"), NOON)
    again = files.put(author(), "my river.png", Bytes(b"\x89PNG other"), NOON, keep=True)

    saved(author(), course_image="my_river.png", banner_image=again.path)

    assert fields(author())["course_image"] == "my_river.png"
    assert fields(author())["banner_image"] == "my_river-2.png"
    kept = content.file(author().root, "my_river.png")
    assert kept is not None
    assert kept.locked
    for wrong in ("a.exe", "nothing.png"):
        with pytest.raises(FieldError) as refused:
            saved(author(), course_image=wrong)
        assert refused.value.field == "course_image"
    with pytest.raises(NotAllowed):
        saved(author("editor"), course_image="my_river-2.png")
    saved(author(), course_image="")
    assert "course_image" not in fields(author())


def test_an_old_value_that_would_be_refused_today_stays_while_nobody_touches_it(author: Enter) -> None:
    from lykeion.content.types import Node

    content.edit(
        author().run,
        lambda draft: draft.set_part("about/effort", Node("about", {"data": "two hours"})),
        author="carol",
        at=NOON,
    )

    saved(author(), effort="two hours", language="de")

    assert (part(author(), "effort"), fields(author())["language"]) == ("two hours", "de")


def test_a_date_in_a_gap_of_summer_time_is_some_moment(author: Enter) -> None:
    saved(author(), start="2027-03-28T02:30")

    kept = datetime.fromisoformat(str(fields(author())["start"]).replace("Z", "+00:00"))
    assert abs(kept - datetime(2027, 3, 28, 1, tzinfo=UTC)) <= timedelta(hours=1)
