"""Blocks of the outline as their authors see them: what they are called and how far learners have them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final, Literal

from lykeion.authoring.types import Author
from lykeion.content import api as content
from lykeion.content.types import ContentError, Json, Node, ObjectId

COURSE: Final = "course@course"
LEVELS: Final = ("course", "chapter", "sequential", "vertical")

Status = Literal["new", "changed", "published"]
Sight = Literal["", "learners", "staff"]
Way = Sequence[content.Step]


@dataclass(frozen=True, slots=True)
class Item:
    """One block of the outline. ``base`` is its version, which whoever changes it sends along.

    ``status`` says whether learners have it, and have it as it is; ``own`` whether it is changed itself and not only
    what lies below it. ``sight`` says who sees the published version: ``learners`` (not before ``opens``), the team
    only (``staff``), '' where nothing is published. ``held`` are the settings that hold in the draft, its own and those
    from above.
    """

    ref: str
    type: str
    id: str
    title: str
    base: ObjectId
    status: Status
    children: int
    fields: Mapping[str, Json]
    own: bool = False
    sight: Sight = ""
    opens: datetime | None = None
    held: Mapping[str, Any] | None = None

    @property
    def below(self) -> str:
        """The type of what belongs below it in the outline; '' below units and in them."""
        return below(self.type)


def below(kind: str) -> str:
    """The type of the outline that belongs below ``kind``; '' where there is none."""
    return LEVELS[LEVELS.index(kind) + 1] if kind in LEVELS[:-1] else ""


def title_of(node: Node, block_id: str) -> str:
    """What a block is called, as authors see it."""
    return _named(node.fields.get("display_name"), block_id)


def _named(title: Json, block_id: str) -> str:
    return title if isinstance(title, str) and title.strip() else block_id.replace("_", " ")


def item(author: Author, ref: str) -> Item:
    """One block. Raises :class:`ContentError` when the draft has no such block."""
    return built(author, [content.way(author.root, ref)])[0]


def items(author: Author, parent: str) -> list[Item]:
    """The blocks right below ``parent``, in order. Costs reads by their number, whatever the size of the course."""
    above = content.find_many([(author.root, parent)]).get((author.root, parent))
    if above is None:
        content.way(author.root, parent)  # says what is wrong
        raise ContentError(parent)
    return built(author, [[*above, step] for step in content.children(above[-1].object_id)])


def built(author: Author, ways: Sequence[Way]) -> list[Item]:
    """The items at the ends of ``ways`` (from the course down) of the draft. A handful of reads for all of them."""
    live = content.head(author.run, "published")
    found = content.find_many((live, way[-1].ref) for way in ways)
    published = [found.get((live, way[-1].ref)) for way in ways]
    nodes = _nodes([*ways, *(way for way in published if way)])
    return [_item(way, there, nodes) for way, there in zip(ways, published, strict=True)]


def _nodes(ways: Iterable[Way]) -> Mapping[ObjectId, Node]:
    return content.nodes(list(dict.fromkeys(step.object_id for way in ways for step in way)))


def _item(way: Way, published: Way | None, nodes: Mapping[ObjectId, Node]) -> Item:
    step, node = way[-1], nodes[way[-1].object_id]
    held, own = content.settings_along([nodes[one.object_id] for one in way])
    sight, opens = _sight([nodes[one.object_id] for one in published or ()])
    return Item(
        ref=step.ref,
        type=node.type,
        id=step.id,
        title=_named(own.get("display_name"), step.id),
        base=step.object_id,
        status=_status(way, published),
        children=len(node.children),
        fields=node.fields,
        own=_is_changed_itself(way, published, nodes),
        sight=sight,
        opens=opens,
        held=held,
    )


def _status(way: Way, published: Way | None) -> Status:
    if published is None:
        return "new"
    same = published[-1].object_id == way[-1].object_id and _parent(published) == _parent(way)
    return "published" if same else "changed"


def _is_changed_itself(way: Way, published: Way | None, nodes: Mapping[ObjectId, Node]) -> bool:
    """Whether its settings, its place or the list of what is in it differ from what learners have."""
    if published is None or _parent(published) != _parent(way):
        return True
    here, there = nodes[way[-1].object_id], nodes[published[-1].object_id]
    names = [[name for name, _ in node.children] for node in (here, there)]
    return here.fields != there.fields or names[0] != names[1]


def _parent(way: Way) -> str:
    return way[-2].ref if len(way) > 1 else ""


def _sight(nodes: Sequence[Node]) -> tuple[Sight, datetime | None]:
    """Who sees the last of these published blocks. What is below the course has no date of its own in courses that
    everybody takes at their own pace (``courseware/access.py``)."""
    if not nodes:
        return "", None
    held, _own = content.settings_along(nodes)
    if held.get("visible_to_staff_only"):
        return "staff", None
    paced = nodes[:1] if nodes[0].fields.get("self_paced") is True else nodes
    return "learners", max(_starts(paced), default=None)


def _starts(nodes: Sequence[Node]) -> list[datetime]:
    """When each of ``nodes`` opens."""
    held = (content.settings_along(nodes[: place + 1])[0] for place in range(len(nodes)))
    return [start for one in held if (start := one.get("start")) is not None]
