"""Pages of a real (small) run, as Alice's browser gets them, without scripts."""

from __future__ import annotations

import html
import json
import re
from urllib.parse import unquote

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from lykeion.accounts.models import User
from lykeion.catalog import api as catalog
from lykeion.content import api as content
from lykeion.core.clock import now
from lykeion.core.keys import run_of, usage_of
from tests.learn.conftest import KEY, import_course
from tests.learn.course import write_course

COURSE = f"/courses/{KEY}"
FIRST = f"{COURSE}/courseware/wonder/first"
SCRIPT = {"sec-fetch-mode": "cors", "x-requested-with": "XMLHttpRequest"}


def text(response):
    """The words of a page."""
    assert response.status_code == 200
    body = re.sub(r"<(script|style|head)\b.*?</\1>", " ", response.content.decode(), flags=re.DOTALL)
    return re.sub(r"\s+", " ", html.unescape(re.sub(r"<[^>]+>", " ", body)))


def links(response):
    return [html.unescape(link) for link in re.findall(r'href="([^"]+)"', response.content.decode())]


def test_course_home_tells_where_to_begin_what_is_new_and_what_there_is(alice):
    home = alice.get(f"{COURSE}/course/")

    words = text(home)
    for told in ("How to ask a good question", "Start course", "The second film is here.", "First steps", "Reader"):
        assert told in words
    assert "For teachers" not in words
    assert f"{FIRST}/1/" in links(home)


def test_a_section_that_is_collapsed_has_no_subsections_in_the_page(alice):
    closed, opened = alice.get(f"{COURSE}/course/"), alice.get(f"{COURSE}/course/?open=chapter@method")

    assert "The end" not in text(closed)
    assert "The end" in text(opened)
    assert "opens on" in text(opened).lower()


def test_expand_all_opens_every_section(alice):
    words = text(alice.get(f"{COURSE}/course/?open=all"))

    assert "First steps" in words
    assert "The end" in words
    assert "Collapse all" in words


def test_an_update_that_is_put_away_stays_away_in_this_browser(alice):
    mark = re.search(r'name="update" value="(\w+)"', alice.get(f"{COURSE}/course/").content.decode()).group(1)

    response = alice.post(f"{COURSE}/dismiss_update", {"update": mark}, follow=True)

    assert "Put this news away" not in response.content.decode()
    assert "The second film is here." in text(response)  # among the earlier news


def test_a_unit_shows_its_blocks_in_order_and_the_way_on(alice):
    unit = alice.get(f"{FIRST}/2/")

    words = text(unit)
    assert words.index("Which of these is a question?") < words.index("Well asked.")
    assert "It begins with wonder First steps Try it" in words
    assert f"{COURSE}/courseware/wonder/homework/1/" in links(unit)
    assert f"{FIRST}/1/" in links(unit)


def test_coming_back_leads_to_where_one_was(alice):
    alice.get(f"{COURSE}/courseware/wonder/homework/1/")

    home = alice.get(f"{COURSE}/course/")
    back = alice.get(f"{COURSE}/courseware/")

    assert "Resume course" in text(home)
    assert back["Location"] == f"{COURSE}/courseware/wonder/homework/1/"


@pytest.mark.parametrize(
    ("asked", "led"),
    [
        ("/", "/course/"),
        ("/info", "/course/"),
        ("/courseware/wonder/", "/courseware/wonder/first/1/"),
        ("/courseware/wonder/homework/", "/courseware/wonder/homework/1/"),
        ("/courseware/wonder/first/2", "/courseware/wonder/first/2/"),
        ("/courseware/method/first/2/", "/courseware/wonder/first/2/"),
        ("/courseware/wonder/first/99/", "/courseware/wonder/first/"),
        (f"/jump_to/{usage_of(KEY, 'problem@choose')}", "/courseware/wonder/first/2/#problem@choose"),
        (f"/jump_to/{usage_of(KEY, 'sequential@homework')}", "/courseware/wonder/homework/1/"),
        ("/jump_to_id/choose", "/courseware/wonder/first/2/#problem@choose"),
        ("/jump_to_id/homework", "/courseware/wonder/homework/1/"),
        (f"/jump_to/{usage_of(KEY, 'course@course')}", "/courseware/wonder/first/1/"),
    ],
)
def test_every_way_to_write_an_address_leads_to_its_page(alice, asked, led):
    response = alice.get(COURSE + asked)

    assert response.status_code == 302
    assert unquote(response["Location"]) == COURSE + led


@pytest.mark.parametrize("asked", ["/jump_to_id/gone", f"/jump_to/{usage_of(KEY, 'html@gone')}", "/jump_to_id/notes"])
def test_a_link_to_what_is_gone_or_hidden_finds_nothing(alice, asked):
    response = alice.get(COURSE + asked, follow=True)

    assert response.status_code == 404


