"""From what learners do to what their teachers see."""

from __future__ import annotations

import csv
import io
import sys
from collections.abc import Callable
from datetime import timedelta
from http import HTTPStatus
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest
from django.test import Client
from django.urls import reverse
from lxml import html

from lykeion.accounts import api as accounts
from lykeion.accounts.models import User
from lykeion.accounts.signals import person_retired
from lykeion.analytics import refreshing
from lykeion.analytics.lake import Lake
from lykeion.analytics.models import LearnerFigure, Reading
from lykeion.analytics.types import Learner, Refreshed
from lykeion.catalog import api as catalog
from lykeion.content import api as content
from lykeion.core.clock import now
from lykeion.core.keys import CourseLocator, usage_text
from lykeion.instructor import reasons
from lykeion.instructor.views import analytics
from lykeion.jobs import api as jobs
from lykeion.teaching.api import deeds
from lykeion.teaching.types import Teacher
from tests.analytics.lines import browser, check, enrolled, line

AT = now()


@pytest.fixture
def log(db: None, settings: Any, tmp_path: Path) -> Path:
    """An empty tracking log, and no lake yet; the site began long ago."""
    Reading.objects.create(pk=1)
    settings.LYKEION_LAKE_URL = str(tmp_path / "lake")
    settings.LYKEION_TRACKING_LOG = tmp_path / "tracking.log"
    return tmp_path / "tracking.log"


@pytest.fixture
def written(log: Path, run: CourseLocator) -> dict[str, int]:
    """What alice and dora did: alice enrolled, watched and answered rightly; dora was away for eight days."""
    who = {name: accounts.find_person(name).id for name in ("alice", "dora")}  # type: ignore[union-attr]
    recently, long_ago = AT.replace(tzinfo=None) - timedelta(hours=2), AT.replace(tzinfo=None) - timedelta(days=9)
    usage = usage_text(run, "problem@sum")
    lines = [
        enrolled(who["alice"], at=recently, mode="verified"),
        enrolled(who["dora"], at=long_ago),
        line("problem_check", check({"sum_2_1": ("choice_0", True)}, problem=usage), user=who["alice"], at=recently),
        line("problem_check", _typed(usage, "the <b>&x"), user=who["dora"], at=long_ago),
        browser("play_video", {"id": "text", "currentTime": 0, "duration": 60}, user=who["alice"], at=recently),
        browser("play_video", {"id": "made/up", "currentTime": 0}, user=who["alice"], at=recently),
        browser("stop_video", {"id": "text", "currentTime": 60}, user=who["alice"], at=recently + timedelta(minutes=1)),
    ]
    log.write_bytes(b"".join(lines).replace(b"course-v1:Lykeion+T1+now", str(run).encode()))
    return who


def _typed(usage: str, text: str) -> dict[str, Any]:
    """A wrong answer that is no choice: it is told as it was given."""
    payload = check({"sum_2_1": (text, False)}, problem=usage)
    payload["submission"]["sum_2_1"]["answer"] = text
    return payload


def content_places(run: CourseLocator) -> tuple[str, str]:
    """The ids of the first section and the first subsection."""
    outline = content.outline(run)
    return tuple(next(block.id for block in outline.blocks if block.depth == depth) for depth in (1, 2))  # type: ignore[return-value]


def rows(page: bytes) -> list[list[str]]:
    """The cells of the last table of a page, without its head."""
    found = html.fromstring(page.decode()).xpath("(//table)[last()]//tbody/tr")
    return [[" ".join(cell.text_content().split()) for cell in row.xpath("th|td")] for row in found]


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


