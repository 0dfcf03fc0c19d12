"""What learners answered, for reports to the course team.

Source: ``generate_report_data`` of Open edX's ``capa_block.py``: one row for each answer, with these names of columns.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

from lykeion.blocks.builtin.problem.events import plain
from lykeion.capa.problem import Problem

if TYPE_CHECKING:
    from lykeion.blocks.builtin.problem.block import ProblemBlock


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


def _right(problem: Problem, entry: Any) -> str:
    expected = problem.expected.get(entry.id)
    return "" if expected is None else _words(entry.value_text(expected))


def _words(value: Any) -> str:
    if isinstance(value, list):
        return ", ".join(_words(item) for item in value)
    if isinstance(value, Mapping):
        return ", ".join(f"{key}: {_words(item)}" for key, item in value.items())
    return "" if value is None else plain(str(value))
