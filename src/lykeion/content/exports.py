"""OLX out: the published version of a run with its drafts, as Open edX reads it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from functools import partial
from pathlib import Path
from typing import Any

import orjson

from lykeion.content.files import open_hash
from lykeion.content.filetypes import ASSETS, told_assets
from lykeion.content.imports import PAGES, POLICY
from lykeion.content.roots import COURSE, EXTRAS, FILES, head_of, parts_of
from lykeion.content.stores.batches import BATCH
from lykeion.content.tags import FIELD, without_tags, written
from lykeion.content.types import ContentError, ExportReport, ImportWarning, Node, ObjectId, ObjectStore, Progress
from lykeion.content.vocabulary import vocabulary
from lykeion.core.keys import CourseLocator
from lykeion.olx import api as olx
from lykeion.olx.types import Block, Course, CourseFile, OlxError, OlxWarning

Blocks = dict[tuple[str, ObjectId], Block]


def export_course(
    store: ObjectStore, run: CourseLocator, archive: Path, *, progress: Progress, root: ObjectId | None = None
) -> ExportReport:
    """Writes ``run`` to ``archive`` (.tar.gz), which is there whole or not at all and replaces an older one; with
    ``root`` that version, all of it as if it were published.

    Raises :class:`~lykeion.content.types.RunMissing`, and :class:`ContentError` when the archive cannot be written.
    """
    if not archive.parent.is_dir():
        raise ContentError(f"There is no folder {archive.parent} to write {archive.name} into.")
    parts = parts_of(store, root) if root else None
    course = _course_of(store, run, parts, parts, progress) if parts else _course(store, run, progress)
    return _written(run, *course, olx.write_archive, archive, progress)


def export_version(
    store: ObjectStore, run: CourseLocator, root: ObjectId, folder: Path, *, progress: Progress
) -> ExportReport:
    """Writes one version of ``run`` as a folder of OLX, which must not be there yet: all of it as if it were published.

    Raises :class:`ContentError` when it cannot be written.
    """
    parts = parts_of(store, root)
    return _written(run, *_course_of(store, run, parts, parts, progress), olx.write_course, folder, progress)


def _written(
    run: CourseLocator,
    course: Course,
    warnings: list[OlxWarning],
    write: Callable[..., Iterable[OlxWarning]],
    place: Path,
    progress: Progress,
) -> ExportReport:
    try:
        odd = write(course, place, vocabulary=vocabulary(), progress=progress)
    except OlxError as error:
        raise ContentError(f"{run} cannot be exported: {error}.") from error
    except OSError as error:
        raise ContentError(f"{place} cannot be written: {error.strerror}.") from error
    found = tuple(ImportWarning(one.message, one.file, one.line or None) for one in (*warnings, *odd))
    return ExportReport(run, course.counts(), len(course.files), found)


def _course(store: ObjectStore, run: CourseLocator, progress: Progress) -> tuple[Course, list[OlxWarning]]:
    published = parts_of(store, head_of(store, run, "published"))
    draft = parts_of(store, head_of(store, run, "draft"))
    return _course_of(store, run, published, draft, progress)


def _course_of(
    store: ObjectStore,
    run: CourseLocator,
    published: Mapping[str, ObjectId],
    draft: Mapping[str, ObjectId],
    progress: Progress,
) -> tuple[Course, list[OlxWarning]]:
    blocks: Blocks = {}
    tagged: dict[str, Mapping[str, Any]] = {}
    root = _tree(store, run, published[COURSE], blocks, tagged, progress)
    edited = root if draft[COURSE] == published[COURSE] else _tree(store, run, draft[COURSE], blocks, tagged, progress)
    tags = written(run, tagged)
    drafts, odd = olx.drafts_between(root, edited)
    nodes = {name: store.get_many([oid])[oid] for name, oid in {**draft, **published}.items() if name != COURSE}
    files = {**_files(store, draft.get(FILES), "static/"), **_files(store, published.get(FILES), "static/")}
    extras = _files(store, published.get(EXTRAS), "")
    told = _assets(nodes[FILES].fields, extras.get(ASSETS)) if FILES in nodes else None
    extras |= {ASSETS: told} if told else {}
    course = Course(
        str(run.org),
        str(run.course),
        str(run.run),
        root,
        drafts,
        _pages({name: node for name, node in nodes.items() if name in published}),
        dict(nodes[POLICY].fields) if POLICY in published else {},
        tuple(files.values()),
        (*extras.values(), *([tags] if tags else ())),
    )
    return course, [*odd, *_unpublished(published, draft)]


def _tree(
    store: ObjectStore,
    run: CourseLocator,
    course: ObjectId,
    blocks: Blocks,
    tagged: dict[str, Mapping[str, Any]],
    progress: Progress,
) -> Block:
    """The block tree below ``course``. ``blocks`` holds those already made: two trees share what is the same.

    Fields of blocks with tags go into ``tagged`` by ref, too.
    """
    nodes = _nodes(store, course, progress)
    waiting = [((str(run.run), course), False)]
    while waiting:
        place, is_ready = waiting.pop()
        node = nodes[place[1]]
        if place in blocks:
            continue
        if is_ready:
            children = tuple(blocks[child] for child in node.children)
            blocks[place] = Block(node.type, place[0], without_tags(node.fields), children)
            if FIELD in node.fields:
                tagged[f"{node.type}@{'course' if node.type == COURSE else place[0]}"] = node.fields
        else:
            waiting.append((place, True))
            waiting.extend((child, False) for child in node.children)
    return blocks[str(run.run), course]


def _nodes(store: ObjectStore, course: ObjectId, progress: Progress) -> dict[ObjectId, Node]:
    nodes: dict[ObjectId, Node] = {}
    level = [course]
    while level:
        below: dict[ObjectId, None] = {}
        for start in range(0, len(level), BATCH):
            progress(len(nodes), len(nodes) + len(level), "reading")
            found = store.get_many(level[start : start + BATCH])
            nodes.update(found)
            below.update((child, None) for node in found.values() for _, child in node.children)
        level = [object_id for object_id in below if object_id not in nodes]
    return nodes


def _files(store: ObjectStore, node: ObjectId | None, top: str) -> dict[str, CourseFile]:
    if node is None:
        return {}
    entries: Mapping[str, Any] = store.get_many([node])[node].fields
    return {
        path: CourseFile(f"{top}{path}", entry["size"], partial(open_hash, entry["hash"], path))
        for path, entry in sorted(entries.items())
    }


def _assets(entries: Mapping[str, Any], there: CourseFile | None) -> CourseFile | None:
    """What Open edX is told of files (``policies/assets.json``): as it came, unless it would not be true any more."""
    known = told_assets(there)
    if all(
        known.entry(path, entry["hash"], entry["size"]).items() <= _full(entry).items()
        for path, entry in entries.items()
    ):
        return there
    told = {path.replace("/", "_"): known.described(path, entry) for path, entry in sorted(entries.items())}
    text = orjson.dumps(told, option=orjson.OPT_INDENT_2)
    return CourseFile(ASSETS, len(text), text)


def _full(entry: Mapping[str, Any]) -> dict[str, Any]:
    return {"locked": False, **entry}


def _pages(nodes: Mapping[str, Node]) -> tuple[Block, ...]:
    tops = {top: kind for kind, top in PAGES.items()}
    found = ((name.partition("/"), node) for name, node in nodes.items())
    pages = [Block(tops[top], slug, dict(node.fields)) for (top, _, slug), node in found if top in tops]
    return tuple(sorted(pages, key=lambda page: (page.type, page.id)))


def _unpublished(published: Mapping[str, ObjectId], draft: Mapping[str, ObjectId]) -> list[OlxWarning]:
    names = sorted({*published, *draft} - {COURSE, FILES})
    return [
        OlxWarning(f"unpublished changes of {name} cannot be exported")
        for name in names
        if published.get(name) != draft.get(name)
    ]
