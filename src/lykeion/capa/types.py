"""The values that go in and out of the problem language, and its errors."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from html import escape
from typing import Any, Final, Literal, NotRequired, Protocol, TypedDict

Correctness = Literal["correct", "incorrect", "partially-correct", "incomplete", "queued"]
Answer = str | list[str] | dict[str, str] | Any  # what a form sends; API clients may send anything
Answers = Mapping[str, Answer]
Expected = str | list[str] | dict[str, str | None]


def gettext_noop(text: str) -> str:
    """Mark a text for translation where it is written; it is translated where it is shown."""
    return text


class CapaError(Exception):
    """Anything that keeps a problem from being shown or graded."""


class ProblemError(CapaError):
    """The author's problem cannot work; `line` is the line of its XML, `column` the letter in it (both from 1), or None
    where that is not known."""

    def __init__(self, message: str, line: int | None = None, column: int | None = None) -> None:
        super().__init__(message if line is None else f"line {line}: {message}")
        self.message = message
        self.line = line
        self.column = column


class AnswerError(CapaError):
    """This answer cannot be graded, and the learner can mend it: no attempt is used.

    The message is plain text. `template` and `values` are its parts, so that a caller can gettext the template.
    """

    def __init__(self, template: str, **values: object) -> None:
        self.template = template
        self.values = values
        self.message = template.format(**values) if values else template
        super().__init__(self.message)

    def html(self, gettext: Callable[[str], str]) -> str:
        """The translated message as HTML: what the learner typed is escaped."""
        values = {name: escape(str(value), quote=False) for name, value in self.values.items()}
        return gettext(self.template).format(**values) if values else escape(gettext(self.template), quote=False)


class GraderNotAllowed(AnswerError):
    """The program that grades this question is at a place that the site's operator did not allow."""

    def __init__(self, host: str) -> None:
        super().__init__(
            gettext_noop(
                "This question is graded by a program at {host}, which this site may not ask. The operator of the site "
                "can allow it (LYKEION_GRADER_HOSTS). Nothing was lost."
            ),
            host=host,
        )


class ScriptsUnavailable(CapaError):
    """The problem needs its author's Python, and nothing that may run it was given to the engine."""


class NoMarkdown(CapaError):
    """The simple problem syntax has no words for this problem; `line` is where it says what cannot be said."""

    def __init__(self, message: str, line: int | None = None) -> None:
        super().__init__(message if line is None else f"line {line}: {message}")
        self.message = message
        self.line = line


class ScriptError(CapaError):
    """The author's Python failed; the message is its last line, `line` the line of the script (from 1) where known."""

    def __init__(self, message: str, line: int | None = None) -> None:
        super().__init__(message)
        self.line = line


@dataclass(frozen=True, slots=True)
class Check:
    """One call of an author's grading function, or one run of an author's grading code.

    `function` is a name from the script, called with `expect`, `answer` and `extra`; or None, and `code` runs with
    `variables` and its globals come back.
    """

    script: str
    function: str | None = None
    code: str = ""
    expect: Any = None
    answer: Any = None
    extra: Mapping[str, Any] = field(default_factory=dict)
    variables: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class UploadedFile:
    """A file that a learner hands in, as it came; what is kept of it in their answers is its name."""

    name: str
    content: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class GraderOrder:
    """Work for a program elsewhere that grades in its own time.

    `body` is what that program reads; its reply must carry `key`, and is meant for `dispatch`: a verdict
    (`score_update`) or mere feedback (`ungraded_response`).
    """

    input_id: str
    input_tag: str
    key: str
    queue: str
    body: Mapping[str, Any]
    dispatch: Literal["score_update", "ungraded_response"] = "score_update"
    files: tuple[UploadedFile, ...] = ()


class Graders(Protocol):
    """Programs elsewhere that grade, as one learner's submission may reach them."""

    @property
    def student_id(self) -> str:
        """The learner's anonymous id: all that a grader may know of them."""
        ...

    @property
    def default_queue(self) -> str:
        """Where work goes for which the author names no queue."""
        ...

    @property
    def at(self) -> datetime:
        """The moment of the submission."""
        ...

    def new_key(self) -> str:
        """A secret that tells one submission's reply from all others."""
        ...

    def check(self, url: str) -> None:
        """Raises GraderNotAllowed when the program at `url` may not be asked."""
        ...

    def ask(self, url: str, fields: Mapping[str, str]) -> str:
        """What the program at `url` answers to a form, at once. Raises AnswerError when it does not, or may not."""
        ...


class ScriptRunner(Protocol):
    """Runs authors' Python somewhere safe. The engine itself never runs any."""

    def context(self, script: str, *, seed: int, variables: Mapping[str, Any]) -> Mapping[str, Any]:
        """The JSON-like globals that a problem's script leaves behind. Raises ScriptError."""
        ...

    def check(self, check: Check, *, seed: int, context: Mapping[str, Any]) -> Any:
        """What the function returned, or the globals that the code left. Raises ScriptError."""
        ...


