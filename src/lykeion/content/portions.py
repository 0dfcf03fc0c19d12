"""A part of a course as an archive of its own: a course with nothing in it but that section, subsection or unit, in
what it lay in, and the files it shows. Any site reads it as a course; here it can be put into another course."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import Final

import orjson

from lykeion.content.files import Source, open_hash
from lykeion.content.imports import unpacked_course
from lykeion.content.roots import FILES, course_of, part_of, stored_file
from lykeion.content.shapes import way
from lykeion.content.trees import tree
from lykeion.content.types import (
    ContentError,
    ExportReport,
    ImportWarning,
    NewBlock,
    ObjectId,
    ObjectStore,
    Progress,
)
from lykeion.content.vocabulary import vocabulary
from lykeion.core.keys import CourseLocator
from lykeion.olx import api as olx
from lykeion.olx.types import Block, Course, CourseFile, OlxError

TOLD: Final = "part.json"
_AROUND: Final = ("display_name",)  # what is kept of the blocks around the part


@dataclass(frozen=True, slots=True)
class Portion:
    """What an archive holds that can be put into a course: ``blocks`` of one kind, what they lay in (``around``, from
    the section down, without what is in them), and files by path."""

    blocks: tuple[NewBlock, ...]
    around: tuple[NewBlock, ...]
    files: Mapping[str, Source]
    warnings: tuple[ImportWarning, ...]


def export_portion(
    store: ObjectStore,
    run: CourseLocator,
    root: ObjectId,
    ref: str,
    archive: Path,
    *,
    files: Collection[str],
    progress: Progress,
) -> ExportReport:
    """Writes block ``ref`` of ``root``, with all below it and ``files``, to ``archive`` (.tar.gz).

    Raises :class:`ContentError` when there is no such block or the archive cannot be written.
    """
    steps = way(store, course_of(store, root), ref)
    if steps is None or len(steps) < 2:
        raise ContentError(f"{ref} is not in the course any more.")
    block = _block(tree(store, steps[-1].object_id, steps[-1].id))
    for step in reversed(steps[:-1]):
        node = store.get_many([step.object_id])[step.object_id]
        kept = {name: node.fields[name] for name in _AROUND if name in node.fields}
        block = Block(node.type, str(run.run) if node.type == "course" else step.id, kept, (block,))
    told = CourseFile(TOLD, len(text := orjson.dumps({"part": ref})), text)
    named = str(run.org), str(run.course), str(run.run)
    course = Course(*named, block, files=tuple(_files(store, root, files)), extras=(told,))
    try:
        odd = olx.write_archive(course, archive, vocabulary=vocabulary(), progress=progress)
    except OlxError as error:
        raise ContentError(f"{ref} cannot be exported: {error}.") from error
    except OSError as error:
        raise ContentError(f"{archive} cannot be written: {error.strerror}.") from error
    warnings = tuple(ImportWarning(one.message, one.file, one.line or None) for one in odd)
    return ExportReport(run, course.counts(), len(course.files), warnings)


@contextmanager
def opened_portion(archive: Path, progress: Progress) -> Iterator[Portion]:
    """What ``archive`` holds: the part it was made of, or the sections of a course. Its files can be read in the block.

    Raises :class:`~lykeion.content.types.ImportRefused`.
    """
    with unpacked_course(archive, progress) as course:
        warnings = tuple(ImportWarning(one.message, one.file, one.line or None) for one in course.warnings)
        blocks, around = _told_part(course)
        files = {file.path.removeprefix("static/"): file for file in course.files}
        yield Portion(blocks, around, files, warnings)


def _told_part(course: Course) -> tuple[tuple[NewBlock, ...], tuple[NewBlock, ...]]:
    wanted = next((_ref_in(file) for file in course.extras if file.path == TOLD), "")
    trail = _trail(course.root, wanted) if wanted else None
    if trail is None:
        return tuple(_new(block) for block in course.root.children), ()
    around = tuple(replace(_new(block), children=()) for block in trail[1:-1])
    return (_new(trail[-1]),), around


def _ref_in(file: CourseFile) -> str:
    try:
        told = orjson.loads(file.read())
    except orjson.JSONDecodeError:  # made by somebody else: a file like any other
        return ""
    return str(told.get("part", "")) if isinstance(told, dict) else ""


def _trail(block: Block, ref: str) -> Sequence[Block] | None:
    """The blocks from ``block`` down to ``ref``."""
    if f"{block.type}@{block.id}" == ref:
        return [block]
    for child in block.children:
        below = _trail(child, ref)
        if below is not None:
            return [block, *below]
    return None


def _files(store: ObjectStore, root: ObjectId, paths: Collection[str]) -> Iterator[CourseFile]:
    node = part_of(store, root, FILES)
    entries = {} if node is None else node.fields
    for path in sorted(set(paths) & set(entries)):
        stored = stored_file(path, entries[path])
        yield CourseFile(f"static/{path}", stored.size, partial(open_hash, stored.hash, path))


def _block(new: NewBlock) -> Block:
    return Block(new.type, new.id, dict(new.fields), tuple(_block(child) for child in new.children))


def _new(block: Block) -> NewBlock:
    return NewBlock(block.type, block.id, block.fields, tuple(_new(child) for child in block.children))
