"""Problems with one input, for the tests of inputs."""

from __future__ import annotations

from typing import Any

from lxml import html
from lxml.html import HtmlElement

from lykeion.capa.api import Problem, parse
from lykeion.capa.types import View

ID = "p_2_1"


def custom(entry: str) -> Problem:
    """A question that takes any input."""
    return problem(
        f'<customresponse>{entry}<answer type="loncapa/python">correct = ["correct"]</answer></customresponse>'
    )


def problem(xml: str) -> Problem:
    """A compiled problem around ``xml``."""
    return parse(f"<problem>{xml}</problem>", problem_id="p", seed=1)


def shown(asked: Problem, answer: Any = None, **view: Any) -> HtmlElement:
    """The page of a problem whose first input has this answer."""
    answers = {} if answer is None else {ID: answer}
    return html.fromstring(asked.render(View(answers=answers, **view)))


def only(page: HtmlElement, path: str) -> HtmlElement:
    """The one element at a CSS-like XPath."""
    (found,) = page.xpath(path)
    return found  # type: ignore[no-any-return]
