"""Values of ``events``: who and what a request is, payloads of the events this house sends itself."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final, TypedDict

from lykeion.core.errors import LykeionError

VIDEO_NAMES: Final[Mapping[str, str]] = {
    "edx.video.loaded": "load_video",
    "edx.video.played": "play_video",
    "edx.video.paused": "pause_video",
    "edx.video.stopped": "stop_video",
    "edx.video.position.changed": "seek_video",
    "edx.video.transcript.shown": "show_transcript",
    "edx.video.transcript.hidden": "hide_transcript",
    "edx.video.speed.changed": "speed_change_video",
}
"""The newer names of what players tell, and the older ones that consumers of the log know (openedx.md §9.2)."""


class BadEvent(LykeionError):
    """A browser sent something that is no event; nothing was written."""


@dataclass(frozen=True, slots=True)
class RequestFacts:
    """What every event says about the request it came from; all empty outside a request.

    ``session`` is 32 hex digits made from the session's key, never the key.
    """

    username: str = ""
    user_id: int | None = None
    session: str = ""
    ip: str = ""
    agent: str = ""
    host: str = ""
    referer: str = ""
    accept_language: str = ""
    path: str = ""
    course_id: str = ""
    org_id: str = ""


@dataclass(frozen=True, slots=True)
class BrowserEvent:
    """An event a page sent: ``event`` is the JSON text exactly as it came, ``page`` the address of the page; it
    happened ``age`` seconds before it was sent, by the browser's own clock."""

    name: str
    event_type: str
    event: str
    page: str
    age: float = 0.0


class EnrolmentPayload(TypedDict):
    """``edx.course.enrollment.{activated,deactivated,mode_changed}``."""

    course_id: str
    user_id: int
    mode: str


Payload = Mapping[str, Any]
