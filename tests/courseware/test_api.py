from collections.abc import Callable

import orjson
import pytest

from lykeion.accounts import api as accounts
from lykeion.accounts.types import Role
from lykeion.catalog import api as catalog
from lykeion.core.keys import run_of
from lykeion.courseware import api as courseware
from lykeion.courseware import visit
from lykeion.courseware.commit import Conflict
from lykeion.courseware.models import LearnerState, SubsectionDone
from lykeion.courseware.types import AccessDenied, Resume, UnitTab
from lykeion.grades.models import BlockScore, CourseGrade
from tests.courseware.acting import answer, enter, post, usage
from tests.courseware.conftest import PARTS
from tests.factories import (
    FUTURE,
    NOW,
    PAST,
    RUN,
    Spec,
    chapter,
    course,
    learner,
    person,
    question,
    sequential,
    store_course,
    teacher,
    text,
    vertical,
)
from tests.reads import CONTENT

pytestmark = pytest.mark.django_db


# Submitting


def test_a_right_answer_is_graded_in_the_reply(trees: Spec) -> None:
    store_course(trees)
    alice = enter(learner("alice"))

    reply = answer(alice, "p1")

    assert reply.status == 200
    assert orjson.loads(reply.body)["success"] == "correct"
    assert (reply.grade.percent, reply.grade.letter, reply.grade.passed) == (0.5, "Pass", True)
    assert BlockScore.objects.values_list("ref", "raw_earned", "raw_possible").get() == ("problem@p1", 1.0, 1.0)
    assert CourseGrade.objects.values_list("percent", "passed_at").get() == (0.5, NOW)
    assert LearnerState.objects.values_list("completion", "version").get(ref="problem@p1") == (1.0, 1)
    assert SubsectionDone.objects.values_list("ref", "done", "total", "last_ref").get() == (
        "sequential@s1",
        1,
        5,
        "problem@p1",
    )


def test_each_answer_uses_one_attempt(trees: Spec) -> None:
    store_course(trees)
    alice = enter(learner("alice"))

    answer(alice, "p1", "choice_0")
    again = answer(alice, "p1")

    assert orjson.loads(again.body)["attempts_used"] == 2
    assert LearnerState.objects.get(ref="problem@p1").version == 2


def test_a_failing_handler_leaves_nothing(trees: Spec) -> None:
    store_course(trees)
    alice = enter(learner("alice"))

    reply = courseware.handle(alice, usage("problem@p1"), "no_such_handler", "", post({}))

    assert reply.status == 404
    assert not LearnerState.objects.exists()


@pytest.mark.parametrize(
    ("ref", "code"),
    [("html@t4", "not_released"), ("html@nowhere", "not_found"), ("problem@p1", "enrollment_required")],
)
def test_handlers_are_behind_the_same_walls_as_pages(trees: Spec, ref: str, code: str) -> None:
    store_course(trees, parts=PARTS)
    alice = learner("alice")
    visitor = enter(alice)
    if code == "enrollment_required":
        visitor = courseware.enter(teacher("eve"), RUN, NOW)
        visitor = type(visitor)(visitor.run, visitor.outline, enter(alice).viewer, None, NOW)

    with pytest.raises(AccessDenied) as denied:
        courseware.handle(visitor, usage(ref), "xmodule_handler", "problem_check", post({}))

    assert denied.value.code == code


def test_dan_who_is_not_enrolled_does_not_come_in(trees: Spec) -> None:
    store_course(trees)

    with pytest.raises(AccessDenied) as denied:
        enter(person("dan"))

    assert denied.value.code == "enrollment_required"


def test_a_submission_costs_the_same_in_any_course(trees: Spec, django_assert_num_queries) -> None:
    user = submitter(trees)
    with django_assert_num_queries(SUBMISSION):
        answer(enter(user), "p2")
    more = [
        chapter(f"x{n}", sequential(f"xs{n}", vertical(f"xu{n}", question(f"xp{n}")), graded=True, format="Homework"))
        for n in range(20)
    ]
    store_course(course(*trees.children, *more, **trees.fields))
    enter(user)
    with django_assert_num_queries(SUBMISSION):
        answer(enter(user), "xp0")


