"""A question that is the only one of its part takes in what stands around it: label, text, explanation."""

import re
from typing import Final

from lxml import etree

from lykeion.capa.markdown.mend import mended, tree_of
from lykeion.capa.source import Element

QUESTIONS: Final = (
    "optionresponse", "multiplechoiceresponse", "stringresponse", "numericalresponse", "choiceresponse",
)  # fmt: skip
_INLINE_TAGS: Final = (
    "a abbr b bdi bdo cite code data del dfn em i img ins kbd mark q s samp small span strong sub sup time tt u var"
)
INLINE: Final = frozenset(_INLINE_TAGS.split())
_END_THEN_TAG: Final = re.compile(r"(</[^<>\n]*>)(</?([\w.-]+)[^<>\n]*>)")


def gathered(content: str) -> str:
    """The part with its neighbours inside the question; as it is where there are none, or more than one."""
    content = mended(content)
    tree = tree_of(content)
    questions = [] if tree is None else list(tree.iter(*QUESTIONS))
    if tree is None or len(questions) != 1 or questions[0].getparent() is not tree:
        return content
    _move_in(tree, questions[0])
    return _END_THEN_TAG.sub(_on_own_line, etree.tostring(questions[0], encoding="unicode", with_tail=False))


def _move_in(tree: Element, question: Element) -> None:
    """What stands before goes before the input, what stands behind goes to the end; loose words go along."""
    place, tail = tree.index(question), question.tail
    before, after = list(tree)[:place], list(tree)[place + 1 :]
    if (tree.text or "").strip():
        question.text = f"{tree.text}{question.text or ''}"
    for index, element in enumerate(_elements(before)):
        question.insert(index, element)
    if (tail or "").strip():
        _append_text(question, str(tail))
    for element in _elements(after):
        question.append(element)


def _elements(siblings: list[Element]) -> list[Element]:
    """Without comments; blank text between elements is left behind."""
    elements: list[Element] = []
    for sibling in siblings:
        words = (sibling.tail or "").strip()
        if isinstance(sibling.tag, str):
            sibling.tail = sibling.tail if words else None
            elements.append(sibling)
        elif words and elements:
            elements[-1].tail = f"{elements[-1].tail or ''}{sibling.tail}"
    return elements


def _append_text(question: Element, text: str) -> None:
    if len(question):
        question[-1].tail = f"{question[-1].tail or ''}{text}"
    else:
        question.text = f"{question.text or ''}{text}"


def _on_own_line(match: re.Match[str]) -> str:
    """A tag that follows an end stands on its own line, but inside a sentence, where that would be a space."""
    return match.group() if match.group(3) in INLINE else f"{match.group(1)}\n{match.group(2)}"
