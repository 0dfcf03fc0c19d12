"""Courses in: whole, or not at all."""

from __future__ import annotations

import tarfile
from pathlib import Path

import pytest
from django.conf import settings

from lykeion.content import api, files
from lykeion.content.signals import RunPublished, published
from lykeion.content.types import ImportRefused, ImportWarning, Node, ObjectStore, RefMoved, StoredFile
from lykeion.core.keys import BadKey, run_of
from lykeion.olx.types import CourseFile
from tests.content.olx import SMALL, write
from tests.content.trees import NOON, shape

RUN = run_of("Lykeion", "T1", "r1")


def everything(store: ObjectStore) -> list[str]:
    return list(store.ids(touched_before=NOON.replace(year=2100)))


def stored_files() -> list[str]:
    return [path.name for path in settings.LYKEION_FILES.rglob("*") if path.is_file()]


def test_a_folder_becomes_a_run_on_both_branches(here: ObjectStore, tmp_path: Path) -> None:
    report = api.import_course(write(tmp_path / "c"), author="carol", at=NOON)

    assert report.run == RUN
    assert report.counts == {"chapter": 1, "course": 1, "html": 1, "problem": 1, "sequential": 1, "vertical": 1}
    assert report.files == 2
    assert (api.head(RUN, "published"), api.head(RUN, "draft")) == (report.published, report.draft)
    assert report.published == report.draft
    assert shape(api.outline(RUN)) == (
        "course@course",
        ("chapter@week1", ("sequential@s1", ("vertical@u1", ("html@h1",), ("problem@p1",)))),
    )
    newest = api.history(RUN, "published")[0]
    assert (newest.old, newest.new, newest.author, newest.at, newest.why) == (
        None, report.published, "carol", NOON, "Imported",
    )  # fmt: skip


def test_an_archive_is_as_good_as_a_folder_and_leaves_no_folder_behind(here: ObjectStore, tmp_path: Path) -> None:
    folder = write(tmp_path / "course")
    with tarfile.open(tmp_path / "c.tar.gz", "w:gz") as archive:
        archive.add(folder, "course")

    from_archive = api.import_course(tmp_path / "c.tar.gz", author="carol", at=NOON)
    from_folder = api.import_course(folder, author="carol", at=NOON)

    assert from_archive == from_folder
    assert list((settings.LYKEION_FILES.parent / "work").iterdir()) == []


def test_pages_files_and_what_nobody_knows_are_parts_of_the_version(here: ObjectStore, tmp_path: Path) -> None:
    root = api.import_course(write(tmp_path), author="carol", at=NOON).published

    assert sorted(api.parts(root)) == ["about/overview", "course", "extras", "files", "policy", "tabs/more"]
    assert api.part(root, "about/overview") == Node("about", {"data": "<p>About trees</p>"})
    assert api.part(root, "tabs/more") == Node("static_tab", {"data": "<p>More</p>"})
    assert api.part(root, "policy") == Node("policy", {"poll/none": {"a": 1}})
    assert api.part(root, "nothing") is None
    extras = api.part(root, "extras")
    assert extras is not None
    assert sorted(extras.fields) == ["custom_tags/old", "policies/assets.json"]


def test_a_file_has_the_type_and_the_lock_that_the_archive_tells(here: ObjectStore, tmp_path: Path) -> None:
    root = api.import_course(write(tmp_path), author="carol", at=NOON).published

    picture, notes = api.file(root, "images/tree.png"), api.file(root, "notes.pdf")

    assert picture is not None
    assert notes is not None
    assert picture == StoredFile("images/tree.png", picture.hash, 20, "image/webp", True)
    assert notes == StoredFile("notes.pdf", notes.hash, 17, "application/pdf", False)
    assert api.file(root, "nothing.png") is None
    assert api.files(root) == {"images/tree.png": picture, "notes.pdf": notes}
    with api.open_file(picture) as stream:
        assert stream.read() == b"not really a picture"


