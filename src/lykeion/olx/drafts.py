"""`drafts/`: units that differ from their published version, as an overlay over the published tree."""

import re
from collections.abc import Iterator
from dataclasses import replace
from typing import Final

from lykeion.olx.markup import BrokenXml, Node, drop_attribute, parse
from lykeion.olx.names import clean, tag_of
from lykeion.olx.reader import Place, Reader
from lykeion.olx.types import Block, Course, Draft, OlxWarning

_USAGE: Final = re.compile(r"\+type@(?P<type>[^+@]+)\+block@(?P<id>[^+@]+)$")
_OLD_USAGE: Final = re.compile(r"^i4x://[^/]+/[^/]+/(?P<type>[^/]+)/(?P<id>[^/@]+)")
_INDEX: Final = "index_in_children_list"
_PARENT: Final = ("parent_url", "parent_sequential_url")

Key = tuple[str, str]


def read_drafts(reader: Reader, root: Block) -> tuple[Draft, ...]:
    """The drafts of a course whose published tree is `root`. One without a place in it stays among the extras."""
    published = {(block.type, block.id) for block in root.walk()}
    drafts = [draft for path in reader.folder.below("drafts") for draft in _read_draft(reader, path, published)]
    return tuple(sorted(drafts, key=lambda draft: (draft.parent_type, draft.parent_id, draft.index, draft.block.id)))


def _read_draft(reader: Reader, path: str, published: set[Key]) -> Iterator[Draft]:
    node = _draft_root(reader, path)
    if node is None:
        return
    parent, index = _parent(node), node.get(_INDEX, "")
    if parent not in published or not index.strip().isdecimal() or len(index) > 9:
        reader.folder.used.discard(path)
        reader.warn("a draft with no place in the course (parent_url, index_in_children_list); kept as it is", path)
        return
    for name in (_INDEX, *_PARENT):
        drop_attribute(node, name)
    tag = tag_of(node)
    stem = path.removesuffix(".xml").removeprefix("drafts/").split("/", 1)[-1].replace("/", ":")
    if reader.names.is_taken(tag, clean(stem)):
        reader.warn("part of another draft already; read as that", path)
        return
    name = reader.names.claim(tag, clean(stem), clean(stem))
    drop_attribute(node, "url_name")
    with reader.reading(path, node):
        block = reader.defined(node, tag, name, Place(path, 3))
    yield Draft(parent[0], parent[1], int(index), block)


def _draft_root(reader: Reader, path: str) -> Node | None:
    """The element of a draft that has a place of its own; None for the parts of a draft, which their parent reads."""
    if not path.endswith(".xml"):
        return None
    was_used = path in reader.folder.used
    data = reader.folder.read(path)
    if _INDEX.encode() in data:
        try:
            node = parse(data, path)
        except BrokenXml as broken:
            reader.warn(f"not well-formed XML ({broken.message}); kept as it is", path, broken.line)
        else:
            if node.get(_INDEX) is not None:
                return node
    if not was_used:
        reader.folder.used.discard(path)
    return None


def _parent(node: Node) -> Key:
    url = next((text for name in _PARENT if (text := node.get(name))), "")
    found = _USAGE.search(url) or _OLD_USAGE.match(url)
    return (found["type"], clean(found["id"])) if found else ("", "")


def parent_url(course: Course, draft: Draft) -> str:
    """The usage key of a draft's parent, as Open edX writes it."""
    prefix = "lib-block-v1" if course.root.type == "library" else "block-v1"
    run = "" if course.root.type == "library" else f"+{course.run}"
    return f"{prefix}:{course.org}+{course.course}{run}+type@{draft.parent_type}+block@{draft.parent_id}"


def draft_root(course: Course) -> Block:
    """The tree that authors see: the published one with the drafts in their places."""
    by_key = {(draft.block.type, draft.block.id): draft.block for draft in course.drafts}
    present = {(block.type, block.id) for block in course.root.walk()}
    added: dict[Key, list[Draft]] = {}
    for draft in course.drafts:
        if (draft.block.type, draft.block.id) not in present:
            added.setdefault((draft.parent_type, draft.parent_id), []).append(draft)
    return _overlaid(course.root, by_key, added)


def _overlaid(block: Block, by_key: dict[Key, Block], added: dict[Key, list[Draft]]) -> Block:
    children = [by_key.get((child.type, child.id)) or _overlaid(child, by_key, added) for child in block.children]
    for draft in added.get((block.type, block.id), ()):
        children.insert(draft.index, draft.block)
    if len(children) == len(block.children) and all(a is b for a, b in zip(children, block.children, strict=True)):
        return block
    return replace(block, children=tuple(children))


def drafts_between(published: Block, draft: Block) -> tuple[tuple[Draft, ...], tuple[OlxWarning, ...]]:
    """The drafts that lead from one tree to the other, and a warning for each difference that OLX cannot tell.

    OLX has drafts of units only: the settings and the order of a section or subsection are those of the published tree.
    """
    drafts: list[Draft] = []
    warnings: list[OlxWarning] = []
    _compare(published, draft, drafts, warnings)
    return tuple(drafts), tuple(warnings)


def _compare(old: Block, new: Block, drafts: list[Draft], warnings: list[OlxWarning]) -> None:
    before = {(child.type, child.id): child for child in old.children}
    if old.fields != new.fields or not before.keys() <= _keys(new):
        warnings.append(OlxWarning(f"unpublished changes of {old.type} {old.id!r} itself cannot be exported"))
    for index, child in enumerate(new.children):
        known = before.get((child.type, child.id))
        if known == child:
            continue
        if known is not None and child.type in ("chapter", "sequential"):
            _compare(known, child, drafts, warnings)
        elif child.type in ("chapter", "sequential"):
            warnings.append(OlxWarning(f"{child.type} {child.id!r} was never published and cannot be exported"))
        else:
            drafts.append(Draft(old.type, old.id, index, child))


def _keys(block: Block) -> set[Key]:
    return {(child.type, child.id) for child in block.children}
