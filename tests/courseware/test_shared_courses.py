"""Courses made elsewhere: every unit opens, and the pages about them add up."""

from __future__ import annotations

from pathlib import Path

import pytest

from lykeion.catalog import api as catalog
from lykeion.content import api as content
from lykeion.core.clock import now
from lykeion.courseware import api as courseware
from lykeion.courseware.entering import plan
from lykeion.courseware.types import Visitor
from tests.factories import person

pytestmark = pytest.mark.django_db


def imported(shared: Path, name: str, folder: Path, settings) -> Visitor:
    """Alice in a course that was made elsewhere."""
    settings.LYKEION_FILES = folder
    run = content.import_course(shared / "courses" / f"{name}.tar.gz", author="carol", at=now()).run
    catalog.sync_run(content.outline(run))
    alice = person("alice")
    catalog.enrol(alice.pk, run, at=now(), by=alice.pk)
    return courseware.enter(alice, run, now())


@pytest.mark.parametrize(
    "name", ["demo-course", "engineering-structures", "mitx-grading-library", "supported-components"]
)
def test_every_unit_opens(shared: Path, name: str, settings, tmp_path: Path) -> None:
    visitor = imported(shared, name, tmp_path, settings)

    pages = [courseware.unit(visitor, ref) for ref in plan(visitor).home]

    assert len(pages) > 10
    assert [block.ref for page in pages for block in page.blocks if "cannot be shown" in block.html] == []
    home, progress = courseware.home(visitor, all_open=True), courseware.progress(visitor)
    assert home.total == progress.complete + progress.incomplete > 10
    assert sum(len(section.subsections) for section in home.sections) > 0


def test_experiments_of_a_course_made_elsewhere_show_one_group(shared: Path, settings, tmp_path: Path) -> None:
    visitor = imported(shared, "engineering-structures", tmp_path, settings)
    outline, chosen = visitor.outline, dict(visitor.facts.chosen)
    tests = [block for block in outline.blocks if block.type == "split_test"]

    arms = [chosen[block.ref] for block in tests if block.ref in chosen]
    html = courseware.unit(visitor, arms[0][0]).blocks

    assert len(arms) == len(tests) == 12
    assert {len(one) for one in arms} == {1}
    assert any("xblock-student_view-split_test" in block.html for block in html)
    group = visitor.viewer.groups[164211874]
    assert group in {602361593, 756465564}
    for block, [arm] in zip(tests, arms, strict=True):
        assert block.own["group_id_to_child"][str(group)].endswith(arm.partition("@")[2])


def test_a_bank_of_a_course_made_elsewhere_gives_two_of_six(shared: Path, settings, tmp_path: Path) -> None:
    visitor = imported(shared, "demo-course", tmp_path, settings)

    [(bank, drawn)] = visitor.facts.chosen

    outline = visitor.outline
    assert (len(outline.blocks[outline.index[bank]].children), len(drawn)) == (6, 2)
