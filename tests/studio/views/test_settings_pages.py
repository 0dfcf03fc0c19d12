"""Pages of settings: what a form does, and what learners then find on their pages."""

from __future__ import annotations

import io
import json
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from lykeion.accounts.models import User
from lykeion.content import api as content
from lykeion.core.keys import CourseLocator
from tests.content.trees import RUN

HTMX = {"HX-Request": "true"}
SCRIPT = {"X-Requested-With": "XMLHttpRequest"}


def url(name: str, *args: object) -> str:
    return reverse(f"studio:{name}", args=[RUN, *args])


def publish(client: Client, area: str) -> None:
    assert client.post(url("settings_publish", area)).status_code == 302


def course(branch: str = "draft") -> dict[str, Any]:
    node = content.part(content.head(RUN, branch), "course")  # type: ignore[arg-type]
    assert node is not None
    return dict(node.fields)


@pytest.fixture
def alice(as_person: Callable[[str], Client]) -> Client:
    """The learner's browser, once the course has started."""
    content.edit(
        RUN,
        lambda draft: draft.update("course@course", {"start": "2020-01-01T00:00:00Z"}),
        author="carol",
        at=content.history(RUN, "draft")[0].at,
    )
    content.publish(RUN, author="carol", at=content.history(RUN, "draft")[0].at)
    return as_person("alice")


@pytest.mark.parametrize("name", [
    "pages", "updates", "textbooks", "schedule", "grading", "groups", "features", "team", "certificates", "advanced",
    "about_preview",
])  # fmt: skip
def test_every_page_is_in_the_menu_and_shows_itself_to_readers_without_buttons(
    name: str, as_person: Callable[[str], Client]
) -> None:
    page = as_person("reader").get(url(name))

    assert page.status_code == 200
    text = page.content.decode()
    assert url("grading") in text
    assert 'id="save"' not in text
    assert "studio:" not in text


def test_a_new_date_is_seen_by_learners_once_it_is_published(carol: Client, alice: Client) -> None:
    User.objects.filter(username="carol").update(time_zone="Europe/Berlin")
    form = {"end": "2031-05-01T12:00", "subtitle": "All about rivers", "learning_info": "To swim", "base": ""}
    about = reverse("about", args=[RUN])

    saved = carol.post(url("schedule_save"), form, headers=HTMX)

    assert (saved.status_code, json.loads(saved["HX-Trigger"])["toast"]["text"]) == (200, "Saved.")
    assert "Unpublished changes" in saved.content.decode()
    assert "Course ends: May 1, 2031, noon (CEST) (it was: not set)" in saved.content.decode()
    assert course()["end"] == "2031-05-01T10:00:00Z"
    assert "All about rivers" not in alice.get(about).content.decode()
    publish(carol, "schedule")
    page = alice.get(about).content.decode()
    assert "All about rivers" in page
    assert "To swim" in page
    assert "2031" in page


def test_a_refusal_names_the_field_for_scripts_and_leaves_the_page_as_it_is(carol: Client) -> None:
    refused = carol.post(url("schedule_save"), {"effort": "long"}, headers=HTMX)

    assert refused.status_code == 422
    assert refused["HX-Reswap"] == "none"
    assert refused.json()["field"] == "effort"
    plain = carol.post(url("schedule_save"), {"effort": "long"})
    assert (plain.status_code, "04:30" in plain.content.decode()) == (422, True)


def test_somebody_who_was_quicker_is_told_with_the_version_to_go_on_from(
    carol: Client, as_person: Callable[[str], Client]
) -> None:
    base = content.head(RUN, "draft")
    as_person("staff").post(url("schedule_save"), {"language": "de", "base": base})

    clash = carol.post(url("schedule_save"), {"language": "fr", "base": base}, headers=HTMX)

    assert (clash.status_code, clash.json()["fields"]) == (409, ["language"])
    again = carol.post(url("schedule_save"), {"language": "fr", "base": clash.json()["base"]}, headers=HTMX)
    assert (again.status_code, course()["language"]) == (200, "fr")


def test_a_card_image_is_uploaded_and_shown_in_the_catalog(carol: Client, alice: Client) -> None:
    picture = io.BytesIO(b"\x89PNG....")
    picture.name = "river.png"
    made = carol.post(url("upload"), {"file": picture, "keep": "1"}, headers=SCRIPT).json()["files"][0]

    sent = carol.post(url("schedule_save"), {"course_image": made["path"]}, headers=HTMX)

    assert f"/studio/course/{RUN}/static/river.png" in sent.content.decode()
    publish(carol, "schedule")
    assert "river.png" in alice.get(reverse("about", args=[RUN])).content.decode()