@pytest.mark.usefixtures("written")
def test_a_learner_who_stays_away_is_at_risk_and_the_page_says_why(
    as_person: Callable[[str], Client], run: CourseLocator
) -> None:
    refreshing.refresh(at=AT)
    address = reverse("instructor:analytics_learners", args=[run])

    risky = as_person("staff").get(address, {"flag": "at_risk"}).content
    best = as_person("staff").get(address, {"sort": "-problem_attempts"}).content
    named = as_person("staff").get(address, {"text": "ali"}).content

    assert [row[0].split(" ")[0] for row in rows(risky)] == ["dora"]
    assert rows(risky)[0][1] == "At risk no grade yet; last here 9 days ago Fading"
    assert [row[0].split(" ")[0] for row in rows(best)] == ["alice", "dora"]
    assert [row[0].split(" ")[0] for row in rows(named)] == ["alice"]
    heads = html.fromstring(best.decode()).xpath("//th[@aria-sort]")
    assert [(head.get("aria-sort"), head.text_content().strip()) for head in heads] == [("descending", "Attempts")]


@pytest.mark.usefixtures("written")
def test_who_tried_and_solved_nothing_is_told_so(as_person: Callable[[str], Client], run: CourseLocator) -> None:
    refreshing.refresh(at=AT - timedelta(days=8))

    page = as_person("staff").get(reverse("instructor:analytics_learners", args=[run]), {"text": "dora"}).content

    assert rows(page)[0][-1] == "none solved"


def test_why_somebody_struggles_is_told_in_figures() -> None:
    nothing = dict.fromkeys(Learner.__dataclass_fields__, 0) | {"struggling": True, "last": AT}
    bounds = {"attempts_per_completed_low": 1.0, "attempts_per_completed_high": 3.5}

    def why(**more: float | None) -> str:
        return reasons.reasons(Learner(**(nothing | more)), bounds, AT)[0].why  # type: ignore[arg-type]

    assert why(problem_attempts=8, attempts_per_completed=4.0) == (
        "4.0 attempts for each problem solved; most need fewer than 3.5"
    )
    assert why(problem_attempts=1, attempts_per_completed=None) == "1 attempt, nothing solved"
    assert why(problem_attempts=8, attempts_per_completed=None) == "8 attempts, nothing solved"


def test_the_list_of_learners_as_a_file_is_in_the_log(
    as_person: Callable[[str], Client], run: CourseLocator, written: dict[str, int], teacher: Callable[..., Teacher]
) -> None:
    refreshing.refresh(at=AT)

    answer = as_person("data").get(
        reverse("instructor:analytics_learners_file", args=[run, "csv"]), {"mode": "verified"}
    )

    lines = b"".join(answer.streaming_content).decode().splitlines()  # type: ignore[attr-defined]
    assert [line.split(",")[:4] for line in lines] == [
        ["\ufeffuser_id", "username", "email", "mode"],
        [str(written["alice"]), "alice", "alice@example.org", "verified"],
    ]
    [deed], _more = deeds.log(teacher(), whats=["fetch_learners"])
    assert deed.details == {"mode": "verified"}


@pytest.mark.usefixtures("written")
def test_who_looks_for_a_name_of_many_is_told_so_and_gets_them_all_as_a_file(
    as_person: Callable[[str], Client], run: CourseLocator, monkeypatch: pytest.MonkeyPatch
) -> None:
    refreshing.refresh(at=AT)
    monkeypatch.setattr(analytics, "_FOUND", 1)
    monkeypatch.setattr(analytics, "_CHUNK", 1)
    address, file = (
        reverse(f"instructor:analytics_{name}", args=[run, *form])
        for name, form in (("learners", []), ("learners_file", ["csv"]))
    )

    pages = [as_person("data").get(address, {"text": text}).content for text in ("example.org", "alice", "")]
    answer = as_person("data").get(file, {"text": "example.org"})

    told = ["first by user name" in page.decode() for page in pages]
    assert (told, len(rows(pages[0])), len(rows(pages[2]))) == ([True, False, False], 1, 2)
    lines = b"".join(answer.streaming_content).decode().splitlines()  # type: ignore[attr-defined]
    assert [line.split(",")[1] for line in lines] == ["username", "alice", "dora"]


