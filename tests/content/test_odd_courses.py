"""What real courses hold that no course should: each comes in with a word about it, or is refused with one."""

from __future__ import annotations

from pathlib import Path

import pytest

from lykeion.content import api
from lykeion.content.types import ImportRefused, ObjectStore
from tests.content.olx import write
from tests.content.trees import NOON

ODD: list[tuple[str, dict[str, str | None], str]] = [
    ("an orphan", {"html/alone.xml": "<html>x</html>"}, "html/alone.xml: nothing in the course points here"),
    (
        "a link to no file",
        {"html/h1.html": '\n<img src="/static/no.png">'},
        "html/h1.html:2: html 'h1': static/no.png is not",
    ),
    ("another root tag", {"problem/p1.xml": "<html>x</html>"}, "problem/p1.xml:1: <problem> was expected, not <html>"),
    ("no html file", {"html/h1.html": None}, "vertical/u1.xml:1: <html h1>: html/h1.html is missing; shown as broken"),
    (
        "one id twice",
        {"vertical/u1.xml": '<vertical>\n<problem url_name="p1"/><problem url_name="p1"/></vertical>'},
        "vertical/u1.xml:2: <problem> 'p1' is here a second time and now called 'problem_p1_",
    ),
    (
        "no target",
        {"problem/p1.xml": None},
        "vertical/u1.xml:1: <problem p1>: problem/p1.xml is missing; shown as broken",
    ),
    (
        "no target of a filename",
        {"problem/p1.xml": '<problem filename="gone"/>'},
        "vertical/u1.xml:1: <problem p1>: problem/gone.xml is missing; shown as broken",
    ),
    (
        "a policy that is none",
        {"policies/r1/policy.json": '{\n"a": }'},
        "policies/r1/policy.json:2: not readable as JSON",
    ),
    (
        "grading that is none",
        {"policies/r1/grading_policy.json": "[1]"},
        "policies/r1/grading_policy.json: a JSON object",
    ),
    ("a broken problem", {"problem/p1.xml": "<problem>\n<p></problem>"}, "problem/p1.xml:2: not well-formed XML"),
    ("a broken unit", {"vertical/u1.xml": "<vertical>\n<html"}, "vertical/u1.xml:2: not well-formed XML"),
    (
        "a draft of nowhere",
        {"drafts/vertical/x.xml": '<vertical index_in_children_list="0"/>'},
        "drafts/vertical/x.xml: a draft",
    ),
    (
        "a quoted date",
        {"sequential/s1.xml": '<sequential due="Noon"><vertical url_name="u1"/></sequential>'},
        "sequential/s1.xml:1:",
    ),
    (
        "odd attempts",
        {"problem/p1.xml": '<problem\nmax_attempts="many"/>'},
        "problem/p1.xml:2: problem 'p1': max_attempts is",
    ),
    (
        "text where none is shown",
        {"vertical/u1.xml": "<vertical>words</vertical>"},
        "vertical/u1.xml:1: text directly inside",
    ),
    (
        "an old youtube",
        {"problem/p1.xml": None, "vertical/u1.xml": '<vertical><video youtube="abc"/></vertical>'},
        "youtube='abc'",
    ),
    ("no org", {"course.xml": '<course url_name="r1" course="T1"/>'}, "course.xml:1: no org is given; 'edx' is taken"),
    ("a page without an address", {"tabs/a b.html": "x"}, "tabs/a b.html: a page of this name has no address"),
    (
        "an export with a broken block",
        {"vertical/u1.xml": "<vertical><error url_name='e'>x</error></vertical>"},
        "already broken",
    ),
]


@pytest.mark.parametrize(("files", "said"), [(files, said) for _, files, said in ODD], ids=[name for name, *_ in ODD])
def test_what_is_odd_comes_in_with_a_word_about_it(
    here: ObjectStore, tmp_path: Path, files: dict[str, str | None], said: str
) -> None:
    report = api.import_course(write(tmp_path / "in", files), author="carol", at=NOON)

    told = [f"{one.file}{f':{one.line}' if one.line else ''}: {one.message}" for one in report.warnings]
    assert [line for line in told if said in line] != [], told
    api.export_course(report.run, tmp_path / "out.tar.gz")
    again = api.import_course(tmp_path / "out.tar.gz", author="carol", at=NOON)
    assert (again.published, again.draft) == (report.published, report.draft)


