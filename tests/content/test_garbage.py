"""Garbage goes, and nothing that anybody can get back to."""

from __future__ import annotations

import os
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from pathlib import Path

import pytest
from django.conf import settings

from lykeion.content import api, garbage
from lykeion.content.models import CompiledOutline
from lykeion.content.roots import moved
from lykeion.content.trees import walk
from lykeion.content.types import GarbageReport, LogEntry, Node, ObjectId, ObjectMissing, ObjectStore
from tests.content.olx import write
from tests.content.trees import RUN, make_run, put, root_of

TODAY = datetime.now(UTC)
NEXT_WEEK = TODAY + timedelta(days=7)
NEXT_YEAR = TODAY + timedelta(days=365)


def everything(store: ObjectStore) -> set[ObjectId]:
    return set(store.ids(touched_before=NEXT_YEAR))


def below(store: ObjectStore, root: ObjectId) -> set[ObjectId]:
    return {object_id for object_id, _ in walk(store, [root], set())}


def readable(root: ObjectId) -> int:
    """How many files of a version are there, with all their bytes."""
    for stored in api.files(root).values():
        with api.open_file(stored) as stream:
            assert len(stream.read()) == stored.size
    return len(api.files(root))


def test_what_nothing_reaches_goes_and_every_version_in_the_history_stays(here: ObjectStore) -> None:
    old, new = root_of(here, ("chapter@a", ("html@x",))), root_of(here, ("chapter@b",))
    make_run(here, old, new)
    api.publish(RUN, author="carol", at=TODAY)
    put(here, ("vertical@lost", ("html@lost", {"data": "lost"})))

    report = api.collect_garbage(dry_run=False, at=NEXT_WEEK)

    assert everything(here) == below(here, old) | below(here, new)
    kept = len(everything(here))
    assert report == GarbageReport(kept, objects=2, files=0, log_entries=0, outlines=0, dry_run=False)
    assert api.rollback(RUN, branch="published", to=old, author="bob", at=NEXT_WEEK) == old


def test_a_dry_run_counts_and_changes_nothing(here: ObjectStore, tmp_path: Path) -> None:
    run = api.import_course(write(tmp_path / "a"), author="carol", at=TODAY).run
    for number in range(30):
        api.import_course(write(tmp_path / "a", {"tabs/more.html": str(number)}), author="carol", at=TODAY)
    (tmp_path / "a" / "static" / "notes.pdf").unlink()
    put(here, ("html@lost", {"data": "lost"}))
    api.import_course(tmp_path / "a", author="carol", at=TODAY)
    api.outline_at(run, api.history(run, "draft")[-1].new)  # type: ignore[arg-type]  # imports have a new root
    before = everything(here), CompiledOutline.objects.count(), len(api.history(run, "draft", limit=100))

    told = api.collect_garbage(dry_run=True, at=NEXT_YEAR)
    after = everything(here), CompiledOutline.objects.count(), len(api.history(run, "draft", limit=100))
    done = api.collect_garbage(dry_run=False, at=NEXT_YEAR)

    assert after == before
    assert (told.kept, told.objects, told.files, told.log_entries, told.outlines) == (
        done.kept, done.objects, done.files, done.log_entries, done.outlines,
    )  # fmt: skip
    assert told.log_entries == 24
    assert told.objects > 20
    assert told.outlines > 0
    assert len(everything(here)) == len(before[0]) - told.objects


def test_old_moves_are_forgotten_and_their_versions_with_them(here: ObjectStore) -> None:
    roots = [root_of(here, (f"chapter@{number}",)) for number in range(30)]
    make_run(here, roots[0])
    for old, new in pairwise(roots):
        here.compare_and_set_refs(moved(RUN, {"draft": (old, new)}, LogEntry("", None, None, "carol", TODAY, "Edited")))

    report = api.collect_garbage(dry_run=False, at=NEXT_YEAR)

    assert report.log_entries == 10
    assert len(api.history(RUN, "draft", limit=100)) == 20
    assert roots[0] in everything(here)  # published
    assert not {*roots[1:9]} & everything(here)
    assert {*roots[9:]} <= everything(here)


def test_files_that_no_version_names_go(here: ObjectStore, tmp_path: Path) -> None:
    write(tmp_path / "a")
    run = api.import_course(tmp_path / "a", author="carol", at=TODAY).run
    (tmp_path / "lost.txt").write_text("lost")
    lost = settings.LYKEION_FILES / "ab" / "cd" / "abcd"
    lost.parent.mkdir(parents=True, exist_ok=True)
    lost.write_text("lost")

    report = api.collect_garbage(dry_run=False, at=NEXT_WEEK)

    assert report.files == 1
    assert not lost.exists()
    assert readable(api.head(run)) == 2


def test_what_is_younger_than_a_day_stays(here: ObjectStore, tmp_path: Path) -> None:
    make_run(here, root_of(here))
    [young] = here.put_many([Node("html", {"data": "an import is at work"})])
    fresh = settings.LYKEION_FILES / "ab" / "cd" / "abcd"
    fresh.parent.mkdir(parents=True)
    fresh.write_text("an import is at work")

    report = api.collect_garbage(dry_run=False, at=datetime.now(UTC))

    assert (report.objects, report.files) == (0, 0)
    assert young in everything(here)
    assert fresh.exists()


def test_an_import_that_reuses_old_garbage_while_it_is_collected_is_whole(
    here: ObjectStore, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = write(tmp_path / "a")
    make_run(here, root_of(here))
    with monkeypatch.context() as long_ago:
        long_ago.setattr("time.time", lambda: (TODAY - timedelta(days=30)).timestamp())
        lost = api.import_course(folder, author="carol", at=TODAY).run
    for path in settings.LYKEION_FILES.rglob("*"):
        os.utime(path, (1, 1))
    for branch in ("published", "draft"):
        here.compare_and_set_ref(
            f"{lost}/{branch}", LogEntry(f"{lost}/{branch}", api.head(lost, branch), None, "root", TODAY, "Removed")  # type: ignore[arg-type]
        )  # fmt: skip
    real = garbage._mark

    def mark_then_import(*arguments: object) -> object:
        found = real(*arguments)  # type: ignore[arg-type]
        api.import_course(folder, author="carol", at=TODAY)  # everything it needs is garbage in the eyes of the mark
        return found

    monkeypatch.setattr(garbage, "_roots", lambda store, refs, at, dry_run: list(refs.values()))
    monkeypatch.setattr(garbage, "_mark", mark_then_import)
    report = api.collect_garbage(dry_run=False, at=datetime.now(UTC))

    assert (report.objects, report.files) == (0, 0)
    assert below(here, api.head(lost)) <= everything(here)
    assert readable(api.head(lost)) == 2


def test_a_damaged_version_stops_the_collection_before_anything_goes(here: ObjectStore) -> None:
    root = root_of(here, ("chapter@a",))
    make_run(here, root)
    put(here, ("html@lost", {"data": "lost"}))
    [missing] = below(here, root) - {root, *(child for _, child in here.get_many([root])[root].children)}
    here.delete_many([missing], touched_before=NEXT_YEAR)
    before = everything(here)

    with pytest.raises(ObjectMissing, match=missing):
        api.collect_garbage(dry_run=False, at=NEXT_WEEK)

    assert everything(here) == before


def test_work_that_a_killed_import_left_behind_goes(here: ObjectStore) -> None:
    left = settings.LYKEION_FILES.parent / "work" / "import-abc"
    left.mkdir(parents=True)
    os.utime(left, (1, 1))

    api.collect_garbage(dry_run=False, at=TODAY)

    assert not left.exists()
