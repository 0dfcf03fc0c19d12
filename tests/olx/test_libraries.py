"""Archives of libraries, in the form that Open edX backs them up, and old libraries."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from lykeion.olx import api as olx
from lykeion.olx.types import Block, CourseFile, Library, OlxError, Shelf, Version

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)
PACKAGE = """
[meta]
format_version = 1
created_by = "lp_user"
created_at = 2026-01-05T18:23:45.180535Z

[learning_package]
title = "Physics"
key = "lib:Axim:physics"
description = "All about it"
created = 2026-01-01T04:25:10.988166Z
updated = 2026-01-01T04:25:10.988166Z
"""


def entity(
    key: str, created: int, draft: int | None, published: int | None, *versions: str, container: str = ""
) -> str:
    branches = f"\n[entity.draft]\nversion_num = {draft}\n" if draft else ""
    branches += "\n[entity.published]\n" + (f"version_num = {published}\n" if published else "# unpublished\n")
    kind = f"\n[entity.container.{container}]\n" if container else ""
    head = f'[entity]\ncan_stand_alone = true\nkey = "{key}"\ncreated = 2026-01-0{created}T00:00:00Z\n'
    return f"{head}{branches}{kind}\n# ### Versions\n" + "".join(f"\n[[version]]\n{version}\n" for version in versions)


def version(number: int, title: str, children: list[str] | None = None) -> str:
    inside = "" if children is None else f"\n[version.container]\nchildren = {children!r}".replace("'", '"')
    return f'title = "{title}"\nversion_num = {number}\n{inside}'


def write(folder: Path, files: dict[str, str]) -> Path:
    for path, text in files.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_text(text)
    return folder


HTML, PROBLEM = "entities/xblock.v1/html/intro-1", "entities/xblock.v1/problem/p1"
FILES = {
    "package.toml": PACKAGE,
    f"{HTML}.toml": entity("xblock.v1:html:intro-1", 1, 3, 2, version(3, "Intro"), version(2, "Intro")),
    f"{HTML}/component_versions/v3/block.xml": '<html display_name="Intro"><![CDATA[<p>new <img src="/static/a b.png">'
    "<br></p>]]></html>",
    f"{HTML}/component_versions/v3/static/a b.png": "new image",
    f"{HTML}/component_versions/v2/block.xml": '<html display_name="Intro"><![CDATA[<p>old</p>]]></html>',
    f"{PROBLEM}.toml": entity("xblock.v1:problem:p1", 2, 1, None, version(1, "P")),
    f"{PROBLEM}/component_versions/v1/block.xml": '<problem display_name="P" weight="2"><p>?</p></problem>',
    "entities/unit-1.toml": entity(
        "unit-1", 3, 2, 1, version(2, "Unit", ["xblock.v1:html:intro-1", "xblock.v1:problem:p1"]),
        version(1, "Unit", ["xblock.v1:html:intro-1"]), container="unit",
    ),
    "entities/unit-2.toml": entity(
        "unit-2", 4, 1, None, version(1, "Again", ["xblock.v1:html:intro-1"]), container="unit"
    ),
    "collections/first.toml": '[collection]\ntitle = "First"\nkey = "first"\ndescription = ""\n'
    'created = 2026-01-01T00:00:00Z\nentities = ["xblock.v1:problem:p1", "unit-1", "xblock.v1:html:gone"]\n',
}  # fmt: skip

NEW = Block("html", "intro-1", {
    "display_name": "Intro",
    "data": '<p>new <img src="/static/components/html/intro-1/a%20b.png"><br></p>',
})  # fmt: skip
OLD = Block("html", "intro-1", {"display_name": "Intro", "data": "<p>old</p>"})
P = Block("problem", "p1", {"display_name": "P", "weight": 2, "data": "<problem><p>?</p></problem>"})


def test_an_archive_is_read_on_both_branches(tmp_path: Path) -> None:
    library = olx.read_library(write(tmp_path, FILES))

    copy = Block("html", "intro-1_2", NEW.fields | {"upstream": "lb:Axim:physics:html:intro-1"})
    assert (library.org, library.slug, library.title, library.description) == (
        "Axim",
        "physics",
        "Physics",
        "All about it",
    )
    assert library.draft.items == (
        Block("vertical", "unit-1", {"display_name": "Unit"}, (NEW, P)),
        Block("vertical", "unit-2", {"display_name": "Again"}, (copy,)),
    )
    assert library.published.items == (Block("vertical", "unit-1", {"display_name": "Unit"}, (OLD,)),)
    assert library.draft.files == (CourseFile("static/components/html/intro-1/a b.png", 9, b""),)
    assert library.published.files == ()
    assert library.shelves == (Shelf("first", "First", "", (("problem", "p1"), ("vertical", "unit-1"))),)
    assert library.warnings == ()


def test_what_is_written_is_read_again(tmp_path: Path) -> None:
    raw = Block("poll", "q", {"xml": '<poll question="?&amp;"/>'})
    bank = Block("itembank", "b", {"max_count": 1}, (P, raw))
    video = Block("video", "v", {"display_name": 'A "film"', "youtube_id_1_0": "abc"})
    text = Block("html", "t", {"data": "a ]]> b <b>c</b> /static/all.png"})
    section = Block(
        "chapter", "c", {"display_name": "S"}, (Block("sequential", "s", {}, (Block("vertical", "u", {}, (video,)),)),)
    )
    files = (
        CourseFile("static/components/html/t/x/own.png", 3, b"own"),
        CourseFile("static/components/html/t/a.png", 3, b"abc"),
    )
    library = Library(
        "Axim",
        "physics",
        "Physics \u007f \\",
        "Two\nlines",
        Version((section, text, bank), files),
        Version((text,), files),
        (Shelf("first", "First", "", (("html", "t"), ("vertical", "u"))),),
    )

    olx.write_library(library, tmp_path / "library.zip", at=NOON)
    again = olx.read_library(olx.unpack(tmp_path / "library.zip", tmp_path / "again"))

    def titled(block: Block, title: str) -> Block:
        return Block(block.type, block.id, {"display_name": title}, block.children)

    unit = Block("vertical", "u", {"display_name": "u"}, (video,))
    sequence = Block("sequential", "s", {"display_name": "s"}, (unit,))
    assert sorted(again.draft.items, key=lambda one: one.type) == [
        titled(Block("chapter", "c", {}, (sequence,)), "S"),
        text,
        bank,
    ]
    assert again.published.items == (text,)
    assert [file.read() for file in again.draft.files] == [b"abc", b"own"]
    assert (again.title, again.description, again.shelves) == (library.title, library.description, library.shelves)


def test_containers_of_one_name_have_files_of_their_own(tmp_path: Path) -> None:
    both = (Block("vertical", "same", {"display_name": "U"}), Block("sequential", "same", {"display_name": "S"}))

    olx.write_library(Library("A", "b", "T", draft=Version(both)), tmp_path / "library.zip", at=NOON)
    again = olx.read_library(olx.unpack(tmp_path / "library.zip", tmp_path / "again"))

    assert sorted((one.type, one.fields["display_name"]) for one in again.draft.items) == [
        ("sequential", "S"),
        ("vertical", "U"),
    ]


def test_settings_of_a_unit_that_an_archive_cannot_hold_are_told(tmp_path: Path) -> None:
    unit = Block("vertical", "u", {"display_name": "U", "due": "2026-01-01T00:00:00Z"})

    told = olx.write_library(Library("A", "b", "T", draft=Version((unit,))), tmp_path / "library.zip", at=NOON)

    assert [one.message for one in told] == ["settings of the unit 'u' have no place in an archive of a library: due"]


def test_what_is_odd_is_told_and_the_rest_is_taken(tmp_path: Path) -> None:
    odd = {
        f"{PROBLEM}/component_versions/v1/block.xml": "<problem><p></problem>",
        "entities/unit-1.toml": entity("unit-1", 3, 1, None, version(1, "U", ["nobody"]), container="unit"),
        "entities/other.toml": entity("other", 3, 1, None, version(1, "U"), container="pathway"),
    }

    library = olx.read_library(write(tmp_path, FILES | odd))

    assert [block.type for block in library.draft.items] == ["error", "vertical", "vertical"]
    assert sorted((one.file, one.message.partition("(")[0]) for one in library.warnings) == [
        ("entities/other.toml", "an entity of a kind that is not known "),
        ("entities/unit-1.toml", "unit-1 holds nobody, which the draft library does not have; left out"),
        (f"{PROBLEM}/component_versions/v1/block.xml", "not well-formed XML "),
    ]


@pytest.mark.parametrize(
    ("files", "reason"),
    [
        ({"package.toml": "title = "}, "package.toml: not TOML"),
        ({"package.toml": PACKAGE.replace("format_version = 1", "format_version = 2")}, "only format 1"),
        ({f"{HTML}.toml": "["}, "not TOML"),
        ({f"{HTML}.toml": entity("xblock.v1:html:intro-1", 1, 9, None)}, "the text of a component is missing"),
        (
            {"entities/unit-2.toml": entity("unit-2", 4, 1, None, version(1, "X", ["unit-3"]), container="section"),
             "entities/unit-3.toml": entity("unit-3", 4, 1, None, version(1, "X", ["unit-4"]), container="section"),
             "entities/unit-4.toml": entity("unit-4", 4, 1, None, version(1, "X", ["unit-3"]), container="section")},
            "in a circle: unit-2 -> unit-3 -> unit-4 -> unit-3",
        ),
    ],
)  # fmt: skip
def test_what_is_no_library_is_refused(tmp_path: Path, files: dict[str, str], reason: str) -> None:
    with pytest.raises(OlxError, match=reason):
        olx.read_library(write(tmp_path, FILES | files))


def test_containers_nested_without_end_and_copies_without_number_are_refused(tmp_path: Path) -> None:
    def chain(length: int, times: int) -> dict[str, str]:
        return {
            f"entities/c{n}.toml": entity(f"c{n}", 1, 1, None, version(1, "C", [f"c{n + 1}"] * times), container="unit")
            for n in range(length)
        }

    deep = write(tmp_path / "deep", {"package.toml": PACKAGE} | chain(2000, 1))
    wide = write(tmp_path / "wide", {"package.toml": PACKAGE} | chain(40, 2))

    with pytest.raises(OlxError, match="nested deeper than 50"):
        olx.read_library(deep)
    with pytest.raises(OlxError, match="too many containers hold the same items"):
        olx.read_library(wide)


def test_an_old_library_is_one_of_published_items(tmp_path: Path) -> None:
    write(
        tmp_path / "library",
        {
            "library.xml": '<library xblock-family="xblock.v1" display_name="Old" org="Axim" library="old~1">'
            '<problem url_name="p1"/><html url_name="a:b" filename="x"/></library>',
            "problem/p1.xml": '<problem display_name="P" weight="2"><p>?</p></problem>',
            "html/x.html": "<p>x</p>",
            "static/a.png": "image",
        },
    )

    library = olx.read_library(tmp_path)

    assert (library.org, library.slug, library.title) == ("Axim", "old_1", "Old")
    assert [(one.type, one.id) for one in library.published.items] == [("problem", "p1"), ("html", "a_b")]
    assert library.published.items[0] == P
    assert library.draft == library.published
    assert [file.path for file in library.draft.files] == ["static/a.png"]


def test_a_course_is_no_library(tmp_path: Path) -> None:
    with pytest.raises(OlxError, match=r"no library\.xml here"):
        olx.read_library(tmp_path)
    write(tmp_path, {"course.xml": '<course url_name="r" org="o" course="c"/>', "course/r.xml": "<course/>"})
    with pytest.raises(OlxError, match="a course, not a library"):
        olx.read_library(tmp_path)
