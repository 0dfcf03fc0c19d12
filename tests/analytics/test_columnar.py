"""Lines by columns give what they give one by one."""

from __future__ import annotations

import random
from collections.abc import Sequence
from itertools import pairwise
from typing import Any

import pytest

from lykeion.analytics import columnar
from lykeion.analytics.columnar import moments, sort_out, table_of, tables_of
from lykeion.analytics.envelope import Unreadable
from lykeion.analytics.generate import Plan, lines_of_day
from lykeion.analytics.parse import parse
from tests.analytics.lines import RUN, SUM, answer, browser, check, enrolled, later, line

BRACKETS = b"[" * 20_000 + b"]" * 20_000
CCX = "ccx-v1:Lykeion+T1+now+ccx@5"
BORDERS = (
    "1999-12-31T23:59:59.999999+00:00",
    "2000-01-01T00:00:00.000000+00:00",
    "2099-12-31T23:59:59.999999+00:00",
    "2100-01-01T00:00:00.000000+00:00",
    "2024-02-29T00:00:00.000000+00:00",
    "2026-03-02T12:00:00+00:00",
    "2026-03-02T12:00:00.5+00:00",
    "2026-03-02T12:00:00.000000-00:00",
    "2026-03-02T12:00:00.000000+05:30",
    "2026-03-02 12:00:00.000000+00:00",
    "20260302T120000.000000+00:00",
    "2026-W10-1T12:00:00+00:00",
    "2026-03-02",
    "",
    "x" * 32,
    "٢٠٢٦-03-02T12:00:00.000000+00:00",
    "2026-03-02T12:00:00.0000000+00:0",
)
NO_TIMES = (
    "2026-02-29T00:00:00.000000+00:00",
    "2026-13-01T00:00:00.000000+00:00",
    "2026-00-01T00:00:00.000000+00:00",
    "2026-03-00T00:00:00.000000+00:00",
    "2026-03-02T24:00:00.000000+00:00",
    "2026-03-02T23:60:00.000000+00:00",
    "2026-03-02T23:59:60.000000+00:00",
    "2026-03-02T12:00:00.00x000+00:00",
    "2026-03-02T12:00:00.      +00:00",
    "+026-03-02T12:00:00.000000+00:00",
    "2026-03-02T12:00:00.+00000+00:00",
    "2026-03-02T-1:00:00.000000+00:00",
)


def ordinary() -> list[bytes]:
    """A line of each kind."""
    whose = {"course_id": RUN, "user_id": 8}
    return [
        enrolled(7),
        enrolled(8, at=later(24), what="deactivated"),
        answer("sum_2_1", "choice_1", True),
        answer("sum_2_1", "<p>A &lt; B</p>", True),
        line("showanswer", {"problem_id": SUM}, module="Sum"),
        line("edx.problem.hint.demandhint_displayed", {"module_id": SUM}),
        browser("play_video", {"id": " rivers ", "currentTime": "12.5", "duration": 60}, course=""),
        browser("play_video", {"id": "rivers"}, course="").replace(b'"org_id"', b'"received_at":"2026-03-02","org_id"'),
        browser("seek_video", {"id": "rivers", "old_time": 9, "new_time": 30.5}),
        line("pause_video", '{"id": "rivers", "currentTime": 3}', source="mobile"),
        browser("seq_next", {"id": "x", "target_url": "y" * 600}),
        browser("problem_check", "input_sum_2_1=choice_0"),
        line(f"/courses/{RUN}/courseware/week/", '{"GET": {}, "POST": {}}', course=""),
        line("/courses/edX/DemoX/Demo/courseware/a/b/", "", course=""),
        line(f"/courses/{RUN}/progress/7/", "", user=99),
        browser("edx.ui.lms.link_clicked", {"target_url": f"https://x.org/courses/{RUN}/progress/7/"}),
        line("edx.forum.thread.created", {"commentable_id": "rivers"}),
        line(
            "edx.grades.problem.submitted", {**whose, "problem_id": SUM, "weighted_earned": 1, "weighted_possible": 2}
        ),
        line("edx.grades.subsection.grade_calculated", {**whose, "block_id": "b", "weighted_graded_earned": 0.5}),
        line("edx.course.grade.now_passed", {"percent_grade": 0.5, "letter_grade": "Pass"}),
        line("edx.completion.block_completion.changed", {**whose, "block_id": "b", "completion": 1.0}),
        line("somebody.elses.event", {"a": 1}),
    ]


