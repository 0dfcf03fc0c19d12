"""What a check says, and the tools all checks share."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Literal

from lykeion.capa.source import Element, line_of
from lykeion.capa.types import untranslated

Level = Literal["error", "warning", "access"]
"""`error`: learners cannot answer, or are graded wrongly; `warning`: hardly meant so; `access`: keeps learners out."""
Check = Callable[[Element], Iterator["Finding"]]
"""A check gets the root of a problem and says what it finds, in any order."""


@dataclass(frozen=True, slots=True)
class Finding:
    """A slip with its place, its cause and how to mend it.

    `cause` and `mend` are templates for gettext, filled with `values`. `kind` names the check.
    """

    line: int | None
    kind: str
    cause: str
    mend: str
    values: Mapping[str, object] = field(default_factory=dict)
    level: Level = "error"

    @property
    def message(self) -> str:
        """Cause and mending in English."""
        return self.text(untranslated)

    def text(self, gettext: Callable[[str], str]) -> str:
        """Cause and mending as one translated line, plain text; the cause alone where nothing is known to mend it."""
        parts = (gettext(part).format(**self.values) for part in (self.cause, self.mend) if part)
        return "; ".join(parts)

    def __str__(self) -> str:
        return self.message if self.line is None else f"line {self.line}: {self.message}"


def at(element: Element, kind: str, cause: str, mend: str, *, level: Level = "error", **values: object) -> Finding:
    """A finding at the line where an element begins; `tag` is always among its values."""
    return Finding(line_of(element), kind, cause, mend, {"tag": element.tag, **values}, level)


def is_open(value: str | None) -> bool:
    """Whether only the problem's script decides what stands here: a `$name`."""
    return value is not None and "$" in value
