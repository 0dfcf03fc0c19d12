"""A line becomes a row."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import orjson
import pytest

from lykeion.analytics.envelope import Unreadable
from lykeion.analytics.kinds import KINDS
from lykeion.analytics.parse import parse
from tests.analytics.lines import NOON, RUN, SUM, browser, check, enrolled, line

CCX = "ccx-v1:Lykeion+T1+now+ccx@5"


def values(raw: bytes) -> tuple[str, dict[str, object]]:
    kind, _day, row = parse(raw)
    named = dict(zip([name for name, _type in KINDS[kind]], row, strict=True))
    del named["event_id"]
    return kind, named


def common(name: str, source: str = "server") -> dict[str, object]:
    return {"time": NOON, "course_id": RUN, "user_id": 7, "event_type": name, "event_source": source}


def test_an_answer_keeps_each_part() -> None:
    payload = check({"sum_2_1": ("choice_1", True), "sum_2_1_dynamath": ("x", True)})

    kind, row = values(line("problem_check", payload, module="Sum"))

    part = ("sum_2_1", "the choice_1", "choice_1", True, "multiplechoiceresponse", "choicegroup", "How much?", "1")
    figures = {"attempts": 1, "grade": 2.0, "max_grade": 2.0, "success": "correct"}
    about = {"problem_id": SUM, "display_name": "Sum"}
    assert (kind, row) == ("problem", {**common("problem_check"), **about, **figures, "parts": [part], "tags": []})


@pytest.mark.parametrize(
    ("told", "kept"),
    [
        ("<p>A <b>red</b> one</p>\n", "A red one"),
        ("5 &lt; 7 &amp; 8", "5 < 7 & 8"),
        ("<!-- new -->A < B > C", "A < B > C"),
        ('<img src="x.png" alt="">', '<img src="x.png" alt="">'),
        ("<b>", "<b>"),
        ("List<String>", "List<String>"),
        ("<money> and <T>", "<money> and <T>"),
        ("List&lt;String&gt;", "List<String>"),
        ("if (a<b && c>d)", "if (a<b && c>d)"),
        ("&lt;b&gt;bold&lt;/b&gt;", "<b>bold</b>"),
        ('<span class="x" hidden>A</span><BR/>B', "AB"),
        ("<math><mfrac><mn>1</mn><mn>2</mn></mfrac></math>", "12"),
        (["<p>A</p>", "<i>B</i>"], "[A|B]"),
    ],
)
def test_a_choice_is_its_words_and_what_was_typed_stays(told: object, kept: str) -> None:
    payload = check({"sum_2_1": ("choice_1", True), "sum_3_1": ("<b>typed</b> &amp;", True)})
    payload["submission"]["sum_2_1"]["answer"] = told
    payload["submission"]["sum_3_1"]["answer"] = "<b>typed</b> &amp;"

    _kind, row = values(line("problem_check", payload))

    chosen, typed = row["parts"]  # type: ignore[misc]
    assert (chosen[1:3], typed[1:3]) == ((kept, "choice_1"), ("<b>typed</b> &amp;", None))


def test_an_answer_of_old_releases_is_read_from_its_map_of_what_is_correct() -> None:
    payload = {
        "problem_id": SUM,
        "answers": {"sum_2_1": ["choice_0", "choice_2"]},
        "correct_map": {"sum_2_1": {"correctness": "incorrect"}},
        "state": {"seed": 4},
    }

    _kind, row = values(line("problem_check", payload))

    assert row["parts"] == [("sum_2_1", "[choice_0|choice_2]", None, False, None, None, None, "4")]


def test_a_video_event_of_a_browser_is_unwrapped_and_its_course_found_in_the_address() -> None:
    payload = {"id": " rivers ", "code": "html5", "currentTime": "12.5", "duration": 60}

    kind, row = values(browser("play_video", payload, course=""))

    figures = {"video_id": "rivers", "position": 12.5, "old_position": None, "duration": 60.0}
    assert (kind, row) == ("video", {**common("play_video", "browser"), **figures})


@pytest.mark.parametrize("received", ["2026-03-02T12:00:00+00:00", 5, {}])
def test_a_course_that_the_site_left_out_is_not_looked_for_in_the_address(received: Any) -> None:
    told = orjson.loads(browser("play_video", {"id": "rivers"}, course=""))
    told["context"]["received_at"] = received

    kind, row = values(orjson.dumps(told))

    assert (kind, row["course_id"], row["user_id"]) == ("video", None, 7)


def test_a_seek_is_at_its_new_place() -> None:
    _kind, row = values(browser("seek_video", {"id": "rivers", "old_time": 9, "new_time": 30.5}))

    assert (row["position"], row["old_position"]) == (30.5, 9.0)


def test_an_enrolment_is_about_the_learner_not_about_who_enrolled_them() -> None:
    payload = {"course_id": "course-v1:Other+X+1", "user_id": 8, "mode": "verified"}

    kind, row = values(line("edx.course.enrollment.activated", payload, user=99))

    about = {"course_id": "course-v1:Other+X+1", "user_id": 8, "mode": "verified"}
    assert (kind, row) == ("enrol", {**common("edx.course.enrollment.activated"), **about})


def test_a_request_is_a_page_and_its_course_that_of_its_path() -> None:
    path = f"/courses/{RUN}/courseware/week/"

    kind, row = values(line(path, '{"GET": {}, "POST": {}}', course=""))

    assert (kind, row) == ("page", common(path))


def test_the_course_of_a_block_is_that_of_its_address() -> None:
    path = f"/courses/course-v1:A+B+C/xblock/{SUM}/handler/xmodule_handler/problem_check"

    _kind, row = values(line(path, "", course=""))

    assert row["course_id"] == RUN


@pytest.mark.parametrize(
    ("name", "payload", "source"),
    [
        ("problem_check", "input_sum_2_1=choice_0", "browser"),
        ("problem_check", check({"sum_2_1": ("choice_1", True)}), "browser"),
        ("edx.course.enrollment.activated", {"course_id": RUN, "user_id": 8, "mode": "verified"}, "browser"),
        ("edx.grades.course.grade_calculated", {"course_id": RUN, "user_id": 7, "percent_grade": 1.0}, "mobile"),
        ("edx.forum.thread.created", {"commentable_id": "x"}, "browser"),
        ("problem_graded", [["a=1"], "<html>"], "browser"),
        ("play_video", "null", "browser"),
        ("play_video", {"id": ["a"]}, "server"),
        ("play_video", '{"id": "a", "x": ' + "[" * 20_000 + "]" * 20_000 + "}", "browser"),
        ("edx.course.enrollment.activated", {"course_id": RUN}, "server"),
        ("problem_check", {"problem_id": SUM, "attempts": 1 << 63}, "server"),
        ("somebody.elses.event", {"a": 1}, "server"),
    ],
)
def test_an_event_with_another_payload_or_sender_than_it_should_have_counts_as_activity_alone(
    name: str, payload: object, source: str
) -> None:
    kind, row = values(line(name, payload, source=source))

    assert (kind, row) == ("other", common(name, source))


@pytest.mark.parametrize(
    ("user", "known"),
    [
        (7, 7),
        ("7", 7),
        ("", None),
        (None, None),
        (0, None),
        (1 << 70, None),
        (True, None),
        ("x", None),
        (5.0, 5),
        (5.5, None),
        (-5.0, None),
        (1e300, None),
    ],
)
def test_a_person_is_a_number_or_nobody(user: object, known: int | None) -> None:
    _kind, row = values(line("page_close", {}, user=user) if user != 1 << 70 else _with_a_huge_user())

    assert row["user_id"] == known


@pytest.mark.parametrize(
    ("job", "source", "kept"),
    [
        (b"true", "server", "task"),
        (b"false", "server", "server"),
        (b'"yes"', "server", "server"),
        (b"true", "browser", "browser"),
        (b"true", "task", "task"),
    ],
)
def test_what_a_job_did_is_told_from_what_people_do(job: bytes, source: str, kept: str) -> None:
    raw = line("problem_check", check({"sum_2_1": ("choice_1", True)}), source=source)

    raw = raw.replace(b'"org_id"', b'"job":%s,"org_id"' % job)
    found = [values(one) for one in (raw, raw.replace(b'"page":null', b'"page":NaN'))]

    kind = "other" if source == "browser" else "problem"
    assert [(is_kind, row["event_source"]) for is_kind, row in found] == [(kind, kept)] * 2


def test_whose_a_payload_is_may_be_written_with_a_point() -> None:
    kind, row = values(line("edx.course.enrollment.activated", {"course_id": RUN, "user_id": 8.0, "mode": "audit"}))

    assert (kind, row["user_id"]) == ("enrol", 8)


@pytest.mark.parametrize("course", [CCX, f"{CCX}\n"])
def test_what_a_coach_made_of_a_course_is_one(course: str) -> None:
    _kind, row = values(line("page_close", {}, course=course))

    assert row["course_id"] == CCX


@pytest.mark.parametrize("word", [b"NaN", b"Infinity", b"-Infinity"])
def test_what_is_no_number_loses_no_event(word: bytes) -> None:
    payload = {**check({"sum_2_1": ("choice_1", True)}), "grade": 12345}

    kind, row = values(line("problem_check", payload).replace(b"12345", word))

    assert (kind, row["grade"], row["max_grade"]) == ("problem", None, 1.0)
    with pytest.raises(Unreadable, match="not-an-event"):
        parse(b"[1, " + word + b"]")


ODD = [
    ({"attempts": 2.0}, 2, 1),
    ({"attempts": 2.5}, None, 1),
    ({"attempts": 1e300}, None, 1),
    ({"attempts": None, "answers": None}, None, 1),
    ({"correct_map": None}, 1, 1),
    ({"answers": None, "correct_map": None, "submission": None}, 1, 0),
    ({"correct_map": None, "submission": None}, 1, 1),
]


@pytest.mark.parametrize(("told", "attempts", "parts"), ODD)
def test_an_answer_is_one_though_some_of_it_is_odd(told: dict[str, Any], attempts: int | None, parts: int) -> None:
    kind, row = values(line("problem_check", check({"sum_2_1": ("choice_1", True)}) | told))

    assert (kind, row["attempts"], len(row["parts"])) == ("problem", attempts, parts)  # type: ignore[arg-type]


def _with_a_huge_user() -> bytes:
    return line("page_close", {}, user=1234567).replace(b"1234567", str(1 << 70).encode())


def test_what_is_no_course_is_none() -> None:
    _kind, row = values(line("page_close", {}, course="<script>"))

    assert row["course_id"] is None


def test_words_before_the_json_are_passed_over() -> None:
    raw = b"Mar  2 12:00:00 host tracker: " + enrolled(7)

    assert parse(raw)[1:] == ("2026-03-02", (parse(raw)[2][0], *parse(enrolled(7))[2][1:]))


def test_a_moment_of_another_zone_is_that_of_utc() -> None:
    raw = enrolled(7).replace(b"+00:00", b"-13:00")

    assert (parse(raw)[1], parse(raw)[2][1]) == ("2026-03-03", datetime(2026, 3, 3, 1))


@pytest.mark.parametrize("written", ["20260302T120000", "2026-W10-1T12:00:00"])
def test_a_day_has_one_name_however_it_is_written(written: str) -> None:
    raw = enrolled(7).replace(b"2026-03-02T12:00:00.000000", written.encode())

    assert (parse(raw)[1], parse(raw)[2][1]) == ("2026-03-02", NOON)


@pytest.mark.parametrize(
    ("raw", "reason"),
    [
        (enrolled(7)[:200], "not-json"),
        (b"\xff\xfe", "not-json"),
        (b"{" * 1_000_000, "not-json"),
        (enrolled(7).replace(b'"page":null', b'"page":' + b"[" * 20_000 + b"]" * 20_000), "not-json"),
        (b"{}", "no-type"),
        (b'{"a": 1, "event_type": 3}', "not-an-event"),
        (b"[1, 2]", "not-an-event"),
        (b"[]\n", "not-an-event"),
        (b'"{}"', "not-an-event"),
        (b"[1, 2", "not-json"),
        (b"[" * 100_000, "not-json"),
        (b"", "not-json"),
        (enrolled(7).replace(b"2026-03-02T", b"someday"), "no-time"),
        (enrolled(7).replace(b"2026-", b"9999-"), "no-time"),
    ],
)
def test_what_is_no_event_says_why(raw: bytes, reason: str) -> None:
    with pytest.raises(Unreadable) as caught:
        parse(raw)

    assert caught.value.reason == reason


def test_half_a_character_loses_no_event() -> None:
    raw = line("page_close", {"a": 1}).replace(b'{"a":1}', b'"\\ud83d"')

    assert values(raw)[0] == "other"


def test_names_and_addresses_of_learners_stay_out() -> None:
    everything = b"".join(str(parse(raw)).encode() for raw in (enrolled(7), line("page_close", {})))

    assert (b"alice" in everything, b"10.0.0.1" in everything) == (False, False)


OF_OTHERS = [
    ("edx.cohort.user_added", {"cohort_id": 1, "user_id": 7}),
    ("edx.cohort.email_address_preassigned", {"cohort_id": 1, "user_email": "alice@example.org"}),
    ("edx.special_exam.timed.attempt.created", {"attempt_user_id": 7}),
    ("edx.grades.problem.score_overridden", {"user_id": 7, "instructor_id": 99}),
    ("lykeion.course_team.changed", {"person": "alice"}),
    ("edx.cohort.user_added", '{"user_id": 7}'),
]


@pytest.mark.parametrize(("name", "payload"), OF_OTHERS)
def test_what_is_told_of_others_stays_out(name: str, payload: object) -> None:
    kind, row = values(line(name, payload, user=99))

    assert (kind, row) == ("other", {**common(name), "user_id": 99})


OLD = "/courses/edX/DemoX/Demo"
PLACES = [
    (f"/courses/{RUN}/progress/7/", f"/courses/{RUN}/progress/"),
    (f"/courses/{CCX}/progress/7/", f"/courses/{CCX}/progress/"),
    (f"/courses/{RUN}/instructor/gradebook/7/problem@x/override", f"/courses/{RUN}/instructor/"),
    (f"{OLD}/submission_history/alice/i4x://x", f"{OLD}/submission_history/"),
    ("/u/alice", "/u/"),
    ("/account/profile/alice", "/account/"),
    ("/api/user/v1/accounts/alice", "/api/"),
    ("/alice@example.org", "/alice"),
    ("/dashboard", "/dashboard"),
    (f"/courses/{RUN}", f"/courses/{RUN}"),
    (f"/courses/{RUN}/courseware/week/7/1/", f"/courses/{RUN}/courseware/week/7/1/"),
    (f"{OLD}/courseware/week/7/", f"{OLD}/courseware/week/7/"),
    (f"/courses/{RUN}/jump_to_id/7", f"/courses/{RUN}/jump_to_id/7"),
    ("/courses", "/courses"),
    ("/" * 700, "//"),
]


@pytest.mark.parametrize(("path", "kept"), PLACES)
def test_of_a_path_what_may_name_somebody_stays_out(path: str, kept: str) -> None:
    kind, row = values(line(path, "", user=99))

    assert (kind, row["event_type"]) == ("page", kept)


@pytest.mark.parametrize(
    ("link", "kept"),
    [
        *((f"https://lms.example.org{path}", f"https://lms.example.org{kept}") for path, kept in PLACES[:6]),
        (f"/courses/{RUN}/progress/7/", f"/courses/{RUN}/progress/"),
        ("mailto:alice@example.org", "mailto:"),
        (" mailto:a@b", "mailto:"),
        ("mail\nto: a@b", "mailto:"),
        ("xmpp:alice@x", "xmpp:"),
        ("https://lms.example.org/certificates/0123abcd", "https://lms.example.org/certificates/"),
        ("https://lms.example.org/api/user/v1/accounts/alice", "https://lms.example.org/api/"),
        ("https://lms.example.org/dashboard?of=alice", "https://lms.example.org/dashboard"),
        ("//lms.example.org/u/alice", "//lms.example.org/u/"),
        ("//example.org/wiki/7", "//example.org/wiki/7"),
        ("https://example.org/wiki/7", "https://example.org/wiki/7"),
        (SUM, SUM),
        (CCX, CCX),
    ],
)
def test_of_a_link_what_may_name_somebody_stays_out(link: str, kept: str) -> None:
    _kind, row = values(browser("edx.ui.lms.link_clicked", {"target_url": link}))

    assert row["target"] == kept


@pytest.mark.parametrize(
    ("name", "kept"), [("Week 1: Trees", "Week 1: Trees"), (" mailto:a@b", "mailto:"), ("x" * 600, "x" * 512)]
)
def test_of_a_way_to_a_block_its_title_is_kept(name: str, kept: str) -> None:
    _kind, row = values(browser("edx.ui.lms.jump_nav.selected", {"target_name": name, "id": "y" * 600}))

    assert (row["target"], row["block_id"]) == (kept, "y" * 512)


@pytest.mark.parametrize(
    ("address", "course"),
    [
        (f"{OLD}/courseware/a/b/", "edX/DemoX/Demo"),
        (OLD, "edX/DemoX/Demo"),
        (f"/api/courses/v1{OLD}/", "edX/DemoX/Demo"),
        (f"/courses/{RUN}/courseware/a/b/", RUN),
        (f"/courses/{CCX}/courseware/a/b/", CCX),
        (f"/courses/{CCX.replace('+', '%2B').replace('@', '%40')}/a/b/", CCX),
        (f"/courses/{RUN}/xblock/{CCX.replace('ccx-v1', 'ccx-block-v1')}+type@problem+block@sum/", CCX),
        ("/courses/ccx-v1:A+B+C/a/b/", None),
        (f"/courses/{RUN.replace('+', '%2B').replace(':', '%3A')}/a/b/", RUN),
        (f"/courses/{RUN.replace('+', '%2b').replace(':', '%3a')}/a/b/", None),
        ("/courses/v1/blocks/a/b", None),
        ("/courses/v2/blocks/a/b", None),
        (f"/api/courses/v2/blocks/{SUM}", None),
        ("/dashboard/courses/search/all/1", None),
        (f"{OLD}+more/", None),
        (f"{OLD}?next=/courses/{RUN}/", "edX/DemoX/Demo"),
        ("/api/courses/v1/courses/", None),
        ("/courses/course-v1:A+B/progress/x/", None),
        ("/courses/a/b", None),
    ],
)
def test_the_course_of_an_address_may_have_an_old_key(address: str, course: str | None) -> None:
    _kind, of_server = values(line(address, "", course=""))
    seen = browser("page_close", {}, course="").replace(f"/courses/{RUN}/courseware/".encode(), address.encode())
    _kind, of_page = values(seen)

    assert (of_server["course_id"], of_page["course_id"]) == (course, course)


FRONT_END = "https://apps.example.org/learning/course"


@pytest.mark.parametrize(
    ("page", "course"),
    [
        (f"{FRONT_END}/{RUN}/{SUM.replace('problem', 'sequential')}/{SUM}", RUN),
        (f"{FRONT_END}/{RUN}/home", RUN),
        (f"https://learning.example.org/course/{RUN}", RUN),
        (f"{FRONT_END}/{CCX}/home", CCX),
        (f"{FRONT_END}/a/b/c", None),
        (f"{FRONT_END}s/search", None),
    ],
)
def test_pages_of_the_learning_front_end_are_of_their_course(page: str, course: str | None) -> None:
    seen = browser("page_close", {}, course="").replace(
        f"http://testserver/courses/{RUN}/courseware/".encode(), page.encode()
    )

    _kind, row = values(seen)

    assert row["course_id"] == course


def test_studios_addresses_are_authors_who_learn_nothing() -> None:
    _kind, row = values(line(f"/course/{RUN}", "", course=""))

    assert row["course_id"] is None


TAGS = [
    ({"tagging_aside": {"saved_tags": {"Level": "easy", "Topic": ["a", "b", "a"]}}},
     [("Level", "easy"), ("Topic", "a"), ("Topic", "b")]),
    ({"tagging_aside": {"saved_tags": {}}}, []),
    ({"other_aside": {"saved_tags": {"Level": "easy"}}}, []),
    ({"tagging_aside": {"saved_tags": {"Level": 3}}}, []),
    ({"tagging_aside": None}, []),
    (["tagging_aside"], []),
    (7, []),
    (None, []),
]  # fmt: skip


@pytest.mark.parametrize(("asides", "tags"), TAGS)
def test_tags_are_those_of_the_aside_and_no_aside_costs_an_answer(asides: Any, tags: list[tuple[str, str]]) -> None:
    kind, row = values(line("problem_check", check({"a": ("x", True)}), asides=asides))

    assert (kind, row["tags"], row["parts"] != []) == ("problem", tags, True)


def test_tags_are_kept_where_the_rest_of_a_line_is_odd() -> None:
    odd = line("problem_check", check({"a": ("x", True)}), asides=TAGS[0][0], course=3)  # type: ignore[arg-type]

    kind, row = values(odd)

    assert (kind, row["course_id"], row["tags"]) == ("problem", None, TAGS[0][1])


VOTES = [
    ({"vote_value": "up", "undo_vote": False}, ("up", 1)),
    ({"vote_value": "down", "undo_vote": True}, ("down", -1)),
    ({"vote_value": "up", "undo_vote": None}, ("up", 1)),
    ({}, (None, None)),
]


@pytest.mark.parametrize(("told", "vote"), VOTES)
def test_votes_are_given_and_taken_back(told: dict[str, Any], vote: tuple[str | None, int | None]) -> None:
    payload = {"commentable_id": "t", "id": "p", **told}

    kind, row = values(line("edx.forum.response.voted", payload))

    assert (kind, row["topic_id"], row["post_id"], (row["vote"], row["change"])) == ("forum", "t", "p", vote)
