"""Items of libraries in courses: copies that know what they are copies of.

A copy has the fields ``upstream`` (the key of the item), ``upstream_version`` (the object id of the published item it
was taken from) and ``downstream_customized`` (names of fields changed here), as in Open edX
(``cms/lib/xblock/upstream_sync.py``). Since an object id covers everything below, "there is an update" is a comparison
of two ids. An update is a merge of three by field: what was changed here stays, everything else follows the item.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from django.utils.translation import gettext as _

from lykeion.content.editing import Draft, edit
from lykeion.content.linked import files_in
from lykeion.content.merging import SYNCED, Fields, compared, is_own, merged, reordered
from lykeion.content.outline import title_of
from lykeion.content.outlines import outline_of
from lykeion.content.roots import FILES, course_of, head_of, part_of, ref_name, stored_file
from lykeion.content.shapes import way
from lykeion.content.stores import open_store
from lykeion.content.types import (
    Comparison,
    ContentError,
    Edited,
    NewBlock,
    Node,
    ObjectId,
    ObjectMissing,
    ObjectStore,
    Outline,
    OutlineBlock,
    Update,
)
from lykeion.core.keys import BadKey, CourseLocator, Home, LibraryLocatorV2, item_key, parse_item

NewId = Callable[[str], str]
LIBRARY_FILES: Final = "components/"
"""Where files that belong to one item are, below ``static/``: an update brings their new content, too."""


def new_id(block_type: str) -> str:
    """The id of a new block, as Studio makes them."""
    return secrets.token_hex(16)


@dataclass(frozen=True, slots=True)
class _Library:
    """The published version of a library."""

    store: ObjectStore
    key: LibraryLocatorV2
    root: ObjectId

    def item(self, ref: str) -> ObjectId | None:
        steps = way(self.store, course_of(self.store, self.root), ref)
        return steps[-1].object_id if steps else None

    def node(self, object_id: ObjectId) -> Node:
        return self.store.get_many([object_id])[object_id]

    def copy(self, ref: str, object_id: ObjectId, make_id: NewId) -> NewBlock:
        """The item with all below it, each block as a copy."""
        node = self.node(object_id)
        children = tuple(self.copy(self.ref(name, child), child, make_id) for name, child in node.children)
        own = {name: value for name, value in node.fields.items() if name not in SYNCED}
        origin = {"upstream": item_key(self.key, ref), "upstream_version": object_id}
        return NewBlock(node.type, make_id(node.type), own | origin, children)

    def ref(self, name: str, object_id: ObjectId) -> str:
        return f"{self.node(object_id).type}@{name}"

    def keys(self, node: Node) -> dict[str, ObjectId]:
        """What lies right below an item, by key."""
        return {item_key(self.key, self.ref(name, child)): child for name, child in node.children}


def use(
    run: Home,
    item: str,
    parent: str,
    index: int | None = None,
    *,
    author: str,
    at: datetime,
    make_id: NewId = new_id,
) -> Edited[str]:
    """Puts a copy of the published ``item`` (``lb:...`` or ``lct:...``), with all below it, into block ``parent`` of
    the draft of ``run``; its ref. Files that it shows come along.

    Raises :class:`~lykeion.core.keys.BadKey`, :class:`~lykeion.content.types.RunMissing`, and :class:`ContentError`
    when there is no such item or parent.
    """
    store = open_store()
    library, object_id = _published(store, item)
    block = library.copy(parse_item(item)[1], object_id, make_id)

    def change(draft: Draft) -> str:
        _bring_files(library, draft, block)
        return draft.add(parent, block, index)

    return edit(store, run, change, author=author, at=at, why=f"Used from a library: {block.type}@{block.id}")


def updates(run: CourseLocator, root: ObjectId) -> list[Update]:
    """The blocks of a version of ``run`` of whose items another version is published, in order. Copies of items of
    libraries that are not on this site are left out."""
    store = open_store()
    outline = outline_of(store, run, root)
    libraries: dict[LibraryLocatorV2, _Library | None] = {}
    return [
        found
        for block in outline.blocks
        if block.own.get("upstream") and (found := _update(store, outline, block, libraries)) is not None
    ]


def _update(
    store: ObjectStore,
    outline: Outline,
    block: OutlineBlock,
    libraries: dict[LibraryLocatorV2, _Library | None],
) -> Update | None:
    upstream, base = str(block.own["upstream"]), block.own.get("upstream_version")
    try:
        key, ref = parse_item(upstream)
    except BadKey:
        return None
    if key not in libraries:
        root = store.read_ref(ref_name(key, "published"))
        libraries[key] = None if root is None else _Library(store, key, root)
    library = libraries[key]
    version = library.item(ref) if library else None
    if library is None or version == base:
        return None
    above = [one.ref for one in outline.ancestors(block) if one.own.get("upstream")]
    customized = block.own.get("downstream_customized")
    return Update(
        ref=block.ref,
        title=block.title,
        upstream=upstream,
        base=base,
        version=version,
        customized=tuple(customized) if isinstance(customized, list) else (),
        inside=above[-1] if above else None,
        is_declined=version is not None and block.own.get("upstream_version_declined") == version,
    )


def update(
    run: Home,
    ref: str,
    *,
    keep: Collection[str] | None = None,
    author: str,
    at: datetime,
    make_id: NewId = new_id,
) -> Edited[tuple[str, ...]]:
    """Brings block ``ref`` of the draft, and all below it, to what is published of its item; the names of the fields of
    ``ref`` that stay as they are here.

    ``keep`` None keeps what was changed here; else exactly the fields ``keep`` of block ``ref`` are kept. Of what lies
    below, what was added here stays, and so does what was changed here; what was taken out here stays out.
    Raises :class:`ContentError` when the block is no copy, or its item is there no more.
    """
    store = open_store()

    def change(draft: Draft) -> tuple[str, ...]:
        library, object_id = _published(store, _upstream(draft, ref))
        return _Updating(library, draft, make_id).block(ref, object_id, keep)

    return edit(store, run, change, author=author, at=at, why=f"Updated from its library: {ref}")


class _Updating:
    """A copy, with all below it, that follows its item."""

    def __init__(self, library: _Library, draft: Draft, make_id: NewId) -> None:
        self._library, self._draft, self._make_id = library, draft, make_id

    def block(self, ref: str, object_id: ObjectId, keep: Collection[str] | None = None) -> tuple[str, ...]:
        """Updates block ``ref`` to the item that is stored as ``object_id``; the names of the fields that stay."""
        here, there = self._draft.node(ref), self._library.node(object_id)
        base = _base(self._library.store, here.fields)
        fields, kept = merged(here.fields, base.fields if base else None, there.fields, keep)
        fields["upstream_version"] = object_id
        self._draft.replace_fields(ref, fields)
        _bring_files(self._library, self._draft, NewBlock(there.type, "", there.fields))
        self._children(ref, base, there)
        return kept

    def _children(self, ref: str, base: Node | None, there: Node) -> None:
        draft, theirs = self._draft, self._library.keys(there)
        before = self._library.keys(base) if base else None
        mine = {key: child for child in draft.children(ref) if (key := draft.node(child).fields.get("upstream"))}
        for key in [key for key in mine if before and key in before and key not in theirs]:
            if not self._is_changed(mine[key]):
                draft.remove(mine.pop(key))
        for key in [key for key in theirs if key in mine]:
            self.block(mine[key], theirs[key])
        order = [key for key in mine if key in theirs]
        if before is not None and order == [key for key in before if key in order]:
            self._order(ref, [mine[key] for key in theirs if key in mine])
        self._add(ref, theirs, mine, before or {})

    def _add(
        self, ref: str, theirs: Mapping[str, ObjectId], mine: dict[str, str], before: Mapping[str, ObjectId]
    ) -> None:
        """Adds what is new there, each behind what it follows there."""
        after: str | None = None
        for key, object_id in theirs.items():
            if key not in mine and key not in before:
                block = self._library.copy(parse_item(key)[1], object_id, self._make_id)
                siblings = self._draft.children(ref)
                _bring_files(self._library, self._draft, block)
                mine[key] = self._draft.add(ref, block, siblings.index(after) + 1 if after in siblings else 0)
            after = mine.get(key, after)

    def _order(self, ref: str, wanted: list[str]) -> None:
        for place, child in enumerate(reordered(self._draft.children(ref), wanted)):
            if self._draft.children(ref)[place] != child:
                self._draft.move(child, ref, place)

    def _is_changed(self, ref: str) -> bool:
        node = self._draft.node(ref)
        base = _base(self._library.store, node.fields)
        names = {*node.fields, *(base.fields if base else ())} - SYNCED
        own = any(is_own(name, node.fields, base.fields if base else None) for name in names)
        return own or any(self._is_changed(child) for child in self._draft.children(ref))


def compare(run: Home, ref: str) -> Comparison:
    """Block ``ref`` of the draft side by side with what is published of its item.

    Raises :class:`ContentError` when the block is no copy, or its item is there no more.
    """
    store = open_store()
    draft = Draft(store, run, head_of(store, run, "draft"))
    here = draft.node(ref)
    upstream = _upstream(draft, ref)
    library, object_id = _published(store, upstream)
    there, base = library.node(object_id), _base(store, here.fields)
    below = [(child, draft.node(child)) for child in draft.children(ref)]
    others = [(name, library.node(child)) for name, child in there.children]
    steps = way(store, course_of(store, draft.root), ref) or []
    return Comparison(
        ref=ref,
        upstream=upstream,
        object_id=steps[-1].object_id,
        version=object_id,
        fields=compared(here.fields, base.fields if base else None, there.fields),
        here=tuple(title_of(child.partition("@")[2], node.fields) for child, node in below),
        there=tuple(title_of(name, node.fields) for name, node in others),
    )


def decline(run: Home, ref: str, *, author: str, at: datetime) -> None:
    """Notes that the version of the item of block ``ref`` that is published now is not wanted here."""
    store = open_store()

    def change(draft: Draft) -> None:
        _, object_id = _published(store, _upstream(draft, ref))
        draft.update(ref, {"upstream_version_declined": object_id})

    edit(store, run, change, author=author, at=at, why=f"Declined an update: {ref}")


def unlink(run: Home, ref: str, *, author: str, at: datetime) -> None:
    """Makes block ``ref``, with all below it, one that is no copy of anything."""

    def cut(draft: Draft, one: str) -> None:
        fields = draft.node(one).fields
        draft.replace_fields(one, {name: value for name, value in fields.items() if name not in SYNCED})
        for child in draft.children(one):
            cut(draft, child)

    edit(open_store(), run, lambda draft: cut(draft, ref), author=author, at=at, why=f"Cut from its library: {ref}")


def _upstream(draft: Draft, ref: str) -> str:
    upstream = draft.node(ref).fields.get("upstream")
    if not isinstance(upstream, str) or not upstream:
        raise ContentError(_("{ref} is not a copy of an item of a library.").format(ref=ref))
    return upstream


def _published(store: ObjectStore, item: str) -> tuple[_Library, ObjectId]:
    key, ref = parse_item(item)
    library = _Library(store, key, head_of(store, key, "published"))
    object_id = library.item(ref)
    if object_id is None:
        raise ContentError(_("{item} is not in the published library.").format(item=item))
    return library, object_id


def _base(store: ObjectStore, fields: Fields) -> Node | None:
    """The version of the item that a copy was taken from, if it is known."""
    version = fields.get("upstream_version")
    try:
        return store.get_many([ObjectId(version)])[ObjectId(version)] if isinstance(version, str) else None
    except ObjectMissing:
        return None


def _bring_files(library: _Library, draft: Draft, block: NewBlock) -> None:
    """Puts the files that ``block`` shows into the draft. One of the same path stays, unless it is of a library."""
    node = part_of(library.store, library.root, FILES)
    entries = node.fields if node else {}
    for path in sorted(files_in(block)):
        if path in entries and (path.startswith(LIBRARY_FILES) or draft.file(path) is None):
            draft.set_file(path, stored_file(path, entries[path]))