@pytest.mark.parametrize("asked", ["/jump_to_id/notes", f"/jump_to/{usage_of(KEY, 'html@notes')}"])
def test_a_link_does_not_tell_where_something_hidden_is(alice, as_person, asked):
    assert alice.get(COURSE + asked).status_code == 404
    assert as_person("bob").get(COURSE + asked).status_code == 302


def answer(client, choice, **headers):
    usage = usage_of(KEY, "problem@choose")
    name, value = re.findall(r'<input type="radio" name="([^"]+)"[^>]* value="([^"]+)"', source(client))[choice]
    address = f"{COURSE}/xblock/{usage}/handler/xmodule_handler/problem_check"
    token = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"[^>]*><input type="hidden" name="sub', source(client))
    return client.post(address, {name: value, "csrfmiddlewaretoken": token.group(1)}, headers=headers)


def source(client):
    return client.get(f"{FIRST}/2/").content.decode()


def test_an_answer_sent_by_a_script_is_graded_in_the_reply(alice):
    response = answer(alice, 0, **SCRIPT)

    assert response.status_code == 200
    assert response.json()["success"] == "correct"


def test_an_answer_sent_without_scripts_comes_back_to_its_place_with_the_result(alice):
    alice.handler.enforce_csrf_checks = True

    response = answer(alice, 0)

    assert response.status_code == 303
    assert unquote(response["Location"]) == f"{FIRST}/2/#problem@choose"
    assert "Correct" in text(alice.get(f"{FIRST}/2/"))


def test_an_answer_shows_in_the_progress_at_once(alice):
    answer(alice, 0, **SCRIPT)

    words = text(alice.get(f"{COURSE}/progress"))

    assert "1/1 100%" in words


def test_a_handler_that_is_not_there_is_not_found(alice):
    usage = usage_of(KEY, "problem@choose")

    response = alice.post(f"{COURSE}/xblock/{usage}/handler/nothing", headers=SCRIPT)

    assert response.status_code == 404


def test_a_handler_of_a_hidden_block_is_not_there(alice):
    usage = usage_of(KEY, "html@notes")

    response = alice.get(f"{COURSE}/xblock/{usage}/handler/anything", headers=SCRIPT)

    assert response.status_code == 404


def test_what_was_seen_is_ticked(alice):
    words = usage_of(KEY, "html@words")
    report = json.dumps({"blocks": {str(words): 1.0}})

    response = alice.post(f"{COURSE}/completion", report, content_type="application/json", headers=SCRIPT)

    assert response.json() == {"saved": 1, "unit_complete": True}
    assert "Hello , complete" in text(alice.get(f"{FIRST}/2/"))


def test_a_unit_is_done_when_everything_in_it_is(alice):
    address = f"{COURSE}/done/{usage_of(KEY, 'vertical@try')}"
    report = json.dumps({"blocks": {str(usage_of(KEY, "html@after")): 1.0}})

    alice.post(f"{COURSE}/completion", report, content_type="application/json")
    half = alice.get(address).json()
    answer(alice, 1, **SCRIPT)
    whole = alice.get(address).json()

    assert (half, whole) == ({"unit_complete": False}, {"unit_complete": True})


def test_a_report_that_makes_no_sense_is_refused_in_words(alice):
    response = alice.post(f"{COURSE}/completion", "[]", content_type="application/json", headers=SCRIPT)

    assert response.status_code == 400
    assert "block-v1:" in response.json()["error"]


def test_a_bookmark_is_set_listed_and_taken_away_without_scripts(alice):
    address = f"{COURSE}/bookmarks/{usage_of(KEY, 'vertical@try')}"

    alice.post(address, {"on": "1"})
    listed = alice.get(f"{COURSE}/bookmarks/")
    unit = alice.get(f"{FIRST}/2/")
    gone = alice.post(address, {"on": "0", "then": "list"}, follow=True)

    assert "It begins with wonder First steps" in text(listed)
    assert f"{FIRST}/2/" in links(listed)
    assert "Bookmarked" in text(unit)
    assert "No bookmarks yet" in text(gone)


def test_a_bookmark_set_by_htmx_answers_with_the_button_as_it_is_now(alice):
    address = f"{COURSE}/bookmarks/{usage_of(KEY, 'vertical@try')}"

    response = alice.post(address, {"on": "1"}, headers={"hx-request": "true"})

    assert 'aria-pressed="true"' in response.content.decode()
    assert "<html" not in response.content.decode()


def test_the_pages_of_the_authors_are_shown_under_their_names(alice):
    words = text(alice.get(f"{COURSE}/syllabus/"))

    assert "Ten weeks of questions." in words
    assert "Teachers" not in words


def test_dates_of_the_course_are_listed(alice):
    words = text(alice.get(f"{COURSE}/dates"))

    assert words.index("Today") < words.index("Homework 1")
    assert "All times are in the time zone UTC." in words


def test_a_block_can_be_shown_by_itself(alice):
    page = alice.get(f"/xblock/{usage_of(KEY, 'html@words')}?view=student_view")
    told = alice.get(f"{COURSE}/xblock/{usage_of(KEY, 'html@words')}/view/student_view").json()

    assert "Wonder is where it begins." in text(page)
    assert "My courses" not in text(page)
    assert "Wonder is where it begins." in told["html"]
    assert told["csrf_token"]