FINE: list[tuple[str, dict[str, str | None]]] = [
    ("a page that is a whole document", {"html/h1.html": "<!DOCTYPE html><html><body>x</body></html>"}),
    ("text in the html itself", {"html/h1.xml": "<html><p>x</p></html>"}),
    ("blocks without names", {"vertical/u1.xml": "<vertical><problem/><html>x</html><html>y</html></vertical>"}),
    ("an empty title", {"vertical/u1.xml": '<vertical display_name=""><html url_name="h1"/></vertical>'}),
    ("a name of other letters", {"vertical/u1.xml": '<vertical><html url_name="a b/c">x</html></vertical>'}),
    ("problems right in a subsection", {"sequential/s1.xml": '<sequential><problem url_name="p1"/></sequential>'}),
    ("attributes in JSON", {"problem/p1.xml": '<problem max_attempts="null" weight="" due="&quot;2017-01-01&quot;"/>'}),
    (
        "an old script",
        {"problem/p1.xml": "<problem><script type='loncapa/python'>print 1\n\tx\n  y</script></problem>"},
    ),
    (
        "blocks of long ago",
        {
            "vertical/u1.xml": '<videosequence><customtag impl="book" page="1"/><selfassessment/><combinedopenended/>'
            "<textannotation/><imageannotation/><graphical_slider_tool/><problemset><problem/></problemset>"
            '<edx_sga url_name="gone"/><done url_name="gone"/></videosequence>',
            "sequential/s1.xml": '<sequential><vertical url_name="u1"/></sequential>',
        },
    ),
]


@pytest.mark.parametrize("files", [files for _, files in FINE], ids=[name for name, _ in FINE])
def test_what_is_only_old_comes_in_goes_out_and_comes_in_again(
    here: ObjectStore, tmp_path: Path, files: dict[str, str | None]
) -> None:
    report = api.import_course(write(tmp_path / "in", files), author="carol", at=NOON)

    api.export_course(report.run, tmp_path / "out.tar.gz")
    again = api.import_course(tmp_path / "out.tar.gz", author="carol", at=NOON)
    assert (again.published, again.draft) == (report.published, report.draft)
    assert "error" not in report.counts


REFUSED: list[tuple[str, dict[str, str | None], str]] = [
    ("a template", {"course.xml": "<%! import x %>\n<course/>"}, "Mako"),
    (
        "a Moodle backup",
        {"course.xml": '<course id="1" contextid="2"><fullname>x</fullname></course>'},
        "Moodle backup",
    ),
    ("a circle", {"vertical/u1.xml": '<vertical><sequential url_name="s1"/></vertical>'}, "in a circle"),
    ("no course", {"course/r1.xml": None}, "course/r1.xml, which holds the course, is missing"),
    ("no XML", {"course.xml": "<course"}, "course.xml, line 1: not well-formed XML"),
    (
        "another encoding",
        {"html/h1.xml": '<?xml version="1.0" encoding="utf-7"?><html/>'},
        "html/h1.xml, line 1: the encoding",
    ),
    (
        "entities",
        {"problem/p1.xml": '<!DOCTYPE a [<!ENTITY b "c">]><problem/>'},
        "problem/p1.xml, line 1: entity declarations",
    ),
]


@pytest.mark.parametrize(
    ("files", "said"), [(files, said) for _, files, said in REFUSED], ids=[name for name, *_ in REFUSED]
)
def test_what_cannot_be_a_course_is_refused_with_the_reason_and_the_place(
    here: ObjectStore, tmp_path: Path, files: dict[str, str | None], said: str
) -> None:
    with pytest.raises(ImportRefused) as refused:
        api.import_course(write(tmp_path, files), author="carol", at=NOON)

    assert said in str(refused.value)
    assert "\n" not in str(refused.value)
    assert here.refs() == {}