def hostile() -> list[bytes]:
    """Lines that are not what they should be, each in its own way."""
    one = enrolled(7)
    video = browser("play_video", {"id": "v", "currentTime": 1})
    right = check({"sum_2_1": ("choice_1", True)})
    old = {"problem_id": SUM, "answers": {"a": ["x", 1]}, "correct_map": {"a": {"correctness": "correct"}}}
    return [
        b"\n",
        b" \t\r\n",
        b"nonsense\n",
        b"\xff\xfe\n",
        b"{}\n",
        b"[1, 2]\n",
        browser("play_video", {"id": "v"}, course="").replace(b'"org_id"', b'"received_at":5,"user_id":"x","org_id"'),
        b"null\n",
        b"7\n",
        b'"x"\n',
        BRACKETS + b"\n",
        one[:200] + b"\n",
        one[:-2] + b"\n",
        b"Mar  2 12:00:00 host tracker: " + one,
        one[:-1] + b"\r\n",
        one[:-1] + b"  \n",
        one[:-1] + one,
        one.replace(b"{", b"{ ", 1),
        one.replace(b"}", b"},", 1),
        b'{"event_type": 3, "time": "x"}\n',
        *(
            one.replace(b'"user_id":7', b'"user_id":%s' % user)
            for user in (
                b'"7"',
                b'""',
                b"null",
                b"0",
                b"-1",
                b"true",
                b"1.5",
                b"5.0",
                b"1e300",
                b"NaN",
                b"[]",
                b"9223372036854775807",
                b"9223372036854775808",
                b'"0007"',
                b'"9999999999999999999"',
                b'"x"',
                b'7,"user_id":8',
            )
        ),
        *(line("page_close", {}, user=user) for user in ("7", "", None, 0, True, -3, "x", "\u0667")),
        *(line("page_close", {}, course=course) for course in ("", None, "<script>", f"{RUN}\n", "a/b/c", "x" * 300)),
        one.replace(b'"event":{', b'"event":{"z":' + BRACKETS + b","),
        one.replace(b'"context":{', b'"context":null,"c":{'),
        one.replace(b'"context":{', b'"context":[],"c":{'),
        one.replace(b'"event_source":"server"', b'"event_source":null'),
        one.replace(b'"event_type":', b'"event_type":"","e":'),
        one.replace(b'"time":', b'"event_type":"x","time":'),
        *(
            line("x.y", {}).replace(b"2026-03-02T12:00:00.000000+00:00", text.encode())
            for text in (*BORDERS, *NO_TIMES)
        ),
        line("x" * 700, {}),
        line("/" * 700, {}),
        line("/courses/course-v1:A+B+C/", "", course="", source="browser"),
        *(
            browser("play_video", payload)
            for payload in (
                "null",
                "",
                "{",
                "[]",
                "7",
                {"id": ""},
                {"id": 3},
                {"id": "v", "currentTime": "nan"},
                {"id": "v", "duration": 1e300},
                {"id": "v", "currentTime": "x"},
                {"id": "v", "currentTime": True},
                {"id": "v", "new_time": None},
                '{"id": "v", "z": ' + BRACKETS.decode() + "}",
            )
        ),
        video.replace(b'"event":"', b'"event":"\\ud83d'),
        video.replace(b'"event":', b'"event":null,"e":'),
        line("play_video", {"id": "v"}, source="browser"),
        line("play_video", {"id": ["v"]}),
        line("play_video", "{}"),
        line("problem_check", [["a=1"], "<html>"]),
        line("problem_check", "a=b&c=d"),
        line("problem_check", old),
        line("problem_check", {**old, "correct_map": {"a": 3}}),
        line("problem_check", {**old, "correct_map": []}),
        line("problem_check", {**old, "state": {"seed": [1]}}),
        line("problem_check", {**right, "problem_id": ""}),
        line(
            "problem_check", {**right, "submission": {"sum_2_1": {"answer": ["a", {"b": 1}, None], "correct": "yes"}}}
        ),
        line(
            "problem_check",
            {**right, "submission": {"sum_2_1_dynamath": {"answer": "a"}, "é": {}, "x": {"answer": "y" * 5000}}},
        ),
        line("problem_check", right).replace(b'"attempts":1', b'"attempts":9223372036854775808'),
        line("problem_check", right).replace(b'"grade":1', b'"grade":1e400'),
        line("problem_check", right).replace(b'"the choice_1"', BRACKETS),
        *(
            line("problem_check", right).replace(b'"attempts":1', b'"attempts":%s' % count)
            for count in (b"2.0", b"2.5", b"1e30", b"-0.0", b"NaN", b"true")
        ),
        *(line("problem_check", {**right, key: None}) for key in ("answers", "correct_map", "state", "submission")),
        line("problem_check", {**right, "submission": None, "answers": None, "correct_map": None}),
        line("edx.course.enrollment.activated", {"course_id": CCX, "user_id": 8.0, "mode": "audit"}),
        line(f"/courses/{CCX}/progress/7/", "", course=""),
        line("page_close", {}, course="")
        .replace(b'"server"', b'"browser"')
        .replace(b'"page":null', b'"page":"https://apps.example.org/learning/course/%s/home"' % CCX.encode()),
        line("page_close", {}, course=CCX),
        *(
            line("edx.grades.problem.submitted", {"problem_id": SUM}, source=source).replace(
                b'"org_id"', b'"job":%s,"org_id"' % job
            )
            for source in ("server", "browser", "task")
            for job in (b"true", b"1", BRACKETS)
        ),
        *(
            line("problem_check", right, asides={"tagging_aside": {"saved_tags": tags}})
            for tags in ({"Topic": ["a", "b", "a"], "Level": "x" * 600}, {}, [], {"Topic": 3}, None)
        ),
        line("problem_check", right, asides={}).replace(b'"asides":{}', b'"asides":' + BRACKETS),
        line("problem_check", right, asides={}).replace(
            b'"asides":{}', b'"asides":{"tagging_aside":' + BRACKETS + b"}"
        ),
        line("edx.forum.thread.voted", {"commentable_id": "x", "id": "y", "vote_value": "up", "undo_vote": True}),
        line("edx.forum.thread.voted", {"id": 3}),
        line("problem_graded", [["a=1"], "<html>"]),
        line("x.y", "\N{SNOWMAN}" * 5000),
        line("x.y", None),
        line("edx.course.enrollment.activated", {"course_id": RUN}),
        line("edx.forum.thread.created", []),
        line("edx.course.enrollment.activated", {"course_id": "<", "user_id": 8, "mode": "audit"}),
        line("edx.course.enrollment.activated", {"course_id": RUN, "user_id": 8, "mode": "verified"}, source="browser"),
        line("edx.grades.problem.submitted", {"course_id": "<", "user_id": "8", "weighted_earned": "much"}),
        line("edx.grades.problem.submitted", {"course_id": "<", "user_id": "8"}),
        line("edx.completion.block_completion.changed", {}),
    ]


