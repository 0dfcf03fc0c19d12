"""Real courses in Studio: opened, edited, published and exported with nothing but the edit in the difference."""

from __future__ import annotations

import tarfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from lykeion.accounts import api as accounts
from lykeion.accounts.types import Role
from lykeion.authoring.api import components, courses, outline, publication, units
from lykeion.authoring.types import Author
from lykeion.content import api as content
from lykeion.core.keys import CourseLocator
from tests.content.trees import NOON
from tests.learn.conftest import person

COURSES = ("demo-course", "engineering-structures", "mitx-grading-library", "supported-components")
UNITS = 12  # that are looked at in each course


@pytest.fixture(params=COURSES)
def run(request: pytest.FixtureRequest, db: None, shared: Path) -> CourseLocator:
    """A real course, with Carol as its author."""
    report = content.import_course(shared / "courses" / f"{request.param}.tar.gz", author="carol", at=NOON)
    accounts.grant_role(person("carol"), Role.AUTHOR, org=str(report.run.org), run=report.run)
    return report.run


def author(run: CourseLocator) -> Author:
    carol = accounts.find_person("carol")
    assert carol is not None
    return courses.enter(carol, run)


def all_units(run: CourseLocator) -> Iterator[str]:
    """The units of the course, by opening section after section."""
    me = author(run)
    for section in outline.items(me, outline.COURSE):
        for subsection in outline.items(me, section.ref):
            yield from (unit.ref for unit in outline.items(me, subsection.ref) if unit.type == "vertical")


def exported(run: CourseLocator, archive: Path) -> dict[str, bytes]:
    content.export_course(run, archive)
    with tarfile.open(archive) as tar:
        members = [member for member in tar.getmembers() if member.isfile()]
        return {member.name: tar.extractfile(member).read() for member in members}  # type: ignore[union-attr]


def test_every_unit_of_a_real_course_opens(run: CourseLocator) -> None:
    found = list(all_units(run))
    step = max(1, len(found) // UNITS)

    for ref in found[::step]:
        shown = units.unit(author(run), ref, at=NOON)
        assert [one.item.ref for one in shown.components] == [item.ref for item in outline.items(author(run), ref)]
        assert all(one.html or one.holds for one in shown.components)


def test_only_the_edit_is_in_the_difference(run: CourseLocator, tmp_path: Path) -> None:
    text = next(
        item
        for ref in all_units(run)
        for item in outline.items(author(run), ref)
        if item.type == "html" and isinstance(item.fields.get("data"), str)
    )
    before = exported(run, tmp_path / "before.tar.gz")

    changed = str(text.fields["data"]) + "\n<p>One sentence more.</p>"
    components.save(author(run), text.ref, {"data": changed}, base=text.base, at=NOON)
    drafted = exported(run, tmp_path / "draft.tar.gz")
    publication.publish(author(run), text.ref, at=NOON)
    after = exported(run, tmp_path / "after.tar.gz")

    assert {name for name in drafted if drafted[name] != before.get(name)} == {
        name for name in drafted if name not in before
    }
    assert all("/drafts/" in name for name in drafted if name not in before)
    different = [name for name in after if after[name] != before.get(name)]
    assert len(different) == 1
    assert after[different[0]].decode().replace("\n<p>One sentence more.</p>", "") == before[different[0]].decode()
    assert set(after) == set(before)
