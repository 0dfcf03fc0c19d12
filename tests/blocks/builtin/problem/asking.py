"""A small problem, and what learners do with it."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any
from urllib.parse import urlencode

from webob import Request

from lykeion.blocks import api as blocks
from lykeion.blocks.types import Visit
from tests.blocks.visits import Block, visit

REF = "problem@q"
ANSWER = "input_q_2_1"
CHOICE = """<problem><multiplechoiceresponse><label>Which?</label><choicegroup>
<choice correct="true">right<choicehint>Well done.</choicehint></choice><choice correct="false">wrong</choice>
</choicegroup><solution><p>The reason.</p></solution></multiplechoiceresponse>
<demandhint><hint>One.</hint><hint>Two.</hint></demandhint></problem>"""
NUMBER = '<problem><numericalresponse answer="5"><textline/></numericalresponse></problem>'


def problem(data: str = CHOICE, **settings: Any) -> Visit:
    return visit(Block("problem", "q", {"display_name": "Quiz", "data": data, **settings}))


def shown(seen: Visit, view: str = "student_view", **context: Any) -> str:
    return blocks.render(seen, REF, view, context).html


def send(seen: Visit, dispatch: str, *fields: tuple[str, str], headers: dict[str, str] | None = None) -> Any:
    request = Request.blank(f"/{dispatch}", method="POST", body=urlencode(fields).encode(), headers=headers or {})
    request.content_type = "application/x-www-form-urlencoded"
    return blocks.handle(seen, REF, "xmodule_handler", dispatch, request)


def check(seen: Visit, value: str, **more: str) -> dict[str, Any]:
    return send(seen, "problem_check", (ANSWER, value), *more.items()).json  # type: ignore[no-any-return]


def later(seen: Visit, **time: float) -> Visit:
    return replace(seen, at=seen.at + timedelta(**time))


def heard(seen: Visit, name: str) -> list[Any]:
    return [item for item in seen.sink.all if item[0] == name]  # type: ignore[attr-defined]


def token(seen: Visit) -> str:
    return shown(seen).partition('name="submission_token" value="')[2].partition('"')[0]
