"""A simple problem as the fields of a form, and back.

Names are paths: `q-0-choices-2-html` is the text of one choice of one question. Rows are in the order in which they
come; their numbers only tell them apart. Texts are as people type them (`texts.py`).
"""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, Final, TypeVar, cast

from lykeion.capa.authoring.texts import html_of, paragraphs_of, text_of, text_of_paragraphs
from lykeion.capa.authoring.types import (
    Accepted,
    Body,
    Choice,
    Combination,
    Dropdown,
    Expected,
    Feedback,
    Kind,
    MultiSelect,
    Number,
    Option,
    PartialCredit,
    Question,
    SimpleProblem,
    SingleSelect,
    Text,
)
from lykeion.capa.markdown.mend import printable

Row = dict[str, Any]
_NAME: Final = re.compile(r"(?:q|hints|attributes|after|before_was|after_was)(?:-[A-Za-z0-9_]+){0,4}")
MOST_ROWS: Final = 500
NEW: Final = "__n__"
T = TypeVar("T")


# To be shown


def fields_of(problem: SimpleProblem) -> Row:
    """The problem as nested rows of texts for a template.

    Each row has its `key` and in `p` what the names of its fields begin with; `blank` has an empty row of each kind,
    whose key is NEW, and which has no such rows itself.
    """
    return {
        "questions": [question_row(question, key) for key, question in enumerate(problem.questions)],
        "hints": _listed("hints", problem.hints, _hint_row),
        "attributes": _listed("attributes", problem.attributes, lambda pair: {"name": pair[0], "value": pair[1]}),
        "blank": {"hint": _row("hints", NEW, _hint_row(""))},
        **_passage("after", problem.after),
    }


def question_row(question: Question, key: int | str) -> Row:
    """One question as a row."""
    path = f"q-{key}-"
    return {
        "key": key,
        "p": path,
        "kind": question.kind,
        "label": text_of(question.label),
        "description": text_of(question.description),
        "head": question.explanation_head,
        "framed": question.explanation_head is not None,
        **_passage("before", question.before),
        **_passage("explanation", question.explanation),
        **_body_row(question.body, path),
    }


def _row(name: str, key: int | str, values: Row) -> Row:
    return {"key": key, "p": f"{name}-{key}-", **values}


def _listed(name: str, values: Sequence[T], row_of: Callable[[T], Row]) -> list[Row]:
    return [_row(name, key, row_of(value)) for key, value in enumerate(values)]


def _passage(name: str, html: str) -> Row:
    """A text of many lines; `NAME_was` is the XML where it would not come back by itself."""
    shown = text_of_paragraphs(html)
    return {name: shown, f"{name}_was": "" if paragraphs_of(shown) == html else html}


def _said(feedback: Feedback | None, prefix: str = "") -> Row:
    label = None if feedback is None else feedback.label
    return {
        f"{prefix}said": "" if feedback is None else text_of(feedback.html),
        f"{prefix}word": label or "",
        f"{prefix}wordless": label == "",
    }


def _hint_row(hint: str) -> Row:
    return {"html": text_of(hint)}


def _body_row(body: Body, path: str) -> Row:
    if isinstance(body, SingleSelect | MultiSelect):
        return _choices_row(body, path)
    if isinstance(body, Dropdown):
        blank = {"option": _row(f"{path}options", NEW, _option_row(Option("")))}
        return {"options": _listed(f"{path}options", body.options, _option_row), "blank": blank}
    common = {
        "answer": body.answer,
        "more": _listed(f"{path}more", body.more, _accepted_row),
        "units": body.units,
        "size": body.size,
        "blank": {"more": _row(f"{path}more", NEW, _accepted_row(Accepted("")))},
        **_said(body.feedback),
    }
    if isinstance(body, Number):
        return {**common, "tolerance": body.tolerance, "preview": body.preview}
    common["blank"]["wrong"] = _row(f"{path}wrong", NEW, _expected_row(Expected("", Feedback(""))))
    wrong = _listed(f"{path}wrong", body.wrong, _expected_row)
    return {**common, "ignore_case": body.ignore_case, "regexp": body.regexp, "wrong": wrong}


def _choices_row(body: SingleSelect | MultiSelect, path: str) -> Row:
    choices = _listed(f"{path}choices", body.choices, _choice_row)
    blank = {"choice": _row(f"{path}choices", NEW, _choice_row(Choice("")))}
    if isinstance(body, SingleSelect):
        return {"choices": choices, "shuffle": body.shuffle, "blank": blank}
    blank["group"] = _row(f"{path}groups", NEW, _group_row(Combination((), Feedback(""))))
    groups = _listed(f"{path}groups", body.combinations, _group_row)
    return {"choices": choices, "groups": groups, "credit": body.partial_credit, "blank": blank}


def _choice_row(choice: Choice) -> Row:
    return {
        "html": text_of(choice.html),
        "correct": choice.correct,
        "fixed": choice.fixed,
        "name": choice.name,
        **_said(choice.feedback),
        **_said(choice.unselected, "un"),
    }


def _group_row(group: Combination) -> Row:
    return {"letters": " ".join(group.letters), **_said(group.feedback)}


def _option_row(option: Option) -> Row:
    return {"text": option.text, "correct": option.correct, **_said(option.feedback)}


def _accepted_row(other: Accepted) -> Row:
    return {"answer": other.answer, **_said(other.feedback)}


def _expected_row(other: Expected) -> Row:
    return {"answer": other.answer, "regexp": other.regexp, **_said(other.feedback)}


# As they were sent


