"""Tags of blocks go out as ``tags.csv`` and come back in."""

from __future__ import annotations

from pathlib import Path

from lykeion.content import api
from lykeion.content.editing import TOP
from lykeion.content.types import ObjectStore
from tests.content.olx import write
from tests.content.test_exports import RUN, unpacked
from tests.content.trees import NOON

TAGS = {"skills": ["Reading", "Maps, large"], "level": ["Easy"]}


def tags(ref: str) -> object:
    block = api.outline(RUN, "draft").get(ref)
    assert block is not None
    return api.nodes([block.object_id])[block.object_id].fields.get("tags_v1")


def test_tags_leave_and_come_back_with_the_course(here: ObjectStore, tmp_path: Path) -> None:
    api.import_course(write(tmp_path / "in"), author="carol", at=NOON)
    some = next(block.ref for block in api.outline(RUN).blocks if block.type == "vertical")
    api.edit(RUN, lambda draft: draft.update(some, {"tags_v1": TAGS}), author="carol", at=NOON)
    api.edit(RUN, lambda draft: draft.update(TOP, {"tags_v1": {"level": ["Hard"]}}), author="carol", at=NOON)

    api.export_course(RUN, tmp_path / "out.tar.gz")
    files = unpacked(tmp_path / "out.tar.gz")
    assert "tags_v1" not in "".join(files.values())
    header, *lines = files["tags.csv"].splitlines()
    assert header == "Name,Type,ID,level,skills"
    assert len(lines) == 2

    api.import_course(tmp_path / "out.tar.gz", author="carol", at=NOON)
    assert tags(some) == {"level": ["Easy"], "skills": ["Reading", "Maps, large"]}
    assert tags(TOP) == {"level": ["Hard"]}
    api.export_course(RUN, tmp_path / "again.tar.gz")
    assert unpacked(tmp_path / "again.tar.gz")["tags.csv"] == files["tags.csv"]


def test_a_file_of_tags_that_is_none_is_no_obstacle(here: ObjectStore, tmp_path: Path) -> None:
    folder = write(tmp_path / "in")
    (folder / "tags.csv").write_bytes(b"\xff\xfe\x00broken")

    report = api.import_course(folder, author="carol", at=NOON)

    assert tags(TOP) is None
    assert [warning.message for warning in report.warnings if warning.file == "tags.csv"] == [
        "the tags cannot be read (CSV in UTF-8, with a column ID, is asked for); the file is kept as it is"
    ]
    assert api.imported(api.head(RUN), "tags.csv") is not None
