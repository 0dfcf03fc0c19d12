"""From what learners do to what their teachers see."""

from __future__ import annotations

import sys
from collections.abc import Callable
from datetime import timedelta
from http import HTTPStatus
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from lxml import html

from lykeion.accounts.models import User
from lykeion.analytics import refreshing
from lykeion.analytics.lake import Lake
from lykeion.analytics.models import Reading
from lykeion.analytics.types import Refreshed
from lykeion.catalog import api as catalog
from lykeion.core.clock import now
from lykeion.core.keys import CourseLocator, usage_text
from lykeion.jobs import api as jobs
from tests.analytics.lines import browser, check, enrolled, line
from tests.instructor.figures import AT, content_places, rows


def test_what_a_learner_does_is_on_the_teachers_page_with_the_next_refresh(
    as_person: Callable[[str], Client],
    run: CourseLocator,
    log: Path,
    django_capture_on_commit_callbacks: Any,
) -> None:
    handler = reverse("xblock_handler", args=[run, usage_text(run, "problem@sum"), "xmodule_handler", "problem_check"])
    page = reverse("instructor:analytics_problems", args=[run])
    before = as_person("staff").get(page).content.decode()

    with django_capture_on_commit_callbacks(execute=True):
        answered = as_person("alice").post(handler, {"input_sum_2_1": "choice_0"})
    jobs.enqueue("analytics.refresh", None)
    jobs.run_pending()
    after = as_person("staff").get(page).content

    assert (answered.status_code, "Nobody answered a problem yet" in before) == (HTTPStatus.SEE_OTHER, True)
    assert rows(after) == [["Sum", "1", "1", "1.0", "100 %", "100 %", "\u2013"]]
    assert b"What learners did until" in after


@pytest.mark.usefixtures("written")
def test_enrolment_is_drawn_and_told(as_person: Callable[[str], Client], run: CourseLocator) -> None:
    refreshing.refresh(at=AT)

    page = as_person("data").get(reverse("instructor:analytics", args=[run])).content

    facts = [one.text_content() for one in html.fromstring(page.decode()).xpath("//dl[@class='chart-facts']//dd")]
    assert (facts, rows(page)[0][1:], rows(page)[-1][1:]) == (["2", "+1", "2"], ["1", "1", "2"], ["1", "0", "1"])
    [chart] = html.fromstring(page.decode()).xpath("//figure/*")
    assert (chart.get("role"), chart.get("aria-label")) == ("img", "Learners enrolled, by track")
    assert chart.xpath(".//*[local-name() = 'script'] | .//comment()") == []


@pytest.mark.usefixtures("written")
def test_answers_are_shown_as_they_were_typed(as_person: Callable[[str], Client], run: CourseLocator) -> None:
    refreshing.refresh(at=AT)

    page = as_person("staff").get(reverse("instructor:analytics_problem", args=[run, "problem@sum"])).content

    assert rows(page) == [
        ["the choice_0", "right", "1", "1", "50 %"],
        ["the <b>&x", "wrong", "1", "1", "50 %"],
    ]
    assert b"<b>&x" not in page
    points = html.fromstring(page.decode()).xpath("//table[caption='Points']//tbody/tr")
    assert [[cell.text_content() for cell in row] for row in points] == [["0 of 1", "1"], ["1 of 1", "1"]]


@pytest.mark.usefixtures("written")
def test_problems_with_tags_are_summed_up_by_tag(
    as_person: Callable[[str], Client], run: CourseLocator, log: Path
) -> None:
    page = reverse("instructor:analytics_problems", args=[run])
    refreshing.refresh(at=AT)
    before = as_person("staff").get(page).content.decode()
    asides = {"tagging_aside": {"saved_tags": {"Level": ["easy"]}}}
    payload = check({"sum_2_1": ("x", False)}, problem=usage_text(run, "problem@sum"))
    with log.open("ab") as out:
        out.write(line("problem_check", payload, user=1, at=AT.replace(tzinfo=None), course=str(run), asides=asides))

    refreshing.refresh(at=AT, forced=True)

    after = as_person("staff").get(page).content
    file = as_person("staff").get(reverse("instructor:analytics_file", args=[run, "tags", "csv"]))
    assert "answers are summed up here by tag" in before
    assert rows(after) == [["Level: easy", "1", "3", "1", "33 %"]]
    told = b"".join(file.streaming_content).decode("utf-8-sig").splitlines()  # type: ignore[attr-defined]
    assert told == ["name,value,problem_id,submissions,correct", f"Level,easy,{usage_text(run, 'problem@sum')},3,1"]


