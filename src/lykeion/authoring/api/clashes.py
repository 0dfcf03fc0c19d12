"""Two authors at one block: who changed what, both values, and what can become of them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from lykeion.authoring import texts
from lykeion.authoring.api import wording
from lykeion.authoring.types import Author
from lykeion.content import api as content
from lykeion.content.types import Json, LogEntry, Node, ObjectId, ObjectMissing

__all__ = ["Clash", "Clashed", "clash"]

LOOKED_AT: Final = 300  # moves of the draft: who changed something before that is not looked for


@dataclass(frozen=True, slots=True)
class Clashed:
    """One field that two people gave different values. ``who`` gave it the present one, ``at`` that time.

    ``old`` and ``new`` are mine and theirs in words, side by side for texts; ``merged`` is a text with both changes,
    ``clean`` when they never touch the same words; None for what cannot be merged.
    """

    name: str
    label: str
    mine: Json
    theirs: Json
    who: str
    at: datetime | None
    old: texts.Spans
    new: texts.Spans
    merged: str | None
    clean: bool


@dataclass(frozen=True, slots=True)
class Clash:
    """What clashed in block ``ref``, and its present version, which whoever decides sends along."""

    ref: str
    base: ObjectId
    fields: tuple[Clashed, ...]


def clash(author: Author, ref: str, mine: Mapping[str, Json], base: ObjectId) -> Clash:
    """How ``mine``, values of fields of block ``ref``, and what others did since version ``base`` fit together.

    Raises :class:`~lykeion.content.types.ContentError` when there is no such block any more.
    """
    step = content.way(author.root, ref)[-1]
    now = content.nodes([step.object_id])[step.object_id]
    seen = _seen(base)
    names = [name for name, value in mine.items() if now.fields.get(name) not in (seen.fields.get(name), value)]
    authors = _authors(author, ref, names)
    clashed = tuple(_clashed(name, mine[name], seen, now, authors.get(name)) for name in names)
    return Clash(ref, step.object_id, clashed)


def _seen(base: ObjectId) -> Node:
    try:
        return content.nodes([base])[base]
    except ObjectMissing:
        return Node("", {})


def _clashed(name: str, mine: Json, seen: Node, now: Node, move: LogEntry | None) -> Clashed:
    theirs = now.fields.get(name)
    words = [wording.value(name, one, {name: one}) for one in (mine, theirs)]
    merged, clean = None, False
    if isinstance(mine, str) and isinstance(theirs, str) and name not in wording.DATES:
        merged, clean = texts.merged(str(seen.fields.get(name) or ""), mine, theirs)
        words = [mine, theirs]
    old, new = texts.side_by_side(*words)
    who, at = (move.author, move.at) if move else ("", None)
    return Clashed(name, wording.field(name), mine, theirs, who, at, old, new, merged, clean)


def _authors(author: Author, ref: str, names: list[str]) -> dict[str, LogEntry]:
    """The newest change of each field."""
    moves = content.history(author.run, "draft", limit=LOOKED_AT)
    roots = {root for move in moves for root in (move.old, move.new) if root}
    ways = content.find_many((root, ref) for root in roots)
    ids = {root: way[-1].object_id for (root, _ref), way in ways.items()}
    nodes = content.nodes(list(dict.fromkeys(ids.values())))
    found: dict[str, LogEntry] = {}
    for move in moves:
        old = nodes.get(ids.get(move.old or ObjectId(""), ObjectId("")))
        new = nodes.get(ids.get(move.new or ObjectId(""), ObjectId("")))
        for name in names:
            values = [one.fields.get(name) if one else None for one in (old, new)]
            if name not in found and values[0] != values[1]:
                found[name] = move
    return found
