"""Libraries in and out: nothing is lost on the way, and nothing comes in by halves."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from lykeion.content import api
from lykeion.content.types import (
    Collection,
    ContentError,
    ImportRefused,
    LibraryItem,
    NewBlock,
    ObjectStore,
    RefMoved,
    RunMissing,
)
from lykeion.core.keys import BadKey, library_of
from tests.content.test_reuse import Bytes
from tests.content.trees import NOON

LIBRARY = library_of("Lykeion", "pool")
OTHER = library_of("Lykeion", "copy")
CAROL: dict[str, Any] = {"author": "carol", "at": NOON}


@pytest.fixture
def library(here: ObjectStore) -> None:
    """Items on all levels; one is changed, one is new, one is gone since."""
    api.create_library(LIBRARY, title="Pool", description="Questions", license="CC", **CAROL)
    text = NewBlock("html", "x", {"data": "<img src='/static/components/html/x/a.png'>", "display_name": "X"})
    unit = NewBlock("vertical", "u", {"display_name": "Unit"}, (text, NewBlock("poll", "q", {"xml": "<poll/>"})))
    stored = api.store_file("components/html/x/a.png", Bytes(b"one"))

    def fill(draft: api.Draft) -> None:
        draft.add("library@library", unit)
        draft.add("library@library", NewBlock("problem", "gone", {"data": "<problem/>"}))
        draft.set_file(stored.path, stored)

    api.edit(LIBRARY, fill, **CAROL)
    api.publish(LIBRARY, **CAROL)
    api.edit(LIBRARY, lambda draft: draft.update("html@x", {"display_name": "New"}), **CAROL)
    api.edit(LIBRARY, lambda draft: draft.remove("problem@gone"), **CAROL)
    api.edit(LIBRARY, lambda draft: draft.add("library@library", NewBlock("video", "v")), **CAROL)
    shelf = Collection("shelf", "Shelf", "", ("vertical@u", "html@x"))
    api.set_collection(LIBRARY, "shelf", lambda _there: shelf, **CAROL)


def states(library: Any) -> list[tuple[str, str]]:
    found: list[LibraryItem] = api.items(library)
    return [(item.ref, item.state) for item in found]


@pytest.mark.usefixtures("library")
def test_a_library_is_the_same_after_export_and_import(tmp_path: Path) -> None:
    exported = api.export_library(LIBRARY, tmp_path / "pool.zip", at=NOON)

    report = api.import_library(tmp_path / "pool.zip", library=OTHER, **CAROL)

    assert exported.warnings == ()
    assert ["poll" in one.message for one in report.warnings] == [True]
    assert dict(report.counts) == {"vertical": 1, "html": 1, "poll": 1, "video": 1, "problem": 1}
    assert states(OTHER) == [("vertical@u", "changed"), ("video@v", "new"), ("problem@gone", "removed")]
    for root, other in ((api.head(LIBRARY), report.published), (api.head(LIBRARY, "draft"), report.draft)):
        for ref in ("html@x", "poll@q"):
            assert api.way(root, ref)[-1].object_id == api.way(other, ref)[-1].object_id
        assert api.files(root) == api.files(other)
        assert api.collections(root) == api.collections(other)
    assert [move.why for move in api.history(OTHER, "draft")] == ["Imported"]


@pytest.mark.usefixtures("library")
def test_an_import_replaces_what_the_library_had_and_can_be_undone(tmp_path: Path) -> None:
    before = api.head(LIBRARY)
    api.export_library(LIBRARY, tmp_path / "pool.zip", at=NOON)
    api.edit(LIBRARY, lambda draft: draft.add("library@library", NewBlock("html", "later")), **CAROL)
    later = api.head(LIBRARY, "draft")

    report = api.import_library(tmp_path / "pool.zip", **CAROL)

    assert (report.library, report.replaced) == (LIBRARY, before)
    assert "html@later" not in dict(states(LIBRARY))
    top = api.way(report.draft, "library@library")[0].object_id
    assert api.nodes([top])[top].fields["license"] == "CC"
    assert api.undo(LIBRARY, **CAROL) == later


@pytest.mark.usefixtures("db")
def test_an_old_library_becomes_a_new_one(tmp_path: Path) -> None:
    folder = tmp_path / "library"
    (folder / "problem").mkdir(parents=True)
    (folder / "library.xml").write_text(
        '<library display_name="Old" org="Axim" library="old"><problem url_name="p"/></library>'
    )
    (folder / "problem" / "p.xml").write_text("<problem><p>?</p></problem>")

    report = api.import_library(folder, **CAROL)

    assert str(report.library) == "lib:Axim:old"
    assert states(report.library) == [("problem@p", "published")]
    with pytest.raises(ImportRefused, match="This is a library, not a course"):
        api.import_course(folder, **CAROL)


@pytest.mark.usefixtures("library")
def test_what_cannot_be_imported_or_exported_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "package.toml").write_text("[learning_package]\ntitle = 'No key'\n")
    heads = api.libraries("draft")

    (tmp_path / "nothing").mkdir()
    with pytest.raises(ImportRefused, match=r"no package\.toml and no library\.xml"):
        api.import_library(tmp_path / "nothing", **CAROL)
    with pytest.raises(ImportRefused, match="no file or folder"):
        api.import_library(tmp_path / "missing.zip", **CAROL)
    with pytest.raises(BadKey):
        api.import_library(tmp_path, **CAROL)
    with pytest.raises(RunMissing):
        api.export_library(OTHER, tmp_path / "other.zip", at=NOON)
    with pytest.raises(ContentError, match="no folder"):
        api.export_library(LIBRARY, tmp_path / "a" / "b.zip", at=NOON)
    assert api.libraries("draft") == heads


@pytest.mark.usefixtures("library")
def test_who_changes_the_library_meanwhile_is_not_overwritten(
    tmp_path: Path, here: ObjectStore, monkeypatch: Any
) -> None:
    api.export_library(LIBRARY, tmp_path / "pool.zip", at=NOON)
    api.edit(LIBRARY, lambda draft: draft.remove("video@v"), **CAROL)
    real = type(here).compare_and_set_refs

    def after_bob(self: ObjectStore, entries: Any) -> None:
        monkeypatch.setattr(type(here), "compare_and_set_refs", real)
        api.edit(LIBRARY, lambda draft: draft.add("library@library", NewBlock("html", "bob")), author="bob", at=NOON)
        real(self, entries)  # type: ignore[arg-type]

    monkeypatch.setattr(type(here), "compare_and_set_refs", after_bob)
    with pytest.raises(RefMoved, match="nothing was imported"):
        api.import_library(tmp_path / "pool.zip", **CAROL)

    assert ("html@bob", "new") in states(LIBRARY)