def test_a_page_is_written_and_read(carol: Client, alice: Client) -> None:
    made = carol.post(url("pages_add"), {"name": "Syllabus"})
    slug = made["Location"].rsplit("/", 1)[1]

    saved = carol.post(url("page_save", slug), {"name": "Syllabus", "html": "<p>Read Heraclitus.</p>"}, headers=SCRIPT)

    assert saved.json()["base"]
    there = f"/courses/{RUN}/{slug}/"
    assert alice.get(there).status_code == 404
    publish(carol, "pages")
    assert "Read Heraclitus." in alice.get(there).content.decode()
    carol.post(url("pages_save"), {"do": "switch", "key": f"static_tab.{slug}", "shown": "false"})
    publish(carol, "pages")
    assert alice.get(there).status_code == 404


def test_a_removed_page_can_be_brought_back(carol: Client) -> None:
    slug = carol.post(url("pages_add"), {"name": "Syllabus"})["Location"].rsplit("/", 1)[1]

    gone = carol.post(url("pages_save"), {"do": "remove", "slug": slug}, headers=HTMX)

    undo = json.loads(gone["HX-Trigger"])["toast"]["undo"]
    assert carol.post(undo, headers=SCRIPT).status_code == 204
    assert carol.get(url("page", slug)).status_code == 200


def test_an_update_and_the_handouts_reach_course_home(carol: Client, alice: Client) -> None:
    carol.post(url("updates_save"), {"do": "add", "day": "2026-11-26", "html": "<p>The river rises.</p>"})
    carol.post(url("updates_save"), {"do": "handouts", "html": "<p>Bring boots.</p>"})
    shown = carol.get(url("updates")).content.decode()
    assert "The river rises." in shown
    assert "November 26, 2026" in shown

    publish(carol, "updates")

    home = alice.get(f"/courses/{RUN}/course/").content.decode()
    assert "The river rises." in home
    assert "Bring boots." in home


def test_what_authors_write_cannot_act_in_studio(carol: Client) -> None:
    carol.post(url("updates_save"), {"do": "handouts", "html": "<p>Hi</p><script>alert(1)</script>"})

    page = carol.get(url("updates")).content.decode()

    assert "<script>alert(1)" not in page
    assert "&lt;script&gt;alert(1)" in page


def test_a_textbook_becomes_a_tab_with_chapters(carol: Client, alice: Client) -> None:
    carol.post(url("textbooks_save"), {"do": "add", "title": "Rivers"})
    [book] = course()["pdf_textbooks"]
    carol.post(
        url("textbooks_save"),
        {
            "do": "save",
            "id": book["id"],
            "title": "Rivers",
            "chapter_title": ["Springs", "Mouths", ""],
            "chapter_url": ["/static/springs.pdf", "https://example.org/mouths.pdf", ""],
        },
    )
    publish(carol, "textbooks")

    first = alice.get(f"/courses/{RUN}/pdfbook/0/").content.decode()
    assert '<iframe class="textbook-pdf"' in first
    assert "springs.pdf" in first
    assert f"/courses/{RUN}/pdfbook/0/" in alice.get(f"/courses/{RUN}/course/").content.decode()
    second = alice.get(f"/courses/{RUN}/pdfbook/0/chapter/2/7").content.decode()
    assert "https://example.org/mouths.pdf#page=7" in second
    assert "<iframe" not in second
    assert alice.get(f"/courses/{RUN}/pdfbook/0/chapter/3/").status_code == 404
    assert alice.get(f"/courses/{RUN}/pdfbook/1/").status_code == 404


def grading_form(**more: Any) -> dict[str, Any]:
    kinds = {
        "type": ["Homework", "Exam"],
        "short_label": ["HW", "Ex"],
        "weight": ["60", "40"],
        "min_count": ["1", "1"],
        "drop_count": ["0", "0"],
        "was": ["", ""],
    }
    return {**kinds, "letter": ["Pass"], "cutoff": ["50"], **more}


def test_grading_rules_reach_the_progress_page(carol: Client, alice: Client) -> None:
    content.edit(
        RUN,
        lambda draft: draft.update("sequential@sub", {"format": "Homework", "graded": True}),
        author="carol",
        at=content.history(RUN, "draft")[0].at,
    )
    content.publish(RUN, author="carol", at=content.history(RUN, "draft")[0].at)

    assert carol.post(url("grading_save"), grading_form(), headers=HTMX).status_code == 200
    renamed = grading_form(type=["Leaf work", "Exam"], was=["Homework", "Exam"], weight=["70", "40"])
    page = carol.post(url("grading_save"), renamed, headers=HTMX).content.decode()

    assert "The weights make 110 %, not 100." in page
    assert "1 subsection is graded as this." in page
    publish(carol, "grading")
    progress = alice.get(f"/courses/{RUN}/progress").content.decode()
    assert "Leaf work" in progress
    assert "Homework" not in progress


