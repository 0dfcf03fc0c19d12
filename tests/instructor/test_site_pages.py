"""What the staff of the site writes for everybody: surveys and announcements."""

from __future__ import annotations

from collections.abc import Callable

from django.test import Client
from django.urls import reverse

from lykeion.core.clock import now
from lykeion.notices import api as notices
from lykeion.notices.models import Announcement
from lykeion.surveys import api as surveys
from lykeion.surveys.types import Kind, Question

Browse = Callable[[str], Client]


def _survey(**fields: str) -> dict[str, str]:
    return {
        "name": "start", "title": "Before", "intro": "", "q-TOTAL_FORMS": "3", "q-INITIAL_FORMS": "0",
        "q-0-kind": "line", "q-1-kind": "line", "q-2-kind": "line", **fields,
    }  # fmt: skip


def test_a_survey_is_written_and_changed(as_person: Browse) -> None:
    root = as_person("root")
    asked = {"q-0-label": "Second", "q-0-kind": "one", "q-0-options": "a\n b \n\na", "q-0-ORDER": "2", "q-1-ORDER": "1"}

    made = root.post(reverse("instructor:survey_new"), _survey(**asked, **{"q-1-label": "First", "q-1-required": "on"}))
    page = root.get(made["Location"])
    changed = {
        "q-TOTAL_FORMS": "5", "q-INITIAL_FORMS": "2", "q-3-kind": "line", "q-4-kind": "line", "title": "After",
        "name": "other", "q-0-label": "First", "q-1-label": "Second", "q-1-DELETE": "on", "q-2-label": "Third",
    }  # fmt: skip
    root.post(made["Location"], _survey(**changed))

    assert [field.value() for field in page.context["questions"].forms[1]][:3] == ["Second", "one", "a\nb"]
    found = surveys.find("start")
    assert found is not None
    assert (found.title, found.questions) == ("After", (Question("First"), Question("Third")))
    assert surveys.find("other") is None


def test_a_survey_that_cannot_be_kept_says_why_and_keeps_what_was_typed(as_person: Browse) -> None:
    surveys.make("start", "Before", "", [Question("Why", Kind.LINE)])
    root, page = as_person("root"), reverse("instructor:survey_new")

    taken = root.post(page, _survey(**{"q-0-label": "Why"}))
    few = root.post(page, _survey(name="b", **{"q-0-label": "Why", "q-0-kind": "some", "q-0-options": "only"}))
    none = root.post(page, _survey(name="b"))

    assert (taken.status_code, "called “start” already" in taken.content.decode()) == (422, True)
    assert (few.status_code, "needs two options" in few.content.decode()) == (422, True)
    assert (none.status_code, "at least one question" in none.content.decode()) == (422, True)
    assert "only" in few.content.decode()


def test_an_announcement_is_read_by_everybody_until_it_is_not_shown(as_person: Browse) -> None:
    root, dan = as_person("root"), as_person("dan")
    hostile = '<p onclick="x()">Closed <b>on Monday</b><script>y()</script></p>'

    root.post(reverse("instructor:announcement_new"), {"html": hostile, "active": "on"})
    number = Announcement.objects.get().pk
    read = dan.get(reverse("dashboard")).content.decode()
    root.post(reverse("instructor:announcement", args=[number]), {"html": hostile})
    hidden = dan.get(reverse("dashboard")).content.decode()
    listed = root.get(reverse("instructor:announcements")).content.decode()
    root.post(reverse("instructor:announcement_remove", args=[number]))

    assert "<p>Closed <b>on Monday</b></p>" in read
    assert "on Monday" not in hidden
    assert ("<p>Closed <b>on Monday</b></p>" in listed, "Not shown" in listed) == (True, True)
    assert notices.announcements() == []


def test_an_announcement_that_says_nothing_is_refused(as_person: Browse) -> None:
    root, page = as_person("root"), reverse("instructor:announcement_new")

    nothing = root.post(page, {"html": "<script>x()</script>", "active": "on"})
    long = root.post(page, {"html": "x" * 20_001, "active": "on"})

    assert (nothing.status_code, "Write what you announce." in nothing.content.decode()) == (422, True)
    assert (long.status_code, "longer than" in long.content.decode()) == (422, True)
    assert not Announcement.objects.exists()


def test_five_announcements_are_shown_newest_first(as_person: Browse) -> None:
    for number in range(6):
        notices.announce(f"<p>News {number}</p>", active=True, by=1, at=now())

    assert [one.shown for one in notices.announced()] == [f"<p>News {number}</p>" for number in (5, 4, 3, 2, 1)]
