"""The files that a block uses, and how they come along into another course."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import Final
from urllib.parse import unquote

from lykeion.authoring.copying import mapped, with_fields
from lykeion.content import api as content
from lykeion.content.api import Draft
from lykeion.content.types import Json, NewBlock, ObjectId, StoredFile

_LINK: Final = re.compile(r"(/static/)([^\s\"'<>()?#\\&]+)")
_KEY: Final = re.compile(r"/?asset-v1:[^\s\"'+]+\+[^\s\"'+]+\+[^\s\"'+]+\+type@asset\+block@([^\s\"'<>()?#\\&]+)")
_TRANSCRIPTS: Final = "transcripts"  # of a video: {language: file}
_SUB: Final = "sub"  # of an old video: the name of its English transcript, subs_NAME.srt.sjson


@dataclass(frozen=True, slots=True)
class Luggage:
    """The files that come along: by their path where they come from, what they are called in the new course.
    ``missing`` are files that the old course does not have either."""

    files: Mapping[str, StoredFile]
    missing: tuple[str, ...]


def packed(block: NewBlock, root: ObjectId) -> Luggage:
    """The files that ``block`` and all below it use, as ``root`` has them."""
    paths = dict.fromkeys(path for one in _all(block) for path in _used(one))
    stored = content.files(root) if paths else {}
    return Luggage(
        {path: stored[path] for path in paths if path in stored}, tuple(path for path in paths if path not in stored)
    )


def unpack(draft: Draft, block: NewBlock, luggage: Luggage) -> tuple[NewBlock, dict[str, str]]:
    """Puts the files into ``draft``. Where it has another file of the same name the one that comes along gets a new
    name, and ``block`` shows that: returns the block and the new names by old ones. Keys of files, which name the
    course they are in, become links to those of this course."""
    renamed: dict[str, str] = {}
    for path, stored in luggage.files.items():
        name = _free_name(draft, path, stored)
        if name != path:
            renamed[path] = name
        there = draft.file(name)
        if there is None:
            draft.set_file(name, StoredFile(name, stored.hash, stored.size, stored.content_type, stored.locked))
    return (_renamed(block, renamed) if luggage.files else block), renamed


def _all(block: NewBlock) -> Iterator[NewBlock]:
    yield block
    for child in block.children:
        yield from _all(child)


def _used(block: NewBlock) -> Iterator[str]:
    for text in _texts(block.fields):
        yield from (unquote(found[2]) for found in _LINK.finditer(text))
        yield from (unquote(found[1]) for found in _KEY.finditer(text))
    transcripts = block.fields.get(_TRANSCRIPTS)
    if isinstance(transcripts, Mapping):
        yield from (str(name) for name in transcripts.values() if name)
    sub = block.fields.get(_SUB)
    if block.type == "video" and isinstance(sub, str) and sub:
        yield f"subs_{sub}.srt.sjson"


def _texts(value: Json) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, Mapping):
        for one in value.values():
            yield from _texts(one)
    elif isinstance(value, list | tuple):
        for one in value:
            yield from _texts(one)


def _free_name(draft: Draft, path: str, stored: StoredFile) -> str:
    name, number = path, 1
    while (there := draft.file(name)) is not None and there.hash != stored.hash:
        number += 1
        bare = PurePosixPath(path)
        name = str(bare.with_name(f"{bare.stem}-{number}{bare.suffix}"))
    return name


def _renamed(block: NewBlock, names: Mapping[str, str]) -> NewBlock:
    def text(value: str) -> str:
        linked = _KEY.sub(r"/static/\1", value)
        return _LINK.sub(lambda found: found[1] + names.get(unquote(found[2]), found[2]), linked)

    def fields(one: NewBlock) -> dict[str, Json]:
        changed = {name: mapped(value, text) for name, value in one.fields.items()}
        transcripts = one.fields.get(_TRANSCRIPTS)
        if isinstance(transcripts, Mapping):
            changed[_TRANSCRIPTS] = {language: names.get(str(name), name) for language, name in transcripts.items()}
        sub = one.fields.get(_SUB)
        if one.type == "video" and isinstance(sub, str) and (new := names.get(f"subs_{sub}.srt.sjson")):
            changed[_SUB] = new.removeprefix("subs_").removesuffix(".srt.sjson")
        return changed

    return with_fields(block, fields)