ENTER = 2 + CONTENT  # run and enrolment, roles, where the run points
SUBMISSION = ENTER + CONTENT + 12  # the text; state, savepoint, lock, rows, state, summary, 4 x grades, course, release


def submitter(trees: Spec):
    store_course(trees)
    user = learner("alice")
    answer(enter(user), "p1")
    return user


# Units


def test_a_unit_shows_its_blocks_and_the_way_on(trees: Spec) -> None:
    store_course(trees)
    alice = enter(learner("alice"))
    answer(alice, "p1")
    courseware.bookmark(alice, "vertical@u2", True)

    page = courseware.unit(alice, "vertical@u1")

    assert [(one.ref, one.complete, one.view_completes) for one in page.blocks] == [
        ("html@t1", False, True),
        ("problem@p1", True, False),
        ("problem@p2", False, False),
    ]
    assert "All about t1." in page.blocks[0].html
    assert page.tabs == (
        UnitTab("vertical@u1", "u1", "problem", complete=False, bookmarked=False, current=True),
        UnitTab("vertical@u2", "u2", "video", complete=False, bookmarked=True, current=False),
    )
    assert (page.section, page.subsection, page.title) == ("c1", "s1", "u1")
    assert (page.previous, page.next, page.position, page.count) == (None, "vertical@u2", 1, 2)
    assert (page.graded, page.format, page.bookmarked) == (True, "Homework", False)


def test_previous_and_next_cross_sections_and_skip_what_is_shut(trees: Spec) -> None:
    store_course(trees)
    alice = enter(learner("alice"))

    page = courseware.unit(alice, "vertical@u3")

    assert (page.previous, page.next) == ("vertical@u2", None)


def test_any_ref_leads_to_a_unit(trees: Spec) -> None:
    store_course(trees)
    alice = enter(learner("alice"))

    assert courseware.unit(alice, "sequential@s1").ref == "vertical@u1"  # nowhere yet: the first
    assert courseware.unit(alice, "html@t2").ref == "vertical@u2"
    assert courseware.unit(alice, "chapter@c1").ref == "vertical@u2"  # where she was
    assert courseware.unit(alice, "vertical@u3").ref == "vertical@u3"
    assert courseware.unit(alice, "sequential@s1").ref == "vertical@u2"  # where she was in there
    assert courseware.unit(alice, "course@course").ref == "vertical@u2"


def test_going_to_a_position_is_remembered(trees: Spec) -> None:
    store_course(trees)
    alice = enter(learner("alice"))

    courseware.goto_position(alice, "sequential@s1", 2)

    assert courseware.unit(alice, "sequential@s1").ref == "vertical@u2"
    assert courseware.standings(alice.viewer.user_id, [alice.run.id])[alice.run.id].ref == "vertical@u2"


@pytest.mark.parametrize(
    ("ref", "code", "until"),
    [
        ("vertical@u4", "not_released", FUTURE),
        ("sequential@s3", "not_released", FUTURE),
        ("chapter@c3", "not_released", FUTURE),
        ("vertical@gone", "not_found", None),
    ],
)
def test_shut_units_say_why(trees: Spec, ref: str, code: str, until) -> None:
    store_course(trees)
    alice = enter(learner("alice"))

    with pytest.raises(AccessDenied) as denied:
        courseware.unit(alice, ref)

    assert (denied.value.code, denied.value.until) == (code, until)


def test_what_is_for_staff_looks_as_if_it_did_not_exist() -> None:
    secret = vertical("u2", text("t2"), visible_to_staff_only=True)
    store_course(course(chapter("c1", sequential("s1", vertical("u1", text("t1")), secret))))
    alice, bob = enter(learner("alice")), enter(teacher("bob"))

    with pytest.raises(AccessDenied) as denied:
        courseware.unit(alice, "vertical@u2")

    assert denied.value.code == "not_found"
    assert courseware.unit(bob, "vertical@u2").blocks[0].ref == "html@t2"
    assert courseware.unit(alice, "vertical@u1").next is None


