"""From XML to the simple problem syntax, for the problems that it has words for.

What comes out is read back and compared (`meaning`), so that no problem changes on its way.
"""

from collections.abc import Iterator, Mapping
from typing import Final

from lykeion.capa.markdown.convert import to_xml
from lykeion.capa.markdown.meaning import first_difference, normal
from lykeion.capa.markdown.sayable import guarded, guarded_lines, inside, line_of_xml, lines_of_code, paragraph
from lykeion.capa.markdown.wording import question
from lykeion.capa.source import INPUT_TAGS, RESPONSE_TAGS, Element, line_of
from lykeion.capa.types import NoMarkdown

_ATTRIBUTES: Final[Mapping[str, frozenset[str]]] = {
    tag: frozenset(names.split())
    for tag, names in {
        "multiplechoiceresponse": "",
        "choiceresponse": "",
        "optionresponse": "",
        "numericalresponse": "answer",
        "stringresponse": "answer type",
        "choicegroup": "shuffle",
        "checkboxgroup": "",
        "optioninput": "options correct",
        "formulaequationinput": "",
        "textline": "",
        "choice": "correct fixed",
        "option": "correct",
        "label": "",
        "description": "",
        "additional_answer": "answer",
        "responseparam": "type default",
    }.items()
}
"""What Markdown can say of the elements of a question."""
_FRAME: Final = {"class": "detailed-solution"}
_HEAD: Final = {"class": "hd hd-2 problem-header"}


def to_markdown(xml: str) -> str:
    """The problem in the simple syntax; see `lykeion.capa.api.xml_to_markdown`."""
    root = normal(xml)
    _check(root)
    markdown = "\n\n---\n\n".join("\n\n".join(part) for part in _parts(root)) + "\n"
    _compare(root, normal(to_xml(markdown)))
    return markdown


def _check(root: Element) -> None:
    """Refuse what would be lost without a trace, with the reason an author understands."""
    if root.tag != "problem":
        raise NoMarkdown(f"A problem begins with <problem>, not with <{root.tag}>.", line_of(root))
    if "targeted-feedback" in root.attrib:
        raise NoMarkdown("Markdown has no targeted feedback.", line_of(root))
    for element in root.iter():
        if element.tag == "script":
            raise NoMarkdown("Markdown has no scripts.", line_of(element))
        _check_attributes(element)
        if element.tag in RESPONSE_TAGS and element.getparent() is not root:
            raise NoMarkdown(f"In Markdown <{element.tag}> does not stand inside other elements.", line_of(element))
        parent = element.getparent()
        if element.tag in INPUT_TAGS and parent is not None and parent.tag not in RESPONSE_TAGS:
            raise NoMarkdown(f"In Markdown <{element.tag}> stands right in its question.", line_of(element))


def _check_attributes(element: Element) -> None:
    sayable = _ATTRIBUTES.get(str(element.tag))
    if sayable is None:
        return
    for name in map(str, element.attrib):
        if name not in sayable:
            raise NoMarkdown(f"Markdown has nothing for {name} of <{element.tag}>.", line_of(element))


def _parts(root: Element) -> Iterator[list[str]]:
    """The questions, each with the texts before it and the explanations after it."""
    part: list[str] = []
    asked, left = False, sum(element.tag in RESPONSE_TAGS for element in root)
    for element in root:
        if asked and left and element.tag != "solution":
            yield part
            part, asked = [], False
        part.append(_written(element))
        if element.tag in RESPONSE_TAGS:
            asked, left = True, left - 1
    yield part


def _written(element: Element) -> str:
    if element.tag in RESPONSE_TAGS:
        return question(element)
    if element.tag == "p":
        return paragraph(element)
    if element.tag == "h3" and _attributes(element) == _HEAD:
        return _head(element)
    if element.tag == "demandhint":
        return "\n".join(f"|| {inside(hint)} ||" for hint in element)
    if element.tag == "pre" and _is_code(element):
        return f"[code]\n{lines_of_code(element[0].text or '')}[code]"
    if element.tag == "solution" and _is_explanation(element):
        texts = [guarded(_written(part), "]") for part in list(element[0])[1:]]
        return "\n\n".join(["[explanation]", *texts, "[explanation]"])
    return line_of_xml(element)


def _attributes(element: Element) -> dict[str, str]:
    return {str(name): str(value) for name, value in element.attrib.items()}


def _head(element: Element) -> str:
    text = inside(element)
    return f"{text}\n===" if text and guarded_lines(text) == text else line_of_xml(element)


def _is_code(element: Element) -> bool:
    return not element.attrib and [child.tag for child in element] == ["code"] and not len(element[0])


def _is_explanation(solution: Element) -> bool:
    """Whether a solution has the frame that Markdown gives it."""
    if [child.tag for child in solution] != ["div"] or _attributes(solution[0]) != _FRAME:
        return False
    first = next(iter(solution[0]), None)
    return first is not None and first.tag == "p" and first.text == "Explanation" and not len(first)


def _compare(root: Element, back: Element) -> None:
    lost = first_difference(root, back)
    if lost is root and (root.text or "").strip():
        raise NoMarkdown("In Markdown text stands in paragraphs.", line_of(root))
    if lost is not None:
        raise NoMarkdown(f"Markdown has no words for all that is in <{lost.tag}>.", line_of(lost))
