from __future__ import annotations

import hashlib
from pathlib import Path

import pytest

from lykeion.olx.api import read_course
from lykeion.olx.types import Block, Fields, Limits, OlxError
from tests.olx.making import again, blocks, in_unit, messages, unit_course, write_files


def test_only_a_lone_url_name_points_at_a_file(tmp_path: Path) -> None:
    files: dict[str, str | bytes] = {
        "problem/p.xml": "<problem>file</problem>",
        "problem/q.xml": "<problem>file</problem>",
    }
    unit_course(tmp_path, '<problem url_name="p"/><problem url_name="q" weight="1"/>', files)

    pointed, inline = in_unit(read_course(tmp_path))

    assert pointed.fields == {"data": "<problem>file</problem>"}
    assert inline.fields == {"weight": 1, "data": "<problem/>"}


def test_colons_in_a_name_are_folders(tmp_path: Path) -> None:
    files: dict[str, str | bytes] = {
        "html/week1/intro.xml": '<html filename="intro"/>',
        "html/week1/intro.html": "Hello",
    }
    unit_course(tmp_path, '<html url_name="week1:intro"/>', files)

    course = read_course(tmp_path)

    assert in_unit(course) == (Block("html", "week1:intro", {"data": "Hello"}),)
    assert again(course, tmp_path / "out") == course


def test_the_old_filename_attribute_points_too_and_its_node_adds_attributes(tmp_path: Path) -> None:
    files: dict[str, str | bytes] = {"problem/shared.xml": '<problem weight="2" max_attempts="1">x</problem>'}
    unit_course(tmp_path, '<problem url_name="p" filename="shared" max_attempts="5"/>', files)

    course = read_course(tmp_path)

    assert in_unit(course) == (Block("problem", "p", {"weight": 2, "max_attempts": 5, "data": "<problem>x</problem>"}),)
    assert again(course, tmp_path / "out") == course


@pytest.mark.parametrize(
    ("attributes", "name"),
    [
        ('url_name="u" slug="s" name="n" display_name="d"', "u"),
        ('slug="s" name="n" display_name="d"', "s"),
        ('name="n" display_name="d"', "n"),
        ('display_name="Wörk &amp; play: 50%"', "Wörk___play:_50_"),
        ('url_name="../../etc/passwd"', ".._.._etc_passwd"),
        ('url_name="..:..:etc"', ".._.._etc"),
        ('url_name="._x"', "_x"),
    ],
)
def test_names_come_from_url_name_slug_name_or_display_name(tmp_path: Path, attributes: str, name: str) -> None:
    unit_course(tmp_path, f"<problem {attributes}>x</problem>")

    course = read_course(tmp_path)

    assert in_unit(course)[0].id == name
    assert again(course, tmp_path / "out") == course


def test_a_nameless_node_is_named_after_its_content(tmp_path: Path) -> None:
    unit_course(tmp_path, "<problem>x</problem><problem>x</problem>")

    first, second = in_unit(read_course(tmp_path))

    expected = "problem_" + hashlib.sha1(b"<problem>x</problem>").hexdigest()[:12]
    assert (first.id, second.id) == (expected, expected + "_2")


def test_a_very_long_name_is_cut_and_stays_unique(tmp_path: Path) -> None:
    unit_course(tmp_path, f'<html display_name="{"é" * 300}a"/><html display_name="{"é" * 300}b"/>')

    course = read_course(tmp_path)

    first, second = in_unit(course)
    assert first.id != second.id
    assert max(len(first.id.encode()), len(second.id.encode())) <= 180
    assert again(course, tmp_path / "out") == course


def test_a_repeated_id_gets_a_new_name_and_a_warning(tmp_path: Path) -> None:
    unit_course(
        tmp_path, '<problem url_name="p">a</problem><problem url_name="p">b</problem><html url_name="p">c</html>'
    )

    course = read_course(tmp_path)

    renamed = "problem_p_" + hashlib.sha1(b'<problem url_name="p">b</problem>').hexdigest()[:12]
    assert [block.id for block in in_unit(course)] == ["p", renamed, "p"]
    assert messages(course) == [
        f"course/2026.xml, line 1: <problem> 'p' is here a second time and now called {renamed!r};"
        " what learners did there stays with the first"
    ]
    assert again(course, tmp_path / "out") == course


