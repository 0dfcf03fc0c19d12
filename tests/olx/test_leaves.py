from __future__ import annotations

from pathlib import Path

from lykeion.olx.api import read_course, write_course
from lykeion.olx.types import Block
from tests.olx.making import again, in_unit, messages, unit_course

ASIDE = '<thumbs xblock-family="xblock_asides.v1" up="1"/>'


def test_a_problem_keeps_its_text_to_the_last_blank_and_the_attributes_that_are_no_fields(tmp_path: Path) -> None:
    script = '<script type="loncapa/python"><![CDATA[\nif a < b:\n\tx = 1\n]]></script>'
    inner = f"\n  <p>a\t&amp; b</p>\n\n\n  {script}<!-- c -->\n"
    text = f'<problem display_name="Q" max_attempts="null" weight="" mystery="1">{inner}</problem>\n'
    unit_course(tmp_path, '<problem url_name="p"/>', {"problem/p.xml": text})

    course = read_course(tmp_path)

    assert in_unit(course)[0].fields == {
        "display_name": "Q",
        "max_attempts": None,
        "weight": None,
        "data": f'<problem mystery="1">{inner}</problem>',
    }
    assert again(course, tmp_path / "out") == course


def test_the_old_name_of_max_attempts_is_understood(tmp_path: Path) -> None:
    unit_course(tmp_path, '<problem url_name="p" attempts="3" name="Old"/>')

    assert in_unit(read_course(tmp_path))[0].fields == {"max_attempts": 3, "display_name": "Old", "data": "<problem/>"}


def test_markdown_with_line_ends_and_nothing_at_all_survive(tmp_path: Path) -> None:
    unit_course(tmp_path, '<problem url_name="p" markdown="a&#10;&#9;b&#13;"/><problem url_name="q" markdown="null"/>')

    course = read_course(tmp_path)

    assert [block.fields["markdown"] for block in in_unit(course)] == ["a\n\tb\r", None]
    assert again(course, tmp_path / "out") == course


def test_an_empty_name_is_not_the_same_as_none(tmp_path: Path) -> None:
    unit_course(tmp_path, '<html url_name="a" display_name=""/><html url_name="b">t</html>')

    course = read_course(tmp_path)

    assert [block.fields for block in in_unit(course)] == [{"display_name": "", "data": ""}, {"data": "t"}]
    assert again(course, tmp_path / "out") == course


def test_a_discussion_keeps_its_id_and_what_is_inside(tmp_path: Path) -> None:
    unit_course(tmp_path, '<discussion url_name="d" discussion_id="i4x-1" for="Week 1"><extra a="1"/></discussion>')

    course = read_course(tmp_path)

    assert in_unit(course)[0].fields == {
        "discussion_id": "i4x-1",
        "xml_attributes": {"for": "Week 1"},
        "xml_children": ['<extra a="1"/>'],
    }
    assert again(course, tmp_path / "out") == course


def test_asides_are_kept_beside_any_block(tmp_path: Path) -> None:
    files: dict[str, str | bytes] = {"html/h.xml": f'<html filename="h">{ASIDE}</html>', "html/h.html": "Text"}
    problem = f'<problem url_name="p"><p/>{ASIDE}</problem>'
    unit_course(tmp_path, f'<html url_name="h"/>{problem}<video url_name="v">{ASIDE}</video>{ASIDE}', files)

    course = read_course(tmp_path)

    assert [block.fields for block in in_unit(course)] == [
        {"data": "Text", "xml_asides": [ASIDE]},
        {"data": "<problem><p/></problem>", "xml_asides": [ASIDE]},
        {"xml_asides": [ASIDE]},
    ]
    assert again(course, tmp_path / "out") == course


def test_a_problem_that_was_saved_broken_is_written_as_it_is(tmp_path: Path) -> None:
    unit_course(tmp_path, '<problem url_name="p"/>', {"problem/p.xml": "<problem/>"})
    course = read_course(tmp_path)
    chapter = Block("chapter", "c", {}, (Block("problem", "p", {"data": "<problem><p></problem>", "weight": 2}),))
    course = type(course)(course.org, course.course, course.run, Block("course", "2026", {}, (chapter,)))

    warnings = write_course(course, tmp_path / "out")

    assert [(warning.file, warning.line) for warning in warnings] == [("problem/p.xml", 1)]
    back = read_course(tmp_path / "out")
    assert back.root.children[0].children[0].fields["contents"] == "<problem><p></problem>"
    assert back.policy == {"problem/p": {"weight": 2}}


def test_text_where_none_belongs_is_told(tmp_path: Path) -> None:
    unit_course(tmp_path, "stray<html>x</html>")

    assert messages(read_course(tmp_path)) == [
        "course/2026.xml, line 1: text directly inside <vertical> is never shown and was left out"
    ]