def test_a_file_of_a_block_type_that_is_not_there_is_not_found(client, db):
    assert client.get("/xblock/resource/html/../../settings.py").status_code == 404
    assert client.get("/xblock/resource/nothing/a.css").status_code == 404


def test_a_file_of_a_block_type_comes_from_its_package(client, db):
    data = client.get("/xblock/resource/acid/public/test_data.json")

    assert data.status_code == 200
    assert data["Content-Type"] == "application/json"
    assert data["X-Content-Type-Options"] == "nosniff"
    assert "max-age" in data["Cache-Control"]


def test_links_in_authors_text_lead_to_files_and_pages_of_this_run(alice):
    found = links(alice.get(f"{FIRST}/1/"))

    assert f"{COURSE}/jump_to_id/homework" in found


@pytest.mark.parametrize(
    ("address", "most"),
    [
        (f"{COURSE}/course/", 10),
        (f"{FIRST}/1/", 11),
        (f"{FIRST}/2/", 11),
        (f"{COURSE}/progress", 11),
        (f"{COURSE}/dates", 9),
        (f"{COURSE}/bookmarks/", 8),
    ],
)
def test_a_page_asks_the_database_a_few_times(alice, address, most):
    alice.get(address)

    with CaptureQueriesContext(
        connection,
    ) as asked:
        alice.get(address)

    assert len(asked) <= most, "\n".join(query["sql"] for query in asked)


def test_three_problems_cost_no_more_questions_than_one(alice):
    one, two = f"{FIRST}/2/", f"{COURSE}/courseware/wonder/homework/1/"
    counts = []
    for address in (one, two):
        alice.get(address)
        with CaptureQueriesContext(connection) as asked:
            alice.get(address)
        counts.append(len(asked))

    assert counts[0] == counts[1]


def test_dates_are_told_in_the_time_zone_of_the_person(alice):
    User.objects.filter(username="alice").update(time_zone="Asia/Tokyo")

    unit = text(alice.get(f"{COURSE}/courseware/wonder/homework/1/"))

    assert "due June 1, 2030, 7 p.m. (JST)" in unit


def test_clients_of_open_edx_tell_a_position(alice):
    handler = f"{COURSE}/xblock/{usage_of(KEY, 'sequential@first')}/handler/goto_position"

    told = alice.post(handler, '{"position": 2}', content_type="application/json", headers=SCRIPT)
    bad = alice.post(handler, "{}", content_type="application/json", headers=SCRIPT)

    assert (told.json(), bad.status_code) == ({"success": True}, 400)
    assert alice.get(f"{COURSE}/courseware/")["Location"] == f"{FIRST}/2/"


def test_another_site_calls_without_a_token_and_as_nobody(alice):
    alice.handler.enforce_csrf_checks = True
    handler = f"{COURSE}/xblock/{usage_of(KEY, 'problem@choose')}/handler_noauth/nothing"

    response = alice.post(handler, "x=1", content_type="text/plain")

    assert response.status_code == 404


def test_a_refusal_to_htmx_is_said_on_the_page(as_person):
    address = f"{COURSE}/bookmarks/{usage_of(KEY, 'vertical@try')}"

    response = as_person("dan").post(address, {"on": "1"}, headers={"hx-request": "true"})

    assert response.status_code == 403
    assert json.loads(response["HX-Trigger"])["toast"]["text"] == response.json()["error"]


def test_a_public_course_is_read_by_everybody_and_done_by_learners(as_person, tmp_path):
    import_course(write_course(tmp_path / "public", more='course_visibility="public"'))
    visitor = as_person("")

    home, unit = visitor.get(f"{COURSE}/course/"), visitor.get(f"{FIRST}/1/")
    asked = visitor.get(f"{COURSE}/progress")

    assert "First steps" in text(home)
    assert "Wonder is where it begins." in text(unit)
    assert "Bookmark" not in text(unit)
    assert asked["Location"].startswith("/account/login/")


def test_two_runs_of_one_content_lead_to_themselves_only(alice, tmp_path):
    other = run_of("Lyceum", "PHIL1", "2027")
    folder = write_course(tmp_path / "again")
    (folder / "about" / "overview.html").write_text('<img src="/static/images_owl.png">')
    for run in (KEY, other):
        content.import_course(folder, run=run, author="carol", at=now())
    catalog.enrol(User.objects.get(username="alice").pk, other, at=now())

    pages = {
        run: [unquote(alice.get(f"/courses/{run}/{page}").content.decode()) for page in ("about", "course/")]
        for run in (KEY, other)
    }

    assert content.head(KEY, "published") == content.head(other, "published")
    assert [str(KEY).partition(":")[2] in page for page in pages[other]] == [False, False]
    assert [str(other).partition(":")[2] in page for page in pages[KEY]] == [False, False]