def test_a_second_import_of_the_same_course_stores_nothing_and_moves_nothing(here: ObjectStore, tmp_path: Path) -> None:
    first = api.import_course(write(tmp_path), author="carol", at=NOON)
    objects, kept = everything(here), stored_files()

    second = api.import_course(tmp_path, author="carol", at=NOON)

    assert second == first
    assert (everything(here), stored_files()) == (objects, kept)
    assert len(api.history(RUN, "published")) == 1


def test_importing_into_a_run_replaces_its_content_and_keeps_its_history(here: ObjectStore, tmp_path: Path) -> None:
    first = api.import_course(write(tmp_path / "a"), author="carol", at=NOON)

    second = api.import_course(
        write(tmp_path / "b", {"vertical/u1.xml": "<vertical/>", "static/notes.pdf": None}), author="bob", at=NOON
    )

    assert shape(api.outline(RUN))[1] == ("chapter@week1", ("sequential@s1", ("vertical@u1",)))
    assert list(api.files(second.published)) == ["images/tree.png"]
    assert [(entry.old, entry.new) for entry in api.history(RUN, "draft")] == [
        (first.draft, second.draft), (None, first.draft),
    ]  # fmt: skip


def test_the_run_may_be_called_otherwise(here: ObjectStore, tmp_path: Path) -> None:
    write(tmp_path)
    other = run_of("Other", "O1", "spring")

    whole = api.import_course(tmp_path, run=other, author="carol", at=NOON)
    partly = api.import_course(tmp_path, run_name="r2", author="carol", at=NOON)

    assert (whole.run, partly.run) == (other, run_of("Lykeion", "T1", "r2"))
    assert whole.published == partly.published
    assert set(api.heads()) == {other, run_of("Lykeion", "T1", "r2")}


def test_a_name_that_no_key_can_have_is_refused(here: ObjectStore, tmp_path: Path) -> None:
    with pytest.raises(BadKey, match="The run 'a b' may hold letters"):
        api.import_course(write(tmp_path), run_name="a b", author="carol", at=NOON)


def test_drafts_are_in_the_draft_only_and_share_what_they_do_not_change(here: ObjectStore, tmp_path: Path) -> None:
    usage = "block-v1:Lykeion+T1+r1+type@sequential+block@s1"
    place = f'parent_url="{usage}" index_in_children_list="0"'
    folder = write(
        tmp_path, {"drafts/vertical/u1.xml": f'<vertical {place}><html url_name="h1"/><html url_name="h2"/></vertical>',
                   "drafts/html/h2.xml": '<html filename="h2"/>', "drafts/html/h2.html": "new"},
    )  # fmt: skip

    report = api.import_course(folder, author="carol", at=NOON)

    published_outline, draft = api.outline(RUN), api.outline(RUN, "draft")
    assert shape(published_outline)[1][1][1] == ("vertical@u1", ("html@h1",), ("problem@p1",))
    assert shape(draft)[1][1][1] == ("vertical@u1", ("html@h1",), ("html@h2",))
    assert published_outline.blocks[4].object_id == draft.blocks[4].object_id
    assert report.counts["vertical"] == 1
    assert report.counts["html"] == 2
    assert api.has_unpublished_changes(RUN, "vertical@u1")
    assert not api.has_unpublished_changes(RUN, "html@h1")


def test_settings_that_will_be_ignored_are_told_with_file_and_line(here: ObjectStore, tmp_path: Path) -> None:
    folder = write(
        tmp_path,
        {
            "sequential/s1.xml": '<sequential\n  format=""\n  due="next week"><vertical url_name="u1"/></sequential>',
            "course/r1.xml": '<course end="never"><chapter start="soon" url_name="c"/></course>',
            "chapter/week1.xml": None,
        },
    )

    report = api.import_course(folder, author="carol", at=NOON)

    ours = [warning for warning in report.warnings if "ignored" in warning.message]
    assert ours == [
        ImportWarning("course 'r1': end: 'never' is not a date; ignored", "course/r1.xml", 1),
        ImportWarning("chapter 'c': start: 'soon' is not a date; ignored", "chapter@c"),
    ]
    folder.joinpath("course/r1.xml").write_text('<course><sequential url_name="s1"/></course>')
    assert [w for w in api.import_course(folder, author="carol", at=NOON).warnings if "ignored" in w.message] == [
        ImportWarning("sequential 's1': due: 'next week' is not a date; ignored", "sequential/s1.xml", 3)
    ]


