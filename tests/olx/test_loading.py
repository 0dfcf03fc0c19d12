from __future__ import annotations

from pathlib import Path

import pytest

from lykeion.olx.api import read_course
from lykeion.olx.types import Block, Limits, OlxError
from tests.olx.making import TOP, again, blocks, digests, messages, unit_course, write_files


def test_a_course_of_pointer_files_is_read_from_top_to_bottom(tmp_path: Path) -> None:
    write_files(
        tmp_path,
        {
            "course/2026.xml": '<course display_name="Rivers"><chapter url_name="c"/><wiki slug="rivers"/></course>',
            "chapter/c.xml": '<chapter display_name="One"><sequential url_name="s"/></chapter>',
            "sequential/s.xml": '<sequential graded="true"><vertical url_name="v"/></sequential>',
            "vertical/v.xml": '<vertical><html url_name="h"/></vertical>',
            "html/h.xml": '<html filename="h" display_name="Text"/>',
            "html/h.html": "<p>Water & stone</p>\n",
        },
    )

    course = read_course(tmp_path)

    html = Block("html", "h", {"display_name": "Text", "data": "<p>Water & stone</p>\n"})
    sequential = Block("sequential", "s", {"graded": True}, (Block("vertical", "v", {}, (html,)),))
    chapter = Block("chapter", "c", {"display_name": "One"}, (sequential,))
    assert course.root == Block("course", "2026", {"display_name": "Rivers", "wiki_slug": "rivers"}, (chapter,))
    assert (course.org, course.course, course.run, course.extras, course.warnings) == ("Lykeion", "T1", "2026", (), ())


def test_a_whole_course_may_stand_in_course_xml(tmp_path: Path) -> None:
    inner = '<chapter display_name="One"><sequential><problem display_name="Q">x</problem></sequential></chapter>'
    (tmp_path / "course.xml").write_text(f'<course org="O" course="C" url_name="R" start="2020-01-01">{inner}</course>')

    course = read_course(tmp_path)

    problem = Block("problem", "Q", {"display_name": "Q", "data": "<problem>x</problem>"})
    assert course.root.fields == {"start": "2020-01-01"}
    assert course.root.children[0].id == "One"
    assert course.root.children[0].children[0].children == (problem,)
    assert again(course, tmp_path / "out") == course


def test_a_course_without_an_organisation_belongs_to_edx(tmp_path: Path) -> None:
    write_files(tmp_path, {"course.xml": '<course url_name="2026" course="T1"/>'})

    course = read_course(tmp_path)

    assert course.org == "edx"
    assert messages(course) == ["course.xml, line 1: no org is given; 'edx' is taken"]


def test_a_course_one_folder_down_is_found_and_what_lies_beside_it_is_kept(tmp_path: Path) -> None:
    write_files(tmp_path / "repository" / "course", {})
    (tmp_path / "repository" / "README.md").write_text("How to build")

    course = read_course(tmp_path)

    assert [file.path for file in course.extras] == ["orphans/repository/README.md"]
    assert again(course, tmp_path / "out") == course


def test_two_courses_in_one_folder_are_refused_by_name(tmp_path: Path) -> None:
    write_files(tmp_path / "one", {})
    write_files(tmp_path / "two", {})

    with pytest.raises(OlxError, match=r"several courses in one archive \(one, two\)"):
        read_course(tmp_path)


@pytest.mark.parametrize(
    ("files", "message"),
    [
        ({"moodle_backup.xml": "<x/>", "course/course.xml": '<course id="2" contextid="15"/>'}, "Moodle backup"),
        ({"course.xml": '<course id="2" contextid="15"><shortname>A</shortname></course>'}, "Moodle backup"),
        ({"course.xml": "<course>\n% for x in y:\n<%include file='a'/>\n</course>"}, "template"),
        ({"course.xml": "## header\n<course ${x}/>"}, "template"),
        ({"course.xml": "<course>"}, "course.xml, line 1: not well-formed"),
        ({"course.xml": "<html/>"}, "<course> was expected, not <html>"),
        ({"course.xml": TOP}, "course/2026.xml, which holds the course, is missing"),
        ({"course.xml": TOP, "course/2026.xml": "<course>\n<a></course>"}, "course/2026.xml, line 2: not well-formed"),
        ({"README": "nothing here"}, "no course.xml"),
    ],
)
def test_what_is_no_course_is_refused_with_the_reason(tmp_path: Path, files: dict[str, str], message: str) -> None:
    for path, text in files.items():
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / path).write_text(text)

    with pytest.raises(OlxError, match=message):
        read_course(tmp_path)