@pytest.mark.usefixtures("written")
def test_figures_come_as_files_and_unknown_ones_are_not_found(
    as_person: Callable[[str], Client], run: CourseLocator
) -> None:
    refreshing.refresh(at=AT)
    staff = as_person("staff")

    file = staff.get(reverse("instructor:analytics_file", args=[run, "grades", "csv"]))
    unknown = staff.get(reverse("instructor:analytics_file", args=[run, "secrets", "csv"]))

    assert b"".join(file.streaming_content) == b"\xef\xbb\xbftenth,learners,passed\r\n"  # type: ignore[attr-defined]
    assert unknown.status_code == HTTPStatus.NOT_FOUND


def lines_of(client: Client, run: CourseLocator, metric: str) -> list[list[str]]:
    """The lines of the file of a metric, its head first."""
    answer = client.get(reverse("instructor:analytics_file", args=[run, metric, "csv"]))
    text = b"".join(answer.streaming_content).decode("utf-8-sig")  # type: ignore[attr-defined]
    return [line.split(",") for line in text.splitlines()]


@pytest.mark.usefixtures("written")
def test_how_many_of_those_enrolled_were_active_is_told_by_week(
    as_person: Callable[[str], Client], run: CourseLocator
) -> None:
    refreshing.refresh(at=AT)
    staff = as_person("staff")

    page = html.fromstring(staff.get(reverse("instructor:analytics_activity", args=[run])).content.decode())
    head, *found = lines_of(staff, run, "activity")

    table = page.xpath("//table[caption='Active learners by week']")[0]
    cells = [[cell.text_content() for cell in row.xpath("td")] for row in table.xpath(".//tbody/tr")]
    assert table.xpath("string(.//th[last()])") == "Active, of those enrolled"
    assert (cells[0], cells[-1]) == (["1", "1", "1", "0", "50 %"], ["1", "1", "0", "0", "100 %"])
    assert head[-2:] == ["enrolled", "active_percent"]
    assert [row[-2:] for row in found] == [["1", "1.0"], ["2", "0.5"]]


@pytest.mark.usefixtures("written")
def test_files_of_progress_name_what_they_are_of(
    as_person: Callable[[str], Client], run: CourseLocator, log: Path, written: dict[str, int]
) -> None:
    at, place = AT.replace(tzinfo=None), "/".join(content_places(run))
    done = {"course_id": str(run), "user_id": written["alice"], "block_type": "problem", "completion": 1.0}
    with log.open("ab") as out:
        out.write(line(f"/courses/{run}/courseware/{place}/1/", "{}", user=written["alice"], at=at, course=str(run)))
        for key in (usage_text(run, "problem@sum"), usage_text(run, "problem@gone")):
            told = done | {"block_id": key}
            out.write(line("edx.completion.block_completion.changed", told, user=1, at=at, course=str(run)))
    before = as_person("staff").get(reverse("instructor:analytics_progress", args=[run])).content.decode()
    refreshing.refresh(at=AT)
    staff = as_person("staff")

    page = staff.get(reverse("instructor:analytics_progress", args=[run])).content.decode()

    blocks = reverse("instructor:analytics_file", args=[run, "completion", "csv"])
    assert (blocks in before, blocks in page) == (False, True)
    assert lines_of(staff, run, "funnel") == [
        ["part_id", "section", "title", "opened", "started", "finished"],
        ["sequential@sub", "Week 1", "Reading", "1", "1", "0"],
        ["sequential@second", "Week 1", "Lakes", "0", "0", "0"],
    ]
    assert [row[:4] for row in lines_of(staff, run, "reach")] == [
        ["part_id", "title", "kind", "there"],
        ["sequential@sub", "Reading", "page", "1"],
        ["sequential@sub", "Reading", "problem", "1"],
    ]
    assert lines_of(staff, run, "completion") == [
        ["block_id", "type", "title", "place", "learners"],
        [usage_text(run, "html@text"), "html", "Text", "Week 1 / Reading / Rivers", "0"],
        [usage_text(run, "problem@sum"), "problem", "Sum", "Week 1 / Reading / Rivers", "1"],
        [usage_text(run, "problem@deep"), "problem", "Deep", "Week 1 / Lakes / More", "0"],
        [usage_text(run, "problem@gone"), "", "", "", "1"],
    ]