def test_a_unit_hidden_from_the_menu_is_reached_by_its_address() -> None:
    store_course(
        course(
            chapter("c1", sequential("s1", vertical("u1", text("t1")))),
            chapter("c2", sequential("s2", vertical("u2", text("t2")), vertical("u3", text("t3"))), hide_from_toc=True),
            chapter("c4", sequential("s4", vertical("u4", text("t4")))),
        )
    )
    alice = enter(learner("alice"))

    hidden = courseware.unit(alice, "vertical@u2")

    assert (hidden.previous, hidden.next) == (None, "vertical@u3")
    assert courseware.unit(alice, "vertical@u1").next == "vertical@u4"
    assert [line.ref for line in courseware.home(alice).sections] == ["chapter@c1", "chapter@c4"]


@pytest.mark.parametrize("count", [1, 3])
def test_a_unit_costs_the_same_with_one_block_and_with_three(count: int, django_assert_num_queries) -> None:
    blocks = [question(f"p{number}") for number in range(count)]
    store_course(course(chapter("c1", sequential("s1", vertical("u1", *blocks, text("t1"))))))
    user = learner("alice")
    for number in range(count):
        answer(enter(user), f"p{number}")
    courseware.unit(enter(user), "vertical@u1")

    with django_assert_num_queries(ENTER + 3):  # rows, last place, bookmarks
        courseware.unit(enter(user), "vertical@u1")


def test_a_problem_straight_in_a_subsection_is_a_unit() -> None:
    store_course(course(chapter("c1", sequential("s1", question("p1"), text("t1")))))
    alice = enter(learner("alice"))

    page = courseware.unit(alice, "problem@p1")

    assert ([block.ref for block in page.blocks], page.next) == (["problem@p1"], "html@t1")


def test_visitors_of_a_public_course_read_and_leave_nothing(trees: Spec) -> None:
    store_course(course(*trees.children, **{**trees.fields, "course_visibility": "public"}))
    dan = enter(person("dan"))

    page = courseware.unit(dan, "vertical@u1")

    assert "All about t1." in page.blocks[0].html
    assert not page.blocks[0].view_completes
    assert not LearnerState.objects.exists()
    with pytest.raises(AccessDenied) as denied:
        answer(dan, "p1")
    assert denied.value.code == "enrollment_required"


def test_a_public_outline_shows_no_texts(trees: Spec) -> None:
    store_course(course(*trees.children, **{**trees.fields, "course_visibility": "public_outline"}), parts=PARTS)
    dan = enter(person("dan"))

    page = courseware.home(dan, all_open=True)

    assert page.sections[0].subsections[0].locked == "Enrol to open it"
    assert (page.resume, page.updates, page.handouts) == (None, (), "")
    for read in (lambda: courseware.unit(dan, "vertical@u1"), lambda: courseware.page(dan, "glossary")):
        with pytest.raises(AccessDenied) as denied:
            read()
        assert denied.value.code == "enrollment_required"


def test_one_view_of_one_block(trees: Spec) -> None:
    store_course(trees)
    alice = enter(learner("alice"))

    assert "All about t1." in courseware.view(alice, "html@t1").html
    for ref, name in (("html@t1", "studio_view"), ("html@t4", "student_view"), ("html@no", "student_view")):
        with pytest.raises(AccessDenied):
            courseware.view(alice, ref, name)


# Completion


def test_seeing_completes_what_has_no_score_and_no_rules_of_its_own(trees: Spec) -> None:
    store_course(trees)
    alice = enter(learner("alice"))

    courseware.complete(alice, {"html@t1": 1.0, "problem@p1": 1.0, "video@v1": 1.0, "html@t4": 1.0, "html@no": 1.0})

    assert list(LearnerState.objects.values_list("ref", "completion")) == [("html@t1", 1.0)]
    home = courseware.home(alice)
    assert (home.done, home.total) == (1, 6)


def test_a_container_stands_for_what_is_in_it(trees: Spec) -> None:
    store_course(trees)
    alice = enter(learner("alice"))

    courseware.complete(alice, {"vertical@u2": 1.0})

    assert list(LearnerState.objects.values_list("ref", "completion")) == [("html@t2", 1.0)]


def test_a_unit_is_complete_when_all_its_leaves_are(trees: Spec) -> None:
    store_course(trees)
    alice = enter(learner("alice"))

    courseware.complete(alice, {"html@t1": 1.0})
    answer(alice, "p1")
    answer(alice, "p2", "choice_0")

    assert [tab.complete for tab in courseware.unit(alice, "vertical@u1").tabs] == [True, False]


