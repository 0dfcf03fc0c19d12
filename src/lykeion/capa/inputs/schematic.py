"""A circuit to draw and to simulate. The editor is a script; the circuit and its results are the field's value, as JSON
in the format of Open edX (xmodule/js/src/capa/schematic.js), so that its courses and their graders work."""

import json
from dataclasses import dataclass
from html import escape
from typing import Any, Final

from lykeion.capa.inputs.base import Input, common, text_value
from lykeion.capa.inputs.schematicwords import WORDS
from lykeion.capa.scope import Part
from lykeion.capa.source import Element
from lykeion.capa.types import Expected, View, gettext_noop

_WIDTH: Final = 400
_HEIGHT: Final = 300
_LARGEST: Final = 2000
_ALL_PARTS: Final = "g,L,v,i,r,c,l,o,d,n,p,s,a"
_ALL_ANALYSES: Final = "dc,ac,tran"
_NO_SCRIPTS: Final = gettext_noop(
    "Circuits are drawn and simulated by a script of this page, and your browser runs no scripts. Allow scripts for "
    "this site to answer this question; what you submitted before stays as it is."
)


@dataclass(frozen=True, slots=True, kw_only=True)
class SchematicInput(Input):
    """An editor for circuits. `parts` and `analyses` are what it offers; `wanted` is what the grader wants to see."""

    width: int
    height: int
    parts: str
    analyses: str
    initial: str
    wanted: str

    def control(self, value: Any, attributes: str, view: View, expected: Expected | None) -> str:
        """The field that is sent, and what the script needs to put an editor beside it."""
        settings = {
            "initial": self.initial,
            "parts": self.parts,
            "analyses": self.analyses,
            "wanted": self.wanted,
            "width": self.width,
            "height": self.height,
            "closed": "true" if view.disabled else "false",
            "words": json.dumps({key: view.gettext(text) for key, text in WORDS.items()}, ensure_ascii=False),
        }
        data = "".join(f' data-schematic-{name}-value="{text_value(setting)}"' for name, setting in settings.items())
        return (
            f'<div class="schematic" role="group" {self._naming(view)} data-controller="schematic"{data}>'
            f'<input type="hidden" name="{self.name}" id="{self.name}" value="{text_value(value)}" '
            f'data-schematic-target="field"{" disabled" if view.disabled else ""}>'
            f"<noscript><p>{escape(view.gettext(_NO_SCRIPTS))}</p></noscript></div>"
        )

    def _naming(self, view: View) -> str:
        """A group is named by the paragraph above it: a label can name no hidden field."""
        described = " ".join([f"status_{self.id}", *(id_ for id_, _ in self.labels.descriptions)])
        name = (
            f'aria-labelledby="label_{self.id}"'
            if self.labels.label
            else f'aria-label="{escape(view.gettext(WORDS["circuit"]))}"'
        )
        return f'{name} aria-describedby="{described}"'

    def _labelled(self, control: str) -> str:
        label = f'<p class="capa-label" id="label_{self.id}">{self.labels.label}</p>' if self.labels.label else ""
        return f"{label}{self._descriptions()}{control}"


def schematic_input(part: Part, entry: Element) -> SchematicInput:
    """Read what the author offers. A part or analysis list that is left out offers all; an empty one offers none."""
    substitute = part.scope.substitute
    return SchematicInput(
        **common(part, entry),
        width=_pixels(entry.get("width"), _WIDTH),
        height=_pixels(entry.get("height"), _HEIGHT),
        parts=_offered(entry.get("parts"), _ALL_PARTS),
        analyses=_offered(entry.get("analyses"), _ALL_ANALYSES),
        initial=substitute(entry.get("initial_value", "")),
        wanted=substitute(entry.get("submit_analyses", "")),
    )


def _pixels(text: str | None, otherwise: int) -> int:
    """A size as the author wrote it; a slip in a size is no reason to hide the question."""
    digits = (text or "").strip().removesuffix("px")
    return min(int(digits), _LARGEST) if digits.isdecimal() and int(digits) > 0 else otherwise


def _offered(text: str | None, everything: str) -> str:
    """Names that the editor knows, joined by commas."""
    if text is None or text == "None":
        return everything
    known = everything.split(",")
    return ",".join(name for name in (one.strip() for one in text.split(",")) if name in known)