def by_columns(data: bytes) -> tuple[dict[Any, list[str]], list[Any], int]:
    tables, aside, count = tables_of(data)
    return {key: _rows(table) for key, table in tables.items()}, sorted(aside), count


def one_by_one(data: bytes) -> tuple[dict[Any, list[str]], list[Any], int]:
    rows, aside, count = sort_out(data.split(b"\n"))
    return {key: _rows(table_of(key[0], found)) for key, found in rows.items()}, sorted(aside), count


def _rows(table: Any) -> list[str]:
    return sorted(map(str, table.to_pylist()))


def test_lines_of_each_kind_are_ordinary(monkeypatch: pytest.MonkeyPatch) -> None:
    read: list[bytes] = []
    monkeypatch.setattr(columnar, "parse", lambda raw: read.append(raw) or parse(raw))

    kinds = {kind for kind, _day in tables_of(b"".join(ordinary()))[0]}

    assert (len(kinds), read) == (9, [])


@pytest.mark.parametrize("lines", [[], ordinary(), ordinary() * 3, hostile(), ordinary() + hostile() + ordinary()])
def test_by_columns_is_as_one_by_one(lines: Sequence[bytes]) -> None:
    data = b"".join(lines)

    assert by_columns(data) == one_by_one(data)


@pytest.mark.parametrize("raw", hostile())
def test_whatever_one_line_is_it_is_so_among_others(raw: bytes) -> None:
    data = enrolled(1) + raw + answer("sum_2_1", "choice_1", True)

    assert by_columns(data) == one_by_one(data)


