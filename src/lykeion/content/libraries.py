"""Libraries: items to be used in many courses, with a draft and a history like those of a run.

A library is a version tree as a course is: its top is a block ``library@library``, its items lie below. So editing,
publishing an item, history and garbage collection are the same. See ``docs/developers/libraries.md``.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from typing import Final

from django.utils.translation import gettext as _

from lykeion.content import publishing
from lykeion.content.cache import cached_nodes
from lykeion.content.editing import Draft, edit
from lykeion.content.outline import title_of
from lykeion.content.roots import LIBRARY, course_of, head_of, part_of, parts_of
from lykeion.content.shapes import Step, children, holding
from lykeion.content.stores import open_store
from lykeion.content.types import Collection, ContentError, LibraryItem, Node, ObjectId, ObjectStore
from lykeion.core.keys import LibraryLocatorV2, item_key

COLLECTIONS: Final = "collections/"
_SLUG: Final = re.compile(r"[\w-]{1,100}")


def create_library(
    library: LibraryLocatorV2, *, title: str, description: str = "", license: str = "", author: str, at: datetime
) -> ObjectId:
    """A new, empty library; its root. Title, description and license are fields of its block ``library@library``.

    Raises :class:`~lykeion.content.types.RunExists`.
    """
    fields = {"display_name": title, "description": description, "license": license}
    top = Node(LIBRARY, {name: text for name, text in fields.items() if text})
    return publishing.create(open_store(), library, top, author=author, at=at)


def items(library: LibraryLocatorV2) -> list[LibraryItem]:
    """What stands at the top of the library, in order; what the draft has no more comes last.

    Raises :class:`~lykeion.content.types.RunMissing`.
    """
    store = open_store()
    draft, published = (_steps(store, head_of(store, library, branch)) for branch in ("draft", "published"))
    gone = [step for ref, step in published.items() if ref not in draft]
    steps = [*draft.values(), *gone]
    nodes = cached_nodes(store, [step.object_id for step in steps])
    found = (_item(library, step, nodes[step.object_id], published.get(step.ref)) for step in steps)
    return [replace(item, state="removed") if item.ref not in draft else item for item in found]


def _steps(store: ObjectStore, root: ObjectId) -> dict[str, Step]:
    return {step.ref: step for step in children(store, course_of(store, root))}


def _item(library: LibraryLocatorV2, step: Step, node: Node, published: Step | None) -> LibraryItem:
    is_same = published is not None and published.object_id == step.object_id
    return LibraryItem(
        key=item_key(library, step.ref),
        ref=step.ref,
        title=title_of(step.id, node.fields),
        object_id=step.object_id,
        children=len(node.children),
        state="new" if published is None else "published" if is_same else "changed",
    )


def collections(root: ObjectId) -> dict[str, Collection]:
    """The collections of a version of a library by slug, without members that this version does not have."""
    store = open_store()
    top, found = course_of(store, root), {}
    for name in parts_of(store, root):
        if name.startswith(COLLECTIONS):
            slug, node = name.removeprefix(COLLECTIONS), part_of(store, root, name)
            if node is None:
                continue
            listed = _collection(slug, node)
            there = set(holding(store, top, listed.members))
            found[slug] = replace(listed, members=tuple(ref for ref in listed.members if ref in there))
    return found


def set_collection(
    library: LibraryLocatorV2,
    slug: str,
    change: Callable[[Collection | None], Collection | None],
    *,
    author: str,
    at: datetime,
) -> None:
    """Makes the collection of ``slug`` what ``change`` says of what it is (None: there is none), at once, in draft and
    published version; ``change`` is called again when somebody else was quicker.

    Raises :class:`ContentError` for a slug that is none or for an empty title, and what ``change`` raises.
    """
    if not _SLUG.fullmatch(slug):
        raise ContentError(_needs())
    store, name = open_store(), f"{COLLECTIONS}{slug}"
    why = f"Collection: {name}"

    def made(draft: Draft) -> None:
        part = draft.part(name)
        found = change(None if part is None else _collection(slug, part))
        if part is None and found is None:
            raise ContentError(_("There is no such collection."))
        draft.set_part(name, None if found is None else _part(found))

    edit(store, library, made, author=author, at=at, why=why)
    publishing.publish(store, library, ref=name, author=author, at=at, why=why)


def _collection(slug: str, part: Node) -> Collection:
    fields = part.fields
    return Collection(slug, fields["title"], fields["description"], tuple(fields["members"]))


def _part(collection: Collection) -> Node:
    if not collection.title.strip():
        raise ContentError(_needs())
    members = list(dict.fromkeys(collection.members))
    return Node("collection", {"title": collection.title, "description": collection.description, "members": members})


def _needs() -> str:
    return _("A collection needs a name, and letters, digits, '-' and '_' for its address.")
