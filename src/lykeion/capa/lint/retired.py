"""Inputs whose programs are no longer kept: what graders can no longer expect of them."""

from collections.abc import Iterator

from lykeion.capa.lint.types import Finding, at
from lykeion.capa.source import Element
from lykeion.capa.types import gettext_noop


def retired(root: Element) -> Iterator[Finding]:
    """Genes: a grader that waits for the word of the old program calls every answer wrong."""
    for entry in root.iter("editageneinput"):
        mend = gettext_noop("let the grader read genex_dna_sequence")
        yield at(entry, "retired", gettext_noop("<{tag}> posts no verdict in genex_answer"), mend, level="warning")