def test_home_counts_anew_when_the_course_changed(trees: Spec, django_assert_num_queries) -> None:
    store_course(trees)
    user = learner("alice")
    courseware.complete(enter(user), {"html@t1": 1.0, "html@t3": 1.0})
    first, second, third = trees.children
    moved = chapter("c2", sequential("s2", vertical("u3", text("t3"), text("t1"))))  # t1 moves to another section
    bare = chapter("c1", sequential("s1", vertical("u1", question("p1")), graded=True, format="Homework"))
    store_course(course(bare, moved, third, **trees.fields))

    page = courseware.home(enter(user), all_open=True)

    assert [(line.ref, line.done, line.total) for section in page.sections for line in section.subsections] == [
        ("sequential@s1", 0, 1),
        ("sequential@s2", 2, 2),
        ("sequential@s3", 0, 0),
    ]
    assert [section.complete for section in page.sections] == [False, True, False]
    assert first is not second
    visitor = enter(user)
    with django_assert_num_queries(1):  # counted once; now it fits again
        courseware.home(visitor)


# Home


def test_home_opens_the_section_to_go_on_in(trees: Spec) -> None:
    store_course(trees, parts=PARTS)
    alice = enter(learner("alice"))
    courseware.complete(alice, {"html@t3": 1.0})

    page = courseware.home(alice)

    assert page.resume == Resume("vertical@u3", "u3", started=True)
    assert [(line.ref, line.open, line.complete, len(line.subsections)) for line in page.sections] == [
        ("chapter@c1", False, False, 0),
        ("chapter@c2", True, True, 1),
        ("chapter@c3", False, False, 0),
    ]
    assert (page.done, page.total) == (1, 6)
    assert [date for date, _html in page.updates] == ["May 8, 2026", "May 1, 2026"]
    assert "asset-v1:Lyk+T101+2026+type@asset+block@a.pdf" in page.updates[0][1]
    assert "Key to trees" in page.handouts


def test_home_of_a_new_learner_starts_at_the_beginning(trees: Spec) -> None:
    store_course(trees)
    alice = enter(learner("alice"))

    page = courseware.home(alice, open_section="chapter@c3")

    assert page.resume == Resume("vertical@u1", "u1", started=False)
    assert [line.open for line in page.sections] == [False, False, True]
    assert page.sections[2].subsections[0].locked == "Opens on Jan. 1, 2030"


def test_home_goes_on_where_somebody_was_who_completed_nothing(trees: Spec) -> None:
    store_course(trees)
    alice = enter(learner("alice"))
    courseware.unit(alice, "vertical@u2")

    assert courseware.home(alice).resume == Resume("vertical@u2", "u2", started=True)


@pytest.mark.parametrize("sections", [2, 40])
def test_home_costs_the_same_in_any_course(sections: int, django_assert_num_queries) -> None:
    parts = [chapter(f"c{n}", sequential(f"s{n}", vertical(f"u{n}", text(f"t{n}")))) for n in range(sections)]
    store_course(course(*parts))
    user = learner("alice")
    courseware.complete(enter(user), {"html@t0": 1.0})
    courseware.home(enter(user))

    with django_assert_num_queries(ENTER + 1):
        courseware.home(enter(user))


# Progress


def test_progress_adds_up(trees: Spec, django_assert_num_queries) -> None:
    store_course(trees)
    user = learner("alice")
    answer(enter(user), "p1")
    courseware.progress(enter(user))

    with django_assert_num_queries(ENTER + 3):  # summaries, scores, totals
        page = courseware.progress(enter(user))

    assert (page.grade.percent, page.grade.letter, page.grade.passed) == (0.5, "Pass", True)
    assert page.grade.types[0].lines[0].detail == "Homework = 50%"
    assert (page.pass_mark, page.cutoffs) == (0.5, (("Pass", 0.5),))
    assert (page.complete, page.incomplete, page.locked) == (1, 5, 1)
    assert [section.title for section in page.sections] == ["c1", "c2"]
    line = page.sections[0].subsections[0]
    assert (line.earned, line.possible, line.percent, line.hidden) == (1.0, 2.0, 0.5, "")
    assert [(ref, score.earned, score.possible) for ref, score in line.scores] == [
        ("problem@p1", 1.0, 1.0),
        ("problem@p2", 0.0, 1.0),
    ]


