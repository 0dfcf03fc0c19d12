"""What blocks tell the platform: grades, completion, and events of any other name.

Source: ``publish`` in ``lms/djangoapps/courseware/block_render.py`` of Open edX.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from lykeion.blocks.plain import plain
from lykeion.blocks.types import Sink

LARGEST = 1e15  # points; past that numbers lose their digits


def publish(sink: Sink, ref: str, block: Any, name: str, data: Any) -> None:
    """Hands one event of ``block`` to ``sink``. Raises :class:`TypeError` or :class:`ValueError` for a wrong value."""
    if name == "grade":
        _grade(sink, ref, data)
    elif name == "completion":
        sink.completion(ref, _fraction(data.get("completion")), user_id=_person(data))
    elif name == "progress":
        if not getattr(block, "has_custom_completion", False):
            sink.completion(ref, 1.0, user_id=_person(data or {}))
    else:
        payload = plain(data) if isinstance(data, Mapping) else {"value": plain(data)}
        sink.event(ref, name, payload)


def _grade(sink: Sink, ref: str, data: Mapping[str, Any]) -> None:
    sink.grade(
        ref,
        _number("value", data.get("value")),
        _number("max_value", data.get("max_value")),
        only_if_higher=bool(data.get("only_if_higher")),
        user_id=_person(data),
        score_deleted=bool(data.get("score_deleted")),
        grader_response=bool(data.get("grader_response")),
    )


def _number(name: str, value: Any) -> float | None:
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise TypeError(f"a grade's {name} must be a number, not {value!r}")
    if not -LARGEST <= value <= LARGEST:  # neither is NaN
        raise ValueError(f"a grade's {name} must be between -1e15 and 1e15, not {value!r:.40}")
    return value


def _fraction(value: Any) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise TypeError(f"completion must be a number, not {value!r}")
    if not 0 <= value <= 1:
        raise ValueError(f"completion must be between 0 and 1, not {value!r}")
    return float(value)


def _person(data: Mapping[str, Any]) -> int | None:
    return None if data.get("user_id") is None else int(data["user_id"])
