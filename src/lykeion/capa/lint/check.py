"""All checks of a problem."""

from typing import Final

from lykeion.capa.lint.access import ids, labels, pictures
from lykeion.capa.lint.answers import choices, credit, numbers
from lykeion.capa.lint.hints import hints
from lykeion.capa.lint.retired import retired
from lykeion.capa.lint.scripts import scripts
from lykeion.capa.lint.types import Check, Finding
from lykeion.capa.lint.vocabulary import words
from lykeion.capa.source import read

CHECKS: Final[tuple[Check, ...]] = (words, scripts, choices, numbers, credit, hints, ids, labels, pictures, retired)


def findings(xml: str) -> tuple[Finding, ...]:
    """The slips in a problem, by line. Runs nothing of it. Raises ProblemError for what is no XML at all."""
    root = read(xml)
    found = [finding for check in CHECKS for finding in check(root)]
    return tuple(sorted(found, key=lambda finding: finding.line or 0))