class InputResultJson(TypedDict):
    """What :meth:`InputResult.to_json` gives."""

    correctness: str
    npoints: float | None
    msg: str
    hint: str
    hintmode: str | None
    queuestate: dict[str, Any] | None
    answervariable: str | None


@dataclass(frozen=True, slots=True)
class InputResult:
    """The verdict on one input. `npoints` None means: 1 for a right or partly right answer, else 0."""

    correctness: str
    npoints: float | None = None
    msg: str = ""
    hint: str = ""
    hintmode: str | None = None
    answervariable: str | None = None
    queuestate: Mapping[str, str] | None = None

    @property
    def earned(self) -> float:
        """The points of this input."""
        if self.npoints is not None:
            return self.npoints
        return 1 if self.is_correct else 0

    @property
    def is_correct(self) -> bool:
        """Whether Open edX counts it as right: partly right does (correctmap.py)."""
        return self.correctness in ("correct", "partially-correct")

    def to_json(self) -> InputResultJson:
        """As Open edX keeps it in a learner's `correct_map`."""
        return {
            "correctness": self.correctness,
            "npoints": self.npoints,
            "msg": self.msg,
            "hint": self.hint,
            "hintmode": self.hintmode,
            "queuestate": None if self.queuestate is None else dict(self.queuestate),
            "answervariable": self.answervariable,
        }


RESULT_FIELDS: Final = ("correctness", "npoints", "msg", "hint", "hintmode", "answervariable", "queuestate")


def result_from_json(stored: Mapping[str, Any]) -> InputResult:
    """The verdict kept in a learner's `correct_map`, whatever version of Open edX or of us wrote it."""
    values = {name: stored[name] for name in RESULT_FIELDS if stored.get(name) is not None}
    return InputResult(**{"correctness": "incorrect", **values})


class HintEventJson(TypedDict):
    """What :meth:`HintEvent.to_json` gives."""

    trigger_type: Literal["single", "compound"]
    hint_label: str
    hints: list[dict[str, Any]]
    correctness: bool
    student_answer: list[Any]
    question_type: str
    problem_part_id: str
    choice_all: NotRequired[list[str]]


@dataclass(frozen=True, slots=True)
class HintEvent:
    """Feedback that was shown for an answer: the payload of `edx.problem.hint.feedback_displayed`."""

    part_id: str
    trigger_type: Literal["single", "compound"]
    label: str
    hints: tuple[Mapping[str, Any], ...]
    correct: bool
    student_answer: Sequence[Any]
    question_type: str
    choice_all: tuple[str, ...] | None = None

    def to_json(self) -> HintEventJson:
        """The event's own fields; the block adds `module_id`."""
        event: HintEventJson = {
            "trigger_type": self.trigger_type,
            "hint_label": self.label,
            "hints": [dict(hint) for hint in self.hints],
            "correctness": self.correct,
            "student_answer": list(self.student_answer),
            "question_type": self.question_type,
            "problem_part_id": self.part_id,
        }
        if self.choice_all is not None:
            event["choice_all"] = list(self.choice_all)
        return event


@dataclass(frozen=True, slots=True)
class Grading:
    """The verdict on one submission, at the level of the problem: no weight, no attempts. `orders` go to graders."""

    correct_map: Mapping[str, InputResult]
    score: float
    total: float
    overall_message: str = ""
    events: tuple[HintEvent, ...] = ()
    orders: tuple[GraderOrder, ...] = ()

    @property
    def success(self) -> Literal["correct", "incorrect"]:
        """`correct` if every input is right or partly right."""
        return "correct" if all(result.is_correct for result in self.correct_map.values()) else "incorrect"

    @property
    def queued(self) -> bool:
        """Whether an outside grader still has to answer."""
        return any(result.queuestate is not None for result in self.correct_map.values())


@dataclass(frozen=True, slots=True)
class DemandHint:
    """One hint on demand: its place (from 0), how many there are, and its HTML."""

    index: int
    count: int
    html: str


@dataclass(frozen=True, slots=True)
class InputFacts:
    """What reports and tracking events say about an input."""

    id: str
    response_type: str
    input_type: str
    max_points: int
    question: str = ""
    choices: tuple[tuple[str, str], ...] = ()


def untranslated(text: str) -> str:
    """The translator for those who have none."""
    return text


@dataclass(frozen=True, slots=True)
class View:
    """How a problem is to be rendered for one learner at one moment.

    `answers` and `correct_map` are what the learner has; `statuses` off hides verdicts (saved, not submitted, or
    results withheld: then `submitted` says that there was an answer); `show_answers` puts right answers and solutions
    in the page. `input_state` is what single inputs remember, by id; `url` is where the problem's form is sent.
    """

    answers: Answers = field(default_factory=dict)
    correct_map: Mapping[str, InputResult] = field(default_factory=dict)
    done: bool = False
    statuses: bool = True
    submitted: bool = False
    disabled: bool = False
    show_answers: bool = False
    overall_message: str = ""
    input_state: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    url: str = ""
    gettext: Callable[[str], str] = untranslated
