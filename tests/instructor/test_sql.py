"""Questions in SQL: who asks what, and what comes back."""

from __future__ import annotations

import io
from collections.abc import Callable
from http import HTTPStatus
from typing import Any

import pyarrow.parquet as pq
import pytest
from django.test import Client
from django.urls import reverse
from lxml import html

from lykeion.analytics import refreshing
from lykeion.core.keys import CourseLocator
from lykeion.jobs import api as jobs
from lykeion.teaching.api import deeds
from lykeion.teaching.types import Teacher
from tests.instructor.figures import AT, rows

LEARNERS = "SELECT user_id, mode FROM learners ORDER BY mode DESC"


@pytest.fixture
def ask(run: CourseLocator, written: dict[str, int]) -> Callable[..., str]:
    """Asks a question; the address of its answer."""
    refreshing.refresh(at=AT)

    def asked(client: Client, sql: str, page: str = "") -> str:
        answer = client.post(page or reverse("instructor:analytics_sql", args=[run]), {"sql": sql})
        jobs.run_pending()
        return str(answer["Location"].removesuffix("#answer"))

    return asked


def test_an_answer_is_a_table_and_two_files(
    as_person: Callable[[str], Client],
    ask: Callable[..., str],
    written: dict[str, int],
    teacher: Callable[..., Teacher],
) -> None:
    data = as_person("data")

    address = ask(data, LEARNERS)
    page, csv, parquet = data.get(address), data.get(f"{address}.csv"), data.get(f"{address}.parquet")

    alice, dora = str(written["alice"]), str(written["dora"])
    answer = html.fromstring(page.content.decode()).xpath("//section[@id='answer']//tbody/tr")
    assert [[cell.text_content() for cell in row] for row in answer] == [[alice, "verified"], [dora, "audit"]]
    assert b"".join(csv.streaming_content).decode("utf-8-sig").splitlines() == [  # type: ignore[attr-defined]
        "user_id,mode", f"{alice},verified", f"{dora},audit",
    ]  # fmt: skip
    table = pq.read_table(io.BytesIO(b"".join(parquet.streaming_content)))  # type: ignore[attr-defined]
    assert table.to_pylist()[0] == {"user_id": written["alice"], "mode": "verified"}
    [deed], _more = deeds.log(teacher(), whats=["ask_sql"])
    assert deed.details == {"sql": LEARNERS}


TOLD = {
    "SELECT question, answer, correct FROM answers ORDER BY answer": [
        ["How much?", "the <b>&x", "False"],
        ["How much?", "the choice_0", "True"],
    ],
    "SELECT title, type FROM blocks WHERE block_id LIKE '%@sum'": [["Sum", "problem"]],
    "SELECT event, count(*) FROM module_engagement GROUP BY event ORDER BY event": [
        ["attempted", "2"],
        ["completed", "1"],
        ["viewed", "2"],
    ],
    "SELECT event, mode FROM enrolments ORDER BY mode": [["activated", "audit"], ["activated", "verified"]],
    "SELECT count(*) FROM activity": [["2"]],
    "SELECT count(*) FROM information_schema.tables": [["14"]],
    "SELECT problem_attempts, videos_played FROM engagement ORDER BY videos_played": [["1", "0"], ["1", "2"]],
}


@pytest.mark.parametrize("sql", TOLD)
def test_tables_hold_what_the_course_did(as_person: Callable[[str], Client], ask: Callable[..., str], sql: str) -> None:
    data = as_person("data")

    page = data.get(ask(data, sql))

    answer = html.fromstring(page.content.decode()).xpath("//section[@id='answer']//tbody/tr")
    assert [[cell.text_content() for cell in row] for row in answer] == TOLD[sql]


def test_an_answer_is_in_the_words_of_the_tables(as_person: Callable[[str], Client], ask: Callable[..., str]) -> None:
    data = as_person("data")

    page = data.get(ask(data, "SELECT range AS n, DATE '2026-03-02' AS day FROM range(100001)")).content.decode()

    answer = html.fromstring(page).xpath("//section[@id='answer' and @tabindex='-1']")[0]
    found = " ".join(answer.xpath(".//p[@id='sql-found']")[0].text_content().split())
    assert found.startswith("100000 rows in ")
    assert found.endswith("seconds. There are more: the answer was cut.")
    assert [" ".join(head.text_content().split()) for head in answer.xpath(".//th")] == ["n whole number", "day date"]
    assert [cell.get("class") for cell in answer.xpath(".//tbody/tr[1]/td")] == ["number", None]


