"""A problem as a visual editor shows it: questions of five kinds, texts around them, hints.

All texts called `html` are pieces of XML that a problem may hold (`a &lt; b`, `<b>x</b>`); other texts are plain.
Everything is immutable: an edit is a new problem.
"""

from dataclasses import dataclass, field
from typing import Final, Literal

from lykeion.capa.types import CapaError

Kind = Literal["single", "multi", "dropdown", "number", "text"]
PartialCredit = Literal["", "EDC", "halves"]


class BeyondVisual(CapaError):
    """The visual editor has no place for something in this problem; `line` is where that is."""

    def __init__(self, message: str, line: int | None = None) -> None:
        super().__init__(message if line is None else f"line {line}: {message}")
        self.message = message
        self.line = line


@dataclass(frozen=True, slots=True)
class Feedback:
    """What a learner is told about an answer. `label` None: the usual word (Correct, Incorrect); '': none."""

    html: str
    label: str | None = None


@dataclass(frozen=True, slots=True)
class Choice:
    """One radio button or checkbox.

    `feedback` is shown to those who take it, `unselected` (checkboxes only) to those who do not. `fixed` keeps its
    place where the others are shuffled; `name` is what answers are kept under, '' for the number of its place.
    """

    html: str
    correct: bool = False
    feedback: Feedback | None = None
    unselected: Feedback | None = None
    fixed: bool = False
    name: str = ""


@dataclass(frozen=True, slots=True)
class Combination:
    """Feedback for exactly these checkboxes, by their letters: `("A", "C")`."""

    letters: tuple[str, ...]
    feedback: Feedback


@dataclass(frozen=True, slots=True)
class Option:
    """One entry of a dropdown; plain text."""

    text: str
    correct: bool = False
    feedback: Feedback | None = None


@dataclass(frozen=True, slots=True)
class Accepted:
    """One more right answer. A number is compared exactly, without any tolerance (Open edX's rule)."""

    answer: str
    feedback: Feedback | None = None


@dataclass(frozen=True, slots=True)
class Expected:
    """Feedback for a wrong text: this one, or what this regular expression finds."""

    answer: str
    feedback: Feedback
    regexp: bool = False


@dataclass(frozen=True, slots=True)
class SingleSelect:
    """One of several choices; any that is right earns the point."""

    choices: tuple[Choice, ...]
    shuffle: bool = False


@dataclass(frozen=True, slots=True)
class MultiSelect:
    """Several of several: the right ones and no others. Nothing chosen is never right (Open edX's rule)."""

    choices: tuple[Choice, ...]
    combinations: tuple[Combination, ...] = ()
    partial_credit: PartialCredit = ""


@dataclass(frozen=True, slots=True)
class Dropdown:
    """One of several words; exactly one is right."""

    options: tuple[Option, ...]


@dataclass(frozen=True, slots=True)
class Number:
    """A number, an expression (`2*pi`) or a range (`[5, 7)`); `tolerance` is `0.01`, `5%`, or '' for the usual one.

    `preview` shows what is typed as a formula. `units` stands behind the field; `size` is its width in letters.
    """

    answer: str
    tolerance: str = ""
    feedback: Feedback | None = None
    more: tuple[Accepted, ...] = ()
    preview: bool = True
    units: str = ""
    size: str = ""


@dataclass(frozen=True, slots=True)
class Text:
    """A word or a few. `regexp`: all right answers are regular expressions."""

    answer: str
    ignore_case: bool = True
    regexp: bool = False
    feedback: Feedback | None = None
    more: tuple[Accepted, ...] = ()
    wrong: tuple[Expected, ...] = ()
    units: str = ""
    size: str = ""


Body = SingleSelect | MultiSelect | Dropdown | Number | Text
KINDS: Final[dict[type[Body], Kind]] = {
    SingleSelect: "single",
    MultiSelect: "multi",
    Dropdown: "dropdown",
    Number: "number",
    Text: "text",
}


@dataclass(frozen=True, slots=True)
class Question:
    """One question: what stands before it, what is asked, how it is answered, why that is right.

    `explanation_head` is the heading over the explanation; None: the explanation is all there is, without a frame.
    """

    body: Body
    label: str = ""
    before: str = ""
    description: str = ""
    explanation: str = ""
    explanation_head: str | None = "Explanation"

    @property
    def kind(self) -> Kind:
        """Which of the five it is."""
        return KINDS[type(self.body)]


@dataclass(frozen=True, slots=True)
class SimpleProblem:
    """Questions in order, what stands behind the last one, hints on demand; `attributes` are those of `<problem>`."""

    questions: tuple[Question, ...]
    after: str = ""
    hints: tuple[str, ...] = ()
    attributes: tuple[tuple[str, str], ...] = field(default=())