def test_slips_in_problems_are_told_with_file_line_and_a_way_to_mend_them(here: ObjectStore, tmp_path: Path) -> None:
    script = "<script>\ndef chek(e, a):\n    return (True\n</script>"
    problem = f"<problem>\n{script}\n<customresponse cfn='check'><label>n</label><textline/></customresponse></problem>"

    report = api.import_course(write(tmp_path, {"problem/p1.xml": problem}), author="carol", at=NOON)

    told = [(one.file, one.line, one.message) for one in report.warnings if one.file == "problem/p1.xml"]
    assert [place[:2] for place in told] == [("problem/p1.xml", 4)]
    assert "'(' was never closed" in told[0][2]


def test_progress_is_told_stage_by_stage(here: ObjectStore, tmp_path: Path) -> None:
    told: list[tuple[int, int, str]] = []

    api.import_course(write(tmp_path), author="carol", at=NOON, progress=lambda *step: told.append(step))

    stages = list(dict.fromkeys(what for _, _, what in told))
    assert stages == ["reading", "storing files", "storing blocks", "compiling"]
    assert all(0 <= done <= total for done, total, _ in told)


def test_who_listens_is_told_of_the_new_version(here: ObjectStore, tmp_path: Path) -> None:
    told: list[RunPublished] = []

    def listen(payload: RunPublished, **_kwargs: object) -> None:
        told.append(payload)

    published.connect(listen)
    try:
        report = api.import_course(write(tmp_path), author="carol", at=NOON)
    finally:
        published.disconnect(listen)

    assert told == [RunPublished(RUN, None, report.published, "carol", NOON)]


def test_an_import_does_not_overwrite_what_somebody_published_meanwhile(
    here: ObjectStore, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = api.import_course(write(tmp_path / "a"), author="carol", at=NOON)
    real = type(here).compare_and_set_refs
    calls = []

    def after_bob(self: ObjectStore, entries: object) -> None:
        calls.append(entries)
        if len(calls) == 1:
            api.import_course(write(tmp_path / "b", {"tabs/more.html": "Bob"}), author="bob", at=NOON)
        real(self, entries)  # type: ignore[arg-type]

    monkeypatch.setattr(type(here), "compare_and_set_refs", after_bob)
    with pytest.raises(RefMoved, match="was changed while the import ran, so nothing was imported"):
        api.import_course(write(tmp_path / "c", {"tabs/more.html": "Carol"}), author="carol", at=NOON)

    root = api.head(RUN)
    assert root != first.published
    assert api.part(root, "tabs/more") == Node("static_tab", {"data": "Bob"})


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"course.xml": None}, "cannot be imported"),
        ({"course.xml": "<course"}, "course.xml, line 1: not well-formed"),
        (
            {"vertical/u1.xml": '<!DOCTYPE x [<!ENTITY a "b">]><vertical>&a;</vertical>'},
            "vertical/u1.xml, line 1: entity",
        ),
        ({"vertical/u1.xml": '<vertical><sequential url_name="s1"/></vertical>'}, "circle"),
        ({"course.xml": '<library org="a" library="b"/>'}, "library"),
        ({"html/h1.html": "x" * (33 << 20)}, "html/h1.html"),
    ],
)
def test_hostile_or_broken_courses_are_refused_with_the_place_and_leave_no_run(
    here: ObjectStore, tmp_path: Path, changes: dict[str, str | None], message: str
) -> None:
    with pytest.raises(ImportRefused, match=message):
        api.import_course(write(tmp_path, changes), author="carol", at=NOON)

    assert here.refs() == {}


def test_a_block_that_is_too_large_is_named(here: ObjectStore, tmp_path: Path) -> None:
    text = "".join(f"{number * 7919**5 % 10**17:017}" for number in range(1_000_000))  # hardly packs

    with pytest.raises(ImportRefused, match=r"html@h1: A block is \d+ MB when packed; at most 7 MB fit"):
        api.import_course(write(tmp_path, {"html/h1.html": text}), author="carol", at=NOON)

    assert here.refs() == {}


