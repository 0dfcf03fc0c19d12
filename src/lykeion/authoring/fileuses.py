"""Which files a course uses, and where. Found once for each object, so that a page after an edit costs little."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from posixpath import dirname, join, normpath
from typing import Final
from urllib.parse import unquote

from lykeion.authoring.mentions import Mentions, Names, mentions
from lykeion.authoring.types import is_library
from lykeion.authoring.wholecourse import Place, nodes, places
from lykeion.content import api as content
from lykeion.content.types import ContentError, ObjectId, StoredFile
from lykeion.core.keys import CourseLocator
from lykeion.core.lru import WeightedCache

_MENTIONS: WeightedCache[tuple[ObjectId, str], Mentions] = WeightedCache(200_000)
_IN_FILES: WeightedCache[str, tuple[str, ...]] = WeightedCache(200_000, lambda names: len(names) + 1)
_READ: Final = ("text/html", "text/css", "text/javascript", "application/javascript", "application/xhtml+xml")
_LARGEST: Final = 1 << 20
_NAMES: Final = re.compile(r"""["'(=]\s*([^"'()<>\s?#]{1,300}\.\w{1,8})(?=["')?#\s>])""")


@dataclass(frozen=True, slots=True)
class Uses:
    """``places`` that use a file, by path; ``files`` that other files load, by path; ``missing``: names that lead to no
    file, and where they are written."""

    places: Mapping[str, list[Place]] = field(default_factory=dict)
    files: Mapping[str, list[str]] = field(default_factory=dict)
    missing: Mapping[str, list[Place]] = field(default_factory=dict)

    def count(self, path: str) -> int:
        """In how many places and files ``path`` is used."""
        return len(self.places.get(path, ())) + len(self.files.get(path, ()))


_USES: WeightedCache[tuple[ObjectId, str], Uses] = WeightedCache(
    100_000, lambda uses: len(uses.places) + len(uses.missing) + 1
)


def run_in_files(run: CourseLocator) -> str:
    """``ORG+COURSE+RUN``, as addresses of files name a run; '' for a library, whose files have no addresses."""
    return "" if is_library(run) else f"{run.org}+{run.course}+{run.run}"


def mentions_of(found: list[Place], run: str) -> Mapping[ObjectId, Mentions]:
    """What each object of ``found`` points at."""
    known = {place.object_id: _MENTIONS.get((place.object_id, run)) for place in found}
    for object_id, node in nodes([object_id for object_id, one in known.items() if one is None]):
        known[object_id] = mentions(node, run)
        _MENTIONS.put((object_id, run), known[object_id] or Mentions())
    return {object_id: one for object_id, one in known.items() if one is not None}


def uses(root: ObjectId, run: CourseLocator) -> Uses:
    """Where the files of a draft are used. Costs by the size of the course the first time, then by what changed."""
    name = run_in_files(run)
    found = _USES.get((root, name))
    if found is None:
        found = _uses(root, name)
        _USES.put((root, name), found)
    return found


def _uses(root: ObjectId, run: str) -> Uses:
    files = content.files(root)
    names = Names(files)
    everywhere = places(root)
    said = mentions_of(everywhere, run)
    used: dict[str, list[Place]] = {}
    missing: dict[str, list[Place]] = {}
    for place in everywhere:
        here = said[place.object_id]
        for written in here.files | here.maybe:
            path = names.path(written)
            if path is not None:
                used.setdefault(path, []).append(place)
            elif written in here.files:
                missing.setdefault(written, []).append(place)
    return Uses(used, _loaded(files), missing)


def _loaded(files: Mapping[str, StoredFile]) -> dict[str, list[str]]:
    """Files by path that pages, styles and scripts among the files load."""
    found: dict[str, list[str]] = {}
    for path, file in files.items():
        for name in _names_in(file):
            target = normpath(join(dirname(path), name)).lstrip("/")
            target = target if target in files else name.removeprefix("/static/")
            if target in files and target != path:
                found.setdefault(target, []).append(path)
    return found


def _names_in(file: StoredFile) -> tuple[str, ...]:
    if file.content_type.partition(";")[0] not in _READ or file.size > _LARGEST:
        return ()
    known = _IN_FILES.get(file.hash)
    if known is None:
        try:
            with content.open_file(file) as stream:
                text = stream.read().decode("utf-8", "replace")
        except ContentError:  # gone from the storage, which is told to whoever opens it
            return ()
        known = tuple(dict.fromkeys(_links(text)))
        _IN_FILES.put(file.hash, known)
    return known


def _links(text: str) -> Iterator[str]:
    return (unquote(found[1]) for found in _NAMES.finditer(text) if "://" not in found[1])
