"""Problems that learners cannot answer, or would be graded wrongly in: what the problem language's own checks find."""

from __future__ import annotations

from collections.abc import Iterator

from lykeion.authoring.checks.types import Finding, Level, Looked, about
from lykeion.capa.api import findings
from lykeion.capa.types import ProblemError


def check(looked: Looked) -> Iterator[Finding]:
    """Errors and warnings of each problem, with the line."""
    for block, node in looked.of_type("problem"):
        try:
            slips = findings(str(node.fields.get("data", "")))
        except ProblemError as error:
            yield about(looked, block, "problem-broken", "error", line=error.line or 1, words=error.message)
            continue
        for slip in slips:
            level: Level = "error" if slip.level == "error" else "warning"
            said = {"line": slip.line or 1, "cause": slip.cause, "mend": slip.mend, "of": _plain(slip.values)}
            yield about(looked, block, "problem-slip", level, **said)
    for block, node in looked.of_type("error"):
        yield about(looked, block, "unreadable", "error", words=str(node.fields.get("error", "")))


def _plain(values: object) -> dict[str, str]:
    return {name: str(value) for name, value in dict(values).items()}  # type: ignore[call-overload]  # a mapping
