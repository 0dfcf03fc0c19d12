"""Trees that nobody thought of: whatever can be a course survives being written and read."""

from __future__ import annotations

import shutil
import tempfile
from pathlib import Path
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from lxml import etree

from lykeion.olx.api import draft_root, drafts_between, read_course, write_course
from lykeion.olx.attributes import EXACT
from lykeion.olx.containers import CONDITIONS
from lykeion.olx.fieldtypes import DROPPED, known_fields
from lykeion.olx.types import Block, Course, CourseFile, Draft, Json
from tests.olx.making import digests, write_files
from tests.olx.test_attributes import JSON, TEXT

NAMES = st.from_regex(r"[\w\-.]{1,12}", fullmatch=True).filter(lambda n: not n.startswith("._") and "\n" not in n)
TRANSLATED = {"name", "attempts", "from", "to", "youtube", "sources", EXACT, "xml_attributes", *CONDITIONS} | DROPPED
XML_TEXT = st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Cs", "Cn"]), max_size=20)


@st.composite
def elements(draw: st.DrawFn, tag: str = "", depth: int = 2) -> etree._Element:
    node = etree.Element(tag or draw(st.sampled_from(["p", "b", "choice", "script"])))
    for name in draw(st.sets(st.sampled_from(["a", "b", "class"]))):
        node.set(name, draw(XML_TEXT))
    node.text = draw(XML_TEXT) or None  # as a parser has it
    for child in draw(st.lists(elements(depth=depth - 1), max_size=2)) if depth else ():
        child.tail = draw(XML_TEXT) or None
        node.append(child)
    return node


def xml(tag: str) -> st.SearchStrategy[str]:
    return elements(tag).map(lambda node: etree.tostring(node, encoding="unicode"))


def own_fields(block_type: str) -> st.SearchStrategy[dict[str, Json]]:
    names = st.sampled_from(sorted(set(known_fields(block_type)) - {"grading_policy"}))
    unknown = st.dictionaries(
        TEXT.filter(lambda n: n not in TRANSLATED | set(known_fields(block_type))),
        TEXT | st.integers(0, 9),
        min_size=1,
        max_size=2,
    )
    kept = unknown.map(lambda found: {"xml_attributes": found} if block_type != "problem" else {})
    return st.tuples(st.dictionaries(names, JSON, max_size=3), kept | st.just({})).map(
        lambda pair: {**pair[0], **pair[1]}
    )


def leaves() -> st.SearchStrategy[tuple[str, dict[str, Json]]]:
    def with_data(block_type: str, data: st.SearchStrategy[str]) -> st.SearchStrategy[Any]:
        return st.tuples(
            st.just(block_type), st.tuples(own_fields(block_type), data).map(lambda p: {**p[0], "data": p[1]})
        )

    return st.one_of(
        with_data("html", TEXT),
        with_data("problem", xml("problem")),
        st.tuples(st.just("video"), own_fields("video")),
        st.tuples(st.just("discussion"), own_fields("discussion")),
        st.tuples(st.just("poll"), xml("poll").map(lambda text: {"xml": text})),
    )


@st.composite
def trees(draw: st.DrawFn, block_type: str, taken: set[tuple[str, str]], depth: int) -> Block:
    children = []
    kinds = {"course": ["chapter"], "chapter": ["sequential"], "sequential": ["vertical"]}.get(
        block_type, ["split_test", "conditional", "vertical"]
    )
    for _ in range(draw(st.integers(0, 2))):
        if depth and draw(st.booleans()):
            children.append(draw(trees(draw(st.sampled_from(kinds)), taken, depth - 1)))
        elif block_type != "course":
            leaf, fields = draw(leaves())
            children.append(Block(leaf, draw(free(leaf, taken)), fields))
    name = "2026" if block_type == "course" else draw(free(block_type, taken))
    return Block(block_type, name, draw(own_fields(block_type)), tuple(children))


def free(block_type: str, taken: set[tuple[str, str]]) -> st.SearchStrategy[str]:
    def claim(name: str) -> str:
        while (block_type, name) in taken or (block_type == "html" and name.endswith(".html")):
            name += "x"
        taken.add((block_type, name))
        return name

    return NAMES.map(claim)


@st.composite
def roots(draw: st.DrawFn, block_type: str, depth: int, *taken: tuple[str, str]) -> Block:
    return draw(trees(block_type, set(taken), depth))


def courses() -> st.SearchStrategy[Course]:
    pages = st.dictionaries(NAMES, TEXT, max_size=2).map(
        lambda found: tuple(Block("about", name, {"data": found[name]}) for name in sorted(found))
    )
    files = st.dictionaries(NAMES, st.binary(max_size=9), max_size=2).map(
        lambda found: tuple(CourseFile(f"static/{name}", len(found[name]), found[name]) for name in sorted(found))
    )
    return st.builds(
        Course, st.just("Org"), st.just("C"), st.just("2026"), roots("course", 4), st.just(()), pages, files=files
    )


@settings(
    max_examples=120,
    derandomize=True,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)
@given(courses())
def test_any_course_reads_back_as_it_was_written(course: Course) -> None:
    folder = Path(tempfile.mkdtemp())
    try:
        warnings = write_course(course, folder)
        back = read_course(folder)

        assert (back, digests(back.files)) == (course, digests(course.files))
        assert warnings == ()
    finally:
        shutil.rmtree(folder)


@settings(
    max_examples=50,
    derandomize=True,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)
@given(roots("vertical", 1, ("vertical", "old")), st.integers(0, 1))
def test_any_draft_reads_back_as_it_was_written(unit: Block, index: int) -> None:
    root = Block(
        "course", "2026", {}, (Block("sequential", "s", {}, (Block("vertical", "old", {"display_name": "Old"}),)),)
    )
    course = Course("Org", "C", "2026", root, (Draft("sequential", "s", index, unit),))
    folder = Path(tempfile.mkdtemp())
    try:
        write_course(course, folder)
        back = read_course(folder)

        assert back == course
        assert drafts_between(root, draft_root(back))[0] == course.drafts
    finally:
        shutil.rmtree(folder)


@settings(max_examples=100, derandomize=True, deadline=None)
@given(
    st.lists(elements(depth=3), max_size=3),
    st.sampled_from(["vertical", "problem", "html", "video", "poll", "conditional"]),
)
def test_any_xml_in_a_unit_settles_after_one_reading(inner: list[etree._Element], tag: str) -> None:
    text = "".join(etree.tostring(node, encoding="unicode") for node in inner)
    folder = Path(tempfile.mkdtemp())
    try:
        write_files(folder / "in", {"course/2026.xml": f"<course><chapter><{tag}>{text}</{tag}></chapter></course>"})
        course = read_course(folder / "in")
        write_course(course, folder / "out")

        assert read_course(folder / "out") == course
    finally:
        shutil.rmtree(folder)
