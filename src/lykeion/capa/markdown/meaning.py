"""What two texts of a problem must have in common to be the same problem.

Of the many ways to write a problem, `normal` chooses one: hints on demand stand at the end, a question holds nothing
but its label, its input and its answers, texts around it stand beside it, spellings that grade alike are one spelling.
"""

import copy
import re
from collections.abc import Mapping
from itertools import zip_longest
from typing import Final

from lxml import etree

from lykeion.capa.page import DROPPED
from lykeion.capa.responses.dropdown import words_of
from lykeion.capa.source import INPUT_TAGS, RESPONSE_TAGS, Element, read, take_out

KEEPS_SPACE: Final = frozenset(["pre", "script", "style", "textarea"])
_OF_A_QUESTION: Final = DROPPED | INPUT_TAGS | {"label", "description", "script"}
_SPACE: Final = re.compile(r"[ \t\r\n]+")
_BLOCK_TAGS: Final = (
    "problem p div h1 h2 h3 h4 h5 h6 ul ol li table thead tbody tr td th solution label description hint option choice "
    "pre blockquote section figure br hr"
)
_BLOCKS: Final = RESPONSE_TAGS | INPUT_TAGS | DROPPED | set(_BLOCK_TAGS.split())
_NO_MATTER: Final[Mapping[str, tuple[str, ...]]] = {
    "textline": ("size",),
    "formulaequationinput": ("size",),
    "choicegroup": ("type", "direction"),
    "checkboxgroup": ("direction",),
}
_ONE_HINT: Final = ("choicehint", "optionhint", "correcthint")


def normal(xml: str) -> Element:
    """The problem in the one way that is compared. Raises ProblemError for what is no XML."""
    root = read(xml)
    hints = arranged(root)
    for response in root.iterchildren(*RESPONSE_TAGS):
        _spell(response)
    if hints:
        etree.SubElement(root, "demandhint").extend(hints)
    _spaces(root)
    return root


def arranged(root: Element) -> list[Element]:
    """Put labels into their questions and other texts beside them; the hints on demand are taken out and returned."""
    responses = list(root.iterchildren(*RESPONSE_TAGS))
    for response in responses:  # before anything moves: a label counts only right before its question
        _label_inside(response)
    hints = [copy.deepcopy(hint) for hint in root.iterfind(".//demandhint/hint")]
    etree.strip_elements(root, "demandhint", with_tail=False)
    for response in responses:
        _neighbours_outside(response)
    return hints


def first_difference(root: Element, other: Element) -> Element | None:
    """The first part of a normal problem that another one does not have; the root where its loose words differ."""
    for mine, theirs in zip_longest(root, other):
        if mine is None or theirs is None or not same(mine, theirs):
            return root if mine is None else mine
    return root if (root.text or "").strip() != (other.text or "").strip() else None


def same(one: Element, other: Element) -> bool:
    """Whether two normal elements say the same."""
    return (
        one.tag == other.tag
        and sorted(one.attrib.items()) == sorted(other.attrib.items())
        and (one.text or "") == (other.text or "")
        and (one.tail or "") == (other.tail or "")
        and len(one) == len(other)
        and all(map(same, one, other))
    )


def _label_inside(response: Element) -> None:
    """The label may be an attribute that repeats a paragraph, or stand before the question."""
    entry = next(response.iter(*INPUT_TAGS), None)
    previous = response.getprevious()
    if entry is None or response.find("label") is not None:
        return
    if "label" in entry.attrib:
        text = str(entry.attrib.pop("label"))
        _take_paragraph(response, text)
        label = etree.Element("label")
        label.text = text
        response.insert(0, label)
    elif previous is not None and previous.tag == "label" and not (previous.tail or "").strip():
        response.insert(0, previous)


def _take_paragraph(response: Element, text: str) -> None:
    for paragraph in response.itersiblings("p", preceding=True):
        if (paragraph.text or "").strip() == text.strip() and not len(paragraph):
            take_out(paragraph)
            return