def test_a_broken_child_becomes_an_error_block_and_is_exported_as_it_was(tmp_path: Path) -> None:
    text = "<problem>\n<p>never closed\n</problem>\n"
    unit_course(tmp_path, '<problem url_name="p"/><html url_name="h">fine</html>', {"problem/p.xml": text})

    course = read_course(tmp_path)

    broken, fine = in_unit(course)
    assert (broken.type, broken.id, broken.fields["tag"], broken.fields["contents"]) == ("error", "p", "problem", text)
    assert "Opening and ending tag mismatch" in str(broken.fields["error"])
    assert fine == Block("html", "h", {"data": "fine"})
    assert "problem/p.xml, line 3: not well-formed XML" in messages(course)[0]
    assert again(course, tmp_path / "out") == course
    assert (tmp_path / "out/problem/p.xml").read_text() == text


@pytest.mark.parametrize(
    "text", ["", "   \n", "<problem>&nbsp;</problem>", "<!DOCTYPE problem SYSTEM 'x'><problem>&a;</problem>"]
)
def test_other_broken_definitions_survive_too(tmp_path: Path, text: str) -> None:
    unit_course(tmp_path, '<problem url_name="p"/>', {"problem/p.xml": text})

    course = read_course(tmp_path)

    assert in_unit(course)[0].type == "error"
    assert again(course, tmp_path / "out") == course


def test_a_missing_definition_is_shown_as_broken(tmp_path: Path) -> None:
    unit_course(tmp_path, '<problem url_name="p"/><html url_name="h" filename="gone"/>')

    course = read_course(tmp_path)

    problem, html = in_unit(course)
    assert problem == Block("error", "p", {"tag": "problem", "contents": "", "error": "problem/p.xml is missing"})
    assert html.fields["error"] == "html/gone.html is missing"
    assert again(course, tmp_path / "out") == course


def test_a_plug_in_without_a_file_is_a_block_with_no_settings(tmp_path: Path) -> None:
    unit_course(tmp_path, '<done url_name="d"/>')

    course = read_course(tmp_path)

    assert in_unit(course) == (Block("done", "d", {"xml": "<done/>"}),)
    assert course.warnings == ()
    assert again(course, tmp_path / "out") == course


def test_a_definition_with_another_root_is_read_as_the_pointer_says(tmp_path: Path) -> None:
    files: dict[str, str | bytes] = {
        "sequential/s2.xml": '<vertical display_name="S"/>',
        "poll/x.xml": '<survey a="1"/>',
    }
    write_files(
        tmp_path,
        files
        | {
            "course/2026.xml": '<course><chapter url_name="c"/></course>',
            "chapter/c.xml": '<chapter><sequential url_name="s2"/><poll url_name="x"/></chapter>',
        },
    )

    course = read_course(tmp_path)

    assert blocks(course)["sequential", "s2"].fields == {"display_name": "S"}
    assert blocks(course)["poll", "x"].fields == {"xml": '<poll a="1"/>'}
    assert "sequential/s2.xml, line 1: <sequential> was expected, not <vertical>; read as <sequential>" in messages(
        course
    )
    assert again(course, tmp_path / "out") == course


def test_pointers_in_a_circle_are_refused_with_the_way_round(tmp_path: Path) -> None:
    write_files(
        tmp_path,
        {
            "course/2026.xml": '<course><chapter url_name="c"/></course>',
            "chapter/c.xml": '<chapter><sequential url_name="s"/></chapter>',
            "sequential/s.xml": '<sequential>\n<chapter url_name="c"/></sequential>',
        },
    )

    with pytest.raises(
        OlxError, match=r"in a circle: chapter/c\.xml -> sequential/s\.xml -> chapter/c\.xml"
    ) as refused:
        read_course(tmp_path)
    assert (refused.value.file, refused.value.line) == ("sequential/s.xml", 2)


def test_pointers_that_multiply_are_refused(tmp_path: Path) -> None:
    files: dict[str, str | bytes] = {
        f"vertical/v{n}.xml": f'<vertical><vertical url_name="v{n + 1}"/><vertical url_name="v{n + 1}"/></vertical>'
        for n in range(30)
    }
    unit_course(tmp_path, '<vertical url_name="v0"/>', files)

    with pytest.raises(OlxError, match="too many nodes point at the same definitions"):
        read_course(tmp_path, limits=Limits(repeats=500))


def test_a_wrong_encoding_is_refused_with_file_and_line(tmp_path: Path) -> None:
    unit_course(tmp_path, '<problem url_name="p"/>', {"problem/p.xml": "<problem>\ncafé</problem>".encode("latin-1")})

    with pytest.raises(OlxError, match=r"problem/p\.xml, line 2: byte 0xe9 is not UTF-8; save the file as UTF-8"):
        read_course(tmp_path)


def test_a_declared_encoding_is_respected(tmp_path: Path) -> None:
    text = '<?xml version="1.0" encoding="ISO-8859-1"?><problem>café</problem>'.encode("latin-1")
    unit_course(tmp_path, '<problem url_name="p"/>', {"problem/p.xml": text})

    assert in_unit(read_course(tmp_path))[0].fields == {"data": "<problem>café</problem>"}


