"""The real courses beside the checkout: nothing of them is lost on the way in, out and in again."""

from __future__ import annotations

import os
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest
from lxml import etree

from lykeion.olx.api import pack, read_course, unpack, write_course
from lykeion.olx.types import Course
from tests.olx.making import digests

COURSES = ["demo-course", "engineering-structures", "mitx-grading-library", "supported-components"]
LEAVES = {"html", "problem", "video", "discussion"}
CONTAINERS = {"course", "chapter", "sequential", "vertical", "split_test", "library_content"}


@pytest.fixture(params=COURSES)
def folder(request: pytest.FixtureRequest, shared: Path, tmp_path: Path) -> Path:
    archive = shared / "courses" / f"{request.param}.tar.gz"
    if not archive.is_file():
        pytest.skip(f"needs {archive.name} in ../shared/courses")
    return unpack(archive, tmp_path / "course") / "course"


def counted(folder: Path, tag: str, name: str) -> Counter[str]:
    """An independent count: follow every pointer with nothing but a parser, and add up the tags."""
    path = folder / tag / f"{name}.xml"
    return counted_node(folder, etree.parse(path).getroot(), tag) if path.exists() else Counter([tag])


def counted_node(folder: Path, node: etree._Element, tag: str) -> Counter[str]:
    total = Counter([tag])
    for child in node if tag in CONTAINERS else ():
        if not isinstance(child.tag, str) or child.tag == "wiki":
            continue
        if list(child.attrib) == ["url_name"] and not len(child):
            total += counted(folder, child.tag, child.get("url_name") or "")
        else:
            total += counted_node(folder, child, child.tag)
    return total


def accounted(course: Course, folder: Path) -> set[str]:
    """Files that the course names itself, or that hold a block or page of it."""
    paths = {file.path for file in (*course.files, *course.extras)} | set(course.skipped)
    roots = [("", course.root), *(("drafts/", draft.block) for draft in course.drafts)]
    for prefix, root in roots:
        for block in root.walk():
            paths |= {f"{prefix}{block.type}/{block.id}{ending}" for ending in (".xml", ".html")}
    tops = {"about": "about", "course_info": "info", "static_tab": "tabs"}
    paths |= {f"{tops[page.type]}/{page.id}{ending}" for page in course.pages for ending in (".html", ".items.json")}
    return paths | {"course.xml", f"policies/{course.run}/policy.json", f"policies/{course.run}/grading_policy.json"}


def test_no_block_of_a_real_course_is_lost(folder: Path) -> None:
    top = etree.parse(folder / "course.xml").getroot()

    course = read_course(folder)

    assert course.counts() == counted(folder, "course", top.get("url_name") or "")
    assert "error" not in course.counts()
    assert course.warnings == ()


def test_every_file_of_a_real_course_is_accounted_for(folder: Path) -> None:
    files = {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}

    course = read_course(folder)

    assert files - accounted(course, folder) == set()


def test_a_real_course_comes_back_equal_through_an_archive(folder: Path, tmp_path: Path) -> None:
    course = read_course(folder)

    warnings = write_course(course, tmp_path / "out")

    back = read_course(unpack(pack(tmp_path / "out", tmp_path / "out.tar.gz"), tmp_path / "again"))
    assert (back, digests(back.files), digests(back.extras)) == (course, digests(course.files), digests(course.extras))
    assert warnings == ()


CLEANER = """
import sys
from olxcleaner import validate
for folder in sys.argv[1:]:
    _, store, _ = validate(folder + '/course.xml', 1, [], None)
    print(sorted({(type(e).__name__, e._description) for e in store.errors if e._level.value >= 3}))
"""


def test_the_export_of_a_real_course_has_no_errors_of_ours(folder: Path, tmp_path: Path) -> None:
    python = os.environ.get("OLXCLEANER_PYTHON", sys.executable)
    if subprocess.run([python, "-c", "import olxcleaner"], capture_output=True, check=False).returncode:
        pytest.skip("needs olxcleaner: give OLXCLEANER_PYTHON=<python of an environment that has it>")
    write_course(read_course(folder), tmp_path / "out")

    command = [python, "-c", CLEANER, str(folder), str(tmp_path / "out")]
    found = subprocess.run(command, capture_output=True, check=True, text=True).stdout.splitlines()

    before, after = found
    assert after == before