def _neighbours_outside(response: Element) -> None:
    """Texts and explanations inside a question, before and after its input, are moved out of it."""
    entry = next((child for child in response if child.tag in INPUT_TAGS), None)
    parent = response.getparent()
    if entry is None or parent is None:
        return
    place = response.index(entry)
    for child in [child for child in list(response)[:place] if child.tag not in _OF_A_QUESTION]:
        parent.insert(parent.index(response), child)
    after = [child for child in list(response)[response.index(entry) + 1 :] if child.tag not in _OF_A_QUESTION]
    if after:  # words behind the question stay behind what comes out of it
        after[-1].tail, response.tail = f"{after[-1].tail or ''}{response.tail or ''}" or None, None
    for child in reversed(after):
        parent.insert(parent.index(response) + 1, child)


def _spell(response: Element) -> None:
    """One spelling for what grades alike, one order for what has none."""
    for element in response.iter():
        for name in _NO_MATTER.get(str(element.tag), ()):
            element.attrib.pop(name, "")
        if element.tag == "choice" and "correct" in element.attrib:
            element.set("correct", str(element.get("correct")).lower())
        elif element.tag == "optioninput":
            spell_options(element)
    for name in ("shuffle", "fixed"):
        for element in response.iterfind(f".//*[@{name}='false']"):
            del element.attrib[name]
    _tidy(response)


def _tidy(response: Element) -> None:
    for hint in list(response.iter(*_ONE_HINT)):
        if _says_nothing(hint) and hint.getnext() is None and hint.getprevious() is None:
            take_out(hint)
    for label in filter(_says_nothing, response.findall("label")):
        take_out(label)
    if response.tag == "stringresponse":
        response.set("type", " ".join(sorted(response.get("type", "").lower().split())))
        if "answer" in response.attrib:
            response.set("answer", response.get("answer", "").strip())
    for child in sorted(response, key=lambda child: str(child.tag)):
        response.append(child)


def _says_nothing(element: Element) -> bool:
    return not len(element) and not (element.text or "").strip()


def spell_options(entry: Element) -> None:
    """A list of words is written as elements, where that says the same."""
    for option in entry.findall("option"):
        if "correct" in option.attrib:
            option.set("correct", str(option.get("correct", "").upper() == "TRUE"))
        option.text = (option.text or "").strip()
    words, correct = words_of(entry.get("options", "")), entry.get("correct", "")
    if len(entry) or words.count(correct) != 1 or "" in words or any(word != word.strip() for word in words):
        return
    del entry.attrib["options"], entry.attrib["correct"]
    for word in words:
        option = etree.SubElement(entry, "option", correct=str(word == correct))
        option.text = word


def _spaces(root: Element) -> None:
    """One space for many; none at the edges of elements that are blocks by themselves."""
    for element in root.iter():
        kept = any(ancestor.tag in KEEPS_SPACE for ancestor in (element, *element.iterancestors()))
        if not kept and element.tag != "option":  # the words of an option are compared with the answer, each space
            element.text = _SPACE.sub(" ", element.text or "") or None
        if element.tag in KEEPS_SPACE or not kept:
            element.tail = _SPACE.sub(" ", element.tail or "") or None
    _edges(root)
    for element in root:
        element.tail = (element.tail or "").strip() or None


def _edges(root: Element) -> None:
    for element in root.iter():
        if element.tag in _BLOCKS:
            _trim_inside(element)
            _trim_around(element)


def _trim_inside(element: Element) -> None:
    if element.tag in KEEPS_SPACE:
        return
    element.text = (element.text or "").lstrip() or None
    if len(element):
        element[-1].tail = (element[-1].tail or "").rstrip() or None
    else:
        element.text = (element.text or "").rstrip() or None


def _trim_around(element: Element) -> None:
    previous, parent = element.getprevious(), element.getparent()
    if parent is None or parent.tag in KEEPS_SPACE:
        return
    element.tail = (element.tail or "").lstrip() or None
    if previous is not None:
        previous.tail = (previous.tail or "").rstrip() or None
    else:
        parent.text = (parent.text or "").rstrip() or None
