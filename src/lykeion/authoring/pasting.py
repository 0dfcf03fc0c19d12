"""Putting blocks of one course into another: under names that are free, with links that lead to what came along."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import replace
from typing import Final
from uuid import uuid4

from lykeion.authoring.filenames import free_path
from lykeion.authoring.mentions import Names, mapped, with_moved
from lykeion.content.api import Draft
from lykeion.content.types import NewBlock, Node, StoredFile

LEVELS: Final = ("course", "chapter", "sequential", "vertical")


def fitted(blocks: Iterable[NewBlock], taken: Collection[str]) -> list[NewBlock]:
    """``blocks`` with new ids where theirs are ``taken``; links between them (``/jump_to_id/``, keys) written anew."""
    given = list(blocks)
    ids = {block.id: uuid4().hex for top in given for block in _all(top) if f"{block.type}@{block.id}" in taken}
    return [_renamed(block, ids) for block in given] if ids else given


def wrapped(block: NewBlock, around: Iterable[NewBlock], target: str) -> NewBlock | None:
    """``block`` in copies of those of ``around`` that it takes to be put into a block of type ``target``; None when it
    cannot be put there."""
    levels = {kind: level for level, kind in enumerate(LEVELS)}
    if target not in levels or block.type not in levels:
        return None
    missing = LEVELS[levels[target] + 1 : levels[block.type]]
    if levels[block.type] <= levels[target]:
        return None
    known = {one.type: one for one in around}
    for kind in reversed(missing):
        shell = known.get(kind, NewBlock(kind, "", {"display_name": block.fields.get("display_name", "")}))
        block = NewBlock(kind, uuid4().hex, shell.fields, (block,))
    return block


def with_files(blocks: list[NewBlock], files: Mapping[str, StoredFile], draft: Draft, run: str) -> list[NewBlock]:
    """Puts ``files`` into ``draft``, under other names where theirs are taken; ``blocks`` with links to those."""
    there = draft.files()
    moves: dict[str, str] = {}
    for path, file in files.items():
        known = there.get(path)
        if known is not None and known.hash == file.hash:
            continue
        name = free_path(path, there) if known is not None else path
        if name != path:
            moves[path] = name
        draft.set_file(name, replace(file, path=name))
    if not moves:
        return blocks
    names = Names(files)
    return [_linked(block, run, lambda written: moves.get(names.path(written) or "")) for block in blocks]


def _linked(block: NewBlock, run: str, moved: Callable[[str], str | None]) -> NewBlock:
    fields = {**block.fields, **with_moved(Node(block.type, block.fields), run, moved)}
    return NewBlock(block.type, block.id, fields, tuple(_linked(child, run, moved) for child in block.children))


def _all(block: NewBlock) -> Iterable[NewBlock]:
    yield block
    for child in block.children:
        yield from _all(child)


def _renamed(block: NewBlock, ids: Mapping[str, str]) -> NewBlock:
    def anew(text: str) -> str:
        for old, new in ids.items():
            if old in text:
                for before in ("/jump_to_id/", "+block@", "/jump_to/"):
                    text = text.replace(f"{before}{old}", f"{before}{new}")
        return text

    fields = {name: mapped(value, anew) for name, value in block.fields.items()}
    children = tuple(_renamed(child, ids) for child in block.children)
    return NewBlock(block.type, ids.get(block.id, block.id), fields, children)
