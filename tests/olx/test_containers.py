from __future__ import annotations

from pathlib import Path

from lykeion.olx.api import read_course
from tests.olx.making import again, blocks, unit_course, write_files


def test_settings_of_containers_are_typed_and_unknown_ones_kept(tmp_path: Path) -> None:
    attributes = (
        'graded="true" format=" Homework" due="&quot;2017-01-01T00:00:00Z&quot;" min_score="80" mystery="&lt;1&gt;"'
    )
    sequential = f'<sequential url_name="s" {attributes} group_access="{{&quot;1&quot;: [2]}}"/>'
    write_files(tmp_path, {"course/2026.xml": f'<course><chapter url_name="c">{sequential}</chapter></course>'})

    course = read_course(tmp_path)

    assert blocks(course)["sequential", "s"].fields == {
        "graded": True,
        "format": " Homework",
        "due": "2017-01-01T00:00:00Z",
        "min_score": 80,
        "group_access": {"1": [2]},
        "xml_attributes": {"mystery": "<1>"},
    }
    assert again(course, tmp_path / "out") == course


def test_wiki_and_textbooks_of_a_course_are_fields_and_elements_again(tmp_path: Path) -> None:
    books = '<textbook title="Rivers" book_url="/b/1/"/><textbook title="T" book_url="u"><extra/></textbook>'
    write_files(
        tmp_path, {"course/2026.xml": f'<course>{books}<wiki slug="rivers"/><chapter url_name="c" start=""/></course>'}
    )

    course = read_course(tmp_path)

    assert course.root.fields == {
        "textbooks": [["Rivers", "/b/1/"]],
        "wiki_slug": "rivers",
        "xml_children": ['<textbook title="T" book_url="u"><extra/></textbook>'],
    }
    assert [child.id for child in course.root.children] == ["c"]
    assert again(course, tmp_path / "out") == course
    assert '<wiki slug="rivers"/>' in (tmp_path / "out/course/2026.xml").read_text()


def test_a_conditional_has_a_condition_sources_and_what_it_shows(tmp_path: Path) -> None:
    show = '<show sources="i4x://o/c/html/a; i4x://o/c/html/b"/>'
    unit_course(
        tmp_path,
        f'<conditional url_name="x" sources="i4x://o/c/problem/p" completed="True">{show}'
        '<html url_name="h">t</html></conditional>',
    )

    course = read_course(tmp_path)

    conditional = blocks(course)["conditional", "x"]
    assert conditional.fields == {
        "sources_list": ["i4x://o/c/problem/p"],
        "conditional_attr": "completed",
        "conditional_value": "True",
        "show_tag_list": ["i4x://o/c/html/a", "i4x://o/c/html/b"],
    }
    assert [child.id for child in conditional.children] == ["h"]
    assert again(course, tmp_path / "out") == course
    assert 'completed="True" sources="i4x://o/c/problem/p"' in (tmp_path / "out/conditional/x.xml").read_text()


def test_an_experiment_keeps_which_group_sees_which_child(tmp_path: Path) -> None:
    groups = "{&quot;1&quot;: &quot;i4x://o/c/vertical/a&quot;}"
    inner = '<vertical url_name="a" start="x"/>'
    unit_course(
        tmp_path, f'<split_test url_name="x" group_id_to_child="{groups}" user_partition_id="7">{inner}</split_test>'
    )

    course = read_course(tmp_path)

    assert blocks(course)["split_test", "x"].fields == {
        "group_id_to_child": {"1": "i4x://o/c/vertical/a"},
        "user_partition_id": 7,
    }
    assert again(course, tmp_path / "out") == course


def test_old_containers_nest_freely(tmp_path: Path) -> None:
    problem = '<problemset url_name="ps"><problem url_name="p">x</problem></problemset>'
    inner = f'<problem url_name="q">y</problem><videosequence url_name="vs">{problem}</videosequence>'
    write_files(tmp_path, {"course/2026.xml": f'<course><chapter url_name="c">{inner}</chapter></course>'})

    course = read_course(tmp_path)

    types = [block.type for block in course.root.walk()]
    assert types == [
        "course",
        "chapter",
        "problem",
        "videosequence",
        "problemset",
        "problem",
    ]
    assert again(course, tmp_path / "out") == course
