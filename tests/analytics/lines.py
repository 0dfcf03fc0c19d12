"""Lines of a tracking log, as events write them."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import orjson

RUN = "course-v1:Lykeion+T1+now"
NOON = datetime(2026, 3, 2, 12)
SUM = "block-v1:Lykeion+T1+now+type@problem+block@sum"


def line(
    name: str,
    payload: Any,
    *,
    user: Any = 7,
    at: datetime = NOON,
    source: str = "server",
    course: str | None = RUN,
    page: str | None = None,
    module: str | None = None,
    asides: Any = None,
) -> bytes:
    """One line with its newline."""
    context: dict[str, Any] = {"course_id": course, "user_id": user, "org_id": "Lykeion"}
    if module:
        context["module"] = {"display_name": module}
    if asides is not None:
        context["asides"] = asides
    envelope = {"name": name, "event_type": name, "event_source": source, "username": "alice", "ip": "10.0.0.1"}
    time = at.isoformat(timespec="microseconds") + "+00:00"
    return orjson.dumps({**envelope, "time": time, "context": context, "page": page, "event": payload}) + b"\n"


def browser(name: str, payload: Any, **more: Any) -> bytes:
    """An event of a page: its payload is a text."""
    text = payload if isinstance(payload, str) else orjson.dumps(payload).decode()
    return line(name, text, source="browser", page=f"http://testserver/courses/{RUN}/courseware/", **more)


def answer(part: str, given: str, right: bool, *, user: int = 7, at: datetime = NOON, problem: str = SUM) -> bytes:
    """Somebody submitted an answer."""
    return line("problem_check", check({part: (given, right)}, problem=problem), user=user, at=at, module="Sum")


def check(parts: dict[str, tuple[str, bool]], *, problem: str = SUM, attempts: int = 1) -> dict[str, Any]:
    """The payload of a ``problem_check``."""
    submission = {
        part: {
            "question": "How much?",
            "answer": f"the {given}",
            "response_type": "multiplechoiceresponse",
            "input_type": "choicegroup",
            "correct": right,
            "variant": "",
        }
        for part, (given, right) in parts.items()
    }
    return {
        "problem_id": problem,
        "answers": {part: given for part, (given, _right) in parts.items()},
        "attempts": attempts,
        "grade": sum(right for _given, right in parts.values()),
        "max_grade": len(parts),
        "success": "correct" if all(right for _given, right in parts.values()) else "incorrect",
        "submission": submission,
        "correct_map": {},
        "state": {"seed": 1},
    }


def enrolled(user: int, *, at: datetime = NOON, mode: str = "audit", what: str = "activated") -> bytes:
    """Somebody's enrolment changed."""
    payload = {"course_id": RUN, "user_id": user, "mode": mode}
    return line(f"edx.course.enrollment.{what}", payload, user=user, at=at)


def later(hours: float) -> datetime:
    """So many hours after noon of the first day."""
    return NOON + timedelta(hours=hours)