def problem_of(fields: Iterable[tuple[str, str]]) -> SimpleProblem:
    """The problem that a form says. Fields of other names are passed over; a question without a kind is none.

    Raises ValueError for more than MOST_ROWS rows of one kind.
    """
    tree = _tree(fields)
    return SimpleProblem(
        questions=tuple(_question(row) for row in _rows(tree, "q") if row.get("kind") in _BODIES),
        after=_passage_of(tree, "after"),
        hints=tuple(html for row in _rows(tree, "hints") if (html := html_of(_text(row, "html")))),
        attributes=tuple((_text(row, "name"), str(row.get("value", ""))) for row in _rows(tree, "attributes")),
    )


def _tree(fields: Iterable[tuple[str, str]]) -> Row:
    tree: Row = {}
    for name, value in fields:
        if not _NAME.fullmatch(name):
            continue
        *above, last = name.split("-")
        row = tree
        for step in above:
            row = row.setdefault(step, {})
            if not isinstance(row, dict):
                raise ValueError(f"the field {name} stands below one that is a text")
        row[last] = printable(value)
    return tree


def _rows(tree: Mapping[str, Any], name: str) -> list[Row]:
    """The rows of a list; those that are no rows are passed over."""
    found = tree.get(name)
    rows = [row for row in found.values() if isinstance(row, dict)] if isinstance(found, dict) else []
    if len(rows) > MOST_ROWS:
        raise ValueError(f"more than {MOST_ROWS} rows of {name}")
    return rows


def _text(row: Mapping[str, Any], name: str) -> str:
    value = row.get(name, "")
    return value.strip() if isinstance(value, str) else ""


def _is_on(row: Mapping[str, Any], name: str) -> bool:
    return bool(_text(row, name))


def _passage_of(row: Mapping[str, Any], name: str) -> str:
    """The XML as it was, if the author left its text alone."""
    was, text = _text(row, f"{name}_was"), _text(row, name)
    if was and text == text_of_paragraphs(was).strip():
        return was
    return paragraphs_of(text)


def _feedback(row: Mapping[str, Any], prefix: str = "") -> Feedback | None:
    html, word = html_of(_text(row, f"{prefix}said")), _text(row, f"{prefix}word")
    if not html and not word:
        return None
    return Feedback(html, word or ("" if _is_on(row, f"{prefix}wordless") else None))


def _question(row: Mapping[str, Any]) -> Question:
    kind = cast(Kind, row["kind"])
    return Question(
        body=_BODIES[kind](row),
        label=html_of(_text(row, "label")),
        description=html_of(_text(row, "description")),
        before=_passage_of(row, "before"),
        explanation=_passage_of(row, "explanation"),
        explanation_head=_text(row, "head") if _is_on(row, "framed") else None,
    )


def _choices(row: Mapping[str, Any]) -> tuple[Choice, ...]:
    return tuple(
        Choice(
            html=html_of(_text(choice, "html")),
            correct=_is_on(choice, "correct"),
            feedback=_feedback(choice),
            unselected=_feedback(choice, "un"),
            fixed=_is_on(choice, "fixed"),
            name=_text(choice, "name"),
        )
        for choice in _rows(row, "choices")
    )


def _single(row: Mapping[str, Any]) -> SingleSelect:
    return SingleSelect(_choices(row), shuffle=_is_on(row, "shuffle"))


def _multi(row: Mapping[str, Any]) -> MultiSelect:
    combinations = (
        Combination(tuple(_text(group, "letters").upper().replace(",", " ").split()), feedback)
        for group in _rows(row, "groups")
        if (feedback := _feedback(group)) is not None
    )
    credit = _text(row, "credit")
    partial = cast(PartialCredit, credit if credit in ("EDC", "halves") else "")
    return MultiSelect(_choices(row), tuple(combinations), partial)


def _dropdown(row: Mapping[str, Any]) -> Dropdown:
    """The right one is named once for all (`right`), so that there is only one."""
    found = row.get("options")
    options = found.items() if isinstance(found, dict) else ()
    right = _text(row, "right")
    return Dropdown(
        tuple(
            Option(_text(option, "text"), key == right, _feedback(option))
            for key, option in options
            if isinstance(option, dict)
        )
    )


def _more(row: Mapping[str, Any]) -> tuple[Accepted, ...]:
    return tuple(
        Accepted(answer, _feedback(other)) for other in _rows(row, "more") if (answer := _text(other, "answer"))
    )


def _number(row: Mapping[str, Any]) -> Number:
    return Number(
        answer=_text(row, "answer"),
        tolerance=_text(row, "tolerance"),
        feedback=_feedback(row),
        more=_more(row),
        preview=_is_on(row, "preview"),
        units=_text(row, "units"),
        size=_text(row, "size"),
    )


def _text_body(row: Mapping[str, Any]) -> Text:
    wrong = (
        Expected(answer, _feedback(other) or Feedback(""), _is_on(other, "regexp"))
        for other in _rows(row, "wrong")
        if (answer := _text(other, "answer"))
    )
    return Text(
        answer=_text(row, "answer"),
        ignore_case=_is_on(row, "ignore_case"),
        regexp=_is_on(row, "regexp"),
        feedback=_feedback(row),
        more=_more(row),
        wrong=tuple(wrong),
        units=_text(row, "units"),
        size=_text(row, "size"),
    )


_BODIES: Final[Mapping[str, Any]] = {
    "single": _single,
    "multi": _multi,
    "dropdown": _dropdown,
    "number": _number,
    "text": _text_body,
}
