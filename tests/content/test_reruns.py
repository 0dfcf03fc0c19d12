"""New runs of a course: everything but what is of one run."""

from __future__ import annotations

import pytest

from lykeion.content import api
from lykeion.content.types import ObjectStore, RunExists
from lykeion.core.keys import run_of
from tests.content.trees import NOON, RUN, Tree, make_run, root_of, shape

SECTION: Tree = ("chapter@c", ("sequential@s", {"due": "2026-05-01T00:00:00Z"}, ("vertical@v",)))
NEXT = run_of("Lykeion", "T1", "next")


def test_a_new_run_has_the_same_tree_without_the_dates_of_the_old_one(here: ObjectStore) -> None:
    fields = {"display_name": "T", "start": "2026-01-01T00:00:00Z", "language": "de"}
    make_run(here, root_of(here, SECTION, **fields), root_of(here, SECTION, ("chapter@draft",), **fields))

    api.rerun(RUN, NEXT, title="T again", author="carol", at=NOON)

    published, draft = api.outline(NEXT), api.outline(NEXT, "draft")
    assert shape(published)[1:] == shape(api.outline(RUN))[1:]
    assert shape(draft)[2] == ("chapter@draft",)
    course = api.nodes([published.course.object_id])[published.course.object_id]
    assert course.fields == {"display_name": "T again", "language": "de"}
    assert published.get("chapter@c").object_id == api.outline(RUN).get("chapter@c").object_id  # type: ignore[union-attr]


def test_a_new_run_has_files_and_pages_too(here: ObjectStore) -> None:
    from lykeion.content.types import Node

    parts = {"about/overview": Node("about/overview", {"data": "All about it"})}
    make_run(here, root_of(here, parts=parts))

    root = api.rerun(RUN, NEXT, title="T", author="carol", at=NOON)

    assert api.part(root, "about/overview") == parts["about/overview"]


def test_a_run_is_not_written_over(here: ObjectStore) -> None:
    make_run(here, root_of(here))

    with pytest.raises(RunExists):
        api.rerun(RUN, RUN, title="T", author="carol", at=NOON)
