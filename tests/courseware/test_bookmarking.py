"""Bookmarks of units."""

import pytest

from lykeion.courseware import api as courseware
from lykeion.courseware.types import AccessDenied
from tests.courseware.acting import enter
from tests.factories import (
    FUTURE,
    Spec,
    chapter,
    course,
    learner,
    sequential,
    store_course,
    text,
    vertical,
)

pytestmark = pytest.mark.django_db


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