def test_a_wrong_encoding_of_a_text_is_refused_too(tmp_path: Path) -> None:
    files: dict[str, str | bytes] = {"html/h.xml": '<html filename="h"/>', "html/h.html": "\n\ncafé".encode("cp1252")}
    unit_course(tmp_path, '<html url_name="h"/>', files)

    with pytest.raises(OlxError, match=r"html/h\.html, line 3: byte 0xe9"):
        read_course(tmp_path)


LAUGHS = """<!DOCTYPE problem [
<!ENTITY a "ha">
<!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;">
]>
<problem>&b;</problem>"""


@pytest.mark.parametrize(
    "text",
    [
        LAUGHS,
        '<!DOCTYPE p [\n<!ENTITY x SYSTEM "file:///etc/passwd">]><problem>&x;</problem>',
        '<!DOCTYPE p [\n<!ENTITY % x SYSTEM "http://127.0.0.1/x"> %x;]><problem/>',
        '<?xml version="1.0" encoding="utf-16"?><!DOCTYPE p [\n<!ENTITY x "y">]><problem a="&x;"/>'.encode("utf-16"),
    ],
    ids=["billion laughs", "external file", "external parameter", "in UTF-16"],
)
def test_declared_entities_are_refused_with_file_and_line(tmp_path: Path, text: str | bytes) -> None:
    unit_course(tmp_path, '<problem url_name="p"/>', {"problem/p.xml": text})

    with pytest.raises(OlxError, match="entity declarations are refused") as refused:
        read_course(tmp_path)
    assert (refused.value.file, refused.value.line) == ("problem/p.xml", 2)


def test_elements_nested_without_end_are_refused(tmp_path: Path) -> None:
    unit_course(tmp_path, '<problem url_name="p"/>', {"problem/p.xml": "<problem>" * 100_000})

    with pytest.raises(OlxError, match="Excessive depth"):
        read_course(tmp_path)


def test_an_element_with_attributes_without_end_is_refused_at_once(tmp_path: Path) -> None:
    crowd = " ".join(f'a{number}="="' for number in range(100_000))
    unit_course(tmp_path, '<problem url_name="p"/>', {"problem/p.xml": f"<problem>\n<p {crowd}/></problem>"})

    with pytest.raises(OlxError, match="more than 1,000 attributes") as refused:
        read_course(tmp_path)
    assert (refused.value.file, refused.value.line) == ("problem/p.xml", 2)


def test_many_elements_with_attributes_are_no_crowd(tmp_path: Path) -> None:
    paragraphs = "<p a='='/>" * 2_000
    unit_course(tmp_path, '<problem url_name="p"/>', {"problem/p.xml": f"<problem>{paragraphs}</problem>"})

    assert in_unit(read_course(tmp_path))[0].type == "problem"


def test_a_full_html_document_stays_as_it_is(tmp_path: Path) -> None:
    text = "<!DOCTYPE html>\r\n<html><head><title>T</title></head><body>&nbsp;<br></body></html>"
    unit_course(tmp_path, '<html url_name="h"/>', {"html/h.xml": '<html filename="h"/>', "html/h.html": text})

    course = read_course(tmp_path)

    assert in_unit(course)[0].fields == {"data": text}
    assert again(course, tmp_path / "out") == course


def test_inline_html_is_what_stands_inside_and_keeps_empty_elements_open(tmp_path: Path) -> None:
    unit_course(tmp_path, '<html url_name="h">A <b>bold</b> <i class="icon"/> icon<br/></html><html url_name="e"/>')

    course = read_course(tmp_path)

    assert in_unit(course)[0].fields == {"data": 'A <b>bold</b> <i class="icon"></i> icon<br/>'}
    assert again(course, tmp_path / "out") == course


def test_the_file_of_an_html_pointer_may_be_the_text_alone(tmp_path: Path) -> None:
    unit_course(tmp_path, '<html url_name="h"/>', {"html/h.html": "Text"})

    course = read_course(tmp_path)

    assert in_unit(course) == (Block("html", "h", {"data": "Text"}),)
    assert messages(course) == ["course/2026.xml, line 1: html/h.xml is missing; the text of html/h.html is used"]


def test_an_element_with_a_namespace_is_kept_as_a_broken_block(tmp_path: Path) -> None:
    unit_course(tmp_path, '<x:poll xmlns:x="urn:x" url_name="p">y</x:poll>')

    course = read_course(tmp_path)

    assert in_unit(course)[0].fields["contents"] == '<x:poll xmlns:x="urn:x" url_name="p">y</x:poll>'
    assert again(course, tmp_path / "out") == course


