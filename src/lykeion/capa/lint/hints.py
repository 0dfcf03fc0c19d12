"""Feedback that no learner will ever see."""

from collections.abc import Iterator, Mapping
from typing import Final

from lykeion.capa.lint.types import Finding, at
from lykeion.capa.source import Element
from lykeion.capa.types import gettext_noop

_PLACES: Final[Mapping[str, tuple[str, ...]]] = {
    "choicehint": ("choice",),
    "optionhint": ("option",),
    "correcthint": ("numericalresponse", "stringresponse", "additional_answer"),
    "stringequalhint": ("stringresponse",),
    "regexphint": ("stringresponse",),
    "compoundhint": ("checkboxgroup",),
    "hint": ("demandhint",),
    "hintpart": ("hintgroup",),
}
_CONDITIONS: Final = ("stringhint", "numericalhint", "formulahint")


def hints(root: Element) -> Iterator[Finding]:
    """Hints in the wrong place, for choices that are not there, or behind others that are always shown first."""
    for hint in root.iter(*_PLACES):
        yield from _place(hint)
    for group in root.iter("checkboxgroup"):
        yield from _checkboxes(group)
    for group in root.iter("hintgroup"):
        yield from _old_group(group)
    for response in root.iter("stringresponse"):
        yield from _text(response)


def _place(hint: Element) -> Iterator[Finding]:
    parent = hint.getparent()
    places = _PLACES[str(hint.tag)]
    if parent is None or parent.tag in places:
        return
    mend = gettext_noop("it belongs right inside {places}")
    cause = gettext_noop("<{tag}> in <{parent}> is never shown")
    yield at(hint, "hint", cause, mend, parent=parent.tag, places=", ".join(f"<{place}>" for place in places))


def _checkboxes(group: Element) -> Iterator[Finding]:
    found = group.findall("choice")
    letters = {(choice.get("id") or chr(ord("A") + index)).upper() for index, choice in enumerate(found)}
    for choice in found:
        for hint in choice.findall("choicehint"):
            if (hint.get("selected") or "").lower() not in ("true", "false"):
                cause = gettext_noop("<{tag}> of a checkbox does not say when it is shown")
                yield at(hint, "hint", cause, gettext_noop('write selected="true" or selected="false"'))
    for hint in group.findall("compoundhint"):
        unknown = sorted(set((hint.get("value") or "").upper().split()) - letters)
        if unknown:
            cause = gettext_noop("<{tag}> is for the choices {unknown}, which are not there")
            mend = gettext_noop("the choices are {letters}, with spaces between them")
            yield at(hint, "hint", cause, mend, unknown=", ".join(unknown), letters=" ".join(sorted(letters)))


def _old_group(group: Element) -> Iterator[Finding]:
    if group.get("hintfn") is not None:
        return
    names = {condition.get("name") for condition in group.iter(*_CONDITIONS)}
    for part in group.findall("hintpart"):
        if part.get("on") not in names:
            cause = gettext_noop("<{tag}> is shown on {on}, and no hint has that name")
            yield at(
                part, "hint", cause, gettext_noop("write the name of a hint of this group"), on=repr(part.get("on"))
            )


def _text(response: Element) -> Iterator[Finding]:
    """Right answers are looked at before hints for wrong ones."""
    right = {_folded(element, response) for element in (response, *response.findall("additional_answer"))}
    for hint in response.findall("stringequalhint"):
        if (
            "regexp" not in (response.get("type") or "")
            and _folded(hint, response) in right
            and _feedback_before(response)
        ):
            cause = gettext_noop("<{tag}> is for a right answer, which has its own feedback")
            yield at(
                hint, "hint", cause, gettext_noop("put its text in <correcthint>, or mend its answer"), level="warning"
            )


def _folded(element: Element, response: Element) -> str:
    answer = (element.get("answer") or "").strip()
    return answer.lower() if "ci" in (response.get("type") or "").lower().split() else answer


def _feedback_before(response: Element) -> bool:
    return next(response.iter("correcthint"), None) is not None
