from __future__ import annotations

from pathlib import Path

from lykeion.olx.api import read_course
from lykeion.olx.types import Block, Json
from tests.olx.making import again, messages, write_files


def test_about_updates_and_tabs_become_pages(tmp_path: Path) -> None:
    items = '[{"id": 1, "date": "May 1", "content": "<p>Hi</p>", "status": "visible"}]'
    write_files(
        tmp_path,
        {
            "about/overview.html": "<p>Über</p>",
            "info/handouts.html": "<ol></ol>",
            "info/updates.html": "",
            "info/updates.items.json": items,
            "tabs/syllabus.html": "<p>Week 1</p>",
        },
    )

    course = read_course(tmp_path)

    item: Json = {"id": 1, "date": "May 1", "content": "<p>Hi</p>", "status": "visible"}
    assert course.pages == (
        Block("about", "overview", {"data": "<p>Über</p>"}),
        Block("course_info", "handouts", {"data": "<ol></ol>"}),
        Block("course_info", "updates", {"data": "", "items": [item]}),
        Block("static_tab", "syllabus", {"data": "<p>Week 1</p>"}),
    )
    assert again(course, tmp_path / "out") == course


def test_a_page_of_the_run_overrules_the_common_one(tmp_path: Path) -> None:
    write_files(tmp_path, {"about/overview.html": "common", "about/2026/overview.html": "own"})

    course = read_course(tmp_path)

    assert course.pages == (Block("about", "overview", {"data": "own"}),)
    assert [file.path for file in course.extras] == ["orphans/about/overview.html"]
    assert again(course, tmp_path / "out") == course


def test_updates_without_a_page_and_unreadable_ones_are_kept(tmp_path: Path) -> None:
    write_files(tmp_path / "a", {"info/updates.items.json": "[]"})
    write_files(tmp_path / "b", {"info/updates.items.json": "[", "tabs/a b.html": "x"})

    listed, broken = read_course(tmp_path / "a"), read_course(tmp_path / "b")

    assert listed.pages == (Block("course_info", "updates", {"items": []}),)
    assert again(listed, tmp_path / "out-a") == listed
    assert [file.path for file in broken.extras] == ["info/updates.items.json", "tabs/a b.html"]
    assert "tabs/a b.html: a page of this name has no address; kept as a file" in messages(broken)
    assert again(broken, tmp_path / "out-b") == broken
