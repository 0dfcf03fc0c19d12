"""Questions that cannot be answered right, or not as their author thinks."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from lykeion.capa.lint.types import Finding, at, is_open
from lykeion.capa.responses.dropdown import words_of
from lykeion.capa.source import Element, points
from lykeion.capa.tolerance import is_tolerance, staff_number
from lykeion.capa.types import AnswerError, ProblemError, gettext_noop

SCHEMES: Final[Mapping[str, Sequence[str]]] = {
    "multiplechoiceresponse": ("points",),
    "choiceresponse": ("EDC", "halves"),
    "numericalresponse": ("close", "list"),
}
_ONE_SCHEME: Final = ("multiplechoiceresponse", "choiceresponse")
_GROUPS: Final = ("choicegroup", "checkboxgroup", "radiogroup", "radiotextgroup", "checkboxtextgroup")


def choices(root: Element) -> Iterator[Finding]:
    """Sets of choices without a right one, or with two that cannot be told apart."""
    for group in root.iter(*_GROUPS):
        yield from _right_one(group, group.findall("choice"), ("true", "partial"))
        names = [str(choice.get("name")) for choice in group.findall("choice") if choice.get("name") is not None]
        yield from _twice(group, names, gettext_noop("two choices have the name {name}"))
    for entry in root.iter("optioninput"):
        yield from _dropdown(entry)


def _right_one(group: Element, found: list[Element], right: Sequence[str]) -> Iterator[Finding]:
    values = [choice.get("correct") for choice in found]
    if not found:
        mend = gettext_noop("put its choices inside it")
        yield at(group, "no-choices", gettext_noop("<{tag}> has nothing to choose from"), mend)
    elif not any(is_open(value) or (value or "").lower() in right for value in values):
        mend = gettext_noop('write correct="true" at the right one: a selection of none is never right')
        yield at(group, "no-right-choice", gettext_noop("no choice of <{tag}> is right"), mend)


def _twice(element: Element, names: list[str], cause: str) -> Iterator[Finding]:
    for name, count in Counter(names).items():
        if count > 1:
            mend = gettext_noop("give each one its own, or they are one and the same to the grader")
            yield at(element, "duplicate", cause, mend, name=name)


def _dropdown(entry: Element) -> Iterator[Finding]:
    options, correct = entry.findall("option"), entry.get("correct")
    cause = gettext_noop("two options of <{tag}> read {name}")
    if options:
        right = [option for option in options if (option.get("correct") or "").lower() == "true"]
        yield from _right_one(entry, options, ("true",))
        yield from _twice(entry, [(option.text or "").strip() for option in options], cause)
        if len(right) > 1:
            mend = gettext_noop('leave correct="true" at one of them only')
            yield at(entry, "several-right", gettext_noop("several options of <{tag}> are right"), mend)
        return
    words = words_of(entry.get("options", ""))
    yield from _twice(entry, list(words), cause)
    if correct not in words and not is_open(correct) and not is_open(entry.get("options")):
        cause = gettext_noop("the right answer {correct} of <{tag}> is not among its options")
        mend = gettext_noop("write it as in options, with the same spaces and capitals")
        yield at(entry, "no-right-choice", cause, mend, correct=repr(correct or ""))


def numbers(root: Element) -> Iterator[Finding]:
    """Answers and tolerances that are no numbers."""
    for element in root.iter("numericalresponse"):
        yield from _answer(element)
    for element in root.iter("responseparam"):
        if element.get("type") == "tolerance":
            yield from _tolerance(element, "default")
    for element in root.iter("numtolerance_input"):
        yield from _tolerance(element, "tolerance")
    for element in root.iter():
        if "points" in element.attrib and not _has_points(element):
            mend = gettext_noop("write a whole number such as 2")
            yield at(element, "points", gettext_noop("points of <{tag}> is no whole number"), mend)


def _has_points(element: Element) -> bool:
    try:
        return is_open(element.get("points")) or points(element) is not None
    except ValueError:
        return False


def _answer(response: Element) -> Iterator[Finding]:
    answer = (response.get("answer") or "").strip()
    if is_open(answer):
        return
    ends = answer[1:-1].split(",") if answer[:1] in ("[", "(") and answer[-1:] in ("]", ")") and "," in answer else []
    values = [_number(part) for part in ends or [answer]]
    if None in values:
        cause = gettext_noop("the answer {answer} cannot be read as a number")
        mend = gettext_noop("write a number, an expression such as 2*pi, or a range such as [1,2)")
        yield at(response, "answer", cause, mend, answer=repr(answer))
    elif ends and len(values) == 2 and values[0].real > values[1].real:  # type: ignore[union-attr]  # no None is left
        mend = gettext_noop("write the smaller end first")
        yield at(response, "answer", gettext_noop("the range {answer} holds no number"), mend, answer=answer)


def _number(text: str) -> complex | None:
    try:
        return staff_number(text)
    except (ProblemError, AnswerError):
        return None


def _tolerance(element: Element, name: str) -> Iterator[Finding]:
    text = element.get(name)
    if text is None or is_open(text) or is_tolerance(text):
        return
    cause = gettext_noop("the tolerance {tolerance} is no number")
    mend = gettext_noop("write a number such as 0.01, or a share of the answer such as 5%")
    yield at(element, "tolerance", cause, mend, tolerance=repr(text))


def credit(root: Element) -> Iterator[Finding]:
    """Schemes of partial credit that do not exist, or have nothing to give it for."""
    for response in root.iter(*SCHEMES):
        value = (response.get("partial_credit") or "false").strip().lower()
        if value == "false" or is_open(value):
            continue
        words, allowed = [word.strip() for word in value.split(",")], SCHEMES[str(response.tag)]
        if not set(words) <= {word.lower() for word in allowed}:
            cause = gettext_noop("partial_credit of <{tag}> is {value}")
            mend = gettext_noop("it may be {allowed}, or false")
            yield at(response, "partial-credit", cause, mend, value=repr(value), allowed=", ".join(allowed))
        elif len(words) > 1 and response.tag in _ONE_SCHEME:
            mend = gettext_noop("choose one of {allowed}")
            cause = gettext_noop("<{tag}> has two kinds of partial credit")
            yield at(response, "partial-credit", cause, mend, allowed=", ".join(allowed))
        else:
            yield from _credit_for(response, words)


def _credit_for(response: Element, words: list[str]) -> Iterator[Finding]:
    if "list" in words and not any(param.get("partial_answers") for param in response.iter("responseparam")):
        cause = gettext_noop("partial_credit is list, and there is no list")
        mend = gettext_noop('write partial_answers="1,2" in <responseparam>')
        yield at(response, "partial-credit", cause, mend)
    if "points" in words and not any(
        (choice.get("correct") or "").lower() == "partial" for choice in response.iter("choice")
    ):
        cause = gettext_noop("partial_credit is points, and no choice is partly right")
        mend = gettext_noop('write correct="partial" at a choice')
        yield at(response, "partial-credit", cause, mend, level="warning")
