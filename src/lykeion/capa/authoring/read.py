"""From XML to the model of the visual editor, for the problems that it can hold whole.

What was read is written again and compared (`markdown/meaning.py`): nothing that learners or graders meet is lost.
"""

import copy
from collections.abc import Callable, Iterator, Mapping
from typing import Final

from lxml import etree

from lykeion.capa.authoring.types import (
    Accepted,
    BeyondVisual,
    Body,
    Choice,
    Combination,
    Dropdown,
    Expected,
    Feedback,
    MultiSelect,
    Number,
    Option,
    Question,
    SimpleProblem,
    SingleSelect,
    Text,
)
from lykeion.capa.authoring.write import to_xml
from lykeion.capa.hints import inner_html
from lykeion.capa.markdown.meaning import arranged, first_difference, normal, spell_options
from lykeion.capa.source import INPUT_TAGS, RESPONSE_TAGS, Element, line_of, read, take_out

_ATTRIBUTES: Final[Mapping[str, frozenset[str]]] = {
    tag: frozenset(names.split())
    for tag, names in {
        "multiplechoiceresponse": "",
        "choiceresponse": "partial_credit",
        "optionresponse": "",
        "numericalresponse": "answer",
        "stringresponse": "answer type",
        "choicegroup": "type direction shuffle label",
        "checkboxgroup": "direction label",
        "optioninput": "options correct label",
        "formulaequationinput": "size trailing_text label",
        "textline": "size trailing_text label",
        "choice": "correct fixed name",
        "option": "correct",
        "label": "",
        "description": "",
        "additional_answer": "answer",
        "responseparam": "type default",
        "choicehint": "label selected",
        "optionhint": "label",
        "correcthint": "label",
        "stringequalhint": "answer label",
        "regexphint": "answer label",
        "compoundhint": "value label",
        "hint": "",
        "demandhint": "",
        "solution": "",
    }.items()
}
"""What the model can hold of the elements that mean something to graders."""
_NEVER: Final = ("script", "hintgroup", "targetedfeedbackset", "solutionset", "include")
_FRAME: Final = [("class", "detailed-solution")]


def to_model(xml: str) -> SimpleProblem:
    """The problem as a visual editor shows it; see `lykeion.capa.api.read_visual`."""
    root = read(xml)
    _refuse_comments(xml)
    _check(root)
    hints = arranged(root)
    problem = SimpleProblem(
        *_parts(root),
        hints=tuple(inner_html(hint) for hint in hints),
        attributes=tuple((str(name), str(value)) for name, value in root.attrib.items()),
    )
    lost = first_difference(normal(xml), normal(to_xml(problem)))
    if lost is not None:
        raise BeyondVisual(f"The visual editor has no place for all that is in <{lost.tag}>.", line_of(lost))
    return problem


def _refuse_comments(xml: str) -> None:
    """What only the author sees would be lost as well."""
    if "<!--" not in xml and "<?" not in xml:
        return
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False)
    for element in etree.fromstring(xml.encode("utf-8", "surrogatepass"), parser).iter(etree.Comment, etree.PI):
        raise BeyondVisual("The visual editor would lose the comments of the author.", line_of(element))


def _check(root: Element) -> None:
    """Refuse with the reason that an author understands; what is not looked at here, the comparison finds."""
    if root.tag != "problem":
        raise BeyondVisual(f"A problem begins with <problem>, not with <{root.tag}>.", line_of(root))
    if "targeted-feedback" in root.attrib:
        raise BeyondVisual("The visual editor has no targeted feedback.", line_of(root))
    for element in root.iter():
        tag, parent = str(element.tag), element.getparent()
        if tag in _NEVER:
            raise BeyondVisual(f"The visual editor has no <{tag}>.", line_of(element))
        if tag in RESPONSE_TAGS and tag not in _READERS:
            raise BeyondVisual(f"The visual editor has no <{tag}>.", line_of(element))
        if tag in RESPONSE_TAGS and parent is not root:
            raise BeyondVisual(f"Here <{tag}> stands inside other elements.", line_of(element))
        if tag in INPUT_TAGS and (parent is None or parent.tag not in RESPONSE_TAGS):
            raise BeyondVisual(f"Here <{tag}> does not stand right in its question.", line_of(element))
        _check_attributes(element, tag)


def _check_attributes(element: Element, tag: str) -> None:
    held = _ATTRIBUTES.get(tag)
    for name in map(str, element.attrib) if held is not None else ():
        if name not in held:  # type: ignore[operator]  # it is not None here
            raise BeyondVisual(f"The visual editor has nothing for {name} of <{tag}>.", line_of(element))


def _parts(root: Element) -> tuple[tuple[Question, ...], str]:
    """The questions, each with the texts before it and the solution right behind it, and what stands after them."""
    questions: list[Question] = []
    before = _escaped(root.text)
    answered = False  # whether the last question has its solution already, or text stands behind it
    for element in root:
        if element.tag in RESPONSE_TAGS:
            questions.append(_question(element, before.strip()))
            before, answered = "", False
        elif element.tag == "solution" and questions and not answered and not before.strip():
            head, explanation = _explanation(element)
            questions[-1] = _explained(questions[-1], head, explanation)
            answered = True
        else:
            before += etree.tostring(element, encoding="unicode", with_tail=False)
        before += _escaped(element.tail)
    return tuple(questions), before.strip()


def _escaped(text: str | None) -> str:
    return (text or "").replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def _explained(question: Question, head: str | None, explanation: str) -> Question:
    return Question(question.body, question.label, question.before, question.description, explanation, head)