@pytest.mark.usefixtures("written")
def test_a_video_of_the_course_has_a_timeline_and_one_that_somebody_made_up_has_none(
    as_person: Callable[[str], Client], run: CourseLocator
) -> None:
    refreshing.refresh(at=AT)
    staff = as_person("staff")

    listed = staff.get(reverse("instructor:analytics_videos", args=[run])).content
    shown = staff.get(reverse("instructor:analytics_video", args=[run, "text"])).content
    other = staff.get(reverse("instructor:analytics_video", args=[run, "made"]))

    assert rows(listed) == [["Text", "1:00", "1", "1", "1", "100 %", "1"]]
    assert (rows(shown)[0], len(rows(shown))) == (["0:00", "1", "0"], 13)
    for page in (listed, shown):
        [strip] = html.fromstring(page.decode()).xpath("//*[@class='chart-heat']")
        assert (strip.get("aria-label"), len(strip)) == ("Text: most learners at 0:00", 13)
    assert other.status_code == HTTPStatus.NOT_FOUND


@pytest.mark.parametrize(
    ("took", "words"), [(None, "within a minute"), (4.0, "within a minute"), (40.0, "within 7 minutes")]
)
@pytest.mark.usefixtures("written")
def test_pages_say_how_soon_figures_are_new(
    as_person: Callable[[str], Client], run: CourseLocator, took: float | None, words: str
) -> None:
    refreshing.refresh(at=now())
    assert Reading.objects.get().took is not None
    Reading.objects.update(took=took)

    pages = [
        as_person("root").get(reverse(f"instructor:{name}", args=args)).content.decode()
        for name, args in (("analytics", [run]), ("analytics_sql", [run]), ("site_courses", []))
    ]

    assert [f"new figures come {words}" in page for page in pages] == [True] * 3


@pytest.mark.usefixtures("written")
def test_pages_say_when_no_new_figures_come(as_person: Callable[[str], Client], run: CourseLocator) -> None:
    refreshing.refresh(at=now() - timedelta(minutes=30))

    page = as_person("root").get(reverse("instructor:analytics", args=[run])).content.decode()

    assert ("no new figures have come since" in page, "new figures come within" in page) == (True, False)


@pytest.mark.parametrize(
    "page", ["analytics", "analytics_activity", "analytics_progress", "analytics_problems", "analytics_learners"]
)
@pytest.mark.usefixtures("written")
def test_pages_ask_few_questions(
    as_person: Callable[[str], Client], run: CourseLocator, page: str, django_assert_max_num_queries: Any
) -> None:
    catalog.set_cohorted(run, True, at=AT)
    refreshing.refresh(at=AT)
    staff, address = as_person("staff"), reverse(f"instructor:{page}", args=[run])
    staff.get(address)

    with django_assert_max_num_queries(11):
        assert staff.get(address).status_code == HTTPStatus.OK


@pytest.mark.usefixtures("run")
def test_nothing_is_done_where_nothing_is_new(written: dict[str, int], log: Path) -> None:
    first = refreshing.refresh(at=AT)
    again = refreshing.refresh(at=AT + timedelta(minutes=1))
    with log.open("ab") as out:
        out.write(enrolled(written["dora"], at=AT.replace(tzinfo=None)))
    more = refreshing.refresh(at=AT + timedelta(hours=1))

    assert (first, again, more) == (Refreshed(7, 2, 1), None, Refreshed(8, 1, 1))


def test_a_site_that_has_just_begun_waits(written: dict[str, int]) -> None:
    Reading.objects.all().delete()

    looks = [refreshing.refresh(at=AT + timedelta(seconds=seconds)) for seconds in (0, 5, 30)]

    assert looks == [None, None, Refreshed(7, 2, 1)]


def test_a_refresh_leaves_a_lake_alone_that_somebody_else_writes_to(written: dict[str, int], settings: Any) -> None:
    with Lake(settings.LYKEION_LAKE_URL).writing():
        meanwhile = refreshing.refresh(at=AT)

    assert (meanwhile, refreshing.refresh(at=AT)) == (None, Refreshed(7, 2, 1))


@pytest.mark.usefixtures("written")
def test_drawing_leaves_imports_as_they_are(as_person: Callable[[str], Client], run: CourseLocator) -> None:
    refreshing.refresh(at=AT)

    as_person("data").get(reverse("instructor:analytics", args=[run]))

    assert ("pygal" in sys.modules, [one for one in sys.meta_path if type(one).__module__ == "pygal"]) == (True, [])


