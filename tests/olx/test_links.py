"""Links to the site a course comes from: portable after the import, and nothing else is touched."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from lykeion.olx.api import missing_files, read_course, unpack, with_portable_links
from lykeion.olx.types import Block, Course, CourseFile, Draft
from tests.olx.making import again

FILES = tuple(CourseFile(f"static/{path}", 1, b"x") for path in ("a.png", "sub/b.png", "my file.png", "c&d.pdf"))
ASSET = "/asset-v1:Org+Num.1+2026+type@asset+block"
RUN = "/courses/course-v1:Org+Num.1+2026"


def course_of(*blocks: Block, pages: tuple[Block, ...] = (), run: str = "2026") -> Course:
    unit = Block("vertical", "unit1", {}, (*blocks, Block("html", "here")))
    return Course("Org", "Num.1", run, Block("course", run, {}, (unit,)), files=FILES, pages=pages)


def portable(text: str, run: str = "2026") -> str:
    course = with_portable_links(course_of(Block("html", "text", {"data": text}), run=run))
    assert with_portable_links(course) == course
    return str(course.root.children[0].children[0].fields["data"])


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ('<img src="/c4x/Org/Num.1/asset/a.png">', '<img src="/static/a.png">'),
        ("<img src='/c4x/Org/Num.1/asset/a.png'>", "<img src='/static/a.png'>"),
        (f'"{ASSET}@a.png"', '"/static/a.png"'),
        (f'"{ASSET}/a.png?x=1&amp;y=2#z"', '"/static/a.png?x=1&amp;y=2#z"'),
        ('"/asset-v1%3AOrg%2BNum.1%2B2026%2Btype%40asset%2Bblock%40a.png"', '"/static/a.png"'),
        (f'"/assets/courseware/v1/{"0f" * 16}{ASSET}@a.png"', '"/static/a.png"'),
        (f'"https://courses.example.org{ASSET}@a.png"', '"/static/a.png"'),
        (f'"//courses.example.org:18010{ASSET}@a.png"', '"/static/a.png"'),
        ('"/asset-v1:Org+Num.1+1999_T1+type@asset+block@a.png"', '"/static/a.png"'),
        (f'"{ASSET}@sub@b.png"', '"/static/sub/b.png"'),
        (f'"{ASSET}@sub%40b.png"', '"/static/sub/b.png"'),
        (f'"{ASSET}@sub/b.png"', '"/static/sub/b.png"'),
        ('"/c4x/Org/Num.1/asset/sub_b.png"', '"/static/sub/b.png"'),
        ('"/c4x/Org/Num.1/asset/my_file.png"', '"/static/my%20file.png"'),
        ('"/c4x/Org/Num.1/asset/my file.png"', '"/static/my file.png"'),
        ('"/c4x/Org/Num.1/asset/my%20file.png"', '"/static/my%20file.png"'),
        ('"/c4x/Org/Num.1/asset/c&amp;d.pdf"', '"/static/c&amp;d.pdf"'),
        ('style="background: url(/c4x/Org/Num.1/asset/a.png)"', 'style="background: url(/static/a.png)"'),
        ("url(&#39;/c4x/Org/Num.1/asset/a.png&#39;)", "url(&#39;/static/a.png&#39;)"),
        (r'{"html": "<img src=\"/c4x/Org/Num.1/asset/a.png\">"}', r'{"html": "<img src=\"/static/a.png\">"}'),
        ("/c4x/Org/Num.1/asset/a.png", "/static/a.png"),
    ],
)  # fmt: skip
def test_a_link_to_a_file_of_the_course_becomes_a_static_one(before: str, after: str) -> None:
    assert portable(before) == after


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (f'"{RUN}/jump_to_id/here"', '"/jump_to_id/here"'),
        (f'"{RUN}/jump_to_id/here/?x=1#top"', '"/jump_to_id/here?x=1#top"'),
        (f'"{RUN}/jump_to/block-v1:Org+Num.1+2026+type@html+block@here"', '"/jump_to_id/here"'),
        (f'"{RUN}/jump_to/block-v1%3AOrg%2BNum.1%2B2026%2Btype%40html%2Bblock%40here"', '"/jump_to_id/here"'),
        ('"/courses/Org/Num.1/2026/jump_to/i4x://Org/Num.1/html/here"', '"/jump_to_id/here"'),
        ('"/courses/course-v1%3AOrg%2BNum.1%2B2026/jump_to_id/here"', '"/jump_to_id/here"'),
        ('"https://old.example.org/courses/Org/Num.1/1999/jump_to_id/here"', '"/jump_to_id/here"'),
        (f'"https://old.example.org{RUN}/courseware/unit1/x/2?y=1"', '"/course/courseware/unit1/x/2?y=1"'),
        (f'"{RUN}/wiki/a?b=c"', '"/course/wiki/a?b=c"'),
        (f'"{RUN}"', '"/course/"'),
        (f'"{RUN}?x"', '"/course/?x"'),
        ('"/courses/Org/Num.1/2026/about"', '"/course/about"'),
    ],
)  # fmt: skip
def test_a_link_below_the_source_run_holds_in_any_run(before: str, after: str) -> None:
    assert portable(before) == after


@pytest.mark.parametrize(
    "text",
    [
        '"/c4x/Org/Num.1/asset/gone.png"',
        '"/c4x/Org/Num/asset/a.png"',
        '"/c4x/Org/NumX1/asset/a.png"',
        '"/c4x/Other/Num.1/asset/a.png"',
        '"/c4x/Org/Num.1/thumbnail/a.png"',
        '"https://example.org/?next=/c4x/Org/Num.1/asset/a.png"',
        "said /c4x/Org/Num.1/asset/a.png in words",
        f'"{ASSET}@../a.png"',
        f'"{RUN}0/about"',
        f'"{RUN}/jump_to_id/nowhere"',
        f'"{RUN}/jump_to/nonsense"',
        f'"https://old.example.org{RUN}/about"',
        f'"https://old.example.org{RUN}/courseware/nowhere/"',
        '"/courses/course-v1:Org+Num.1+1999/about"',
        f"{RUN}/about",
        f'"{ASSET}@a.png',
    ],
)
def test_what_does_not_lead_into_the_course_stays_as_it_is(text: str) -> None:
    assert portable(text) == text


def test_in_an_export_that_calls_every_run_course_any_run_of_it_is_meant() -> None:
    assert portable('"/courses/course-v1:Org+Num.1+2015_T2/about"', run="course") == '"/course/about"'


def test_links_are_found_wherever_an_author_can_write() -> None:
    link, short = '<a href="/c4x/Org/Num.1/asset/a.png">', '<a href="/static/a.png">'
    video = {"handout": f"{ASSET}@a.png", "html5_sources": [f"{ASSET}@a.png", "https://x.org/a"], "transcripts": {}}
    blocks = Block("problem", "p", {"data": link, "weight": 1.0}), Block("video", "v", dict(video))
    updates = {"data": link, "items": [{"id": 1, "content": link}]}
    pages = Block("about", "overview", {"data": link}), Block("course_info", "updates", updates)
    course = replace(
        course_of(*blocks, pages=pages), drafts=(Draft("vertical", "unit1", 0, Block("poll", "q", {"xml": link})),)
    )

    found = with_portable_links(course)

    problem, watched, _ = found.root.children[0].children
    assert problem.fields == {"data": short, "weight": 1.0}
    assert watched.fields == {
        "handout": "/static/a.png",
        "html5_sources": ["/static/a.png", "https://x.org/a"],
        "transcripts": {},
    }
    assert found.drafts[0].block.fields == {"xml": short}
    assert [page.fields for page in found.pages] == [
        {"data": short},
        {"data": short, "items": [{"id": 1, "content": short}]},
    ]  # fmt: skip


def test_an_about_page_keeps_links_to_the_course_since_nobody_makes_short_ones_into_addresses_there() -> None:
    page = Block("about", "overview", {"data": f'<a href="{RUN}/about">'})

    assert with_portable_links(course_of(pages=(page,))).pages == (page,)


def test_broken_blocks_keep_their_text_to_the_letter() -> None:
    broken = Block("error", "e", {"tag": "problem", "contents": '<a href="/c4x/Org/Num.1/asset/a.png">', "error": "x"})

    assert with_portable_links(course_of(broken)).root.children[0].children[0] is broken


def test_blocks_without_such_links_are_the_same_values() -> None:
    course = course_of(Block("html", "h", {"data": '"/static/a.png" "/courses/x" "/c4x/"', "tags": ["/c4x/"]}))

    assert with_portable_links(course).root is course.root


def test_a_text_of_many_beginnings_is_read_in_a_moment() -> None:
    for text in (f'"{ASSET}@' * 5_000, f"({RUN}/" * 5_000, "/courses/" * 20_000, '"//' * 50_000 + "/c4x/"):
        portable(text)


def test_portable_links_survive_an_export(shared: Path, tmp_path: Path) -> None:

    archive = shared / "courses" / "engineering-structures.tar.gz"
    if not archive.is_file():
        pytest.skip(f"needs {archive.name} in ../shared/courses")
    course = with_portable_links(read_course(unpack(archive, tmp_path / "in")))

    back = with_portable_links(again(course, tmp_path / "out"))

    assert back == course


TWO_GONE = '<img src="/static/gone.png"> url(/static/gone.png) "/static/a.png?x" /static/no.png'


def test_links_to_files_that_are_not_there_are_counted_with_the_first_block_that_has_one() -> None:
    first = Block("html", "h", {"data": TWO_GONE})
    second = Block("video", "v", {"handout": "/static/gone%20too.pdf", "html5_sources": ["/static/my_file.png"]})
    page = Block("course_info", "handouts", {"data": "<a href='/static/gone.png#page=2'>"})

    found = missing_files(course_of(first, second, pages=(page,)))

    assert found == {"gone.png": (first, 3), "gone too.pdf": (second, 1)}
