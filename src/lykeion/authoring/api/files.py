"""Course files: putting them into the draft, looking through them, changing them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from io import BytesIO
from typing import BinaryIO

from django.utils.translation import gettext as _

from lykeion.authoring.api.courses import require
from lykeion.authoring.filenames import clean_path, free_path
from lykeion.authoring.fileuses import Uses, run_in_files, uses
from lykeion.authoring.imagesizes import image_size
from lykeion.authoring.mentions import Names, with_moved
from lykeion.authoring.types import Author, AuthoringError, Capability
from lykeion.authoring.wholecourse import Place, title_of
from lykeion.content import api as content
from lykeion.content.api import Draft, Source
from lykeion.content.types import Change, ChangedMeanwhile, ContentError, Edited, Node, ObjectId, StoredFile

__all__ = [
    "Bytes",
    "New",
    "Use",
    "clean_path",
    "delete",
    "lock",
    "move",
    "put",
    "put_all",
    "put_many",
    "undo",
    "used",
    "uses_of",
]

_SEARCHED = 500  # moves of the draft that an undo looks through


@dataclass(frozen=True, slots=True)
class Bytes:
    """Content that is in memory already, as a :class:`~lykeion.content.api.Source`."""

    data: bytes

    def open(self) -> BinaryIO:
        """The content from its start."""
        return BytesIO(self.data)


@dataclass(frozen=True, slots=True)
class New:
    """A file to be put into a course. ``keep``: a file that has its path already stays, and this one gets the next
    free name; else it takes the place of that one, which keeps being locked if it was."""

    path: str
    source: Source
    locked: bool = False
    keep: bool = False


@dataclass(frozen=True, slots=True)
class Use:
    """One place that uses a file. ``ref`` is a block, a part (``about/overview``), or ``files/PATH``; ``unit`` the unit
    that a block is in, or ''."""

    ref: str
    title: str
    unit: str = ""

    @property
    def is_component(self) -> bool:
        """Whether it is a component that stands alone, as in a library."""
        kind = self.ref.partition("@")[0]
        return "@" in self.ref and "/" not in kind and kind not in ("course", "library", "chapter", "sequential")


def put(
    author: Author, path: str, source: Source, at: datetime, locked: bool = False, *, keep: bool = False
) -> StoredFile:
    """Puts a file into the draft; see :class:`New`. ``path`` is made fit for links (``My photo.png`` is
    ``My_photo.png``): links to it are ``/static/`` and the path of what is returned.

    Raises :class:`~lykeion.authoring.types.AuthoringError` for a name that cannot be one, ``NotAllowed``.
    """
    return put_many(author, [New(path, source, locked, keep)], at=at)[0]


def put_many(author: Author, files: Sequence[New], *, at: datetime) -> list[StoredFile]:
    """Puts files into the draft as one change: all or none; what became of each, in order. Raises as :func:`put`."""
    return put_all(author, files, at=at).value


def put_all(author: Author, files: Sequence[New], *, at: datetime) -> Edited[list[StoredFile]]:
    """As :func:`put_many`, with the version of the draft before and after."""
    require(author, Capability.FILES)
    stored = [_stored(file) for file in files]

    def change(draft: Draft) -> list[StoredFile]:
        placed = _placed(files, stored, draft.files())
        for file in placed:
            draft.set_file(file.path, file)
        return placed

    why = _why("Uploaded", [file.path for file in _placed(files, stored, content.files(author.root))])
    return content.edit(author.run, change, author=author.person.username, at=at, why=why)


def delete(author: Author, paths: Sequence[str], *, at: datetime) -> Edited[None]:
    """Takes files out of the draft. Raises :class:`ContentError` for those that are gone."""
    require(author, Capability.FILES)

    def change(draft: Draft) -> None:
        for path in paths:
            _there(draft, path)
            draft.set_file(path, None)

    return content.edit(author.run, change, author=author.person.username, at=at, why=_why("Deleted", paths))


def lock(author: Author, paths: Sequence[str], locked: bool, *, at: datetime) -> Edited[None]:
    """Lets only learners of the course have files, or everybody."""
    require(author, Capability.FILES)

    def change(draft: Draft) -> None:
        for path in paths:
            draft.set_file(path, replace(_there(draft, path), locked=locked))

    why = _why("Locked" if locked else "Unlocked", paths)
    return content.edit(author.run, change, author=author.person.username, at=at, why=why)


def move(author: Author, moves: Mapping[str, str], *, at: datetime) -> Edited[None]:
    """Gives files other paths, and every link of the draft to them with it, as one change.

    Raises :class:`AuthoringError` when a path is taken or cannot be one, :class:`ContentError` for files that are gone.
    """
    require(author, Capability.FILES)
    wanted = {old: clean_path(new) for old, new in moves.items()}
    wanted = {old: new for old, new in wanted.items() if old != new}

    def change(draft: Draft) -> None:
        files = {old: _there(draft, old) for old in wanted}
        _check_free(draft, wanted)
        _write_links_anew(author, draft, wanted)
        for old in files:
            draft.set_file(old, None)
        for old, file in files.items():
            draft.set_file(wanted[old], replace(file, path=wanted[old]))

    why = _why("Moved", list(wanted) or list(moves))
    return content.edit(author.run, change, author=author.person.username, at=at, why=why)


def undo(author: Author, old: ObjectId, new: ObjectId, *, at: datetime) -> None:
    """Takes one change of files back, the one that led from ``old`` to ``new``, with the links that it wrote anew.

    Raises :class:`ContentError` when the draft never made it, or it is long ago, and
    :class:`~lykeion.content.types.ChangedMeanwhile` when somebody changed the same texts since.
    """
    require(author, Capability.FILES)
    moves = content.history(author.run, "draft", limit=_SEARCHED)
    made = next((entry for entry in moves if (entry.old, entry.new) == (old, new)), None)
    if made is None:
        raise ContentError(_("That change is not in the history of the draft any more."))
    changes = content.diff(old, new)
    others = [one for one in changes if not one.ref.startswith("files/")]
    if others and (len(others) == len(changes) or not made.why.startswith("Moved: ")):
        raise AuthoringError(_("That was no change of files: take it back in the history."))

    def change(draft: Draft) -> None:
        for one in changes:
            _take_back(draft, one, old, new)

    content.edit(author.run, change, author=author.person.username, at=at, why="Undid: a change of files")


def _take_back(draft: Draft, one: Change, old: ObjectId, new: ObjectId) -> None:
    if one.ref.startswith("files/"):
        path = one.ref.removeprefix("files/")
        if draft.file(path) != content.file(new, path):
            raise ChangedMeanwhile(_("Somebody else changed this meanwhile."), one.ref, (path,), None)
        draft.set_file(path, content.file(old, path))
    elif "@" in one.ref:
        then, since = content.way(old, one.ref)[-1].object_id, content.way(new, one.ref)[-1].object_id
        fields = content.nodes([then])[then].fields
        values = {name: fields[name] for name in one.names if name in fields}
        draft.update(one.ref, values, unset=[name for name in one.names if name not in fields], base=since)
    else:
        draft.set_part(one.ref, content.part(old, one.ref))


def _check_free(draft: Draft, wanted: Mapping[str, str]) -> None:
    """Raises :class:`AuthoringError` when two files would have one path."""
    there = draft.files()
    for path, count in Counter(wanted.values()).items():
        if count > 1 or (path in there and path not in wanted):
            raise AuthoringError(_("There is a file {path} already. Choose another name.").format(path=path))


def used(author: Author) -> Uses:
    """Where the files of the draft are used. Costs by the size of the course the first time."""
    return uses(author.root, author.run)


def uses_of(author: Author, path: str) -> list[Use]:
    """Every place that uses a file, in the order of the course, then files that load it."""
    found = used(author)
    shown = [Use(place.ref, title_of(place), place.unit) for place in found.places.get(path, ())]
    return shown + [Use(f"files/{name}", name) for name in found.files.get(path, ())]


def _write_links_anew(author: Author, draft: Draft, moves: Mapping[str, str]) -> None:
    names = Names(draft.files())
    run = run_in_files(author.run)

    def moved(written: str) -> str | None:
        path = names.path(written)
        return None if path is None else moves.get(path)

    found = uses(draft.root, author.run)
    touched = {place.ref: place for path in moves for place in found.places.get(path, ())}
    for place in touched.values():
        _write_place_anew(draft, place, run, moved)


def _write_place_anew(draft: Draft, place: Place, run: str, moved: Callable[[str], str | None]) -> None:
    if "@" in place.ref:
        draft.update(place.ref, with_moved(draft.node(place.ref), run, moved))
        return
    page = draft.part(place.ref)
    if page is not None:
        draft.set_part(place.ref, Node(page.type, {**page.fields, **with_moved(page, run, moved)}, page.children))


def _stored(file: New) -> StoredFile:
    stored = content.store_file(clean_path(file.path), file.source, locked=file.locked)
    if not stored.content_type.startswith("image/"):
        return stored
    with file.source.open() as stream:
        width, height = image_size(stream)
    return replace(stored, width=width, height=height)


def _placed(files: Sequence[New], stored: Sequence[StoredFile], present: Mapping[str, StoredFile]) -> list[StoredFile]:
    """The files as they will be beside those that are ``present``."""
    taken, placed = dict(present), []
    for new, file in zip(files, stored, strict=True):
        one = _beside(new, file, taken)
        taken[one.path] = one
        placed.append(one)
    return placed


def _beside(new: New, file: StoredFile, taken: Mapping[str, StoredFile]) -> StoredFile:
    """One file with its path and lock. What is there with the same content stays as it is."""
    there = taken.get(file.path)
    if there is None:
        return file
    if not new.keep:
        return replace(file, locked=file.locked or there.locked)
    return there if there.hash == file.hash else replace(file, path=free_path(file.path, taken))


def _there(draft: Draft, path: str) -> StoredFile:
    found = draft.file(path)
    if found is None:
        raise ContentError(_("The file {path} is not in the course any more.").format(path=path))
    return found


def _why(verb: str, paths: Sequence[str]) -> str:
    """``Deleted: files/a.png``, or how many and their names."""
    return f"{verb}: files/{paths[0]}" if len(paths) == 1 else f"{verb}: {len(paths)} files ({', '.join(paths)})"
