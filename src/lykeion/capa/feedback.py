"""Targeted feedback: which explanations a submitted choice brings up."""

from typing import TYPE_CHECKING

from lykeion.capa.types import View

if TYPE_CHECKING:
    from lykeion.capa.problem import Problem


def shown_explanations(problem: "Problem", view: View) -> frozenset[str]:
    """The explanation ids whose feedback is visible now: none before an answer was submitted."""
    if not view.done or not view.statuses:
        return frozenset()
    return frozenset()


def left_in_page(problem: "Problem", answers: object, *, done: bool) -> dict[str, list[str]]:
    return {"targetedfeedback": [], "solution": []}
