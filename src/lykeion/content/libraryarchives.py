"""Libraries in and out: the archive of Open edX's content libraries, and old libraries (``library.xml``) in.

As with courses (``content/imports.py``) objects and files are written first, and at the very end both refs move in one
step: all or nothing.
"""

from __future__ import annotations

import tarfile
import zipfile
import zlib
from collections.abc import Iterator, Mapping
from datetime import datetime
from functools import partial
from itertools import islice
from pathlib import Path
from typing import Any, Final

from lykeion.content import types
from lykeion.content.announce import announce
from lykeion.content.files import open_hash
from lykeion.content.filetypes import FileEntries
from lykeion.content.imports import Writer, counted, not_installed, unpacked
from lykeion.content.libraries import COLLECTIONS, collections
from lykeion.content.roots import BRANCHES, FILES, LIBRARY, course_of, head_of, moved, ordered, part_of, ref_name
from lykeion.content.stores import open_store
from lykeion.content.tags import without_tags
from lykeion.content.types import (
    Branch,
    ContentError,
    ImportRefused,
    ImportWarning,
    LibraryReport,
    LogEntry,
    Node,
    ObjectId,
    ObjectStore,
    Progress,
    RefMoved,
)
from lykeion.content.vocabulary import vocabulary
from lykeion.core.keys import LibraryLocatorV2, library_of, split_ref
from lykeion.olx import api as olx
from lykeion.olx.types import Block, CourseFile, Library, OlxError, OlxWarning, Shelf, Version

_LOOKED_AT: Final = 20_000  # names in an archive
_OWN: Final = ("display_name", "description", "license")


def _quietly(done: int, total: int, what: str) -> None:
    """No progress to show."""


def import_library(
    path: Path,
    *,
    library: LibraryLocatorV2 | None = None,
    author: str,
    at: datetime,
    progress: Progress = _quietly,
) -> LibraryReport:
    """Brings in the library at ``path``: the ZIP that Open edX backs a library up as, or an old library (a folder or
    archive with ``library.xml``), as a new library or as the new content of one.

    It is called ``library`` if that is given, else as the archive says. Nothing has changed when this raises
    :class:`~lykeion.content.types.ImportRefused` with the reason and the place, :class:`~lykeion.core.keys.BadKey`
    when the archive has no name that is a key, or :class:`~lykeion.content.types.RefMoved` when somebody changed the
    library meanwhile.
    """
    store = open_store()
    with unpacked(path) as folder:
        found = _read(folder, progress)
        key = library or library_of(found.org, found.slug)
        old = {branch: store.read_ref(ref_name(key, branch)) for branch in BRANCHES}
        roots, blocks = _stored(store, found, old["draft"], progress)
    counts = counted(blocks)
    _move(store, key, old, roots, author, at)
    announce(key, old["published"], roots["published"], author, at)
    warnings = (*_told(found.warnings), *not_installed(counts))
    files = len({file.path for version in (found.draft, found.published) for file in version.files})
    return LibraryReport(key, roots["published"], roots["draft"], counts, files, warnings, old["published"])


def export_library(
    library: LibraryLocatorV2, archive: Path, *, at: datetime, progress: Progress = _quietly
) -> LibraryReport:
    """Writes ``library``, draft and published, to ``archive`` (.zip) as Open edX restores it.

    Raises :class:`~lykeion.content.types.RunMissing`, or :class:`ContentError` when it cannot be written; the archive
    is there whole or not at all.
    """
    if not archive.parent.is_dir():
        raise ContentError(f"There is no folder {archive.parent} to write {archive.name} into.")
    store = open_store()
    heads = {branch: head_of(store, library, branch) for branch in BRANCHES}
    found = _library(store, library, heads, progress)
    try:
        odd = olx.write_library(found, archive, at=at)
    except OlxError as error:
        raise ContentError(f"{library} cannot be exported: {error}.") from error
    except OSError as error:
        raise ContentError(f"{archive} cannot be written: {error.strerror}.") from error
    blocks = [block for version in (found.draft, found.published) for item in version.items for block in item.walk()]
    files = len({file.path for version in (found.draft, found.published) for file in version.files})
    return LibraryReport(library, heads["published"], heads["draft"], counted(blocks), files, _told(odd))


def holds_library(path: Path) -> bool:
    """Whether ``path`` (a folder or an archive) looks like a library, by the names of its files."""
    try:
        parts = [name.removeprefix("./").split("/") for name in islice(_names(path), _LOOKED_AT)]
    except (OSError, EOFError, tarfile.TarError, zipfile.BadZipFile, zlib.error):  # the import itself says what it is
        return False
    tops = {part[-1] for part in parts if len(part) <= 2}
    return "course.xml" not in tops and not tops.isdisjoint(("package.toml", "library.xml"))


