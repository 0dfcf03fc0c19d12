"""Courses made elsewhere: every unit opens, and the pages about them add up."""

from __future__ import annotations

from pathlib import Path

import pytest

from lykeion.catalog import api as catalog
from lykeion.content import api as content
from lykeion.core.clock import now
from lykeion.courseware import api as courseware
from lykeion.courseware.entering import plan
from tests.factories import person

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    "name", ["demo-course", "engineering-structures", "mitx-grading-library", "supported-components"]
)
def test_every_unit_opens(shared: Path, name: str, settings, tmp_path: Path) -> None:
    settings.LYKEION_FILES = tmp_path
    run = content.import_course(shared / "courses" / f"{name}.tar.gz", author="carol", at=now()).run
    catalog.sync_run(content.outline(run))
    alice = person("alice")
    catalog.enrol(alice.pk, run, at=now(), by=alice.pk)
    visitor = courseware.enter(alice, run, now())

    pages = [courseware.unit(visitor, ref) for ref in plan(visitor).home]

    assert len(pages) > 10
    assert [block.ref for page in pages for block in page.blocks if "cannot be shown" in block.html] == []
    home, progress = courseware.home(visitor, all_open=True), courseware.progress(visitor)
    assert home.total == progress.complete + progress.incomplete > 10
    assert sum(len(section.subsections) for section in home.sections) > 0