class Boxes:
    """A vocabulary in which `<box>` holds blocks."""

    def is_container(self, tag: str) -> bool:
        return tag == "box"


def test_a_plug_in_is_kept_as_its_xml(tmp_path: Path) -> None:
    xml = '<poll a="1" xblock-family="xblock.v1"><q>&lt;p&gt;</q><!-- note --> <r/></poll>'
    unit_course(tmp_path, xml.replace("<poll", '<poll url_name="p"', 1))

    course = read_course(tmp_path)

    assert in_unit(course) == (Block("poll", "p", {"xml": xml}),)
    assert again(course, tmp_path / "out") == course


def test_a_plug_in_container_gives_up_the_children_that_the_vocabulary_names(tmp_path: Path) -> None:
    option = '<option:data xmlns:option="http://code.edx.org/xblock/option">[1]</option:data>'
    unit_course(tmp_path, f'<box url_name="b">{option}<poll url_name="p" a="1"/><html url_name="h">t</html></box>')

    course = read_course(tmp_path, vocabulary=Boxes())

    poll, html = Block("poll", "p", {"xml": '<poll a="1"/>'}), Block("html", "h", {"data": "t"})
    assert in_unit(course) == (Block("box", "b", {"xml": f"<box>{option}</box>"}, (poll, html)),)


def test_pointers_inside_an_unknown_tag_are_blocks_when_their_file_is_there(tmp_path: Path) -> None:
    inner = '<a>text</a><html url_name="h"/><html url_name="gone"/><poll url_name="p"/> tail'
    files: dict[str, str | bytes] = {"html/h.xml": "<html>t</html>", "poll/p.xml": '<poll a="1"/>'}
    unit_course(tmp_path, f'<crate url_name="c">{inner}</crate>', files)

    course = read_course(tmp_path)

    (crate,) = in_unit(course)
    assert crate.fields == {"xml": '<crate><a>text</a><html url_name="gone"/> tail</crate>'}
    assert [(child.type, child.id) for child in crate.children] == [("html", "h"), ("poll", "p")]
    assert again(course, tmp_path / "out") == course


def test_a_pointer_may_carry_asides(tmp_path: Path) -> None:
    aside = '<thumbs xblock-family="xblock_asides.v1" up="1"/>'
    files: dict[str, str | bytes] = {"html/h.xml": '<html filename="h"/>', "html/h.html": "Text"}
    unit_course(tmp_path, f'<html url_name="h">{aside}</html><problem url_name="p">{aside}</problem>', files)

    course = read_course(tmp_path)

    html, problem = in_unit(course)
    assert html.fields == {"data": "Text", "xml_asides": [aside]}
    assert problem.fields == {"data": "<problem/>", "xml_asides": [aside]}
    assert again(course, tmp_path / "out") == course


def test_a_course_of_the_first_years_is_understood(tmp_path: Path) -> None:
    """Everything points by filename, is named by slug and name, and roots are called sequential."""
    grace = 'graceperiod="1 day 12 hours" showanswer="attempted"'
    components = '<html slug="h" filename="h"/><problem slug="q" filename="Q" name="The question"/>'
    vertical = f'<vertical slug="v1" {grace}>{components}</vertical>'
    section = f'<chapter filename="One" slug="One" {grace} name="Week one"/>'
    settings = 'name="First course" start="2012-07-17T12:00"'
    write_files(
        tmp_path,
        {
            "course.xml": f'<course {settings} org="O" course="C" slug="2012_Spring"/>',
            "course/2012_Spring.xml": f"<sequential>{section}</sequential>",
            "chapter/One.xml": f'<sequential>{vertical}<video youtube="1.0:abc" slug="w" name="Welcome"/></sequential>',
            "html/h.xml": "<p>The text itself</p>",
            "problem/Q.xml": "<problem>1 + 1</problem>",
        },
    )

    course = read_course(tmp_path)

    shared: Fields = {"graceperiod": "1 day 12 hours", "showanswer": "attempted"}
    html = Block("html", "h", {"data": "<p>The text itself</p>"})
    problem = Block("problem", "q", {"display_name": "The question", "data": "<problem>1 + 1</problem>"})
    video = Block("video", "w", {"display_name": "Welcome", "youtube_id_1_0": "abc"})
    (chapter,) = course.root.children
    assert (course.run, course.root.fields) == (
        "2012_Spring",
        {"display_name": "First course", "start": "2012-07-17T12:00"},
    )
    assert (chapter.id, chapter.fields) == ("One", {**shared, "display_name": "Week one"})
    assert chapter.children == (Block("vertical", "v1", shared, (html, problem)), video)
    assert course.extras[0].path == "course/2026.xml"
    assert again(course, tmp_path / "out") == course
