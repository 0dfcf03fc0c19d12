from __future__ import annotations

from pathlib import Path

import pytest

from lykeion.olx.api import draft_root, drafts_between, read_course
from lykeion.olx.types import Block, Draft
from tests.olx.making import again, blocks, unit_course

NEW = "block-v1:Lykeion+T1+2026+type@sequential+block@s"
OLD = "i4x://Lykeion/T1/sequential/s"


def draft(parent: str, index: str, inner: str) -> str:
    return f'<vertical display_name="Draft" parent_url="{parent}" index_in_children_list="{index}">{inner}</vertical>'


@pytest.mark.parametrize("parent", [NEW, OLD])
def test_a_draft_replaces_its_unit_and_looks_for_parts_among_the_drafts_first(tmp_path: Path, parent: str) -> None:
    files: dict[str, str | bytes] = {
        "html/h.xml": "<html>published</html>",
        "html/k.xml": "<html>the same in both</html>",
        "drafts/vertical/v.xml": draft(parent, "0", '<html url_name="h"/><html url_name="k"/>'),
        "drafts/html/h.xml": '<html filename="h"/>',
        "drafts/html/h.html": "draft",
    }
    unit_course(tmp_path, '<html url_name="h"/><html url_name="k"/>', files)

    course = read_course(tmp_path)

    changed, same = Block("html", "h", {"data": "draft"}), Block("html", "k", {"data": "the same in both"})
    unit = Block("vertical", "v", {"display_name": "Draft"}, (changed, same))
    assert course.drafts == (Draft("sequential", "s", 0, unit),)
    assert blocks(course)["html", "h"].fields == {"data": "published"}
    assert draft_root(course).children[0].children[0].children == (unit,)
    assert course.extras == ()
    assert again(course, tmp_path / "out") == course
    assert f'parent_url="{NEW}" index_in_children_list="0"' in (tmp_path / "out/drafts/vertical/v.xml").read_text()


def test_a_unit_that_was_never_published_comes_to_its_place(tmp_path: Path) -> None:
    files: dict[str, str | bytes] = {
        "drafts/vertical/first.xml": draft(NEW, "0", "<html>new</html>"),
        "drafts/vertical/last.xml": draft(NEW, "2", "<html>new</html>"),
    }
    unit_course(tmp_path, "<html>x</html>", files)

    course = read_course(tmp_path)

    assert [unit.id for unit in draft_root(course).children[0].children[0].children] == ["first", "v", "last"]
    assert again(course, tmp_path / "out") == course


def test_drafts_without_a_place_stay_files(tmp_path: Path) -> None:
    files: dict[str, str | bytes] = {
        "drafts/vertical/lost.xml": draft(NEW.replace("@s", "@gone"), "0", "<html>x</html>"),
        "drafts/vertical/nowhere.xml": draft(NEW, "first", "<html>x</html>"),
        "drafts/vertical/part.xml": "<vertical/>",
        "drafts/vertical/broken.xml": "<vertical index_in_children_list='0'>",
    }
    unit_course(tmp_path, "<html>x</html>", files)

    course = read_course(tmp_path)

    assert course.drafts == ()
    assert {file.path for file in course.extras} == files.keys()
    assert {warning.file for warning in course.warnings} == files.keys()
    assert again(course, tmp_path / "out") == course


def test_a_circle_among_drafts_is_refused(tmp_path: Path) -> None:
    unit_course(tmp_path, "<html>x</html>", {"drafts/vertical/v.xml": draft(NEW, "0", '<vertical url_name="v"/>')})

    with pytest.raises(Exception, match="in a circle"):
        read_course(tmp_path)


def test_the_drafts_between_two_trees_lead_from_one_to_the_other(tmp_path: Path) -> None:
    files: dict[str, str | bytes] = {
        "drafts/vertical/v.xml": draft(NEW, "0", "<html>changed</html>"),
        "drafts/vertical/w.xml": draft(NEW, "1", "<html>new</html>"),
    }
    unit_course(tmp_path, "<html>x</html>", files)
    course = read_course(tmp_path)

    drafts, warnings = drafts_between(course.root, draft_root(course))

    assert (drafts, warnings) == (course.drafts, ())


def test_changes_above_units_are_told_because_olx_has_no_place_for_them() -> None:
    old = Block("course", "r", {}, (Block("chapter", "c", {}, (Block("sequential", "s"),)),))
    new = Block("course", "r", {}, (Block("chapter", "c", {"display_name": "New"}, (Block("sequential", "t"),)),))

    drafts, warnings = drafts_between(old, new)

    assert drafts == ()
    assert [warning.message for warning in warnings] == [
        "unpublished changes of chapter 'c' itself cannot be exported",
        "sequential 't' was never published and cannot be exported",
    ]
