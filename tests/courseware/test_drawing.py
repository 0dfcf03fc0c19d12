"""What a learner gets of banks, experiments and randomizers: drawn once, kept, told, counted."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest
from django.contrib.auth.models import AnonymousUser
from webob import Request

from lykeion.accounts.models import User
from lykeion.catalog import api as catalog
from lykeion.courseware import api as courseware
from lykeion.courseware.access import COUNTED
from lykeion.courseware.completion import read_done
from lykeion.courseware.entering import plan, sheet
from lykeion.courseware.models import LearnerState, ScopedState
from lykeion.courseware.ordering import REGRADE
from lykeion.courseware.tags import read_tags, write_tags
from lykeion.courseware.types import AccessDenied, Mask, StateCopy
from lykeion.grades import api as grades
from lykeion.grades.models import BlockScore
from lykeion.jobs.models import Job
from tests.courseware.acting import ENTER, answer, enter, usage
from tests.courseware.conftest import POLICY
from tests.factories import (
    NOW,
    RUN,
    Spec,
    block,
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

pytestmark = pytest.mark.django_db

PARTITIONS = [
    {"id": 5, "name": "Tone", "scheme": "random", "groups": [{"id": 1, "name": "Kind"}, {"id": 2, "name": "Stern"}]}
]
ARMS = {"1": "i4x://Lyk/T101/vertical/va", "2": "i4x://Lyk/T101/vertical/vb"}


def bank(kind: str = "library_content", pool: str = "abcdef", **fields: Any) -> Spec:
    """A bank of problems ``pa``, ``pb``, ..."""
    return block(kind, "bank", *[question(f"p{name}") for name in pool], **{"max_count": 2, **fields})


def split(name: str = "x", a: str = "va", b: str = "vb") -> Spec:
    """An experiment with two groups."""
    arms = {"1": f"i4x://Lyk/T101/vertical/{a}", "2": f"i4x://Lyk/T101/vertical/{b}"}
    children = (vertical(a, text(f"t{a}")), vertical(b, text(f"t{b}")))
    return block("split_test", name, *children, user_partition_id=5, group_id_to_child=arms)


def with_unit(*blocks: Spec, **fields: Any) -> Spec:
    """A course with one graded subsection of one unit of ``blocks``, and a plain second section."""
    first = sequential("s1", vertical("u1", *blocks), graded=True, format="Homework")
    return course(
        chapter("c1", first),
        chapter("c2", sequential("s2", vertical("u2", text("t2")))),
        grading_policy=POLICY,
        **{"user_partitions": PARTITIONS, **fields},
    )


TONE = "xblock.partition_service.partition_5"


def group_of(user: User) -> str:
    """The group of the experiment that ``user`` was put in."""
    return read_tags(user.pk, catalog.run(RUN).id)[TONE]


def put_into(user: User, group: str) -> None:
    """Has ``user`` in that group."""
    write_tags(user.pk, catalog.run(RUN).id, {TONE: group}, NOW)


def shown(user: User) -> tuple[str, ...]:
    """The leaves of the first subsection that ``user`` gets."""
    return plan(enter(user)).subsections["sequential@s1"].leaves


@pytest.fixture
def told(settings, tmp_path, django_capture_on_commit_callbacks) -> Callable[[Callable[[], object]], list[Any]]:
    """What the tracking log is told while something is done: (name, event, context)."""
    path = settings.LYKEION_TRACKING_LOG = tmp_path / "tracking.log"

    def during(act: Callable[[], object]) -> list[Any]:
        with django_capture_on_commit_callbacks(execute=True):
            act()
        lines = [json.loads(line) for line in path.read_text().splitlines()] if path.exists() else []
        path.unlink(missing_ok=True)
        return [(line["name"], line["event"], line["context"]) for line in lines]

    return during


# Banks


@pytest.mark.parametrize("kind", ["library_content", "itembank"])
def test_a_bank_is_drawn_once_and_only_that_counts(kind: str) -> None:
    store_course(with_unit(bank(kind)))
    user = learner()

    first, second = shown(user), shown(user)
    alice = enter(user)
    page = courseware.unit(alice, "vertical@u1")

    assert (len(first), second) == (2, first)
    row = LearnerState.objects.get(ref=f"{kind}@bank")
    assert (sorted(json.loads(row.state)["selected"]), row.version) == ([one.split("@") for one in first], 1)
    assert [one.ref for one in sheet(alice).lines[0].scorables] == sorted(first)
    assert plan(alice).subsections["sequential@s1"].problems == 2
    assert [page.blocks[0].html.count(f'"{usage(f"problem@p{name}")}"') > 0 for name in "abcdef"] == [
        f"problem@p{name}" in first for name in "abcdef"
    ]


def test_problems_of_a_bank_stand_in_the_order_they_were_drawn_in() -> None:
    store_course(with_unit(bank()))
    user = learner()
    enter(user)
    LearnerState.objects.update(state='{"selected": [["problem", "pe"], ["problem", "pb"]]}')

    html = courseware.unit(enter(user), "vertical@u1").blocks[0].html

    assert html.index("block@pe") < html.index("block@pb")


def test_a_draw_is_told_to_the_tracking_log(told: Callable[..., list[Any]]) -> None:
    store_course(with_unit(bank(pool="ab", display_name="Bank")))
    user = learner()

    [(name, event, context)] = told(lambda: enter(user))
    again = told(lambda: enter(user))

    assert name == "edx.librarycontentblock.content.assigned"
    assert {key: event[key] for key in ("location", "previous_count", "max_count")} == {
        "location": usage("library_content@bank"), "previous_count": 0, "max_count": 2,
    }  # fmt: skip
    assert sorted(one["usage_key"] for one in event["added"]) == [usage("problem@pa"), usage("problem@pb")]
    assert event["result"] == event["added"]
    assert event["result"][0].keys() == {
        "usage_key",
        "original_usage_key",
        "original_usage_version",
        "descendants",
    }
    assert context["module"] == {"display_name": "Bank", "usage_key": usage("library_content@bank")}
    assert again == []


def test_events_of_a_copy_from_a_library_say_what_it_is_a_copy_of(told: Callable[..., list[Any]]) -> None:
    origin = {"upstream": "lb:Lykeion:pool:problem:p", "upstream_version": "a1"}
    store_course(with_unit(question("copy", **origin)))
    user = learner()

    answered = told(lambda: answer(enter(user), "copy"))
    reworked = told(lambda: courseware.rework(RUN, user.pk, "problem@copy", "delete_state", by=None, at=NOW))

    modules = {name: context["module"] for name, _event, context in (*answered, *reworked) if "module" in context}
    source = {"original_usage_key": origin["upstream"], "original_usage_version": origin["upstream_version"]}
    module = {"display_name": "copy", "usage_key": usage("problem@copy"), **source}
    assert modules == {"problem_check": module, "problem_delete_state": module}


def test_when_the_pool_changes_old_picks_stay_and_vanished_ones_are_replaced(told: Callable[..., list[Any]]) -> None:
    store_course(with_unit(bank("itembank", "ab")))
    user = learner()
    answer(enter(user), "pa")
    store_course(with_unit(bank("itembank", "acd")))

    events = told(lambda: enter(user))

    assert "problem@pa" in shown(user)
    assert len(shown(user)) == 2
    assert [(name, event["previous_count"], event.get("reason")) for name, event, _context in events] == [
        ("edx.itembankblock.content.removed", 2, "invalid"),
        ("edx.itembankblock.content.assigned", 2, None),
    ]
    assert events[0][1]["removed"][0]["usage_key"] == usage("problem@pb")
    assert Job.objects.filter(name=REGRADE).count() == 1


def test_fewer_than_before_take_some_away(told: Callable[..., list[Any]]) -> None:
    store_course(with_unit(bank(max_count=-1)))
    user = learner()
    enter(user)
    store_course(with_unit(bank(max_count=1)))

    [(name, event, _context)] = told(lambda: enter(user))

    assert len(shown(user)) == 1
    assert (name, event["reason"], len(event["removed"]), event["previous_count"], event["max_count"]) == (
        "edx.librarycontentblock.content.removed", "overlimit", 5, 6, 1,
    )  # fmt: skip


def test_an_empty_bank_says_so_to_the_team_only() -> None:
    store_course(with_unit(block("itembank", "bank", max_count=1), text("t1")))

    pages = [courseware.unit(enter(user), "vertical@u1").blocks[0].html for user in (learner(), teacher())]

    assert ["Nothing can be drawn from this bank" in html for html in pages] == [False, True]


def reset(user: User) -> Any:
    """Presses the button below the bank."""
    request = Request.blank("/", method="POST")
    return courseware.handle(enter(user), usage("library_content@bank"), "reset_selected_children", "", request)


def test_drawing_again_resets_the_problems_and_draws_others_for_the_next_page() -> None:
    store_course(with_unit(bank(pool="ab", allow_resetting_children=True)))
    user = learner()
    answer(enter(user), "pa")
    Job.objects.all().delete()

    html = courseware.unit(enter(user), "vertical@u1").blocks[0].html
    reply = reset(user)

    assert "reset_selected_children" in html
    assert reply.status == 200
    assert json.loads(LearnerState.objects.get(ref="library_content@bank").state)["selected"] == []
    state = json.loads(LearnerState.objects.get(ref="problem@pa").state)
    assert (state["student_answers"], state["attempts"]) == ({}, 1)
    assert set(shown(user)) == {"problem@pa", "problem@pb"}
    assert Job.objects.filter(name=REGRADE).count() == 1


def test_drawing_again_is_for_those_whom_the_author_lets() -> None:
    store_course(with_unit(bank()))
    user = learner()
    before = shown(user)

    assert reset(user).status == 400
    assert "reset_selected_children" not in courseware.unit(enter(user), "vertical@u1").blocks[0].html
    assert shown(user) == before


def test_a_problem_that_was_not_drawn_is_out_of_reach() -> None:
    store_course(with_unit(bank()))
    user = learner()
    other = next(f"p{name}" for name in "abcdef" if f"problem@p{name}" not in shown(user))

    with pytest.raises(AccessDenied):
        answer(enter(user), other)

    assert not BlockScore.objects.exists()


# Randomizers


def test_a_randomizer_picks_one_child_for_good() -> None:
    store_course(with_unit(block("randomize", "r", *[text(f"t{n}") for n in range(5)])))
    user = learner()

    found = {shown(user) for _time in range(4)}

    assert len(found) == 1
    place = json.loads(LearnerState.objects.get(ref="randomize@r").state)["choice"]
    assert found == {(f"html@t{place}",)}


# Experiments


def test_all_experiments_with_one_partition_show_the_same_group(told: Callable[..., list[Any]]) -> None:
    store_course(with_unit(split(), split("y", "wa", "wb")))
    user = learner()

    [(name, event, _context)] = told(lambda: enter(user))

    group = group_of(user)
    letter = {"1": "a", "2": "b"}[group]
    assert shown(user) == (f"html@tv{letter}", f"html@tw{letter}")
    assert name == "xmodule.partitions.assigned_user_to_partition"
    assert event == {
        "partition_id": 5,
        "partition_name": "Tone",
        "group_id": int(group),
        "group_name": {"1": "Kind", "2": "Stern"}[group],
    }
    assert told(lambda: enter(user)) == []


def test_groups_are_as_likely_as_each_other() -> None:
    store_course(with_unit(split()))
    groups = []
    for number in range(60):
        user = learner(f"learner{number}")
        enter(user)
        groups.append(group_of(user))

    assert 7 <= groups.count("1") <= 53  # six standard deviations


def test_a_learner_whose_group_was_removed_gets_another() -> None:
    store_course(with_unit(split(), question("p1")))
    user = learner()
    answer(enter(user), "p1")
    put_into(user, "1")
    less = [{**PARTITIONS[0], "groups": PARTITIONS[0]["groups"][1:]}]
    store_course(with_unit(split(), question("p1"), user_partitions=less))

    assert shown(user) == ("html@tvb", "problem@p1")
    assert group_of(user) == "2"
    assert Job.objects.filter(name=REGRADE).count() == 1


@pytest.mark.parametrize("partitions", [[], [{"id": 5, "scheme": "random", "groups": []}]])
def test_an_experiment_without_groups_shows_nothing_and_tells_the_team(partitions: list[Any]) -> None:
    store_course(with_unit(split(), text("t1"), user_partitions=partitions))

    html, of_team = (courseware.unit(enter(user), "vertical@u1").blocks[0].html for user in (learner(), teacher()))

    assert "All about" not in html
    assert "All about tva." in of_team
    assert ("is not in the course any more" in of_team) is (partitions == [])


def test_a_paused_experiment_keeps_its_groups() -> None:
    store_course(with_unit(split(), user_partitions=[{**PARTITIONS[0], "active": False}]))

    assert len(shown(learner())) == 1


def test_the_team_sees_all_groups_by_name() -> None:
    arms = {"1": "i4x://Lyk/T101/vertical/va"}
    children = (vertical("va", text("ta")), vertical("vc", text("tc")))
    store_course(with_unit(block("split_test", "x", *children, user_partition_id=5, group_id_to_child=arms)))

    html = courseware.unit(enter(teacher()), "vertical@u1").blocks[0].html

    assert ["All about ta." in html, "All about tc." in html] == [True, True]
    assert [name in html for name in (">Kind<", ">Stern<", ">No group<")] == [True] * 3
    assert "This group has nothing here" in html
    assert 'data-controller="split-test"' in html


def test_what_a_learner_saw_is_told(told: Callable[..., list[Any]]) -> None:
    store_course(with_unit(split()))
    user = learner()
    enter(user)
    letter = {"1": "a", "2": "b"}[group_of(user)]

    events = told(lambda: courseware.unit(enter(user), "vertical@u1"))

    assert [(name, event) for name, event, _context in events if name.startswith("xblock")] == [
        ("xblock.split_test.child_render", {"child_id": usage(f"vertical@v{letter}")})
    ]


def test_an_experiment_may_be_a_unit() -> None:
    store_course(
        course(
            chapter("c1", sequential("s1", split(), vertical("u1", text("t1")), visible_to_staff_only=False)),
            user_partitions=PARTITIONS,
        )
    )
    user = learner()

    page = courseware.unit(enter(user), "split_test@x")

    assert (page.ref, page.count, page.next) == ("split_test@x", 2, "vertical@u1")
    assert page.blocks[0].html.count("All about") == 1


def test_nothing_is_drawn_behind_a_door_that_is_shut_by_choice() -> None:
    arms = (vertical("va", bank()), vertical("vb", text("tb")))
    store_course(with_unit(block("split_test", "x", *arms, user_partition_id=5, group_id_to_child=ARMS)))
    user = learner()
    enter(user)
    LearnerState.objects.all().delete()
    put_into(user, "2")

    assert shown(user) == ("html@tb",)
    assert not LearnerState.objects.exists()
    put_into(user, "1")
    assert len(shown(user)) == 2


# People


def test_visitors_are_asked_to_sign_in_and_nothing_is_drawn_for_them() -> None:
    store_course(with_unit(bank(), course_visibility="public"))
    people = [AnonymousUser(), person("dan")]

    pages = [courseware.unit(courseware.enter(one, RUN, NOW), "vertical@u1").blocks[0].html for one in people]

    assert ["Log in and enrol" in html for html in pages] == [True, True]
    assert ["problem@" in html or "evergreen" in html for html in pages] == [False, False]
    assert not LearnerState.objects.exists()


def test_who_left_the_course_keeps_what_was_drawn() -> None:
    store_course(with_unit(bank(), course_visibility="public"))
    user = learner()
    before = shown(user)
    catalog.unenrol(user.pk, RUN, at=NOW, by=user.pk)

    assert shown(user) == before


def test_under_a_mask_of_a_person_one_sees_one_draw_of_a_learner_who_never_came() -> None:
    store_course(with_unit(bank(), split()))
    alice, bob, copy = learner(), teacher(), StateCopy()
    mask = Mask("person", user_id=alice.pk)

    def look() -> tuple[str, ...]:
        seen = courseware.enter(bob, RUN, NOW, mask=mask, copy=copy)
        found = plan(seen).subsections["sequential@s1"].leaves
        LearnerState.objects.all().delete()  # as the face rolls back whatever was written
        ScopedState.objects.all().delete()
        return found

    assert {look() for _time in range(4)} == {look()}
    assert copy.changed


# What it costs


@pytest.mark.parametrize("banks", [1, 8])
def test_pages_of_courses_with_choosers_cost_two_queries_more(banks: int, django_assert_num_queries) -> None:
    blocks = [block("itembank", f"b{n}", *[question(f"q{n}{name}") for name in "abc"]) for n in range(banks)]
    store_course(with_unit(split(), *blocks))
    user = learner()
    enter(user)

    with django_assert_num_queries(ENTER + 2):  # groups of experiments, state of choosers
        enter(user)


def test_all_banks_of_a_course_are_drawn_in_one_write(django_assert_max_num_queries) -> None:
    blocks = [block("itembank", f"b{n}", *[question(f"q{n}{name}") for name in "abc"]) for n in range(20)]
    store_course(with_unit(*blocks))
    user = learner()

    # state, savepoint, lock, make, lock, state, write, objects for the log, scores, release
    with django_assert_max_num_queries(ENTER + 12):
        enter(user)

    assert LearnerState.objects.count() == 20


def test_completion_counts_what_was_chosen_only() -> None:
    store_course(with_unit(bank(max_count=1)))
    user = learner()
    answer(enter(user), shown(user)[0].removeprefix("problem@"))

    alice = enter(user)

    assert read_done(alice, plan(alice)).by_subsection == {"sequential@s1": 1}
    assert courseware.progress(alice).grade.percent == 1.0
    home = courseware.home(alice, all_open=True)
    assert (home.sections[0].complete, home.sections[0].subsections[0].problems, home.total) == (True, 1, 2)


@pytest.mark.parametrize("place", ["subsection", "section"])
def test_a_chooser_may_stand_in_the_place_of_a_subsection_or_section(place: str) -> None:
    inside = [vertical(f"v{n}", text(f"w{n}")) for n in range(3)]
    chooser = block("randomize", "r", *inside)
    if place == "section":
        chooser = block("randomize", "r", *[sequential(f"q{n}", one) for n, one in enumerate(inside)])
    part = chooser if place == "section" else chapter("c2", chooser)
    store_course(course(chapter("c1", sequential("s1", vertical("u1", text("t1")))), part))
    user = learner()

    home = courseware.home(enter(user), all_open=True)
    page = courseware.unit(enter(user), "randomize@r")

    assert home.total == 2
    assert page.blocks[0].html.count("All about w") == 1
    assert (page.previous, page.next) == ("vertical@u1", None)


def test_a_sheet_with_draws_is_the_one_that_would_be_made_from_nothing() -> None:
    store_course(with_unit(bank(), text("t1")))
    alice = enter(learner())
    walls = plan(alice).walls

    made = grades.make_sheet(alice.outline, lambda one: walls[one.index] in COUNTED, sheet(alice).policy)

    assert sheet(alice) == made