def test_hidden_scores_say_so_in_words() -> None:
    exam = sequential("s", vertical("u", question("p1")), graded=True, format="Homework", show_correctness="never")
    store_course(course(chapter("c", exam)))
    alice = enter(learner("alice"))
    answer(alice, "p1")

    page = courseware.progress(alice)

    line = page.sections[0].subsections[0]
    assert (line.scores, line.earned, line.percent, line.hidden) == (None, 0.0, 0.0, "Scores are hidden.")
    assert page.grade.percent == 0.0


def test_bob_may_look_at_alice_s_progress_and_dan_may_not(trees: Spec) -> None:
    store_course(trees)
    alice = learner("alice")
    answer(enter(alice), "p1")
    bob, dan = enter(teacher("bob")), enter(learner("dan"))

    assert courseware.progress(bob, alice.pk).grade.percent == 0.5
    assert courseware.progress(dan, dan.viewer.user_id).grade.percent == 0.0
    with pytest.raises(AccessDenied) as denied:
        courseware.progress(dan, alice.pk)
    assert denied.value.code == "staff_only"
    with pytest.raises(AccessDenied):
        courseware.progress(bob, 999_999)


# The rest


def test_dates_are_in_order_with_today_between(trees: Spec) -> None:
    due = sequential("s9", vertical("u9", text("t9")), due=FUTURE)
    store_course(course(chapter("c9", due), start=PAST, end=FUTURE))
    alice = enter(learner("alice"))

    assert [(date.kind, date.ref) for date in courseware.dates(alice)] == [
        ("course-start", None),
        ("today", None),
        ("course-end", None),
        ("due", "sequential@s9"),
    ]
    assert [date.kind for date in courseware.home(alice).dates] == ["course-end", "due"]


def test_bookmarks_outlive_their_units(trees: Spec) -> None:
    store_course(trees)
    user = learner("alice")
    courseware.bookmark(enter(user), "vertical@u3", True)
    courseware.bookmark(enter(user, FUTURE), "vertical@u1", True)
    store_course(course(trees.children[0], **trees.fields))

    lines = courseware.bookmarks(enter(user))

    assert [(line.ref, line.title, line.way) for line in lines] == [
        ("vertical@u1", "u1", ("c1", "s1")),
        (None, "u3", ("c2", "s2")),
    ]
    courseware.bookmark(enter(user), "vertical@u3", False)
    assert [line.ref for line in courseware.bookmarks(enter(user))] == ["vertical@u1"]


def test_there_are_a_hundred_bookmarks_and_no_more(trees: Spec) -> None:
    units = [vertical(f"u{n}", text(f"t{n}")) for n in range(101)]
    store_course(course(chapter("c", sequential("s", *units))))
    alice = enter(learner("alice"))
    for number in range(100):
        courseware.bookmark(alice, f"vertical@u{number}", True)

    with pytest.raises(courseware.TooManyBookmarks, match="100 bookmarks"):
        courseware.bookmark(alice, "vertical@u100", True)


def test_only_units_that_are_open_can_be_bookmarked(trees: Spec) -> None:
    store_course(trees)
    alice = enter(learner("alice"))

    for ref in ("vertical@u4", "html@t1", "vertical@gone"):
        with pytest.raises(AccessDenied):
            courseware.bookmark(alice, ref, True)


def test_an_author_s_page(trees: Spec) -> None:
    store_course(trees, parts=PARTS)
    alice = enter(learner("alice"))

    assert "Bole: a trunk." in courseware.page(alice, "glossary").html
    with pytest.raises(AccessDenied):
        courseware.page(alice, "nothing")


def test_beta_testers_come_early() -> None:
    store_course(
        course(chapter("c", sequential("s", vertical("u", text("t")))), start=FUTURE, days_early_for_beta=2000)
    )
    alice = learner("alice")

    with pytest.raises(AccessDenied) as denied:
        enter(alice)
    assert denied.value.code == "course_not_started"
    accounts.grant_role(alice.pk, Role.BETA_TESTER, run=RUN)
    assert courseware.unit(enter(alice), "vertical@u").title == "u"


