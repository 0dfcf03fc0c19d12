"""What blocks tell the platform: grades, completion, and events of any other name.

Source: ``publish`` in ``lms/djangoapps/courseware/block_render.py`` of Open edX.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from lykeion.blocks.plain import plain
from lykeion.blocks.types import Sink
from lykeion.content.types import Json

LARGEST = 1e15  # points; past that numbers lose their digits


def publish(
    sink: Sink, ref: str, block: Any, name: str, data: Any, beside: Callable[[], Mapping[str, Json]] = dict
) -> None:
    """Hands one event of ``block`` to ``sink``; ``beside`` tells what its asides say of it, by type. Raises
    :class:`TypeError` or :class:`ValueError` for a wrong value."""
    if name in {"grade", "completion"}:
        _check_person(block, data)
    if name == "grade":
        _grade(sink, ref, data)
    elif name == "completion":
        sink.completion(ref, _fraction(data.get("completion")), user_id=_person(data))
    elif name == "progress":
        if not getattr(block, "has_custom_completion", False):
            sink.completion(ref, 1.0, user_id=_person(data or {}))
    else:
        told = plain(dated(data))
        payload = told if isinstance(told, dict) else {"value": told}
        sink.event(ref, name, payload, beside())


def _check_person(block: Any, data: Any) -> None:
    """A learner's visit tells of that learner only; staff, and services that call as nobody, tell of others."""
    if not isinstance(data, Mapping):
        raise TypeError(f"what is published must be a mapping, not {data!r:.40}")
    viewer = block.runtime.visit.viewer
    if viewer.user_id is not None and not viewer.is_staff and _person(data) not in {None, viewer.user_id}:
        raise ValueError("a learner's visit cannot grade or complete anything for somebody else")


def _grade(sink: Sink, ref: str, data: Mapping[str, Any]) -> None:
    sink.grade(
        ref,
        _number("value", data.get("value")),
        _largest(data.get("max_value")),
        only_if_higher=bool(data.get("only_if_higher")),
        user_id=_person(data),
        score_deleted=bool(data.get("score_deleted")),
        grader_response=bool(data.get("grader_response")),
    )


def dated(value: Any) -> Any:
    """``value`` with moments as text, as the tracking log has them (``DateTimeJSONEncoder`` of event-tracking)."""
    if isinstance(value, datetime):
        return value.isoformat()
    if isinstance(value, Mapping):
        return {name: dated(one) for name, one in value.items()}
    return [dated(one) for one in value] if isinstance(value, list | tuple) else value


def _number(name: str, value: Any) -> float | None:
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise TypeError(f"a grade's {name} must be a number, not {value!r}")
    if not -LARGEST <= value <= LARGEST:  # neither is NaN
        raise ValueError(f"a grade's {name} must be between -1e15 and 1e15, not {value!r:.40}")
    return value


def _largest(value: Any) -> float | None:
    number = _number("max_value", value)
    if number is not None and number < 0:
        raise ValueError(f"a grade's max_value must not be negative, as {value!r:.40} is")
    return number


def _fraction(value: Any) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise TypeError(f"completion must be a number, not {value!r}")
    if not 0 <= value <= 1:
        raise ValueError(f"completion must be between 0 and 1, not {value!r}")
    return float(value)


def _person(data: Mapping[str, Any]) -> int | None:
    return None if data.get("user_id") is None else int(data["user_id"])
