"""Where the blocks of one visit are: in the outline, as far as the viewer sees it, with what their authors wrote."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import datetime

from xblock.core import XBlock

from lykeion.blocks.fields import Place
from lykeion.blocks.ids import usage_key
from lykeion.blocks.types import NodeSource, NoSuchBlock
from lykeion.content.types import Json, Node, ObjectId, Outline, OutlineBlock

SUBSECTION_DEPTH = 2  # course 0, section 1


class Places:
    """The places of the blocks of ``outline``, each made when it is first asked for. ``nodes`` loads objects; ``dues``
    are the viewer's own due dates by ref of a subsection; ``is_visible`` tells what is there for the viewer."""

    def __init__(
        self,
        outline: Outline,
        nodes: NodeSource,
        dues: Mapping[str, datetime],
        is_visible: Callable[[OutlineBlock], bool],
    ) -> None:
        self.is_visible = is_visible
        self._outline = outline
        self._load = nodes
        self._dues = dues
        self._known: dict[str, Place] = {}
        self._nodes: dict[ObjectId, Node] = {}

    def outlined(self, ref: str) -> OutlineBlock:
        """The block of ``ref`` in the outline. Raises :class:`NoSuchBlock` when there is none for the viewer."""
        block = self._outline.get(ref)
        if block is None or not self.is_visible(block):
            raise NoSuchBlock(
                "There is no such part of this course.", f"{ref} is not in {self._outline.run} for this viewer."
            )
        return block

    def children(self, block: OutlineBlock) -> Iterator[OutlineBlock]:
        """The blocks right below ``block`` that are there for the viewer."""
        return (child for child in self._outline.children(block) if self.is_visible(child))

    def at(self, ref: str) -> Place:
        """The place of the block of ``ref``. Raises :class:`NoSuchBlock`."""
        found = self._known.get(ref)
        if found is None:
            found = self._known[ref] = self._made(self.outlined(ref))
        return found

    def node(self, object_id: ObjectId) -> Node:
        """One object of the course."""
        found = self._nodes.get(object_id)
        if found is None:
            self.fetch([object_id])
            found = self._nodes[object_id]
        return found

    def fetch(self, object_ids: Iterable[ObjectId]) -> None:
        """Loads those of the objects that were not loaded before, in one go."""
        missing = [one for one in object_ids if one not in self._nodes]
        if missing:
            self._nodes.update(self._load(missing))

    def forget_documents(self) -> None:
        """What was read of learners' fields is read again when somebody asks."""
        for place in self._known.values():
            place.documents.clear()

    def _made(self, block: OutlineBlock) -> Place:
        blocks, run = self._outline.blocks, self._outline.run
        return Place(
            ref=block.ref,
            family=XBlock.entry_point,
            type=block.type,
            usage=usage_key(run, block.ref),
            outline=block,
            own=self.node(block.object_id).fields,
            settings=self._settings(block),
            children=[usage_key(run, child.ref) for child in self.children(block)],
            parent=usage_key(run, blocks[block.parent].ref) if block.parent >= 0 else None,
            documents={},
        )

    def _settings(self, block: OutlineBlock) -> Mapping[str, Json]:
        """What holds in the place of ``block`` for the viewer."""
        own = self._dues and self._dues.get(self._subsection(block))
        return {**block.settings, "due": own} if own else block.settings

    def _subsection(self, block: OutlineBlock) -> str:
        while block.depth > SUBSECTION_DEPTH:
            block = self._outline.blocks[block.parent]
        return block.ref
