"""Whether two texts of a problem are the same to learners."""

from __future__ import annotations

import re
from typing import Any

from lykeion.capa.api import Problem, parse
from lykeion.capa.types import CapaError, ProblemError, ScriptsUnavailable, View


def meaning(xml: str) -> Any:
    """All that learners meet: questions, right answers, hints, the page, and what answers are worth and told."""
    try:
        problem = parse(xml, problem_id="p", seed=1)
    except (ProblemError, ScriptsUnavailable) as error:
        return re.sub("line [0-9]+", "", str(error))
    return (
        [(response.tag, [_facts(entry) for entry in response.inputs]) for response in problem.responses],
        problem.expected,
        [_spaces(hint) for hint in problem.demand_hints],
        _words(problem.render(View(show_answers=True))),
        [_graded(problem, answer) for answer in ("choice_0", ["choice_0", "choice_1"], "a", "5", "word", "b")],
    )


def _facts(entry: Any) -> Any:
    facts = entry.facts()
    return (
        facts.input_type,
        facts.max_points,
        _spaces(facts.question),
        [tuple(map(_spaces, one)) for one in facts.choices],
    )


def _graded(problem: Problem, answer: Any) -> Any:
    try:
        grading = problem.grade({entry.id: answer for entry in problem.inputs})
    except CapaError as error:
        return str(error)
    return [
        (key, result.correctness, result.npoints, _spaces(result.msg)) for key, result in grading.correct_map.items()
    ]


def _words(html: str) -> str:
    return "".join(re.sub("<[^>]*>", "", html).split())


def _spaces(text: str) -> str:
    return " ".join(text.split())
