"""`<hintgroup hintfn="f">`: a function of the author's script writes the hints, and no other hint is shown.

Source: responsetypes.py:LoncapaResponse.get_hints.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from lykeion.capa.scope import Part, Scope
from lykeion.capa.source import Element, take_out
from lykeion.capa.types import (
    AnswerError,
    Answers,
    Check,
    InputResult,
    ScriptError,
    ScriptsUnavailable,
    gettext_noop,
    result_from_json,
)

_OTHER_HINTS: Final = ("choicehint", "optionhint", "correcthint", "stringequalhint", "regexphint", "compoundhint")
_CALL: Final = """
_new, _old = CorrectMap(new_cmap_dict), CorrectMap(old_cmap_dict)
{name}(answer_ids, student_answers, _new, _old)
new_cmap_dict = _new.get_dict()
"""


@dataclass(frozen=True, slots=True)
class HintFunction:
    """The function `name` of the problem's script; `line` is where the author asks for it."""

    name: str
    scope: Scope
    line: int | None

    def hinted(
        self, results: Mapping[str, InputResult], answers: Answers, previous: Mapping[str, InputResult]
    ) -> Mapping[str, InputResult]:
        """The verdicts of one question, as the function leaves them. Raises AnswerError when it fails."""
        if self.scope.runner is None:
            raise ScriptsUnavailable("This question's hints come from its author's Python, which cannot be run here.")
        verdicts = {key: result.to_json() for key, result in results.items()}
        variables = {
            "answer_ids": list(results),
            "student_answers": dict(answers),
            "new_cmap_dict": verdicts,
            "old_cmap_dict": {key: result.to_json() for key, result in previous.items()},
        }
        left = self._run(variables).get("new_cmap_dict")
        changed = left if isinstance(left, dict) else verdicts
        return {key: result_from_json(changed[key]) for key in results if isinstance(changed.get(key), dict)}

    def _run(self, variables: Mapping[str, Any]) -> Mapping[str, Any]:
        assert self.scope.runner is not None  # noqa: S101 - asked before
        check = Check(script="", code=self.scope.script + _CALL.format(name=self.name), variables=variables)
        try:
            left: Mapping[str, Any] = self.scope.runner.check(check, seed=self.scope.seed, context={})
        except ScriptError as error:
            raise AnswerError(
                gettext_noop("Error {error} in evaluating hint function {name}.\nSee XML source line {line}."),
                error=error,
                name=self.name,
                line=self.line,
            ) from error
        return left


def hint_function(part: Part) -> HintFunction | None:
    """The function that writes the question's hints, if there is one."""
    group = part.element.find("hintgroup")
    name = None if group is None else group.get("hintfn")
    return None if name is None else HintFunction(name, part.scope, part.line)


def drop_other_hints(response: Element) -> None:
    """With a hint function, no other hint of the question is shown."""
    group = response.find("hintgroup")
    if group is None or group.get("hintfn") is None:
        return
    for hint in [*response.iter(*_OTHER_HINTS), *group]:
        take_out(hint)
