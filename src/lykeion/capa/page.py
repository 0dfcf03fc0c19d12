"""The page of a problem, prepared once: fixed HTML with places for what depends on the learner."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from html import escape
from typing import Final

from lxml import etree

from lykeion.capa.feedback import ALWAYS_MARK, INPUT_MARK
from lykeion.capa.hints import inner_html
from lykeion.capa.inputs.attributes import flag
from lykeion.capa.inputs.base import Input
from lykeion.capa.scope import Scope
from lykeion.capa.source import INPUT_TAGS, RESPONSE_TAGS, Element, is_python, text_of

DROPPED: Final = frozenset(
    {
        "additional_answer", "answer", "choicehint", "codeparam", "compoundhint", "correcthint", "demandhint",
        "hintgroup", "include", "numerichint", "openendedparam", "openendedrubric", "optionhint", "regexphint",
        "responseparam", "stringequalhint", "stringhint",
    }
)  # fmt: skip
_VOID: Final = frozenset(
    ["area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"],
)
_RENAMED: Final = {"problem": "div", "text": "span", "math": "span"}
_BLOCKS_IN_TEXT: Final = INPUT_TAGS | {"clarification", "solution"}  # HTML takes none of these inside a <p>
_SPECIAL: Final = (
    DROPPED
    | INPUT_TAGS
    | RESPONSE_TAGS
    | {"script", "solution", "solutionset", "targetedfeedback", "targetedfeedbackset", "clarification", "text", "math"}
)


@dataclass(frozen=True, slots=True)
class InputPlace:
    """Here stands an input."""

    entry: Input


@dataclass(frozen=True, slots=True)
class SolutionPlace:
    """Here stands a solution, once it may be seen."""

    id: str


@dataclass(frozen=True, slots=True)
class FeedbackPlace:
    """Here stands the explanation of a choice, once that choice was submitted; `always`: once any was."""

    input_id: str
    explanation_id: str | None
    always: bool
    html: str


Piece = str | InputPlace | SolutionPlace | FeedbackPlace
Page = tuple[Piece, ...]


def page_of(root: Element, scope: Scope, inputs: Mapping[str, Input]) -> Page:
    """Walk the tree once; neighbouring fixed pieces are joined, variables replaced in them."""
    writer = _Writer(scope, inputs, _special_ancestors(root))
    return tuple(_joined(writer.content(root), scope.substitute))


def _joined(pieces: Iterator[Piece], substitute: Callable[[str], str]) -> Iterator[Piece]:
    fixed: list[str] = []
    for piece in pieces:
        if isinstance(piece, str):
            fixed.append(piece)
            continue
        if fixed:
            yield substitute("".join(fixed))
            fixed = []
        yield piece
    if fixed:
        yield substitute("".join(fixed))


def _special_ancestors(root: Element) -> set[Element]:
    """Elements that have something inside that is not plain HTML."""
    found: set[Element] = set()
    for element in root.iter(*_SPECIAL):
        parent = element.getparent()
        while parent is not None and parent not in found:
            found.add(parent)
            parent = parent.getparent()
    return found


class _Writer:
    """Turns elements into pieces."""

    def __init__(self, scope: Scope, inputs: Mapping[str, Input], mixed: set[Element]) -> None:
        self.scope = scope
        self.inputs = inputs
        self.mixed = mixed

    def content(self, element: Element) -> Iterator[Piece]:
        """What is inside an element."""
        yield escape(element.text or "", quote=False)
        for child in element:
            yield from self.element(child)
            yield escape(child.tail or "", quote=False)

    def element(self, element: Element) -> Iterator[Piece]:
        """An element without the text after it."""
        tag = element.tag
        if tag in DROPPED or not isinstance(tag, str):
            return
        if tag not in _SPECIAL and element not in self.mixed:
            yield etree.tostring(element, encoding="unicode", method="html", with_tail=False)
        elif tag in INPUT_TAGS:
            yield from self._input(element)
        elif tag in RESPONSE_TAGS:
            yield from self._response(element)
        elif tag in _WRITERS:
            yield from _WRITERS[tag](self, element)
        else:
            yield from self._wrapped(element)

    def _input(self, element: Element) -> Iterator[Piece]:
        entry = self.inputs.get(element.get("id") or "")
        if entry is not None:
            yield InputPlace(entry)

    def _response(self, element: Element) -> Iterator[Piece]:
        several = sum(1 for _ in element.iter(*INPUT_TAGS)) > 1
        role = ' role="group"' if several else ""
        label = element.find("label") if several else None
        if label is not None:
            label.tag = "p"
            label.set("id", f"{element.get('id')}_label")
            label.set("class", "capa-group-label")
            role += f' aria-labelledby="{element.get("id")}_label"'
        inline = " inline" if flag(element, "inline") else ""
        yield f'<div class="wrapper-problem-response{inline}"{role}>'
        yield from self.content(element)
        yield "</div>"

    def _wrapped(self, element: Element) -> Iterator[Piece]:
        tag = _RENAMED.get(str(element.tag), str(element.tag))
        attributes = "" if element.tag in _RENAMED else _attributes(element)
        if tag == "p" and next(element.iter(*_BLOCKS_IN_TEXT), None) is not None:
            tag, attributes = "div", f' class="capa-paragraph"{attributes.replace(" class=", " data-class=")}'
        yield f"<{tag}{attributes}>"
        if tag not in _VOID:
            yield from self.content(element)
            yield f"</{tag}>"

    def _script(self, element: Element) -> Iterator[Piece]:
        """Only scripts for the browser reach the page."""
        if not is_python(element) and "perl" not in (element.get("type") or ""):
            yield etree.tostring(element, encoding="unicode", method="html", with_tail=False)

    def _math(self, element: Element) -> Iterator[Piece]:
        """TeX between the marks that MathJax knows; legacy `$...$` around it is taken off."""
        text = escape(text_of(element), quote=False)
        tex = text.replace(r"\displaystyle", "").replace("$", "")
        marks = (r"\[", r"\]") if r"\displaystyle" in text else (r"\(", r"\)")
        yield f'<span class="math">{marks[0]}{tex}{marks[1]}</span>'

    def _solution(self, element: Element) -> Iterator[Piece]:
        yield SolutionPlace(str(element.get("id")))

    def _targeted_feedback(self, element: Element) -> Iterator[Piece]:
        input_id = element.get(INPUT_MARK)
        if input_id is not None:
            html = self.scope.substitute(inner_html(element))
            yield FeedbackPlace(input_id, element.get("explanation-id"), ALWAYS_MARK in element.attrib, html)

    def _set(self, element: Element) -> Iterator[Piece]:
        for child in element:
            yield from self.element(child)

    def _clarification(self, element: Element) -> Iterator[Piece]:
        """A tip behind a mark; open to keyboard and touch without a script."""
        yield (
            '<details class="capa-clarification"><summary aria-label="Clarification">i</summary>'
            f'<span role="note">{inner_html(element)}</span></details>'
        )


_WRITERS: Final[Mapping[str, Callable[[_Writer, Element], Iterator[Piece]]]] = {
    "script": _Writer._script,
    "math": _Writer._math,
    "solution": _Writer._solution,
    "solutionset": _Writer._set,
    "targetedfeedback": _Writer._targeted_feedback,
    "targetedfeedbackset": _Writer._set,
    "clarification": _Writer._clarification,
}


def _attributes(element: Element) -> str:
    return "".join(
        f' {name!s}="{escape(str(value))}"' for name, value in element.attrib.items() if "}" not in str(name)
    )
