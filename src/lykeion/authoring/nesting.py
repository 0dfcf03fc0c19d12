"""What may be put into a component that holds others: blocks of packages may say so (``allowed_nested_blocks``)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime

from django.utils.translation import gettext as _

from lykeion.authoring.host import visit_of
from lykeion.authoring.kinds import Kind, name_of
from lykeion.authoring.types import Author, AuthoringError
from lykeion.blocks import api as blocks
from lykeion.blocks.types import BlockProblem, Nested
from lykeion.content import api as content
from lykeion.core.keys import split_ref


def fitting(author: Author, parent: str, kinds: Iterable[Kind], at: datetime) -> list[Kind]:
    """Those of ``kinds`` that can be put into ``parent`` now."""
    listed = _listed(author, parent, at)
    if listed is None:
        return list(kinds)
    there = _there(author, parent)
    return [kind for kind in kinds if not _refusal(listed, kind.type, there)]


def require_fitting(author: Author, parent: str, kind: str, at: datetime) -> None:
    """Raises :class:`AuthoringError`, with what may be put into ``parent``, when ``kind`` may not."""
    listed = _listed(author, parent, at)
    refusal = "" if listed is None else _refusal(listed, kind, _there(author, parent))
    if refusal:
        raise AuthoringError(refusal)


def _listed(author: Author, parent: str, at: datetime) -> Sequence[Nested] | None:
    if not blocks.limits_nested(split_ref(parent)[0]):
        return None
    outline = content.part_outline(author.run, author.root, parent)
    try:
        return blocks.nested(visit_of(author, outline, at), parent)
    except BlockProblem as problem:
        raise AuthoringError(f"{problem} {problem.staff}".strip()) from problem


def _there(author: Author, parent: str) -> list[str]:
    """The types of what is in ``parent`` now."""
    below = content.children(content.way(author.root, parent)[-1].object_id)
    return [split_ref(step.ref)[0] for step in below]


def _refusal(listed: Sequence[Nested], kind: str, there: Sequence[str]) -> str:
    """Why ``kind`` cannot be put there; '' if it can."""
    found = next((one for one in listed if one.type == kind), None)
    name = name_of(kind)
    if found is None:
        fit = ", ".join(name_of(one.type) for one in listed if not one.refused)
        words = _("“{kind}” cannot be put into this component. It takes: {types}.")
        return words.format(kind=name, types=fit or _("nothing"))
    if found.refused:
        return _("“{kind}” cannot be put into this component: {reason}").format(kind=name, reason=found.refused)
    if found.single and kind in there:
        return _("This component takes one “{kind}” only, and has it.").format(kind=name)
    return ""
