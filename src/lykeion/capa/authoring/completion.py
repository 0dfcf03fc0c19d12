"""What an editor of XML offers while an author types: elements, attributes, values, each with what it means.

It is made once and handed to the editor, which completes without asking a server: as fast as one types, and offline.
"""

from collections.abc import Callable
from functools import cache
from typing import Any, Final

from lykeion.capa.authoring.words import ATTRIBUTES, PARTS, TAGS, VALUES
from lykeion.capa.lint.vocabulary import HTML, KNOWN_TAGS, attributes_of
from lykeion.capa.responses.registry import KINDS

_IN_A_PROBLEM: Final = (
    "demandhint script solution solutionset targetedfeedbackset p pre h3 ul ol table img a b i em strong br hr div "
    "span code sub sup label description clarification figure"
)
_MARKUP: Final = (
    "a",
    "b",
    "br",
    "code",
    "em",
    "i",
    "img",
    "li",
    "ol",
    "p",
    "pre",
    "span",
    "strong",
    "sub",
    "sup",
    "ul",
)


@cache
def _elements() -> tuple[tuple[str, tuple[str, ...] | None], ...]:
    """Every element with the elements that may stand in it; None: any."""
    own = {tag: (*sorted(kind.inputs), *PARTS[tag]) for tag, kind in KINDS.items()}
    found: dict[str, tuple[str, ...] | None] = {
        "problem": (*KINDS, *_IN_A_PROBLEM.split()),
        **dict.fromkeys(sorted({*KNOWN_TAGS, *HTML} - {"problem"}), _MARKUP),
        "choice": (*_MARKUP, "choicehint", "numtolerance_input"),
        "div": None,
        **PARTS,
        **own,
    }
    return tuple(found.items())


def schema(gettext: Callable[[str], str]) -> list[dict[str, Any]]:
    """The elements of the problem language; see `lykeion.capa.api.completions`."""
    return [_element(tag, children, gettext) for tag, children in _elements()]


def _element(tag: str, children: tuple[str, ...] | None, gettext: Callable[[str], str]) -> dict[str, Any]:
    element: dict[str, Any] = {
        "name": tag,
        "attributes": [_attribute(tag, name, gettext) for name in sorted(attributes_of(tag))],
    }
    if children is not None:
        element["children"] = list(children)
    if tag in TAGS:
        element["about"] = gettext(TAGS[tag])
    return element | ({"top": True} if tag == "problem" else {})


def _attribute(tag: str, name: str, gettext: Callable[[str], str]) -> dict[str, Any]:
    attribute: dict[str, Any] = {"name": name}
    if name in ATTRIBUTES:
        attribute["about"] = gettext(ATTRIBUTES[name])
    if (tag, name) in VALUES:
        attribute["values"] = list(VALUES[tag, name])
    return attribute
