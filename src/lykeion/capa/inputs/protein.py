"""A chain laid on a grid of triangles: designprotein2dinput.

The original let learners write a chain of amino acids, folded it in a program (Protex) that is no longer kept, and
posted that program's word on whether the fold was the author's `target_shape`. Here learners lay the chain themselves;
the posted text has the same word in the same place, so that authors' graders work as they are.
"""

import re
from dataclasses import dataclass
from html import escape
from typing import ClassVar, Final

from lykeion.capa.inputs.base import common
from lykeion.capa.inputs.composed import Composed, field, select
from lykeion.capa.scope import Part
from lykeion.capa.source import Element, line_of
from lykeion.capa.types import ProblemError, View, gettext_noop

_DIRECTIONS: Final = (
    ("", gettext_noop("Choose")),
    ("E", gettext_noop("right (E)")),
    ("NE", gettext_noop("up right (NE)")),
    ("NW", gettext_noop("up left (NW)")),
    ("W", gettext_noop("left (W)")),
    ("SW", gettext_noop("down left (SW)")),
    ("SE", gettext_noop("down right (SE)")),
)
_KNOWN: Final = frozenset(value for value, _ in _DIRECTIONS if value)
_MOST_LINKS: Final = 60


@dataclass(frozen=True, slots=True, kw_only=True)
class ProteinInput(Composed):
    """A direction for each link of the chain; turned or mirrored, a shape stays the same."""

    target: tuple[str, ...]

    kind: ClassVar[str] = "chain"
    example: ClassVar[str] = '{"protex_answer": "CORRECT"}'

    def settings(self) -> str:
        """The shape to be laid."""
        return f' data-chain="{";".join(self.target)}"'

    def controls(self, view: View) -> str:
        """A list of directions for each link, beside the drawings of the shape wanted and of the one laid."""
        _ = view.gettext
        how = _("Lay the chain so that it has the wanted shape: choose where each link goes. {shape}")
        shape = _("The shape, link by link: {links}.").format(links=", ".join(self.target))
        directions = [(value, _(words)) for value, words in _DIRECTIONS]
        links = "".join(
            field(_("Link {number}").format(number=number), select("data-link", directions))
            for number in range(1, len(self.target) + 1)
        )
        return (
            f'<p class="capa-description">{escape(how.format(shape=shape))}</p>'
            f'<div class="capa-chains" aria-hidden="true">{_drawing(_("Wanted shape"), "data-wanted")}'
            f'{_drawing(_("Your chain"), "data-laid")}</div><div class="capa-links">{links}</div>'
        )


def _drawing(caption: str, attribute: str) -> str:
    return (
        f'<figure><svg class="capa-drawing" viewBox="0 0 200 160" {attribute}></svg>'
        f"<figcaption>{escape(caption)}</figcaption></figure>"
    )


def protein_input(part: Part, entry: Element) -> ProteinInput:
    """Read the shape: `E;NE;NW;...`, where a last `none` ends the chain."""
    written = part.scope.substitute(entry.get("target_shape", ""))
    target = [word.strip().upper() for word in re.split("[;,]", written) if word.strip()]
    if target and target[-1] == "NONE":
        target.pop()
    if not target or len(target) > _MOST_LINKS or not _KNOWN.issuperset(target):
        raise ProblemError(
            f'<designprotein2dinput target_shape="{written}"> must be directions with semicolons between them: '
            "E, NE, NW, W, SW, SE.",
            line_of(entry),
        )
    return ProteinInput(**common(part, entry), target=tuple(target))
