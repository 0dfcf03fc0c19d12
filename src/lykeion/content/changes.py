"""What differs between two roots, told block by block. Only where ids differ is anything read."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from lykeion.content.roots import EXTRAS, FILES, TOPS, parts_of, top_name
from lykeion.content.types import Change, Node, ObjectId, ObjectStore

_FOLDERS = {FILES: "files", EXTRAS: "extras"}

Nodes = Mapping[ObjectId, Node]


@dataclass(frozen=True, slots=True)
class _Met:
    """A block as it was and as it is (None where it is not), below the block ``parent``."""

    name: str
    old: ObjectId | None
    new: ObjectId | None
    where: tuple[str, ...] = ()
    parent: str = ""

    def node(self, nodes: Nodes) -> Node:
        """The block, as it is if it still is."""
        return nodes[self.new or self.old]  # type: ignore[index]  # one of the two is there


def diff(store: ObjectStore, old_root: ObjectId, new_root: ObjectId) -> list[Change]:
    """The changes that lead from ``old_root`` to ``new_root``: blocks level by level, then the parts by name."""
    if old_root == new_root:
        return []
    old, new = parts_of(store, old_root), parts_of(store, new_root)
    name = top_name(new, new_root)
    changes = _blocks(store, _Met(name, old.get(name), new.get(name)))
    names = sorted(({*old} | {*new}) - {*TOPS})
    return [*changes, *(change for part in names for change in _part(store, _Met(part, old.get(part), new.get(part))))]


def diff_blocks(store: ObjectStore, block_id: str, old: ObjectId | None, new: ObjectId | None) -> list[Change]:
    """The changes that lead from one version of a block, with all below it, to another, level by level."""
    return [] if old == new else _blocks(store, _Met(block_id, old, new))


def _blocks(store: ObjectStore, course: _Met) -> list[Change]:
    changed: list[Change] = []
    gone: dict[str, tuple[Change, _Met]] = {}
    come: dict[str, tuple[Change, _Met]] = {}
    level = [] if course.old == course.new else [course]
    nodes = _read(store, level)
    while level:
        below: list[_Met] = []
        for met in level:
            node = met.node(nodes)
            ref, title = f"{node.type}@{met.name}", _title(node, met.name)
            if met.old is not None and met.new is not None:
                changed.extend(_changed(nodes[met.old], node, Change("changed", ref, title, met.where)))
            elif met.new is not None:
                come[ref] = Change("added", ref, title, met.where), met
            else:
                gone[ref] = Change("removed", ref, title, met.where), met
            below.extend(_below(nodes, met, (*met.where, title), ref))
        nodes = _read(store, below)
        level = _matched(nodes, below)
    return [*changed, *_moves(gone, come)]


def _read(store: ObjectStore, level: Sequence[_Met]) -> Nodes:
    return store.get_many(sorted({found for met in level for found in (met.old, met.new) if found is not None}))


def _changed(old: Node, new: Node, change: Change) -> Iterator[Change]:
    names = _differing(old.fields, new.fields)
    before, after = dict(old.children), dict(new.children)
    if [child for child in before if child in after] != [child for child in after if child in before]:
        names.append("children")
    if names:
        yield Change(change.kind, change.ref, change.title, change.where, tuple(names))


def _below(nodes: Nodes, met: _Met, where: tuple[str, ...], ref: str) -> Iterator[_Met]:
    """Children that only one side has in this form, each on its own."""
    old = dict.fromkeys(nodes[met.old].children if met.old else ())
    new = dict.fromkeys(nodes[met.new].children if met.new else ())
    yield from (_Met(name, object_id, None, where, ref) for name, object_id in old if (name, object_id) not in new)
    yield from (_Met(name, None, object_id, where, ref) for name, object_id in new if (name, object_id) not in old)


def _matched(nodes: Nodes, single: Sequence[_Met]) -> list[_Met]:
    """Children of both sides brought together, where parent, type and block id are the same."""
    found: dict[tuple[str, str, str], _Met] = {}
    for met in single:
        key = met.parent, met.node(nodes).type, met.name
        other = found.get(key, met)
        found[key] = replace(met, old=met.old or other.old, new=met.new or other.new)
    return list(found.values())


def _moves(gone: Mapping[str, tuple[Change, _Met]], come: Mapping[str, tuple[Change, _Met]]) -> Iterator[Change]:
    """Gone here and come there is a move, and perhaps a change. What went along with its parent was matched there."""
    for ref, (change, met) in come.items():
        if ref not in gone:
            yield change
            continue
        names = () if gone[ref][1].old == met.new else ("content",)
        yield replace(change, kind="moved", names=names)
    yield from (change for ref, (change, _) in gone.items() if ref not in come)


def _part(store: ObjectStore, met: _Met) -> Iterator[Change]:
    if met.old == met.new:
        return
    nodes = _read(store, [met])
    node = met.node(nodes)
    old = nodes[met.old].fields if met.old else {}
    new = nodes[met.new].fields if met.new else {}
    if met.name in _FOLDERS:
        yield from _entries(_FOLDERS[met.name], old, new)
    elif met.old is None or met.new is None:
        yield Change("added" if met.old is None else "removed", met.name, _title(node, met.name))
    else:
        yield Change("changed", met.name, _title(node, met.name), (), tuple(_differing(old, new)))


def _entries(folder: str, old: Mapping[str, Any], new: Mapping[str, Any]) -> Iterator[Change]:
    for path in _differing(old, new):
        if path in old and path in new:
            yield Change("changed", f"{folder}/{path}", path, (), tuple(_differing(old[path], new[path])))
        else:
            yield Change("added" if path in new else "removed", f"{folder}/{path}", path)


def _differing(old: Mapping[str, Any], new: Mapping[str, Any]) -> list[str]:
    missing = object()
    return sorted(name for name in {*old} | {*new} if old.get(name, missing) != new.get(name, missing))


def _title(node: Node, name: str) -> str:
    title = node.fields.get("display_name")
    return title if isinstance(title, str) else name