def test_a_block_with_too_long_a_name_is_named(here: ObjectStore, tmp_path: Path) -> None:
    tag, name = "t" * 90, "n" * 170
    changes = {"vertical/u1.xml": f'<vertical><{tag} url_name="{name}" a="1"/></vertical>'}

    with pytest.raises(ImportRefused, match="is longer than 255 letters"):
        api.import_course(write(tmp_path, changes), author="carol", at=NOON)


def test_a_unit_may_have_thousands_of_blocks_and_ids_that_differ_by_case(here: ObjectStore, tmp_path: Path) -> None:
    blocks = "".join(f'<done url_name="{word}{n}" n="{n}"/>' for n in range(1500) for word in ("a", "A"))

    report = api.import_course(
        write(tmp_path, {"vertical/u1.xml": f"<vertical>{blocks}</vertical>"}), author="carol", at=NOON
    )

    assert report.counts["done"] == 3000
    outline = api.outline(RUN)
    assert outline.get("done@a7") != outline.get("done@A7")


def test_what_is_not_there_is_named(here: ObjectStore, tmp_path: Path) -> None:
    with pytest.raises(ImportRefused, match=r"There is no file or folder .*/nothing\.tar\.gz"):
        api.import_course(tmp_path / "nothing.tar.gz", author="carol", at=NOON)
    (tmp_path / "text.tar.gz").write_text("hello")
    with pytest.raises(ImportRefused, match=r"text\.tar\.gz was refused"):
        api.import_course(tmp_path / "text.tar.gz", author="carol", at=NOON)


@pytest.mark.parametrize(
    "name", ["demo-course", "engineering-structures", "mitx-grading-library", "supported-components"]
)
def test_every_shared_course_comes_in_whole_and_goes_out_and_in_to_the_same_ids(
    here: ObjectStore, shared: Path, tmp_path: Path, name: str
) -> None:
    first = api.import_course(shared / "courses" / f"{name}.tar.gz", author="carol", at=NOON)
    exported = api.export_course(first.run, tmp_path / "out.tar.gz")
    other = run_of("Other", "O1", str(first.run.run))

    second = api.import_course(tmp_path / "out.tar.gz", run=other, author="carol", at=NOON)

    assert (second.published, second.draft) == (first.published, first.draft)
    assert exported.warnings == ()
    assert second.counts == first.counts
    assert len(api.outline(first.run).blocks) == sum(exported.counts.values())
    for stored in api.files(first.published).values():
        with api.open_file(stored) as stream:
            assert len(stream.read()) == stored.size


def test_the_small_course_uses_every_kind_of_part() -> None:
    assert {path.partition("/")[0] for path in SMALL} >= {"static", "about", "tabs", "policies", "custom_tags"}


def test_files_are_written_whole_under_their_hash(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_bytes(b"x" * 3_000_000)

    source = CourseFile("static/a.txt", 3_000_000, path)

    [(digest, size)] = files.store_files([source])
    [again] = files.store_files([source])

    assert (digest, size) == again
    assert size == 3_000_000
    assert stored_files() == [digest]
    assert (settings.LYKEION_FILES / digest[:2] / digest[2:4] / digest).read_bytes() == b"x" * 3_000_000


def test_links_to_the_site_a_course_comes_from_hold_under_any_name(here: ObjectStore, tmp_path: Path) -> None:
    text = '<a href="/c4x/Lykeion/T1/asset/notes.pdf"> <a href="/courses/course-v1:Lykeion+T1+r1/jump_to_id/p1">'
    folder = write(tmp_path / "in", {"html/h1.html": text, "info/handouts.html": text, "about/overview.html": text})

    first = api.import_course(folder, org="Other", run_name="r2", author="carol", at=NOON)

    html = next(block for block in api.outline(first.run).blocks if block.id == "h1")
    assert api.nodes([html.object_id])[html.object_id].fields["data"] == (
        '<a href="/static/notes.pdf"> <a href="/jump_to_id/p1">'
    )
    api.export_course(first.run, tmp_path / "out.tar.gz")
    second = api.import_course(tmp_path / "out.tar.gz", author="carol", at=NOON)
    assert (second.run, second.published) == (first.run, first.published)