def test_a_mistake_is_shown_with_its_place(as_person: Callable[[str], Client], ask: Callable[..., str]) -> None:
    data = as_person("data")

    page = data.get(ask(data, "SELECT mode\nFROM learner")).content.decode()

    assert "Line 2, column 6" in page
    assert 'Did you mean "learners"?' in html.fromstring(page).xpath("//section[@id='answer']")[0].text_content()
    assert "FROM learner\n     ^" in html.fromstring(page).xpath("//pre")[0].text


def test_nobody_else_reads_an_answer_and_no_other_course_is_asked(
    as_person: Callable[[str], Client], ask: Callable[..., str], run: CourseLocator
) -> None:
    data, admin, root = as_person("data"), as_person("admin"), as_person("root")

    address = ask(data, LEARNERS)
    number = address.rpartition("/")[2]
    everywhere = ask(root, "SELECT DISTINCT course_id FROM learners", reverse("instructor:site_sql"))

    assert data.get(address).status_code == HTTPStatus.OK
    refused = [admin.get(address), admin.get(f"{address}.csv"), data.get(f"{address}.exe"),
               root.get(reverse("instructor:site_sql_answer", args=[number]))]  # fmt: skip
    assert [one.status_code for one in refused] == [HTTPStatus.NOT_FOUND] * 4
    assert rows(root.get(everywhere).content)
    assert str(run) in root.get(everywhere).content.decode()


def test_a_question_that_is_none_is_shown_again(as_person: Callable[[str], Client], run: CourseLocator) -> None:
    page = reverse("instructor:analytics_sql", args=[run])
    data = as_person("data")

    empty, long = data.post(page, {"sql": "  "}), data.post(page, {"sql": "x" * 20_001})

    assert (empty.status_code, long.status_code) == (422, 422)
    assert "Write a question" in empty.content.decode()
    assert "at most 20000 characters" in long.content.decode()


def test_the_next_question_ends_the_one_before(
    as_person: Callable[[str], Client], run: CourseLocator, log: Any
) -> None:
    data, page = as_person("data"), reverse("instructor:analytics_sql", args=[run])

    first = data.post(page, {"sql": "SELECT 1"})["Location"].removesuffix("#answer")
    waiting = data.get(first, headers={"HX-Request": "true"}).content.decode()
    data.post(page, {"sql": "SELECT 2"})

    assert "Being answered" in waiting
    assert "Another question was asked" in data.get(first).content.decode()


@pytest.mark.usefixtures("written")
def test_courses_are_listed_in_figures_for_the_staff_of_the_site(
    as_person: Callable[[str], Client], run: CourseLocator
) -> None:
    refreshing.refresh(at=AT)

    page = as_person("root").get(reverse("instructor:site_courses")).content

    assert [row[1:] for row in rows(page) if str(run) in row[0]] == [["2", "+1", "2", "1", "0"]]


def test_what_the_staff_of_the_site_asks_of_all_courses_is_in_a_log(
    as_person: Callable[[str], Client], run: CourseLocator, log: Any
) -> None:
    root, page = as_person("root"), reverse("instructor:site_sql")
    hidden = f"/* {'x' * 500} */ SELECT email FROM learners"

    root.post(page, {"sql": "SELECT '<b>'"})
    root.post(page, {"sql": " "})
    root.post(page, {"sql": hidden})
    shown = root.get(reverse("instructor:site_log")).content.decode()

    asked = [one.text_content() for one in html.fromstring(shown).xpath("//ol//pre")]
    assert asked == [hidden, "SELECT '<b>'"]
    assert [deed.by.username for deed in deeds.site_log()[0] if deed.by] == ["root", "root"]
    assert shown.count("root ·") == 2
    of_course = [as_person(who).get(reverse("instructor:log", args=[run])).content.decode() for who in ("root", "data")]
    assert [reverse("instructor:site_log") in one for one in of_course] == [True, False]


def test_the_log_of_all_courses_goes_on_page_by_page(as_person: Callable[[str], Client]) -> None:
    for number in range(deeds.PAGE + 1):
        deeds.record_for_site(1, "ask_sql", details={"sql": f"SELECT {number}"}, at=AT)
    root, page = as_person("root"), reverse("instructor:site_log")

    [older] = html.fromstring(root.get(page).content).xpath("//nav[@aria-label='Older']/a/@href")
    last = html.fromstring(root.get(page + older).content)

    assert [one.text_content() for one in last.xpath("//ol//pre")] == ["SELECT 0"]
