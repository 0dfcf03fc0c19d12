"""What differs between two versions of a course, or of a part of it, in words for people."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence, Set
from dataclasses import dataclass, field
from typing import Final, Literal

from django.utils.translation import gettext as _

from lykeion.authoring import texts
from lykeion.authoring.api import wording
from lykeion.authoring.items import COURSE, title_of
from lykeion.content import api as content
from lykeion.content.types import Change, Json, Node, ObjectId
from lykeion.core.keys import split_ref

Kind = Literal["renamed", "moved", "added", "removed", "order", "setting", "text"]
Located = Mapping[tuple[ObjectId, str], Sequence[content.Step]]

MOST: Final = 300
_TEXTS: Final = ("data", "markdown", "xml", "definition")
_LONG: Final = 80  # characters: longer values are shown side by side
_QUIET: Final = frozenset(["xml_attributes", "editor", "position"])


@dataclass(frozen=True, slots=True)
class Line:
    """One difference, as a sentence. ``old`` and ``new`` are there for texts: side by side."""

    kind: Kind
    words: str
    old: texts.Spans = ()
    new: texts.Spans = ()


@dataclass(frozen=True, slots=True)
class Changed:
    """What is different about one block (or part of the course, such as a page or a file)."""

    ref: str
    kind: str
    title: str
    where: tuple[str, ...]
    lines: tuple[Line, ...] = field(default=())


@dataclass(frozen=True, slots=True)
class Difference:
    """All of it; ``more`` is how many further blocks differ than those that are told."""

    changed: tuple[Changed, ...]
    more: int = 0

    def __bool__(self) -> bool:
        return bool(self.changed)

    @property
    def rewrites_problems(self) -> bool:
        """Whether the text of a problem, and so perhaps what is right, becomes another."""
        return any(one.ref.startswith("problem@") and any(line.old for line in one.lines) for one in self.changed)


def between(old: ObjectId, new: ObjectId, ref: str = COURSE) -> Difference:
    """What leads from root ``old`` to root ``new`` in block ``ref`` with all below it (the course: everything)."""
    ends = content.find_many([(old, ref), (new, ref)])
    before, after = ends.get((old, ref)), ends.get((new, ref))
    if ref == COURSE:
        changes = content.diff(old, new)
    else:
        changes = content.diff_blocks(
            split_ref(ref)[1], before[-1].object_id if before else None, after[-1].object_id if after else None
        )
        changes = [*_moved_itself(before, after, ref), *changes]
    blocks = [change for change in changes if "@" in change.ref]
    located = content.find_many((root, change.ref) for change in blocks for root in (old, new))
    whole = {(one.kind, one.ref) for one in changes}
    tops = [change for change in changes if "@" not in change.ref or not _is_inside(change, located, whole, old, new)]
    told = [_told(change, located, old, new, changes) for change in tops[:MOST]]
    joined: dict[str, Changed] = {}
    for one in told:
        there = joined.get(one.ref)
        joined[one.ref] = one if there is None else Changed(*_head(there), (*there.lines, *one.lines))
    return Difference(tuple(one for one in joined.values() if one.lines), max(0, len(tops) - MOST))


def of_settings(
    old: ObjectId, new: ObjectId, *, named: Mapping[str, Sequence[str]], parts: Sequence[str]
) -> Difference:
    """What leads from root ``old`` to ``new`` in the fields ``named`` of some blocks, and in parts beside the tree."""
    found = [_chosen(old, new, ref, names) for ref, names in named.items() if names]
    found += [_part(_part_change(old, new, part), old, new) for part in parts]
    return Difference(tuple(one for one in found if one.lines))


def _chosen(old: ObjectId, new: ObjectId, ref: str, names: Sequence[str]) -> Changed:
    ends = content.find_many([(old, ref), (new, ref)])
    nodes = content.nodes([way[-1].object_id for way in ends.values() if way])
    was, now = (nodes[ends[root, ref][-1].object_id] for root in (old, new))
    lines = tuple(fields(was, now, among=names))
    return Changed(ref, wording.kind(now.type), title_of(now, split_ref(ref)[1]), _titles(ends[new, ref][1:-1]), lines)


def _part_change(old: ObjectId, new: ObjectId, part: str) -> Change:
    before, after = content.part(old, part), content.part(new, part)
    return Change("added" if before is None else "removed" if after is None else "changed", part, "")


def _head(changed: Changed) -> tuple[str, str, str, tuple[str, ...]]:
    return changed.ref, changed.kind, changed.title, changed.where


def _moved_itself(
    before: Sequence[content.Step] | None, after: Sequence[content.Step] | None, ref: str
) -> Iterator[Change]:
    if before and after and before[-2].ref != after[-2].ref:
        yield Change("moved", ref, "")


def _is_inside(change: Change, located: Located, whole: Set[tuple[str, str]], old: ObjectId, new: ObjectId) -> bool:
    """Whether it came or went along with what it lies in, so that there is nothing to tell."""
    if change.kind not in ("added", "removed"):
        return False
    way = located.get((new if change.kind == "added" else old, change.ref), ())
    return len(way) > 1 and (change.kind, way[-2].ref) in whole


def _told(change: Change, located: Located, old: ObjectId, new: ObjectId, changes: Sequence[Change]) -> Changed:
    if "@" not in change.ref:
        return _part(change, old, new)
    before, after = located.get((old, change.ref)), located.get((new, change.ref))
    nodes = content.nodes([way[-1].object_id for way in (before, after) if way])
    was = nodes[before[-1].object_id] if before else None
    now = nodes[after[-1].object_id] if after else None
    node = now or was
    title = title_of(node, split_ref(change.ref)[1]) if node else change.title
    lines = tuple(_lines(change, was, now, (before, after)))
    way = after or before or ()
    return Changed(change.ref, wording.kind(split_ref(change.ref)[0]), title, _titles(way[1:-1]), lines)


def _titles(way: Sequence[content.Step]) -> tuple[str, ...]:
    nodes = content.nodes([step.object_id for step in way])
    return tuple(title_of(nodes[step.object_id], step.id) for step in way)


def _lines(
    change: Change,
    was: Node | None,
    now: Node | None,
    ways: tuple[Sequence[content.Step] | None, Sequence[content.Step] | None],
) -> Iterator[Line]:
    before, after = ways
    if before and after and change.kind in ("added", "moved") and before[-2].ref != after[-2].ref:
        places = {"old": _place(before), "new": _place(after)}
        yield Line("moved", _("Moved from “{old}” to “{new}”.").format(**places))
    elif change.kind == "added":
        yield Line("added", _added(now))
    elif change.kind == "removed":
        yield Line("removed", _("Taken away.") if now is None else _("Moved to another place."))
    if was is not None and now is not None and change.kind != "removed":
        yield from fields(was, now)
        if "children" in change.names:
            yield Line("order", _("The order of what is in it is different."))


def _place(way: Sequence[content.Step]) -> str:
    return _titles(way[1:-1])[-1] if len(way) > 2 else _("the course")


def _added(now: Node | None) -> str:
    if now is None or not now.children:
        return _("New.")
    return _("New, with {parts} in it.").format(parts=wording.parts(len(now.children)))


def fields(was: Node, now: Node, *, among: Sequence[str] | None = None) -> Iterator[Line]:
    """What differs between the fields of two versions of a block, or between those ``among`` them."""
    missing = object()
    told = {*was.fields, *now.fields} - _QUIET if among is None else set(among)
    for name in sorted(told, key=lambda one: (one != "display_name", one)):
        old, new = was.fields.get(name), now.fields.get(name)
        if was.fields.get(name, missing) != now.fields.get(name, missing):
            yield _field(name, old, new, was, now)


def _field(name: str, old: Json, new: Json, was: Node, now: Node) -> Line:
    label = wording.field(name)
    if name == "display_name":
        return Line("renamed", _("Renamed: it was called “{old}”.").format(old=old or ""))
    if _is_text(name, old, new):
        return _text(label, str(old or ""), str(new or ""))
    words = wording.value(name, old, was.fields), wording.value(name, new, now.fields)
    if any(_is_structure(one, text) for one, text in zip((old, new), words, strict=True)):
        return _structure(label, old, new)
    nothing = _("not set")
    sentence = _("{setting}: {new} (it was: {old})")
    return Line("setting", sentence.format(setting=label, old=words[0] or nothing, new=words[1] or nothing))


def _is_text(name: str, old: Json, new: Json) -> bool:
    both = [one for one in (old, new) if one is not None]
    return all(isinstance(one, str) for one in both) and (
        name in _TEXTS or any(len(one) > _LONG or "\n" in one for one in both)
    )


def _text(label: str, old: str, new: str) -> Line:
    """Texts side by side: what readers see of them, or, where that is the same, what is behind it."""
    seen = texts.seen_words(old), texts.seen_words(new)
    if seen[0] != seen[1]:
        return Line("text", _("{setting} changed.").format(setting=label), *texts.side_by_side(*seen))
    words = _("{setting}: the words are the same, what is behind them changed.").format(setting=label)
    return Line("text", words, *texts.side_by_side(old, new))


def _is_structure(given: Json, words: str) -> bool:
    """Whether it cannot be read on one line."""
    if isinstance(given, Mapping):
        return len(words) > _LONG
    return isinstance(given, list | tuple) and (len(words) > _LONG or any(isinstance(one, Mapping) for one in given))


def _structure(label: str, old: Json, new: Json) -> Line:
    seen = wording.laid_out(old or ()), wording.laid_out(new or ())
    if seen[0] == seen[1]:
        seen = wording.laid_out(old or (), source=True), wording.laid_out(new or (), source=True)
    return Line("text", _("{setting} changed.").format(setting=label), *texts.side_by_side(*seen))


def _part(change: Change, old: ObjectId, new: ObjectId) -> Changed:
    folder, _slash, name = change.ref.partition("/")
    kinds = {"files": _("File"), "tabs": _("Page"), "about": _("About page"), "info": _("Updates and handouts")}
    title = wording.field(name) if folder in ("about", "info") else change.title or name or folder
    lines = tuple(_part_lines(change, old, new))
    return Changed(change.ref, kinds.get(folder, _("Part of the course")), title, (), lines)


def _part_lines(change: Change, old: ObjectId, new: ObjectId) -> Iterator[Line]:
    if change.kind == "added":
        yield Line("added", _("New."))
    elif change.kind == "removed":
        yield Line("removed", _("Taken away."))
    else:
        was, now = content.part(old, change.ref), content.part(new, change.ref)
        yield from (fields(was, now) if was and now else [Line("setting", _("Changed."))])
