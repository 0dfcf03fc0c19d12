"""The settings of a problem: what each can be, what that means, and reading them from a form."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final, Literal

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from lykeion.authoring.types import AuthoringError
from lykeion.content.types import Json

Control = Literal["number", "choice"]
MOST: Final = 1_000_000


@dataclass(frozen=True, slots=True)
class Setting:
    """One field. ``options`` are pairs of value and words; the empty value leaves the field to the course, or to its
    ``usual`` value (``usual_words`` say that where it is no option). Words are translated when they are shown."""

    name: str
    label: Any
    help: Any
    control: Control
    read: Callable[[str, str], Json]
    options: tuple[tuple[str, Any], ...] = ()
    inherited: bool = False
    usual: Json = None
    usual_words: Any = ""


def _text(label: str, value: str) -> Json:
    return value


def _whole(label: str, value: str) -> Json:
    if not value.isascii() or not value.isdecimal() or int(value) > MOST:
        raise AuthoringError(_("{label}: write a whole number, or leave it empty.").format(label=label))
    return int(value)


def _points(label: str, value: str) -> Json:
    try:
        number = float(value.replace(",", "."))
    except ValueError:
        number = -1
    if not 0 <= number <= MOST:
        raise AuthoringError(_("{label}: write a number such as 2 or 0.5, or leave it empty.").format(label=label))
    return number


def _yes_or_no(label: str, value: str) -> Json:
    return value == "true"


_SHOW: Final = (
    ("always", gettext_lazy("always")),
    ("attempted", gettext_lazy("after the first attempt, or when the due date is over")),
    ("attempted_no_past_due", gettext_lazy("after the first attempt")),
    ("answered", gettext_lazy("once the answer is right")),
    ("closed", gettext_lazy("once no attempt is left, or the due date is over")),
    ("finished", gettext_lazy("once the answer is right, no attempt is left, or the due date is over")),
    ("correct_or_past_due", gettext_lazy("once the answer is right, or the due date is over")),
    ("past_due", gettext_lazy("when the due date is over")),
    ("after_attempts", gettext_lazy("after some attempts (say how many below)")),
    ("after_all_attempts", gettext_lazy("after the last attempt")),
    ("after_all_attempts_or_correct", gettext_lazy("after the last attempt, or once the answer is right")),
    ("never", gettext_lazy("never")),
)
_RERANDOMIZE: Final = (
    ("never", gettext_lazy("no: everybody gets the same variant")),
    ("per_student", gettext_lazy("one variant for each learner")),
    ("onreset", gettext_lazy("a new variant when they select Reset")),
    ("always", gettext_lazy("a new variant after each attempt")),
)
_METHODS: Final = (
    ("last_score", gettext_lazy("the last attempt")),
    ("first_score", gettext_lazy("the first attempt")),
    ("highest_score", gettext_lazy("the best attempt")),
    ("average_score", gettext_lazy("the average of all attempts")),
)

SETTINGS: Final = (
    Setting(
        "weight",
        gettext_lazy("Points"),
        gettext_lazy("What the whole problem is worth. Left empty: one point for each answer field. 0: no score."),
        "number",
        _points,
        usual_words=gettext_lazy("one point for each field"),
    ),
    Setting(
        "max_attempts",
        gettext_lazy("Attempts"),
        gettext_lazy("How often learners may submit an answer."),
        "number",
        _whole,
        inherited=True,
        usual_words=gettext_lazy("as many as they like"),
    ),
    Setting(
        "grading_method",
        gettext_lazy("What counts"),
        gettext_lazy("Which attempt makes the score, where there are several."),
        "choice",
        _text,
        _METHODS,
        usual="last_score",
    ),
    Setting(
        "showanswer",
        gettext_lazy("Show the answer"),
        gettext_lazy("When learners may see right answers and the explanation."),
        "choice",
        _text,
        _SHOW,
        inherited=True,
        usual="finished",
    ),
    Setting(
        "attempts_before_showanswer_button",
        gettext_lazy("Attempts before the answer"),
        gettext_lazy("Only where the answer is shown after some attempts."),
        "number",
        _whole,
        usual=0,
    ),
    Setting(
        "rerandomize",
        gettext_lazy("Other numbers for other learners"),
        gettext_lazy("Only for problems with a script, or with choices that are shuffled or drawn."),
        "choice",
        _text,
        _RERANDOMIZE,
        inherited=True,
        usual="never",
    ),
    Setting(
        "submission_wait_seconds",
        gettext_lazy("Seconds between attempts"),
        gettext_lazy("How long learners have to think before they may submit again."),
        "number",
        _whole,
        usual=0,
    ),
    Setting(
        "show_reset_button",
        gettext_lazy("Reset button"),
        gettext_lazy("Lets learners empty their answers. It stands there anyway where each attempt has a new variant."),
        "choice",
        _yes_or_no,
        (("true", gettext_lazy("show it")), ("false", gettext_lazy("do not show it"))),
        inherited=True,
        usual=False,
    ),
)


def read_settings(form: Mapping[str, str]) -> tuple[dict[str, Json], list[str]]:
    """The fields that a form sets, and those that it leaves to others.

    Raises :class:`AuthoringError` that names the field and says what it takes. Settings that are not in the form stay.
    """
    values: dict[str, Json] = {}
    unset: list[str] = []
    for setting in SETTINGS:
        if setting.name not in form:
            continue
        text = form[setting.name].strip()
        if not text:
            unset.append(setting.name)
            continue
        if setting.options and text not in dict(setting.options):
            raise AuthoringError(_("{label}: choose one of the list.").format(label=setting.label))
        values[setting.name] = setting.read(str(setting.label), text)
    return values, unset
