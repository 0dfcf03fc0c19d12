from __future__ import annotations

import logging
from collections.abc import Iterator

import pytest
from django.contrib.auth.models import AnonymousUser
from django.db import connection
from django.test.utils import CaptureQueriesContext

from lykeion.blocks import registry
from lykeion.courseware import api as courseware
from lykeion.courseware import blockdata
from lykeion.courseware.api import BlockData
from lykeion.courseware.models import LearnerState
from lykeion.courseware.types import AccessDenied
from tests.courseware.acting import enter
from tests.factories import NOW, RUN, Spec, block, chapter, course, learner, sequential, store_course, text, vertical

pytestmark = pytest.mark.django_db
TOLD = {"label": "Count", "limit": 3, "due": "2026-01-02T00:00:00+00:00"}


@pytest.fixture(autouse=True)
def installed(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """The sample blocks."""
    from tests.blocks import samples

    table = registry.Registry(lambda: [*registry.installed_entry_points(), *samples.entry_points()])
    monkeypatch.setattr(registry, "installed", table)
    yield


def of(*blocks: Spec, **fields: str) -> Spec:
    """A course of one unit with ``blocks``."""
    return course(chapter("c1", sequential("s1", vertical("u1", *blocks))), **fields)


def counter(name: str, **fields: str) -> Spec:
    """A block of others that tells of itself."""
    return block("counter", name, **fields)


def test_an_app_reads_a_unit_with_what_its_blocks_tell() -> None:
    store_course(of(text("t1"), counter("n1"), counter("n2", visible_to_staff_only=True)))

    found = courseware.block_data(enter(learner()), "vertical@u1", depth=1, asked={"counter", "html"})

    assert found == (
        BlockData("vertical@u1", "vertical", "u1", ("html@t1", "counter@n1"), False, True),
        BlockData("html@t1", "html", "t1", (), False, True),
        BlockData("counter@n1", "counter", found[2].title, (), False, True, TOLD),
    )


def test_blocks_tell_nothing_unless_they_are_asked_and_what_they_write_is_dropped() -> None:
    store_course(of(counter("n1")))
    alice = enter(learner())

    quiet, asked = (courseware.block_data(alice, "counter@n1", asked=kinds) for kinds in ((), ("counter",)))

    assert [one.told for one in (*quiet, *asked)] == [None, TOLD]
    assert not LearnerState.objects.exists()


def test_a_block_that_fails_to_tell_leaves_the_others_whole(caplog: pytest.LogCaptureFixture) -> None:
    store_course(of(counter("n1", label="Falls"), counter("n2")))

    with caplog.at_level(logging.WARNING):
        found = courseware.block_data(enter(learner()), "vertical@u1", depth=1, asked={"counter"})

    assert [one.told for one in found] == [None, None, TOLD]
    assert "student_view_data of block-v1:Lyk+T101+2026+type@counter+block@n1 failed" in caplog.text


def test_more_than_one_answer_has_time_for_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(blockdata, "MOST_TOLD", 1)
    store_course(of(counter("n1"), counter("n2")))
    alice = enter(learner())

    with pytest.raises(courseware.TooMuchAsked, match="at most 1 blocks"):
        courseware.block_data(alice, "vertical@u1", depth=1, asked={"counter"})

    assert len(courseware.block_data(alice, "vertical@u1", depth=1)) == 3


def test_readers_of_a_public_course_are_told_nothing_of_what_is_scored() -> None:
    store_course(of(counter("n1"), text("t1"), course_visibility="public"))

    found = courseware.block_data(
        courseware.enter(AnonymousUser(), RUN, NOW), "vertical@u1", depth=1, asked={"counter"}
    )

    assert [(one.ref, one.told) for one in found] == [("vertical@u1", None), ("counter@n1", None), ("html@t1", None)]


def test_three_blocks_cost_no_more_queries_than_one() -> None:
    store_course(of(counter("n1"), vertical("u2", counter("n2"), counter("n3"), counter("n4"))))
    alice = enter(learner())
    costs = []
    for ref in ("counter@n1", "vertical@u2"):
        with CaptureQueriesContext(connection) as queries:
            courseware.block_data(alice, ref, depth=1, asked={"counter"})
        costs.append(len(queries))

    assert costs[1] <= costs[0]


def test_what_is_not_there_is_refused() -> None:
    store_course(of(text("t1")))

    with pytest.raises(AccessDenied):
        courseware.block_data(enter(learner()), "html@none")
