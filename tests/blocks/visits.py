"""Small courses and visits in memory, for tests of blocks."""

from __future__ import annotations

import copy
import hashlib
import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from html import unescape
from typing import Any
from urllib.parse import quote

from webob import Request

from lykeion.blocks.api import facts
from lykeion.blocks.types import Rendered, StateKey, Viewer, Visit
from lykeion.content.settings import read_settings
from lykeion.content.types import Json, Node, ObjectId, Outline, OutlineBlock
from lykeion.core.keys import CourseLocator

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
RUN = CourseLocator("Lyceum", "ETH1", "2026")
ALICE = Viewer(user_id=1, username="alice", email="alice@example.org", full_name="Alice", anonymous_id="a11ce")
BOB = Viewer(user_id=2, username="bob", anonymous_id="b0b", is_staff=True, role="instructor")
DAN = Viewer(user_id=4, username="dan", anonymous_id="da7")
NOBODY = Viewer(user_id=None)


@dataclass
class Block:
    """A block to be: its tag and id, fields, children, and the settings that hold at it."""

    type: str
    id: str
    fields: dict[str, Json] = field(default_factory=dict)
    children: tuple[Block, ...] = ()
    settings: dict[str, Json] = field(default_factory=dict)


class Memory:
    """A StateStore: documents by key, each read a copy. ``reads`` are the keys read one by one."""

    def __init__(self) -> None:
        self.documents: dict[StateKey, dict[str, Json]] = {}
        self.prefetched: list[StateKey] = []
        self.reads: list[StateKey] = []

    def prefetch(self, keys: Sequence[StateKey]) -> None:
        self.prefetched += keys

    def read(self, key: StateKey) -> Mapping[str, Json]:
        self.reads.append(key)
        return copy.deepcopy(self.documents.get(key, {}))

    def write(self, key: StateKey, changes: Mapping[str, Json]) -> None:
        self.documents.setdefault(key, {}).update(json.loads(json.dumps(changes)))

    def delete(self, key: StateKey, name: str) -> None:
        del self.documents[key][name]

    def mark(self) -> Any:
        return copy.deepcopy(self.documents)

    def undo_to(self, mark: Any) -> None:
        self.documents = mark


class Heard:
    """A Sink: everything published, in order."""

    def __init__(self) -> None:
        self.all: list[tuple[Any, ...]] = []

    def grade(self, ref: str, value: float | None, max_value: float | None, **more: Any) -> None:
        self.all.append(("grade", ref, value, max_value, {name: item for name, item in more.items() if item}))

    def completion(self, ref: str, completion: float, *, user_id: int | None) -> None:
        self.all.append(("completion", ref, completion, user_id))

    def event(self, ref: str, name: str, payload: Mapping[str, Json], asides: Mapping[str, Json]) -> None:
        self.all.append((name, ref, payload, *([asides] if asides else [])))

    def mark(self) -> int:
        return len(self.all)

    def undo_to(self, mark: int) -> None:
        del self.all[mark:]


class Site:
    """Urls as a site might make them."""

    def handler(self, usage: str, handler: str, suffix: str, query: str, *, thirdparty: bool) -> str:
        kind = "handler_noauth" if thirdparty else "handler"
        path = f"/courses/{RUN}/xblock/{quote(usage, safe='')}/{kind}/{handler}"
        return path + (f"/{quote(suffix)}" if suffix else "") + (f"?{query}" if query else "")

    def resource(self, block_type: str, uri: str) -> str:
        return f"/xblock/resource/{block_type}/{uri}"

    def asset(self, path: str) -> str:
        return f"/assets/{quote(path)}"

    def jump(self, block_id: str) -> str:
        return f"/courses/{RUN}/jump_to_id/{quote(block_id)}"

    def course(self, tail: str) -> str:
        return f"/courses/{RUN}/{tail}"


class Nodes:
    """The objects of a course; ``calls`` are the groups of ids asked for."""

    def __init__(self, nodes: dict[ObjectId, Node]) -> None:
        self.nodes = nodes
        self.calls: list[list[ObjectId]] = []

    def __call__(self, ids: list[ObjectId]) -> dict[ObjectId, Node]:
        self.calls.append(list(ids))
        return {one: self.nodes[one] for one in ids}


def compiled(top: Block, root: str = "root") -> tuple[Outline, Nodes]:
    """``top`` as an outline and its objects."""
    nodes: dict[ObjectId, Node] = {}
    lines: list[OutlineBlock] = []

    def add(block: Block, parent: int, depth: int, settings: dict[str, Json]) -> OutlineBlock:
        inherited, _own = read_settings(Node(block.type, block.fields))
        settings = settings | inherited | block.settings
        index = len(lines)
        lines.append(None)  # type: ignore[arg-type]  # filled in below
        children = tuple(add(child, index, depth + 1, settings) for child in block.children)
        node = Node(block.type, block.fields, tuple((child.id, child.object_id) for child in children))
        object_id = ObjectId(hashlib.sha256(repr(node).encode()).hexdigest())
        nodes[object_id] = node
        own = {name: block.fields[name] for name in ("display_name", "format", "weight") if name in block.fields}
        title = str(own.get("display_name") or block.id)
        places = tuple(child.index for child in children)
        lines[index] = OutlineBlock(
            index, len(lines), parent, depth, block.type, block.id, object_id, title, places, settings, own, facts(node)
        )
        return lines[index]

    add(top, -1, 0, {})
    refs = {line.ref: line.index for line in lines}
    by_id = {line.id: line.index for line in lines}
    of_all = hashlib.sha256(f"{root} {top}".encode()).hexdigest()
    return Outline(RUN, ObjectId(of_all), tuple(lines), refs, by_id), Nodes(nodes)


def visit(*blocks: Block, viewer: Viewer = ALICE, root: str = "root", **services: Any) -> Visit:
    """A visit of ``viewer`` to a course whose only unit (``vertical@unit``) holds ``blocks``."""
    unit = Block("vertical", "unit", children=blocks)
    outline, nodes = compiled(Block("course", "course", children=(unit,)), root)
    return Visit(viewer, outline, NOW, nodes, Memory(), Heard(), Site(), {"script_runner": None, **services})


def as_seen_by(visit: Visit, viewer: Viewer) -> Visit:
    """The same course and stores, another viewer."""
    return replace(visit, viewer=viewer)


COUNTER = Block("counter", "c", {"xml": '<counter label="Clicks" limit="5" name="the counter"/>'})
KEY = "block-v1:Lyceum+ETH1+2026+type@counter+block@c"


def posted(value: Any) -> Request:
    return Request.blank("/", method="POST", body=json.dumps(value).encode(), content_type="application/json")


def shown(rendered: Rendered) -> str:
    """What a reader sees of it."""
    return " ".join(unescape(re.sub(r"<script.*?</script>|<[^>]*>", " ", rendered.html, flags=re.S)).split())
