"""What learners answered, for reports to the course team.

Source: ``generate_report_data`` of Open edX's ``capa_block.py``: one row for each answer, with these names of columns.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from lykeion.blocks.builtin.problem.events import plain
from lykeion.capa import rules
from lykeion.capa.problem import Problem

if TYPE_CHECKING:
    from lykeion.blocks.builtin.problem.block import ProblemBlock


REPEATING: Final = frozenset(
    f"{kind}response" for kind in ("choice", "option", "multiplechoice", "numerical", "string", "formula")
)
"""Kinds of questions whose answers are worth counting (analytics.md §1.3)."""


class Given(NamedTuple):
    """One answer to one question: the name of a choice (``value_id``) and what it says, of which variant, and whether
    it was right (None: not known)."""

    part_id: str
    value_id: str
    answer_value: str
    variant: str
    question: str
    correct: bool | None
    is_last: bool


def rows_of(block: ProblemBlock, state: Mapping[str, Any]) -> Iterator[dict[str, str]]:
    """A row for each answer that a learner's ``state`` holds. Raises CapaError for a variant that cannot be made."""
    answers = state.get("student_answers")
    if not isinstance(answers, Mapping) or not answers:
        return
    problem = block.variant(state.get("seed"))
    for entry in problem.inputs:
        if entry.id in answers:
            row = {
                "Answer ID": entry.id,
                "Question": plain(entry.facts().question),
                "Answer": _words(entry.value_text(answers[entry.id])),
            }
            right = _right(problem, entry)
            yield {**row, "Correct Answer": right} if right else row


def given_of(block: ProblemBlock, state: Mapping[str, Any]) -> Iterator[Given]:
    """What a learner's ``state`` says they answered at first and at last to each question of the kinds whose answers
    repeat. Raises CapaError for a variant that cannot be made."""
    answers, verdicts = list(state.get("student_answers_history") or ()), list(state.get("correct_map_history") or ())
    if not answers and state.get("done"):
        answers, verdicts = [state.get("student_answers") or {}], []
    if not answers:
        return
    problem, varies = block.variant(state.get("seed")), rules.rerandomize_of(block.rerandomize) != "never"
    variant = str(state.get("seed") or "") if varies else ""
    now_right = state.get("correct_map") or {}
    ends = ((answers[0], verdicts[0] if verdicts else now_right, False), (answers[-1], now_right, True))
    for entry in problem.inputs:
        facts = entry.facts()
        if facts.response_type not in REPEATING:
            continue
        for given, verdict, is_last in ends:
            if entry.id in given:
                value_id, value = _named(given[entry.id], entry.value_text(given[entry.id]))
                right = _is_right(verdict.get(entry.id))
                yield Given(entry.id, value_id, value, variant, plain(facts.question), right, is_last)


def _named(stored: Any, words: Any) -> tuple[str, str]:
    """The name of a choice ('' where the answer is its own name), and its words; several as ``[a|b]``."""
    name, value = _listed(stored), _listed(words)
    return ("" if name == value else name), value


def _listed(value: Any) -> str:
    if isinstance(value, list):
        return f"[{'|'.join(_listed(one) for one in value)}]"
    return _words(value).strip()


def _is_right(verdict: Any) -> bool | None:
    correctness = verdict.get("correctness") if isinstance(verdict, Mapping) else None
    return None if correctness is None else correctness == "correct"


def _right(problem: Problem, entry: Any) -> str:
    expected = problem.expected.get(entry.id)
    return "" if expected is None else _words(entry.value_text(expected))


def _words(value: Any) -> str:
    if isinstance(value, list):
        return ", ".join(_words(item) for item in value)
    if isinstance(value, Mapping):
        return ", ".join(f"{key}: {_words(item)}" for key, item in value.items())
    return "" if value is None else plain(str(value))
