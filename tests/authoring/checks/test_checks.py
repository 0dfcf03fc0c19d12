"""What checks find in a course, and that they say it in words."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from lykeion.authoring.api import checks, files
from lykeion.authoring.api.files import Bytes
from lykeion.authoring.checks import words
from lykeion.authoring.checks.media import images_without_text
from lykeion.authoring.checks.words import checklist_words, words_of
from lykeion.authoring.types import Author
from lykeion.catalog import api as catalog
from lykeion.content import api as content
from lykeion.content.types import Node
from lykeion.core.keys import CourseLocator
from lykeion.jobs import api as jobs
from tests.authoring.api.test_files import tree
from tests.content.trees import NOON

Enter = Callable[..., Author]


def unit(*components: Any, **fields: Any) -> tuple[Any, ...]:
    return ("sequential@x", fields, ("vertical@y", {}, *components))


def found(author: Enter, *blocks: Any, course: dict[str, Any] | None = None) -> list[tuple[str, str]]:
    """Codes and refs of what is found in a section of these subsections, put into the course."""

    def change(draft: content.Draft) -> None:
        for ref in draft.children("course@course"):
            draft.remove(ref)
        draft.add("course@course", tree(("chapter@c", {}, *blocks)))
        draft.update("course@course", course or {})

    content.edit(author().run, change, author="carol", at=NOON)
    report = checks.look(author(), at=NOON)
    for one in report["findings"]:
        assert all(words_of(one["code"], one["values"]))
    return [(one["code"], one["ref"]) for one in report["findings"]]


HTML = ("html@h", {"data": "<p>Text</p>"})
WRONG = (
    "<problem><numericalresponse answer='x y'><label>2+2</label><formulaequationinput/></numericalresponse></problem>"
)
GOOD = "<problem><numericalresponse answer='4'><label>2+2</label><formulaequationinput/></numericalresponse></problem>"


CASES: list[tuple[list[Any], list[tuple[str, str]]]] = [
    ([unit(HTML)], []),
    ([unit(("html@h", {"data": '<a href="/static/no.pdf">x</a>'}))], [("missing-file", "html@h")]),
    ([unit(("html@h", {"data": '<a href="/jump_to_id/gone">x</a>'}))], [("missing-block", "html@h")]),
    ([unit(("html@h", {"data": '<a href="/jump_to_id/y">x</a>'}))], []),
    (
        [unit(("html@h", {"data": '<a href="https://a.org/courses/course-v1:Lykeion+T1+old/x">x</a>'}))],
        [("other-run", "html@h")],
    ),
    ([unit(("video@v", {}))], [("no-transcript", "video@v")]),
    ([unit(("video@v", {"transcripts": {"en": "no.srt"}}))], [("missing-file", "video@v")]),
    ([unit(("html@h", {"data": '<img src="a.png"><img src="b.png" alt="">'}))], [("no-alt", "html@h")]),
    ([("sequential@x", {})], [("empty-sequential", "sequential@x")]),
    ([unit()], [("empty-vertical", "vertical@y")]),
    ([unit(("itembank@b", {}))], [("empty-chooser", "itembank@b")]),
    ([unit(("html@h", {"data": "<p> </p>"}))], [("empty-html", "html@h")]),
    ([unit(("html@h", {"data": "<p><iframe src='https://a.org'></iframe></p>"}))], []),
    ([unit(("problem@p", {"data": "<problem></problem>"}))], [("empty-problem", "problem@p")]),
    ([unit(HTML, visible_to_staff_only=True)], [("hidden", "sequential@x")]),
    ([unit(HTML, start="2031-01-01T00:00:00Z")], [("after-end", "sequential@x")]),
    ([unit(HTML, group_access={"9": [1]})], [("group-gone", "sequential@x")]),
    ([unit(HTML, group_access={"7": [1]})], [("group-empty", "sequential@x")]),
    ([unit(HTML, graded=True, format="Exam", due="2029-01-01T00:00:00Z")], [("graded-nothing", "sequential@x")]),
    (
        [unit(("problem@p", {"data": GOOD}), graded=True, format="Quiz")],
        [("graded-unknown-type", "sequential@x"), ("graded-no-due", "sequential@x")],
    ),
    (
        [unit(("problem@p", {"data": GOOD}), graded=True)],
        [("graded-no-type", "sequential@x"), ("graded-no-due", "sequential@x")],
    ),
    ([unit(("problem@p", {"data": "<problem><p></problem>"}))], [("problem-broken", "problem@p")]),
    (
        [
            unit(
                (
                    "problem@p",
                    {"data": WRONG},
                )
            )
        ],
        [("problem-slip", "problem@p")],
    ),
]


def test_each_thing_to_mend_is_found_at_its_place(author: Enter) -> None:
    partition = {"id": 7, "scheme": "cohort", "name": "G", "groups": [{"id": 1, "name": "Advanced"}]}
    policy = {"GRADER": [{"type": "Exam", "min_count": 0, "weight": 1.0}]}
    fields = {"end": "2030-06-01T00:00:00Z", "user_partitions": [partition], "grading_policy": policy}

    told = [found(author, *blocks, course=fields) for blocks, _codes in CASES]

    assert told == [codes for _blocks, codes in CASES]


def test_weights_and_numbers_of_the_policy_are_checked(author: Enter) -> None:
    policy = {"GRADER": [{"type": "Exam", "min_count": 2, "weight": 0.5}]}

    assert found(author, unit(HTML), course={"grading_policy": policy}) == [
        ("weights", "course@course"),
        ("too-few", "course@course"),
    ]


def test_a_policy_that_cannot_be_read_is_told_alone(author: Enter) -> None:
    policy = {"GRADER": [{"type": "Exam", "min_count": 2, "weight": "half"}]}

    assert found(author, unit(HTML), course={"grading_policy": policy}) == [("policy-broken", "course@course")]


def test_a_group_with_a_learner_is_fine(author: Enter, run: CourseLocator) -> None:
    partition = {"id": 7, "scheme": "cohort", "name": "G", "groups": [{"id": 1, "name": "Advanced"}]}
    content.edit(run, lambda d: d.update("course@course", {"user_partitions": [partition]}), author="carol", at=NOON)
    content.publish(run, author="carol", at=NOON)
    catalog.catch_up()
    catalog.make_cohort(run, "A", at=NOON)
    catalog.link_cohort(run, "A", (7, 1), at=NOON)
    catalog.add_to_cohort(run, "A", ["alice"], at=NOON)

    assert found(author, unit(HTML, group_access={"7": [1]})) == []


def test_the_checklist_tells_what_is_done(author: Enter, run: CourseLocator) -> None:
    def lines() -> dict[str, bool | None]:
        report = checks.look(author(), at=NOON)
        for one in report["checklist"]:
            assert all(checklist_words(one["code"], one["values"]))
        return {one["code"]: one["done"] for one in report["checklist"]}

    def change(draft: content.Draft) -> None:
        draft.set_part(
            "info/updates", Node("course_info", {"items": [{"id": 1, "content": "Hi", "status": "visible"}]})
        )
        draft.set_part("about/overview", Node("about", {"data": "<p>All about water</p>"}))
        draft.update("sequential@sub", {"graded": True, "format": "Exam", "due": "2029-06-01T00:00:00Z"})
        draft.update(
            "course@course",
            {
                "start": "2029-01-01T00:00:00Z",
                "end": "2030-01-01T00:00:00Z",
                "grading_policy": {"GRADER": [{"type": "Exam", "min_count": 1, "weight": 1}]},
                "certificates": {"certificates": [{"id": 1, "is_active": True}]},
                "course_image": "a.png",
            },
        )

    before = lines()
    content.edit(run, change, author="carol", at=NOON)
    after = lines()

    launch = ("welcome", "dates", "policy", "certificate", "overview", "image")
    assert [before[name] for name in launch] == [False] * 6
    assert before["deadlines"] is None
    assert [after[name] for name in (*launch, "deadlines")] == [True] * 7
    assert (after["diverse"], after["depth"], after["videos"]) == (True, True, None)


def test_the_time_that_learners_need_is_estimated(author: Enter) -> None:
    files.put(author(), "t.srt", Bytes(b"1\n00:00:01,000 --> 00:02:00,000\nHi\n"), NOON)
    found(
        author,
        unit(
            ("html@h", {"data": "<p>" + "word " * 180 + "</p><script>var unread = 1</script>"}),
            ("problem@p", {"data": "<problem/>"}),
            ("video@told", {"start_time": "00:00:30", "end_time": "00:01:30"}),
            ("video@words", {"transcripts": {"en": "t.srt"}}),
            ("video@unknown", {}),
        ),
    )

    effort = checks.look(author(), at=NOON)["effort"]

    assert effort == {"reading": 60, "watching": 60 + 120 + 360, "answering": 120, "unknown_videos": 1, "hours": 0.2}


def test_a_large_course_is_looked_through_by_a_job(author: Enter) -> None:
    number = checks.order(author(), checks.CHECKS, at=NOON)
    jobs.run_pending()

    found = checks.shown(author(), number, checks.CHECKS)

    assert (found.phase, found.report["root"]) == ("done", author().root)


def test_images_are_read_as_browsers_read_them() -> None:
    html = "<img src='a.png'/><IMG alt src=b.png><img role='presentation' src=c.png><p title=\"<img src=x>\">"

    assert images_without_text(html) == ["a.png"]


def test_every_code_that_checks_use_has_words() -> None:
    assert {"missing-file", "problem-slip", "weights"} <= words.FINDINGS
    assert "welcome" in words.CHECKLIST
