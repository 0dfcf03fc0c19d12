"""From the model of the visual editor to XML, always well-formed."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from html import escape
from typing import Any, Final

from lykeion.capa.authoring.types import (
    Accepted,
    Body,
    Choice,
    Dropdown,
    Feedback,
    MultiSelect,
    Number,
    Question,
    SimpleProblem,
    SingleSelect,
    Text,
)
from lykeion.capa.markdown.mend import mended, printable, tree_of

_STEP: Final = "  "


def to_xml(problem: SimpleProblem) -> str:
    """The problem as XML; see `lykeion.capa.api.write_visual`."""
    lines = [f"<problem{_attributes(dict(problem.attributes))}>"]
    for question in problem.questions:
        lines += _question(question)
    lines += [mended(problem.after)] if problem.after else []
    if problem.hints:
        hints = [f"{_STEP * 2}<hint>{mended(hint)}</hint>" for hint in problem.hints]
        lines += [f"{_STEP}<demandhint>", *hints, f"{_STEP}</demandhint>"]
    return printable("\n".join([*lines, "</problem>"]))


def _attributes(values: Mapping[str, str]) -> str:
    return "".join(
        f' {name}="{escape(value).replace(chr(10), "&#10;").replace(chr(9), "&#9;")}"' for name, value in values.items()
    )


def _given(**values: str) -> dict[str, str]:
    """The attributes that say something."""
    return {name: value for name, value in values.items() if value}


def _question(question: Question) -> Iterator[str]:
    """Texts go into their question where they are elements, as Studio has them; loose words stand before it."""
    tag, attributes, inside = _BODIES[type(question.body)](question.body)
    before = mended(question.before)
    within = before and not _has_loose_words(before)
    if before and not within:
        yield before
    yield f"{_STEP}<{tag}{_attributes(attributes)}>"
    if within:
        yield before
    if question.label:
        yield f"{_STEP * 2}<label>{mended(question.label)}</label>"
    if question.description:
        yield f"{_STEP * 2}<description>{mended(question.description)}</description>"
    yield from (f"{_STEP * 2}{line}" for line in inside)
    yield from _explanation(question)
    yield f"{_STEP}</{tag}>"


def _has_loose_words(html: str) -> bool:
    tree = tree_of(html)
    if tree is None:
        return True
    return bool((tree.text or "").strip()) or any((child.tail or "").strip() for child in tree)


def _explanation(question: Question) -> Iterator[str]:
    text = mended(question.explanation)
    if text and question.explanation_head is None:
        yield f"{_STEP * 2}<solution>{text}</solution>"
    elif text:
        head = f"{_STEP * 4}<p>{escape(question.explanation_head or '', quote=False)}</p>"
        yield f'{_STEP * 2}<solution>\n{_STEP * 3}<div class="detailed-solution">\n{head}'
        yield f"{text}\n{_STEP * 3}</div>\n{_STEP * 2}</solution>"


Parts = tuple[str, dict[str, str], Sequence[str]]


def _hint(tag: str, feedback: Feedback | None, **attributes: str) -> str:
    """The feedback as an element, '' for none."""
    if feedback is None:
        return ""
    label = {} if feedback.label is None else {"label": feedback.label}
    return f"<{tag}{_attributes({**attributes, **label})}>{mended(feedback.html)}</{tag}>"


def _choice(choice: Choice, *hints: str, **attributes: str) -> str:
    said = "".join(f"\n{_STEP * 4}{hint}" for hint in hints if hint)
    correct = "true" if choice.correct else "false"
    return f"{_STEP}<choice{_attributes({'correct': correct, **attributes})}>{mended(choice.html)}{said}</choice>"


def _single(body: SingleSelect) -> Parts:
    shuffle = ' shuffle="true"' if body.shuffle else ""
    choices = [
        _choice(
            choice,
            _hint("choicehint", choice.feedback),
            **_given(fixed="true" if choice.fixed else "", name=choice.name),
        )
        for choice in body.choices
    ]
    group = [f'<choicegroup type="MultipleChoice"{shuffle}>', *choices, "</choicegroup>"]
    return "multiplechoiceresponse", {}, group


def _multi(body: MultiSelect) -> Parts:
    choices = [
        _choice(
            choice,
            _hint("choicehint", choice.feedback, selected="true"),
            _hint("choicehint", choice.unselected, selected="false"),
        )
        for choice in body.choices
    ]
    combinations = [
        _STEP + _hint("compoundhint", combination.feedback, value=" ".join(combination.letters))
        for combination in body.combinations
    ]
    group = ["<checkboxgroup>", *choices, *combinations, "</checkboxgroup>"]
    return "choiceresponse", _given(partial_credit=body.partial_credit), group


def _dropdown(body: Dropdown) -> Parts:
    options = [
        f'{_STEP}<option correct="{option.correct}">{escape(option.text, quote=False)}'
        f"{_hint('optionhint', option.feedback)}</option>"
        for option in body.options
    ]
    return "optionresponse", {}, ["<optioninput>", *options, "</optioninput>"]


def _number(body: Number) -> Parts:
    tag = "formulaequationinput" if body.preview else "textline"
    inside = [_tolerance(body.tolerance), *_more(body.more), _field(tag, body), _hint("correcthint", body.feedback)]
    return "numericalresponse", {"answer": body.answer}, list(filter(None, inside))


def _tolerance(tolerance: str) -> str:
    return f"<responseparam{_attributes({'type': 'tolerance', 'default': tolerance})}/>" if tolerance else ""


def _text(body: Text) -> Parts:
    kinds = " ".join(word for word, said in (("ci", body.ignore_case), ("regexp", body.regexp)) if said)
    wrong = [
        _hint("regexphint" if entry.regexp else "stringequalhint", entry.feedback, answer=entry.answer)
        for entry in body.wrong
    ]
    inside = [_hint("correcthint", body.feedback), *_more(body.more), *wrong, _field("textline", body)]
    return "stringresponse", {"answer": body.answer, **_given(type=kinds)}, list(filter(None, inside))


def _field(tag: str, body: Number | Text) -> str:
    return f"<{tag}{_attributes(_given(size=body.size, trailing_text=body.units))}/>"


def _more(more: Sequence[Accepted]) -> Iterator[str]:
    for other in more:
        yield (
            f"<additional_answer{_attributes({'answer': other.answer})}>"
            f"{_hint('correcthint', other.feedback)}</additional_answer>"
        )


_BODIES: Final[Mapping[type[Body], Callable[[Any], Parts]]] = {
    SingleSelect: _single,
    MultiSelect: _multi,
    Dropdown: _dropdown,
    Number: _number,
    Text: _text,
}
