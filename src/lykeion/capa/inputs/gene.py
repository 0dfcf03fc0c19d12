"""A small gene to change: editageneinput.

The original is a program (Genex) that is no longer kept. It posted the DNA with its own word on whether the task of
that number was solved; what the tasks were, only the program knew. The DNA is posted as before, with an empty word:
graders must look at the DNA.
"""

import json
from dataclasses import dataclass
from html import escape
from typing import ClassVar

from lykeion.capa.inputs.base import common
from lykeion.capa.inputs.composed import Composed, field
from lykeion.capa.scope import Part
from lykeion.capa.source import Element
from lykeion.capa.types import View


@dataclass(frozen=True, slots=True, kw_only=True)
class GeneInput(Composed):
    """The DNA as text, and what the cell makes of it."""

    dna: str

    kind: ClassVar[str] = "gene"
    example: ClassVar[str] = '{"genex_dna_sequence": "TATAAGC...", "genex_answer": ""}'

    def settings(self) -> str:
        """The DNA to begin with."""
        return f' data-dna="{escape(self.dna)}"'

    def controls(self, view: View) -> str:
        """A text area for the DNA; below it the RNA and the protein, as they come of it."""
        _ = view.gettext
        how = _(
            "Transcription begins after the promoter TATAA and ends before the terminator GGGGG. Introns go from GTGCG "
            "to CAAAG. Translation begins at the first AUG."
        )
        area = '<textarea rows="4" dir="ltr" spellcheck="false" autocapitalize="characters" data-sequence></textarea>'
        lines = "".join(
            f'<div><dt>{escape(words)}</dt><dd dir="ltr" data-part="{part}"></dd></div>'
            for part, words in (
                ("changes", _("Changed bases")),
                ("premrna", _("pre-mRNA")),
                ("mrna", _("Mature mRNA")),
                ("protein", _("Protein")),
            )
        )
        words = json.dumps({"none": _("none"), "given": _("The given DNA"), "length": _("{count} amino acids")})
        again = _("Back to the given DNA")
        return (
            f'<p class="capa-description">{escape(how)}</p>{field(_("DNA of the gene"), area)}'
            f'<button type="button" class="button button-quiet" data-again>{escape(again)}</button>'
            f'<dl class="capa-gene" data-words="{escape(words)}">{lines}</dl>'
        )


def gene_input(part: Part, entry: Element) -> GeneInput:
    """Read the DNA that the problem begins with."""
    written = entry.get("genex_dna_sequence") or entry.get("dna_sequence") or ""
    dna = "".join(letter for letter in part.scope.substitute(written).upper() if letter in "ACGT")
    return GeneInput(**common(part, entry), dna=dna)