def _names(path: Path) -> Iterator[str]:
    if path.is_dir():
        yield from (found.relative_to(path).as_posix() for found in (*path.glob("*"), *path.glob("*/*")))
    elif zipfile.is_zipfile(path):
        with zipfile.ZipFile(path) as packed:
            yield from packed.namelist()
    elif path.is_file():
        with tarfile.open(path, "r|*") as tar:
            yield from (member.name for member in tar)


def _told(warnings: tuple[OlxWarning, ...]) -> tuple[ImportWarning, ...]:
    return tuple(ImportWarning(one.message, one.file, one.line or None) for one in warnings)


def _read(folder: Path, progress: Progress) -> Library:
    try:
        return olx.read_library(folder, vocabulary=vocabulary(), progress=progress)
    except OlxError as error:
        raise ImportRefused(f"The library cannot be imported: {error}.") from error
    except OSError as error:
        raise ImportRefused(f"{error.filename or folder} cannot be read: {error.strerror}.") from error


def _stored(
    store: ObjectStore, found: Library, old: ObjectId | None, progress: Progress
) -> tuple[dict[Branch, ObjectId], list[Block]]:
    """The roots of both branches, and all blocks but the tops."""
    writer = Writer(store, progress)
    fields = {"display_name": found.title, "description": found.description, "license": _license(store, old)}
    own = {name: text for name, text in fields.items() if text}
    versions: dict[Branch, Version] = {"published": found.published, "draft": found.draft}
    tops = {branch: Block(LIBRARY, LIBRARY, dict(own), version.items) for branch, version in versions.items()}
    below = {id(block): block for top in tops.values() for item in top.children for block in item.walk()}
    blocks = [*tops.values(), *below.values()]
    writer.blocks(blocks)
    shelves = {f"{COLLECTIONS}{shelf.key}": _collection(shelf) for shelf in found.shelves}
    roots: dict[Branch, ObjectId] = {}
    for branch, version in versions.items():
        nodes = dict(shelves)
        if version.files:
            entries = FileEntries(None)
            nodes[FILES] = Node(FILES, writer.files(version.files, "static/", entries))
        parts = dict(zip(nodes, writer.put(list(nodes.items())), strict=True))
        [roots[branch]] = store.put_many([Node("run", {}, ordered({LIBRARY: writer.ids[id(tops[branch])], **parts}))])
    return roots, list(below.values())


def _license(store: ObjectStore, old: ObjectId | None) -> str:
    """Archives say nothing of it, so it stays."""
    if old is None:
        return ""
    top = course_of(store, old)
    return str(store.get_many([top])[top].fields.get("license", ""))


def _collection(shelf: Shelf) -> Node:
    members = [f"{block_type}@{block_id}" for block_type, block_id in shelf.members]
    return Node("collection", {"title": shelf.title, "description": shelf.description, "members": members})


def _move(
    store: ObjectStore,
    key: LibraryLocatorV2,
    old: Mapping[Branch, ObjectId | None],
    roots: Mapping[Branch, ObjectId],
    author: str,
    at: datetime,
) -> None:
    pairs = {branch: (old[branch], roots[branch]) for branch in BRANCHES}
    if all(before == after for before, after in pairs.values()):
        return
    try:
        store.compare_and_set_refs(moved(key, pairs, LogEntry("", None, None, author, at, "Imported")))
    except RefMoved as error:
        message = f"{key} was changed while the import ran, so nothing was imported; import it again."
        raise RefMoved(message, error.actual) from error


def _library(
    store: ObjectStore, key: LibraryLocatorV2, heads: Mapping[Branch, ObjectId], progress: Progress
) -> Library:
    versions = {branch: _version(store, root, progress) for branch, root in heads.items()}
    top = course_of(store, heads["draft"])
    title, description, _ = (str(store.get_many([top])[top].fields.get(name) or "") for name in _OWN)
    shelves = tuple(_shelf(one) for one in collections(heads["draft"]).values())
    return Library(key.org, key.slug, title or key.slug, description, versions["draft"], versions["published"], shelves)


def _version(store: ObjectStore, root: ObjectId, progress: Progress) -> Version:
    top = course_of(store, root)
    node = store.get_many([top])[top]
    items = []
    for done, (name, object_id) in enumerate(node.children):
        progress(done, len(node.children), "reading")
        items.append(_block(store, name, object_id))
    files = part_of(store, root, FILES)
    entries: Mapping[str, Any] = files.fields if files else {}
    return Version(
        tuple(items),
        tuple(
            CourseFile(f"static/{path}", entry["size"], partial(open_hash, entry["hash"], path))
            for path, entry in sorted(entries.items())
        ),
    )


def _block(store: ObjectStore, name: str, object_id: ObjectId) -> Block:
    node = store.get_many([object_id])[object_id]
    children = tuple(_block(store, child, below) for child, below in node.children)
    return Block(node.type, name, dict(without_tags(node.fields)), children)


def _shelf(collection: types.Collection) -> Shelf:
    members = tuple(split_ref(ref) for ref in collection.members)
    return Shelf(collection.slug, collection.title, collection.description, members)
