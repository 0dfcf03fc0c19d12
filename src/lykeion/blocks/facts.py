"""What a block's class says of one object, whoever the learner."""

from __future__ import annotations

import logging
from typing import Any, Literal

from xblock.completable import XBlockCompletionMode

from lykeion.blocks import parse, registry
from lykeion.blocks.standins import StandIn
from lykeion.blocks.types import BlockProblem
from lykeion.content.types import BlockFacts, Node
from lykeion.core.keys import CourseLocator

log = logging.getLogger(__name__)

VERSION = "3"
"""To be raised whenever the answers for the same node change: outlines keep them."""

NOWHERE = CourseLocator("none", "none", "none")
UNKNOWN = BlockFacts(completion=XBlockCompletionMode.EXCLUDED)
_ICONS: dict[str, Literal["problem", "video"]] = {"problem": "problem", "video": "video"}


def facts(node: Node) -> BlockFacts:
    """Whether blocks like ``node`` are scored, out of how many raw points, how they complete, and their icon.

    Our own classes may answer for themselves with a class method ``facts(fields) -> BlockFacts``. A type that is not
    installed is neither scored nor completed.
    """
    try:
        cls = registry.installed.block_class(node.type)
    except BlockProblem:
        return UNKNOWN
    own = getattr(cls, "facts", None)
    if own is not None:
        return own(node.fields)  # type: ignore[no-any-return]
    return of_class(cls, _max_score(cls, node) if getattr(cls, "has_score", False) else None)


def of_class(cls: Any, max_score: float | None = None) -> BlockFacts:
    """The facts that the class attributes of ``cls`` tell."""
    if issubclass(cls, StandIn):
        return UNKNOWN
    icon = getattr(cls, "icon_class", "other")
    return BlockFacts(
        has_score=bool(getattr(cls, "has_score", False)),
        max_score=max_score,
        completion=XBlockCompletionMode.get_mode(cls),
        icon=_ICONS.get(icon, "other"),
        custom_completion=bool(getattr(cls, "has_custom_completion", False)),
    )


def _max_score(cls: Any, node: Node) -> float | None:
    """What a third-party block says when it is asked without a learner; None when it cannot say."""
    try:
        runtime = parse.ParsingRuntime(NOWHERE, registry.installed)
        values = dict(node.fields)
        if "xml" in values:
            read = parse.parse(cls, values["xml"], NOWHERE, registry.installed).values
            values = {**read, **values.get(parse.BESIDE, {})}
        block = runtime.construct_xblock_from_class(cls, runtime.keys(node.type, values))
        score = block.max_score()
    except Exception as error:  # noqa: BLE001  a block's own code may raise anything, most of all without a learner
        log.info("%s does not tell its maximum score without a learner: %s", node.type, error)
        return None
    return float(score) if isinstance(score, int | float) else None