def test_a_course_may_ask_to_pass_another_first(trees: Spec) -> None:
    other = run_of("Lyk", "T102", "2026")
    store_course(trees)
    follow = course(chapter("c"), pre_requisite_courses=[str(RUN), "course-v1:Not+Here+1"])
    store_course(follow, other)
    alice = learner("alice")
    catalog.enrol(alice.pk, other, at=PAST, by=alice.pk)

    with pytest.raises(AccessDenied) as denied:
        courseware.enter(alice, other, NOW)
    answer(enter(alice), "p1")

    assert (denied.value.code, str(denied.value)) == (
        "unfulfilled_milestones",
        "Pass Trees first: this course builds on it.",
    )
    assert courseware.enter(alice, other, NOW).run.key == other


# Events


def test_a_submission_is_told_in_the_words_of_the_field(
    trees: Spec, log: Callable[[], list[dict]], django_capture_on_commit_callbacks: Callable
) -> None:
    store_course(trees)
    alice = enter(learner("alice"))

    with django_capture_on_commit_callbacks(execute=True):
        answer(alice, "p1")

    told = {line["name"]: line for line in log()}
    block = {"user_id": alice.viewer.user_id, "course_id": str(RUN)}
    why = {"event_transaction_type": "edx.grades.problem.submitted"}
    assert list(told) == [
        "edx.completion.block_completion.changed",
        "edx.grades.problem.submitted",
        "edx.grades.subsection.grade_calculated",
        "edx.grades.course.grade_calculated",
        "edx.course.grade.now_passed",
        "edx.course.grade.passed.first_time",
        "problem_check",
    ]
    assert told["edx.completion.block_completion.changed"]["event"] == block | {
        "context_key": str(RUN),
        "block_id": usage("problem@p1"),
        "block_type": "problem",
        "completion": 1.0,
        "is_new": True,
    }
    submitted = told["edx.grades.problem.submitted"]["event"]
    same = {"event_transaction_id": submitted["event_transaction_id"]}
    assert submitted == block | why | same | {
        "problem_id": usage("problem@p1"),
        "weighted_earned": 1.0,
        "weighted_possible": 1.0,
    }
    subsection = told["edx.grades.subsection.grade_calculated"]["event"]
    assert subsection == block | why | same | {
        "block_id": usage("sequential@s1"),
        "course_version": alice.outline.root,
        "weighted_total_earned": 1.0,
        "weighted_total_possible": 2.0,
        "weighted_graded_earned": 1.0,
        "weighted_graded_possible": 2.0,
        "first_attempted": NOW.isoformat(),
        "subtree_edited_timestamp": None,
        "visible_blocks_hash": subsection["visible_blocks_hash"],
    }
    assert told["edx.grades.course.grade_calculated"]["event"]["percent_grade"] == 0.5
    assert told["edx.course.grade.now_passed"]["event"] == block | why | same
    check = told["problem_check"]
    assert (check["page"], check["context"]["module"]) == (
        "x_module",
        {"display_name": "p1", "usage_key": usage("problem@p1")},
    )
    assert check["event"]["success"] == "correct"


def test_what_was_not_kept_is_not_told(
    trees: Spec,
    log: Callable[[], list[dict]],
    django_capture_on_commit_callbacks: Callable,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    store_course(trees)
    alice = enter(learner("alice"))
    monkeypatch.setattr(visit, "commit", _conflict)

    with django_capture_on_commit_callbacks(execute=True):
        reply = answer(alice, "p1")

    assert reply.status == 409
    assert log() == []
    assert not LearnerState.objects.exists()


def _conflict(*_: object) -> None:
    raise Conflict("somebody was faster")


@pytest.fixture
def log(settings, tmp_path) -> Callable[[], list[dict]]:
    """The tracking log of a test: its lines so far."""
    path = settings.LYKEION_TRACKING_LOG = tmp_path / "tracking.log"
    return lambda: [orjson.loads(line) for line in path.read_bytes().splitlines()] if path.exists() else []
