"""What a block's class says of one object, whoever the learner."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from typing import Any, Final, Literal

from xblock.completable import XBlockCompletionMode
from xblock.fields import Field

from lykeion.blocks import parse, registry
from lykeion.blocks.standins import StandIn
from lykeion.blocks.types import BlockProblem
from lykeion.content.types import BlockFacts, Node
from lykeion.core.keys import CourseLocator

log = logging.getLogger(__name__)

VERSION = "4"
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
    if issubclass(cls, StandIn):
        return UNKNOWN
    if not getattr(cls, "has_score", False) and _is_said_by(cls):
        return _told(cls)
    try:
        block = _without_learner(cls, node)
    except Exception as error:  # noqa: BLE001  a block's own code may raise anything, most of all without a learner
        log.info("%s does not tell what it is without a learner: %s", node.type, error)
        return _told(cls)
    return _told(block, _max_score(block))


_ASKED: Final[Mapping[str, Any]] = {
    "has_score": False,
    "has_custom_completion": False,
    "completion_mode": XBlockCompletionMode.COMPLETABLE,
    "icon_class": "other",
}
"""What is asked, with the answers of those who do not say."""


def _is_said_by(cls: Any) -> bool:
    """Whether blocks of ``cls`` are all alike. Some leave it to their author by a field (whether a tool on another site
    is scored) or to a property: then the block is asked, as Open edX does."""
    return all(isinstance(getattr(cls, name, other), bool | int | str) for name, other in _ASKED.items())


def _told(subject: Any, max_score: float | None = None) -> BlockFacts:
    """What a block says, or its class as far as that can."""
    said = {name: _said(getattr(subject, name, other), other) for name, other in _ASKED.items()}
    return BlockFacts(
        has_score=bool(said["has_score"]),
        max_score=max_score if said["has_score"] else None,
        completion=said["completion_mode"],
        icon=_ICONS.get(said["icon_class"], "other"),
        custom_completion=bool(said["has_custom_completion"]),
    )


def _said(value: Any, other: Any) -> Any:
    """The answer in ``value``: of a class's field its default; of its property, most likely yes."""
    value = value.default if isinstance(value, Field) else value
    if isinstance(value, bool | int | str):
        return value
    return bool(value) if isinstance(other, bool) else other


def _without_learner(cls: Any, node: Node) -> Any:
    runtime = parse.ParsingRuntime(NOWHERE, registry.installed)
    values = dict(node.fields)
    if "xml" in values:
        read = parse.parse(cls, values["xml"], NOWHERE, registry.installed).values
        values = {**read, **values.get(parse.BESIDE, {})}
    return runtime.construct_xblock_from_class(cls, runtime.keys(node.type, values))


def _max_score(block: Any) -> float | None:
    """What a block of others says when it is asked without a learner; None when it cannot say."""
    try:
        score = block.max_score()
    except Exception as error:  # noqa: BLE001  as above
        log.info("%s does not tell its maximum score without a learner: %s", block.scope_ids.block_type, error)
        return None
    return float(score) if isinstance(score, int | float) else None