def test_types_and_grades_are_added_and_removed_with_what_was_typed(carol: Client) -> None:
    carol.post(url("grading_save"), grading_form(do="add_kind", weight=["55", "40"]))
    carol.post(url("grading_save"), grading_form(do="add_cutoff"))

    policy = course()["grading_policy"]
    assert list(policy["GRADE_CUTOFFS"].items()) == [("A", 0.5), ("B", 0.4)]
    gone = carol.post(url("grading_save"), grading_form(was=["Homework", "Exam"], do="remove_kind:Exam"), headers=HTMX)
    assert "is removed" in json.loads(gone["HX-Trigger"])["toast"]["text"]
    assert [one["type"] for one in course()["grading_policy"]["GRADER"]] == ["Homework"]


def test_groups_certificates_features_and_advanced_fields_are_saved(carol: Client) -> None:
    carol.post(url("groups_save"), {"do": "add_content", "group_name": "Evening"})
    carol.post(url("groups_save"), {"do": "add_experiment", "name": "Colours"})
    carol.post(url("certificates_save"), {"do": "make"})
    carol.post(url("features_save"), {"do": "switch", "name": "dates", "on": "false"})
    carol.post(url("advanced_save"), {"do": "save", "name": "invitation_only", "value": "true"})

    fields = course()
    assert [one["scheme"] for one in fields["user_partitions"]] == ["cohort", "random"]
    assert [one["name"] for one in fields["user_partitions"][1]["groups"]] == ["Group A", "Group B"]
    assert len(fields["certificates"]["certificates"]) == 1
    assert fields["invitation_only"] is True
    assert "Nowhere yet." in carol.get(url("groups_uses", fields["user_partitions"][0]["id"])).content.decode()
    carol.post(url("advanced_save"), {"do": "reset", "name": "invitation_only"})
    assert "invitation_only" not in course()
    assert carol.post(url("advanced_save"), {"do": "nonsense"}).status_code == 422


def test_a_hidden_dates_page_is_gone_for_learners(carol: Client, alice: Client) -> None:
    dates = f'href="/courses/{RUN}/dates"'
    home = f"/courses/{RUN}/course/"
    assert dates in alice.get(home).content.decode()

    carol.post(url("features_save"), {"do": "switch", "name": "dates", "on": "false"})
    publish(carol, "features")

    assert dates not in alice.get(home).content.decode()


def test_cohorts_that_teachers_switched_are_shown_and_not_switched_in_studio(
    as_person: Callable[[str], Client], carol: Client
) -> None:
    teachers = reverse("instructor:cohorts_switch", args=[RUN])

    def shown() -> tuple[bool, bool]:
        row = carol.get(url("features")).content.decode().partition('id="feature-cohorts"')[2].partition("</li>")[0]
        return ">On<" in row, "<button" in row

    before = shown()
    as_person("admin").post(teachers, {"on": "yes"})
    on = shown()
    refused = carol.post(url("features_save"), {"do": "switch", "name": "cohorts", "on": "false"})
    as_person("admin").post(teachers, {"on": "no"})

    assert (before, on, shown()) == ((False, True), (True, False), (False, False))
    assert (refused.status_code, "cohort_config" in course()) == (422, False)


def test_the_team_page_gives_and_takes(as_person: Callable[[str], Client]) -> None:
    admin = as_person("admin")

    given = admin.post(url("team_save"), {"do": "give", "name": "dan", "role": "reader"}, headers=HTMX)

    assert "member-dan" in given.content.decode()
    assert as_person("dan").get(url("outline")).status_code == 200
    admin.post(url("team_save"), {"do": "take", "name": "dan"})
    assert as_person("dan").get(url("outline")).status_code == 403
    assert admin.post(url("team_save"), {"do": "take", "name": "admin"}, headers=HTMX).status_code == 422


def test_changes_are_discarded(carol: Client) -> None:
    carol.post(url("advanced_save"), {"do": "save", "name": "invitation_only", "value": "true"})

    carol.post(url("settings_discard", "advanced"))

    assert "invitation_only" not in course()
    assert carol.post(url("settings_discard", "nonsense")).status_code == 422


@pytest.mark.parametrize("name", ["schedule", "grading", "pages", "advanced"])
def test_a_page_of_settings_costs_the_same_however_large_the_course_is(
    name: str, run: CourseLocator, carol: Client, django_assert_max_num_queries: Any
) -> None:
    carol.get(url(name))

    with django_assert_max_num_queries(22):
        carol.get(url(name))


def test_the_history_says_what_was_done_in_words(carol: Client) -> None:
    carol.post(url("grading_save"), grading_form())
    publish(carol, "grading")

    page = carol.get(url("history")).content.decode()

    assert "Changed the settings of Grading" in page
    assert "Published Grading" in page