def test_every_file_of_the_archive_is_accounted_for(tmp_path: Path) -> None:
    odd: dict[str, str | bytes] = {
        "static/a b.png": b"\x89PNG",
        "static/deep/er.txt": "x",
        "custom_tags/book": "template",
        "tags.csv": "a,b",
        "assets/assets.xml": "<assets/>",
        "policies/assets.json": "{}",
        "problem/orphan.xml": "<problem/>",
        "about/overview.html": "<p>Hello</p>",
        "about/picture.png": b"\x89PNG",
        "._course.xml": "resource fork",
        "html/old.html~": "backup",
        ".git/HEAD": "ref",
    }
    unit_course(tmp_path, '<html url_name="h"/>', odd | {"html/h.xml": "<html>text</html>"})

    course = read_course(tmp_path)

    assert [file.path for file in course.files] == ["static/a b.png", "static/deep/er.txt"]
    assert sorted(course.skipped) == ["._course.xml", ".git", "html/old.html~"]
    assert [file.path for file in course.extras] == [
        "about/picture.png",
        "assets/assets.xml",
        "custom_tags/book",
        "policies/assets.json",
        "problem/orphan.xml",
        "tags.csv",
    ]
    assert messages(course) == ["problem/orphan.xml: nothing in the course points here; kept as it is"]
    assert again(course, tmp_path / "out") == course


def test_an_orphan_in_the_way_of_an_inline_block_moves_aside(tmp_path: Path) -> None:
    unit_course(tmp_path, '<problem url_name="p" weight="2">new</problem>', {"problem/p.xml": "<problem>old</problem>"})

    course = read_course(tmp_path)

    assert blocks(course)["problem", "p"].fields == {"weight": 2, "data": "<problem>new</problem>"}
    assert [(file.path, file.read()) for file in course.extras] == [
        ("orphans/problem/p.xml", b"<problem>old</problem>")
    ]
    assert again(course, tmp_path / "out") == course


def test_a_link_in_a_folder_is_left_out_and_told(tmp_path: Path) -> None:
    unit_course(tmp_path, "<html>x</html>", {"static/real.txt": "x"})
    (tmp_path / "static" / "link.txt").symlink_to("/etc/passwd")

    course = read_course(tmp_path)

    assert digests(course.files).keys() == {"static/real.txt"}
    assert messages(course) == ["static/link.txt: a link, not a file; left out"]


def test_texts_and_trees_past_the_limits_are_refused(tmp_path: Path) -> None:
    unit_course(tmp_path, '<html url_name="h"/>', {"html/h.xml": '<html filename="h"/>', "html/h.html": "x" * 2000})

    with pytest.raises(OlxError, match=r"html/h\.html: 2,000 bytes are too many"):
        read_course(tmp_path, limits=Limits(text_bytes=1999))
    with pytest.raises(OlxError, match="more than 2,001 bytes of text"):
        read_course(tmp_path, limits=Limits(tree_bytes=2001))
    with pytest.raises(OlxError, match="more than 3 blocks"):
        read_course(tmp_path, limits=Limits(blocks=3))
    with pytest.raises(OlxError, match="nested deeper than 3"):
        read_course(tmp_path, limits=Limits(depth=3))


def test_a_legacy_library_is_read_like_a_course(tmp_path: Path) -> None:
    pointer = '<problem url_name="p"/>'
    (tmp_path / "library.xml").write_text(f'<library org="O" library="L" display_name="Bank">{pointer}</library>')
    (tmp_path / "problem").mkdir()
    (tmp_path / "problem" / "p.xml").write_text("<problem>1 + 1</problem>")

    library = read_course(tmp_path)

    assert (library.org, library.course, library.run) == ("O", "L", "library")
    problem = Block("problem", "p", {"data": "<problem>1 + 1</problem>"})
    assert library.root == Block("library", "library", {"display_name": "Bank"}, (problem,))
    assert again(library, tmp_path / "out") == library


def test_progress_counts_up_to_all_files(tmp_path: Path) -> None:
    unit_course(tmp_path, "")
    told: list[tuple[int, int, str]] = []

    read_course(tmp_path, progress=lambda done, total, message: told.append((done, total, message)))

    assert told[-1] == (2, 2, "reading")