def _explanation(solution: Element) -> tuple[str | None, str]:
    """The heading and the text of a solution in the usual frame; None and all of it for any other."""
    frame = solution[0] if len(solution) == 1 and not _says(solution.text) and not _says(solution[0].tail) else None
    if (
        frame is None
        or frame.tag != "div"
        or sorted(frame.attrib.items()) != _FRAME
        or not len(frame)
        or _says(frame.text)
    ):
        return None, inner_html(solution)
    head = frame[0]
    if head.tag != "p" or head.attrib or len(head) or not _says(head.text):
        return None, inner_html(solution)
    frame.text = head.tail
    frame.remove(head)
    return (head.text or "").strip(), inner_html(frame)


def _says(text: str | None) -> bool:
    return bool((text or "").strip())


def _question(response: Element, before: str) -> Question:
    label, description = response.find("label"), response.find("description")
    return Question(
        body=_READERS[str(response.tag)](response),
        before=before,
        label="" if label is None else inner_html(label),
        description="" if description is None else inner_html(description),
    )


def _only(response: Element, *tags: str) -> Element:
    found = [child for child in response if child.tag in tags]
    if len(found) != 1:
        shown = " or ".join(f"<{tag}>" for tag in tags)
        cause = f"<{response.tag}> has one {shown} in the visual editor, here it has {len(found)}."
        raise BeyondVisual(cause, line_of(response))
    return found[0]


def _feedback(parent: Element, tag: str, **attributes: str) -> Feedback | None:
    """The first feedback of this tag that has these attributes."""
    for hint in parent.findall(tag):
        if all(hint.get(name) == value for name, value in attributes.items()):
            return _said(hint)
    return None


def _said(hint: Element) -> Feedback:
    return Feedback(inner_html(hint), hint.get("label"))


def _words(choice: Element) -> str:
    """What is in a choice, without its hints."""
    bare = copy.deepcopy(choice)
    for hint in bare.findall("choicehint"):
        take_out(hint)
    return inner_html(bare)


def _is_true(element: Element) -> bool:
    return element.get("correct", "").lower() == "true"


def _single(response: Element) -> SingleSelect:
    group = _only(response, "choicegroup")
    choices = (
        Choice(
            html=_words(choice),
            correct=_is_true(choice),
            feedback=_feedback(choice, "choicehint"),
            fixed=choice.get("fixed") == "true",
            name=choice.get("name", ""),
        )
        for choice in group.findall("choice")
    )
    return SingleSelect(tuple(choices), shuffle=group.get("shuffle") == "true")


def _multi(response: Element) -> MultiSelect:
    group = _only(response, "checkboxgroup")
    choices = (
        Choice(
            html=_words(choice),
            correct=_is_true(choice),
            feedback=_feedback(choice, "choicehint", selected="true"),
            unselected=_feedback(choice, "choicehint", selected="false"),
        )
        for choice in group.findall("choice")
    )
    combinations = (
        Combination(tuple(hint.get("value", "").split()), _said(hint)) for hint in group.findall("compoundhint")
    )
    credit = response.get("partial_credit", "")
    if credit not in ("", "EDC", "halves"):
        raise BeyondVisual(f"The visual editor does not know the partial credit {credit!r}.", line_of(response))
    return MultiSelect(tuple(choices), tuple(combinations), credit)  # type: ignore[arg-type]  # one of the three


def _dropdown(response: Element) -> Dropdown:
    entry = _only(response, "optioninput")
    if not entry.findall("option"):
        return Dropdown(tuple(_listed(entry)))
    options = (
        Option((option.text or "").strip(), _is_true(option), _feedback(option, "optionhint"))
        for option in entry.findall("option")
    )
    return Dropdown(tuple(options))


def _listed(entry: Element) -> Iterator[Option]:
    """Options in the short way; where it cannot be written as elements, the comparison finds out."""
    held = copy.deepcopy(entry)
    spell_options(held)
    for option in held.findall("option"):
        yield Option(option.text or "", _is_true(option))


def _number(response: Element) -> Number:
    entry = _only(response, "formulaequationinput", "textline")
    tolerance = response.find("responseparam")
    return Number(
        answer=response.get("answer", ""),
        tolerance="" if tolerance is None else tolerance.get("default", ""),
        feedback=_feedback(response, "correcthint"),
        more=_more(response),
        preview=entry.tag == "formulaequationinput",
        units=entry.get("trailing_text", ""),
        size=entry.get("size", ""),
    )


def _text(response: Element) -> Text:
    entry = _only(response, "textline")
    kinds = response.get("type", "").lower().split()
    wrong = (
        Expected(hint.get("answer", ""), _said(hint), regexp=hint.tag == "regexphint")
        for tag in ("stringequalhint", "regexphint")
        for hint in response.findall(tag)
    )
    return Text(
        answer=response.get("answer", ""),
        ignore_case="ci" in kinds,
        regexp="regexp" in kinds,
        feedback=_feedback(response, "correcthint"),
        more=_more(response),
        wrong=tuple(wrong),
        units=entry.get("trailing_text", ""),
        size=entry.get("size", ""),
    )


def _more(response: Element) -> tuple[Accepted, ...]:
    return tuple(
        Accepted(other.get("answer", ""), _feedback(other, "correcthint"))
        for other in response.findall("additional_answer")
    )


_READERS: Final[Mapping[str, Callable[[Element], Body]]] = {
    "multiplechoiceresponse": _single,
    "choiceresponse": _multi,
    "optionresponse": _dropdown,
    "numericalresponse": _number,
    "stringresponse": _text,
}
