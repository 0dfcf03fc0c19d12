"""`lykeion capa grade`: many problems in, many verdicts out, one JSON object a line.

The format is that of Open edX's engine as driven by the project's reference tools: ids are without the problem's own
(`2_1`, `solution_1`), each submission is graded afresh unless the case is `sequential`.
"""

import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import UTC, datetime
from typing import Any, Final

from lykeion.capa.api import parse
from lykeion.capa.inputs.base import Input
from lykeion.capa.problem import Problem
from lykeion.capa.types import AnswerError, CapaError, Grading, InputResult, ScriptRunner, gettext_noop, untranslated

PROBLEM_ID: Final = "p"


class _BulkGraders:
    """Graders in bulk: orders are made and go nowhere, and nobody is asked over the network."""

    student_id = "student"
    default_queue = "ORG-COURSE"
    at = datetime(2026, 1, 1, tzinfo=UTC)

    def new_key(self) -> str:
        """No secret: nothing waits for a reply."""
        return "0" * 32

    def check(self, url: str) -> None:
        """Nothing is allowed, and nothing asked."""

    def ask(self, url: str, fields: Mapping[str, str]) -> str:
        """Raises AnswerError."""
        raise AnswerError(gettext_noop("Graders elsewhere are not asked when problems are graded in bulk."))


BULK_GRADERS: Final = _BulkGraders()


Runners = Callable[[str | None], ScriptRunner]
"""Makes a runner of authors' Python that has the modules of a `python_lib.zip` (a path, or None)."""


def grade_lines(lines: Iterable[str], *, first: int = 1, runner: Runners | None = None) -> Iterator[str]:
    """A line of results for each line that holds a case; `first` is the number of the first line, for messages.

    A case that cannot be read gives a line with its error.
    """
    for number, line in enumerate(lines, start=first):
        if line.strip():
            yield json.dumps(_graded(line, number, runner), ensure_ascii=False)


def _graded(line: str, number: int, runner: Runners | None) -> dict[str, Any]:
    try:
        case = _case(line)
        chosen = None if runner is None else runner(case.get("python_lib"))
    except (ValueError, OSError) as error:
        return {"id": None, "error": _error(CapaError(f"line {number}: {error}"), "read")}
    return grade_case(case, runner=chosen)


def _case(line: str) -> Mapping[str, Any]:
    case = json.loads(line)  # what it raises is a ValueError that says where
    if not isinstance(case, dict) or not isinstance(case.get("xml"), str):
        raise ValueError('a case is an object with the problem as text in "xml"')
    submissions = case.get("submissions", [])
    if not isinstance(submissions, list) or not all(isinstance(one, dict) for one in submissions):
        raise ValueError('"submissions" is a list of objects, each from input ids such as "2_1" to answers')
    return case


def grade_case(case: Mapping[str, Any], *, runner: ScriptRunner | None = None) -> dict[str, Any]:
    """Compile the case's problem and grade each of its submissions."""
    seed = case.get("seed", 1)
    answer: dict[str, Any] = {"id": case.get("id"), "seed": seed}
    try:
        problem = parse(case["xml"], problem_id=PROBLEM_ID, seed=seed, student_id="student", runner=runner)
    except CapaError as error:
        return answer | {"error": _error(error, "init")}
    answer |= {
        "max_score": problem.max_score,
        "inputs": [_input(entry) for entry in problem.inputs],
        "expected": {_short(key): value for key, value in problem.show_answers().items()},
    }
    if case.get("show"):
        answer["shown"] = _shown(problem, {}, done=False)
    return answer | {"results": list(_results(problem, case))}


def _results(problem: Problem, case: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    attempt, previous = 1, None
    for submission in case.get("submissions", ()):
        answers = {_full(key): value for key, value in submission.items()}
        try:
            grading = problem.grade(answers, attempt=attempt, previous=previous, graders=BULK_GRADERS)
        except CapaError as error:
            yield {"error": _error(error, "grade")}
            continue
        if case.get("sequential"):
            attempt, previous = attempt + 1, grading.correct_map
        result = _grading(grading)
        if case.get("show"):
            result["shown"] = _shown(problem, answers, done=True)
        yield result


def _grading(grading: Grading) -> dict[str, Any]:
    result: dict[str, Any] = {
        "score": grading.score,
        "total": grading.total,
        "success": grading.success,
        "correct_map": {_short(key): _verdict(value) for key, value in grading.correct_map.items()},
        "overall_message": grading.overall_message,
    }
    if grading.queued:
        result["queued"] = True
    if grading.events:
        result["events"] = [event.to_json() for event in grading.events]
    return result


def _shown(problem: Problem, answers: Mapping[str, Any], *, done: bool) -> dict[str, list[str]]:
    feedback, solutions = problem.explanations(answers, done=done)
    return {"targetedfeedback": feedback, "solution": [_short(solution) for solution in solutions]}


def _verdict(result: InputResult) -> dict[str, Any]:
    shown = {key: value for key, value in result.to_json().items() if key != "queuestate"}  # a key is new each time
    return {key: value for key, value in shown.items() if value is not None and value != ""}


def _input(entry: Input) -> dict[str, Any]:
    facts = entry.facts()
    row: dict[str, Any] = {
        "id": _short(facts.id),
        "response": facts.response_type,
        "input": facts.input_type,
        "max": facts.max_points,
    }
    if facts.choices:
        key = "options" if facts.input_type == "optioninput" else "choices"
        row[key] = [name for name, _ in facts.choices]
    return row


def _error(error: CapaError, stage: str) -> dict[str, Any]:
    message = getattr(error, "message", str(error))
    shown = error.html(untranslated) if isinstance(error, AnswerError) else message
    return {"kind": type(error).__name__, "class": "learner", "stage": stage, "message": message, "user_message": shown}


def _short(key: str) -> str:
    return key.removeprefix(PROBLEM_ID + "_")


def _full(key: str) -> str:
    """Keys may come with or without the problem's id, as a browser's form or as the engine sees them."""
    key = key.removeprefix("input_").removesuffix("[]")
    return f"{PROBLEM_ID}_{key}" if key[:1].isdigit() else key