@pytest.mark.usefixtures("written")
def test_attempts_on_average_are_on_the_page_and_in_the_file(
    as_person: Callable[[str], Client], run: CourseLocator, log: Path, written: dict[str, int]
) -> None:
    again = check({"sum_2_1": ("choice_1", False)}, problem=usage_text(run, "problem@sum"))
    with log.open("ab") as out:
        out.write(line("problem_check", again, user=written["alice"], at=AT.replace(tzinfo=None), course=str(run)))
    refreshing.refresh(at=AT)
    staff = as_person("staff")

    shown = rows(staff.get(reverse("instructor:analytics_problems", args=[run])).content)
    head, found = lines_of(staff, run, "items")

    assert shown[0][1:4] == ["2", "3", "1.5"]
    assert (head[-1], found[-1]) == ("average_attempts", "1.5")


@pytest.mark.usefixtures("written")
def test_learners_of_a_cohort_are_shown_and_a_file_says_who_is_in_which(
    as_person: Callable[[str], Client], run: CourseLocator, teacher: Callable[..., Teacher]
) -> None:
    refreshing.refresh(at=AT)
    address = reverse("instructor:analytics_learners", args=[run])
    without = as_person("data").get(address).content.decode()
    catalog.set_cohorted(run, True, at=AT)
    for name in ("Blue", "Red"):
        catalog.make_cohort(run, name, automatic=False, at=AT)
    catalog.add_to_cohort(run, "Blue", ["alice"], at=AT)
    data = as_person("data")

    blue, red, unknown = (data.get(address, {"cohort": name}).content for name in ("Blue", "Red", "x"))
    both = data.get(address, {"cohort": "Blue", "text": "example.org"}).content
    file = data.get(reverse("instructor:analytics_learners_file", args=[run, "csv"]), {"cohort": "Blue"})
    everybody = data.get(reverse("instructor:analytics_learners_file", args=[run, "csv"]))

    assert "find-cohort" not in without
    options = html.fromstring(blue.decode()).xpath("//select[@name='cohort']/option")
    assert [(one.text, "selected" in one.attrib) for one in options] == [
        ("All", False), ("Blue", True), ("Red", False),
    ]  # fmt: skip
    assert [row[0].split(" ")[0] for row in rows(blue)] == ["alice"]
    assert [row[0].split(" ")[0] for row in rows(both)] == ["alice"]
    assert [b"Nobody in this course is like that" in page for page in (red, unknown)] == [True, True]
    assert _cohorts(file) == {"alice": "Blue"}
    assert _cohorts(everybody) == {"alice": "Blue", "dora": ""}
    done, _more = deeds.log(teacher(), whats=["fetch_learners"])
    assert [one.details for one in done] == [{}, {"cohort": "Blue"}]


def _cohorts(answer: Any) -> dict[str, str]:
    found = list(csv.DictReader(io.StringIO(b"".join(answer.streaming_content).decode("utf-8-sig"))))
    return {row["username"]: row["cohort"] for row in found}


@pytest.mark.parametrize(
    ("took", "words"), [(None, "within a minute"), (4.0, "within a minute"), (40.0, "within 7 minutes")]
)
@pytest.mark.usefixtures("written")
def test_pages_say_how_soon_figures_are_new(
    as_person: Callable[[str], Client], run: CourseLocator, took: float | None, words: str
) -> None:
    refreshing.refresh(at=AT)
    assert Reading.objects.get().took is not None
    Reading.objects.update(took=took)

    pages = [
        as_person("root").get(reverse(f"instructor:{name}", args=args)).content.decode()
        for name, args in (("analytics", [run]), ("analytics_sql", [run]), ("site_courses", []))
    ]

    assert [f"new figures come {words}" in page for page in pages] == [True] * 3


