"""One question of a normal problem in the simple syntax."""

import copy
from collections.abc import Callable, Iterator, Mapping
from typing import Final

from lykeion.capa.markdown.answers import is_numerical
from lykeion.capa.markdown.sayable import attribute_text, guarded_lines, inside
from lykeion.capa.source import Element, line_of, take_out
from lykeion.capa.types import NoMarkdown


def question(response: Element) -> str:
    """The lines of a question. Raises NoMarkdown for what there are no words for."""
    write = _WORDINGS.get(str(response.tag))
    if write is None:
        raise NoMarkdown(f"Markdown has no <{response.tag}>.", line_of(response))
    return "\n".join([*_label(response), *write(response)])


def _label(response: Element) -> Iterator[str]:
    label, description = response.find("label"), response.find("description")
    if label is None and description is not None:
        raise NoMarkdown("In Markdown a <description> belongs to a <label>.", line_of(description))
    if label is not None:
        described = f"||{inside(description)}" if description is not None else ""
        yield f">>{inside(label)}{described}<<\n"


def _only(response: Element, tag: str) -> Element:
    found = response.findall(tag)
    if len(found) != 1:
        raise NoMarkdown(f"In Markdown <{response.tag}> has one <{tag}>, here it has {len(found)}.", line_of(response))
    return found[0]


def _hint(parent: Element, tag: str) -> str:
    """The feedback of this tag, if there is any."""
    hint = parent.find(tag)
    return "" if hint is None else _feedback(hint)


def _feedback(hint: Element) -> str:
    """` {{label:: text}}`."""
    label, text = hint.get("label"), inside(hint, "{}")
    said = text.replace("::", ":&#58;") if label is None else f"{attribute_text(label, ':{}')}:: {text}"
    return f" {{{{{said}}}}}"


def _words(element: Element, hint: str) -> str:
    """What is in an element, without its hints."""
    bare = copy.deepcopy(element)
    for found in bare.findall(hint):
        take_out(found)
    return inside(bare)


def _multiple_choice(response: Element) -> Iterator[str]:
    group = _only(response, "choicegroup")
    shuffle = "!" if group.get("shuffle") == "true" else ""
    for choice in group:
        mark = shuffle + ("x" if choice.get("correct") == "true" else "") + ("@" if choice.get("fixed") else "")
        yield f"({mark or ' '}) {_words(choice, 'choicehint')}{_hint(choice, 'choicehint')}"
        shuffle = ""  # one mark shuffles all


def _checkboxes(response: Element) -> Iterator[str]:
    group = _only(response, "checkboxgroup")
    for choice in group.findall("choice"):
        mark = "x" if choice.get("correct") == "true" else " "
        yield f"[{mark}] {_words(choice, 'choicehint')}{_said(choice)}"
    for hint in group.findall("compoundhint"):
        yield f"{{{{ (({attribute_text(hint.get('value', ''), '(){}')})) {inside(hint, '{}')} }}}}"


def _said(choice: Element) -> str:
    """` {{ selected: ... }, { unselected: ... }}`."""
    said = []
    for hint in choice.findall("choicehint"):
        word = {"true": "selected", "false": "unselected"}.get(hint.get("selected", ""))
        if word is None or "label" in hint.attrib:
            raise NoMarkdown("In Markdown the feedback of a checkbox is for selected or unselected.", line_of(hint))
        said.append(f" {word}: {inside(hint, '{}').replace('::', ':&#58;')} ")
    return f" {{{{{'}, {'.join(said)}}}}}" if said else ""


def _dropdown(response: Element) -> Iterator[str]:
    entry = _only(response, "optioninput")
    options = entry.findall("option")
    if not options:
        raise NoMarkdown("The right one of these options is not among them.", line_of(entry))
    one_line = [_in_brackets(option, attribute_text(option.text or "")) for option in options]
    if all(len(option) == 0 and not set(option.text or "") & set(",'()\\\"") for option in options):
        yield f"[[{', '.join(one_line)}]]"
        return
    yield "[["
    for option in options:
        word = _in_brackets(option, guarded_lines(attribute_text(option.text or "")))
        yield f"{word}{_hint(option, 'optionhint')}"
    yield "]]"


def _in_brackets(option: Element, word: str) -> str:
    return f"({word})" if option.get("correct") == "True" else word


def _number(response: Element) -> Iterator[str]:
    _only(response, "formulaequationinput")
    answer = response.get("answer", "")
    if not is_numerical(answer):
        cause = f"In Markdown the answer {answer!r} would be text: it does not begin as a number."
        raise NoMarkdown(cause, line_of(response))
    tolerance = response.find("responseparam")
    margin = "" if tolerance is None else f" +- {attribute_text(tolerance.get('default', ''))}"
    yield f"= {attribute_text(answer)}{margin}{_hint(response, 'correcthint')}"
    yield from _more(response, "additional_answer", "or", "correcthint")


def _text(response: Element) -> Iterator[str]:
    _only(response, "textline")
    kinds, answer = response.get("type", "").split(), attribute_text(response.get("answer", ""))
    if "ci" not in kinds:
        raise NoMarkdown('In Markdown text is compared without regard to case (type="ci").', line_of(response))
    mark = "|" if "regexp" in kinds else ""
    if not mark and answer.startswith("|"):
        answer = f"&#124;{answer[1:]}"
    yield f"s= {mark}{answer}{_hint(response, 'correcthint')}"
    yield from _more(response, "additional_answer", "or", "correcthint")
    for other in response.findall("stringequalhint"):
        yield f"not= {attribute_text(other.get('answer', ''))}{_feedback(other)}"


def _more(response: Element, tag: str, word: str, hint: str) -> Iterator[str]:
    for other in response.findall(tag):
        yield f"{word}= {attribute_text(other.get('answer', ''))}{_hint(other, hint)}"


_WORDINGS: Final[Mapping[str, Callable[[Element], Iterator[str]]]] = {
    "multiplechoiceresponse": _multiple_choice,
    "choiceresponse": _checkboxes,
    "optionresponse": _dropdown,
    "numericalresponse": _number,
    "stringresponse": _text,
}