def test_a_log_with_what_logs_have_is_read_alike(monkeypatch: pytest.MonkeyPatch) -> None:
    data = b"".join(raw for day in range(3) for raw in lines_of_day(Plan(learners=60, days=3), day))
    monkeypatch.setattr(columnar, "_BLOCK", 10_000)

    assert by_columns(data) == one_by_one(data)


@pytest.mark.parametrize("seed", range(8))
def test_whatever_happens_to_the_bytes_of_a_log_it_is_read_alike(seed: int, monkeypatch: pytest.MonkeyPatch) -> None:
    chance = random.Random(seed)
    data = bytearray(b"".join(ordinary() * 12))
    for _ in range(120):
        at = chance.randrange(len(data))
        data[at : at + chance.choice((0, 1, 1, 1, 9))] = chance.choice(
            (b"", b"\n", b'"', b"{", b"}", b",", b"\\", b"0", b"\xc3", b"null")
        )
    monkeypatch.setattr(columnar, "_BLOCK", chance.choice((1, 3_000, 1 << 20)))

    assert by_columns(bytes(data)) == one_by_one(bytes(data))


def test_lines_are_those_of_the_log_wherever_blocks_end(monkeypatch: pytest.MonkeyPatch) -> None:
    data = b"".join(ordinary()).rstrip(b"\n")
    counts = set()
    for size in range(1, len(data), 97):
        monkeypatch.setattr(columnar, "_BLOCK", size)
        counts.add(tables_of(data)[2])

    assert counts == {len(ordinary())}


@pytest.mark.parametrize("text", (*BORDERS, *NO_TIMES))
def test_a_moment_is_what_python_says_or_not_taken(text: str) -> None:
    [at], [taken] = moments([text])

    if taken:
        _kind, _day, row = parse(line("x.y", {}).replace(b"2026-03-02T12:00:00.000000+00:00", text.encode()))
        assert at == (row[1] - later(0)) // later(1).resolution + 1_772_452_800_000_000
    assert taken == (text in BORDERS[1:3] or text == BORDERS[4])


def test_moments_beside_others_that_are_none() -> None:
    good = "2026-03-02T12:00:00.000001+00:00"

    found, taken = moments([good, "", good, "2026-03-02"])

    assert (found.tolist(), taken.tolist()) == ([1_772_452_800_000_001, 0] * 2, [True, False] * 2)


def test_the_list_of_what_is_hostile_has_no_line_twice() -> None:
    assert not [one for one, other in pairwise(sorted(hostile())) if one == other]


def test_brackets_in_brackets_end_no_reading() -> None:
    with pytest.raises(Unreadable):
        parse(BRACKETS)