def test_who_takes_a_course_is_shown_where_five_told_the_same(
    as_person: Callable[[str], Client], run: CourseLocator, log: Path
) -> None:
    page = reverse("instructor:analytics", args=[run])
    born = AT.year - 30
    people = [
        User.objects.create(username=f"l{n}", username_key=f"l{n}", email=f"l{n}@example.org", gender="fffffffmmmmo"[n],
                            year_of_birth=born if n < 4 else None, education="" if n < 8 else "p", country="GR")
        for n in range(12)
    ]  # fmt: skip
    lines = [enrolled(one.pk, at=AT.replace(tzinfo=None) - timedelta(hours=1)) for one in people]
    log.write_bytes(b"".join(lines).replace(b"course-v1:Lykeion+T1+now", str(run).encode()))

    refreshing.refresh(at=AT)

    shown = html.fromstring(as_person("staff").get(page).content.decode())
    assert [one.text_content() for one in shown.xpath("//h2")] == [
        "Enrolment by day", "Gender", "Countries", "Gender by day",
    ]  # fmt: skip
    gender, country = shown.xpath("//table[caption='Gender' or caption='Countries']")
    cells = [[cell.text_content() for cell in row.xpath("th|td")] for row in gender.xpath(".//tbody/tr")]
    assert cells == [["Woman", "7", "58 %"], ["Others together", "5", "42 %"], ["Not told", "0", "\u2013"]]
    assert [cell.text_content() for cell in country.xpath(".//tbody/tr[1]/*")] == ["GR", "12", "100 %"]
    file = as_person("staff").get(reverse("instructor:analytics_file", args=[run, "demography", "csv"]))
    assert b"".join(file.streaming_content).decode().split() == [  # type: ignore[attr-defined]
        "\ufefftrait,value,count", "country,GR,12", "gender,f,7", "gender,together,5",
    ]  # fmt: skip
    by_day = shown.xpath("//table[caption='Gender by day']")[0]
    assert [cell.text_content() for cell in by_day.xpath(".//th | .//td")][1:4] == [
        "Woman", "Others together", "Not told",
    ]  # fmt: skip
    User.objects.filter(pk__in=[one.pk for one in people]).update(year_of_birth=born, education="hs")
    refreshing.refresh(at=AT, forced=True)
    page_now = as_person("staff").get(page).content.decode()
    assert "Half are at most 30 years old; 0 % are 25 or younger, 100 % 26 to 40, 0 % 41 or older." in page_now
    assert "at least five learners told the same" not in page_now


def test_what_is_used_and_opened_is_on_its_pages(
    written: dict[str, int], as_person: Callable[[str], Client], run: CourseLocator, log: Path
) -> None:
    chapter, subsection = content_places(run)
    not_enrolled = 10_000
    with log.open("ab") as out:
        for place in (f"/courses/{run}/courseware/{chapter}/{subsection}/1/", f"/courses/{run}/courseware/made/up/1/"):
            for user in (written["alice"], not_enrolled):
                out.write(line(place, "{}", user=user, at=AT.replace(tzinfo=None), course=str(run)))
    refreshing.refresh(at=AT)
    staff = as_person("staff")

    progress = html.fromstring(staff.get(reverse("instructor:analytics_progress", args=[run])).content.decode())
    activity = html.fromstring(staff.get(reverse("instructor:analytics_activity", args=[run])).content.decode())

    funnel = progress.xpath("//table[caption='How far learners get']//tbody/tr")
    assert [[cell.text_content() for cell in row.xpath("td")] for row in funnel] == [["2", "0", "0"], ["0"] * 3]
    reached = progress.xpath("//table[caption='All, some or nothing']//tbody/tr")
    assert [[cell.text_content() for cell in row.xpath("th|td")] for row in reached] == [
        ["Reading: Units opened", "1", "1", "0", "1"],
        ["Reading: Problems tried", "1", "2", "0", "0"],
        ["Lakes: Units opened", "1", "0", "0", "2"],
        ["Lakes: Problems tried", "1", "0", "0", "2"],
    ]
    used = activity.xpath("//table[caption='What is used']//tbody/tr")
    assert [[cell.text_content() for cell in row.xpath("th|td")] for row in used] == [
        ["Sum", "Problem", "1", "1", "2", "2"],
        ["Text", "Video", "1", "1", "1", "1"],
    ]


def test_videos_that_are_gone_are_not_videos_that_nobody_watched(
    as_person: Callable[[str], Client], run: CourseLocator, log: Path
) -> None:
    page = reverse("instructor:analytics_videos", args=[run])
    empty = as_person("staff").get(page).content.decode()
    at = AT.replace(tzinfo=None) - timedelta(hours=2)
    played = browser("play_video", {"id": "gone", "currentTime": 0}, user=1, at=at)
    log.write_bytes((enrolled(1, at=at) + played).replace(b"course-v1:Lykeion+T1+now", str(run).encode()))

    refreshing.refresh(at=AT)

    assert "Nobody watched a video yet" in empty
    assert "No video of the course as it is now was watched" in as_person("staff").get(page).content.decode()
