"""What is known while a problem is compiled: its ids, its variables, its source of chance."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from lykeion.capa.chance import Chance
from lykeion.capa.source import Element, line_of, substitute
from lykeion.capa.types import ProblemError, ScriptRunner


@dataclass(frozen=True)
class Scope:
    """One compilation of one problem for one seed."""

    problem_id: str
    seed: int
    context: Mapping[str, Any]
    script: str = ""
    runner: ScriptRunner | None = None

    @cached_property
    def chance(self) -> Chance:
        """The one source of chance that all choice questions of the problem share, in order."""
        return Chance(self.seed)

    def substitute(self, text: str) -> str:
        """`$name` replaced by the script's values."""
        return substitute(text, self.context)


@dataclass(frozen=True)
class Part:
    """A response element with its input elements, as its builder gets them."""

    scope: Scope
    element: Element
    id: str
    entries: tuple[Element, ...]
    labels: Mapping[str, "Labels"]

    @property
    def tag(self) -> str:
        return str(self.element.tag)

    @property
    def line(self) -> int | None:
        return line_of(self.element)

    def get(self, name: str, default: str = "") -> str:
        """An attribute of the response with its variables replaced."""
        value = self.element.get(name)
        return default if value is None else self.scope.substitute(value)

    def require(self, name: str) -> str:
        """An attribute that must be there."""
        value = self.element.get(name)
        if value is None:
            raise ProblemError(
                f"Error in problem specification: <{self.tag}> is missing its required attribute {name}.", self.line
            )
        return value

    def only_entry(self) -> Element:
        """The response's one input; ProblemError when it has none."""
        if not self.entries:
            raise ProblemError(f"<{self.tag}> has no input field inside it.", self.line)
        return self.entries[0]


@dataclass(frozen=True, slots=True)
class Labels:
    """The words that name an input for its reader: HTML of the label, ids and HTML of descriptions."""

    label: str = ""
    descriptions: tuple[tuple[str, str], ...] = field(default_factory=tuple)