@pytest.mark.usefixtures("written")
def test_a_file_holds_days_as_days_and_numbers_as_numbers_even_where_there_are_none(
    as_person: Callable[[str], Client], run: CourseLocator
) -> None:
    refreshing.refresh(at=AT)
    staff = as_person("staff")

    def types(metric: str) -> dict[str, str]:
        file = staff.get(reverse("instructor:analytics_file", args=[run, metric, "parquet"]))
        schema = pq.read_schema(io.BytesIO(b"".join(file.streaming_content)))  # type: ignore[attr-defined]
        return {field.name: str(field.type) for field in schema}

    assert types("enrolment") == {"day": "date32[day]", "mode": "string", "count": "int64", "cumulative": "int64"}
    assert types("items")["discrimination"] == "double"  # nobody's yet
    assert types("grades") == {"tenth": "int64", "learners": "int64", "passed": "int64"}  # no row


@pytest.mark.usefixtures("written")
def test_a_page_beyond_the_last_one_is_the_last_one(as_person: Callable[[str], Client], run: CourseLocator) -> None:
    refreshing.refresh(at=AT)

    page = as_person("staff").get(reverse("instructor:analytics_learners", args=[run]), {"page": "99"}).content

    assert len(rows(page)) == 2


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


def test_whoever_deletes_their_account_is_in_no_list(written: dict[str, int], run: CourseLocator) -> None:
    refreshing.refresh(at=AT)

    person_retired.send(None, user_id=written["dora"], email="dora@example.org", at=AT)

    assert list(LearnerFigure.objects.values_list("user_id", flat=True)) == [written["alice"]]


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


@pytest.mark.usefixtures("written")
def test_learners_are_shown_since_they_began_too_and_come_as_parquet(
    as_person: Callable[[str], Client], run: CourseLocator
) -> None:
    refreshing.refresh(at=AT)
    data = as_person("data")

    ever = data.get(reverse("instructor:analytics_learners", args=[run]), {"span": "ever", "text": "dora"}).content
    file = data.get(reverse("instructor:analytics_learners_file", args=[run, "parquet"]))
    figures = data.get(reverse("instructor:analytics_file", args=[run, "items", "parquet"]))
    none = data.get(reverse("instructor:analytics_learners_file", args=[run, "exe"]))

    assert rows(ever)[0][4:] == ["1", "1", "1", "0", "0", "0"]
    table = pq.read_table(io.BytesIO(b"".join(file.streaming_content)))  # type: ignore[attr-defined]
    assert {name: str(kind) for name, kind in zip(table.schema.names, table.schema.types, strict=True)} | {
        "percent": "double", "last": "timestamp[us, tz=UTC]", "at_risk": "bool", "enrolled_on": "date32[day]"
    } == {name: str(kind) for name, kind in zip(table.schema.names, table.schema.types, strict=True)}  # fmt: skip
    assert sorted(table["username"].to_pylist()) == ["alice", "dora"]
    assert pq.read_table(io.BytesIO(b"".join(figures.streaming_content))).num_rows == 1  # type: ignore[attr-defined]
    assert none.status_code == HTTPStatus.NOT_FOUND


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


@pytest.mark.usefixtures("written")
def test_lists_say_what_they_leave_out(
    as_person: Callable[[str], Client], run: CourseLocator, monkeypatch: pytest.MonkeyPatch
) -> None:
    refreshing.refresh(at=AT)
    monkeypatch.setattr(analytics, "_FOUND", 1)
    staff = as_person("staff")

    some = staff.get(reverse("instructor:analytics_learners", args=[run]), {"text": "example.org"}).content.decode()
    unknown = staff.get(reverse("instructor:analytics_learners", args=[run]), {"sort": "xx"}).content
    usual = staff.get(reverse("instructor:analytics_learners", args=[run])).content
    up = staff.get(reverse("instructor:analytics_learners", args=[run]), {"sort": "percent"}).content

    assert "At least 1 learner<" in some
    assert rows(unknown) == rows(usual)
    assert b"sort=xx" not in unknown
    assert len(rows(up)) == 2
    progress = staff.get(reverse("instructor:analytics_progress", args=[run])).content.decode()
    assert "Some of them" in progress
    assert "At least one" not in progress


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
