"""xAPI statements from lines of the tracking log: verbs and activities as event-routing-backends 9 of Open edX names
them, so that what reads its statements (Aspects) reads these. Pure: no Django, no network.

Sources: event-routing-backends ``processors/xapi``, the xAPI specification 1.0.3, openedx.md §9.2 and §9.4.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import urljoin, urlsplit
from uuid import UUID, uuid5

import orjson

from lykeion.analytics.answers import answer_of
from lykeion.analytics.verbs import ADL, COURSE, INTERACTION, LINK, MODULE, QUESTION, TINCAN, VERBS, VIDEO
from lykeion.events.types import VIDEO_NAMES

Json = dict[str, Any]

_KEY: Final = re.compile(r"[\w.:+@/~-]{1,500}", re.ASCII)
_MOST_PEOPLE: Final = 1 << 48  # numbers beyond are nobody's, and have no id towards others
_SPACE: Final = UUID("8d4f1c60-6f3a-5d0e-9a54-9b1f6f1d7c25")  # of the ids of our statements; it never changes
_MOST: Final = 1 << 53
_VIDEO_EXTENSION: Final = "https://w3id.org/xapi/video/extensions/"
_SESSION: Final = "https://w3id.org/xapi/openedx/extensions/session-id"
_TOTAL: Final = "https://w3id.org/xapi/acrossx/extensions/total-items"
_MODE: Final = "https://w3id.org/xapi/acrossx/extensions/type"
_PROGRESS: Final = "https://w3id.org/xapi/cmi5/result/extensions/progress"
_LETTER: Final = "http://www.tincanapi.co.uk/activitytypes/grade_classification"
_RESPONSES: Final = {
    "choiceresponse": "choice",
    "multiplechoiceresponse": "choice",
    "choicetextresponse": "choice",
    "optionresponse": "choice",
    "numericalresponse": "numeric",
    "stringresponse": "fill-in",
    "formularesponse": "fill-in",
    "symbolicresponse": "fill-in",
    "annotationresponse": "fill-in",
    "truefalseresponse": "true-false",
    "imageresponse": "matching",
    "schematicresponse": "sequencing",
    "coderesponse": "performance",
    "externalresponse": "performance",
}


@dataclass(frozen=True, slots=True)
class Told:
    """One event: what names and places in its statement are made of."""

    site: str
    name: str
    course: str
    data: Mapping[str, Any]
    browser: bool

    def block(self, usage: object) -> str:
        """The address that stands for a block. Raises ValueError for what pages call one and is none."""
        return f"{self.site}/xblock/{_checked_key(str(usage))}"

    def number(self, key: str) -> float | None:
        """A finite number of the payload; None for anything else."""
        value = self.data.get(key)
        if isinstance(value, bool) or not isinstance(value, int | float):
            return None
        return float(value) if abs(value) > _MOST else value

    def whole(self, key: str) -> int:
        """A whole number of the payload, also from its text. Raises ValueError for what no reader of JSON has to take
        (RFC 8259, section 6), KeyError and TypeError for none."""
        value = int(self.data[key])
        if abs(value) > _MOST:
            raise ValueError(f"{key} is too large for a number")
        return value


@dataclass(frozen=True, slots=True)
class Part:
    """What an event says beside who, when and which verb: its object, result, and extensions of its context."""

    id: str
    type: str
    definition: Json | None = None
    result: Json | None = None
    context: Json | None = None


def statement_of(line: bytes, site: str, name_of: Callable[[int], str]) -> Json | None:
    """The statement of a line of the tracking log; None for events that have none, and for lines that are no events.

    Its ``id`` follows from the line, so that a line sent twice is one statement. ``name_of(user_id)`` is what people
    are called: never by their names.
    """
    try:
        event = orjson.loads(line)
        told, user = _told(event, site), _learner(event)
        if told is None or user is None:
            return None
        part = _PARTS[told.name](told)
        return None if part is None else _statement(line, event, told, part, name_of(user))
    except (orjson.JSONDecodeError, KeyError, TypeError, AttributeError, ValueError):
        return None  # pages may send anything by the name of an event: what does not have its fields is none


def _told(event: Mapping[str, Any], site: str) -> Told | None:
    name, browser = event["name"], event["event_source"] == "browser"
    name = VIDEO_NAMES.get(name, name)
    if browser != (name in _FROM_PAGES) and name != "problem_check":
        return None
    text = event["event"]
    data = orjson.loads(text or "{}") if isinstance(text, str) and name != "problem_check" else text
    course = event["context"]["course_id"]
    if not course or name not in _PARTS or not isinstance(data, Mapping | str):
        return None
    return Told(site, name, _checked_key(course), data if isinstance(data, Mapping) else {}, browser)


def _checked_key(text: str) -> str:
    if not _KEY.fullmatch(text):
        raise ValueError(f"{text!r} cannot be a part of an address")
    return text


def _learner(event: Mapping[str, Any]) -> int | None:
    """Whom an event is about: an enrolment or a grade may be a teacher's doing."""
    payload = event["event"]
    about = payload if isinstance(payload, Mapping) else {}
    found = about.get("user_id") or about.get("attempt_user_id") or event["context"].get("user_id")
    return found if isinstance(found, int) and not isinstance(found, bool) and 0 < found < _MOST_PEOPLE else None


def _statement(line: bytes, event: Mapping[str, Any], told: Told, part: Part, name: str) -> Json:
    verb = VERBS[told.name]
    course = {"id": f"{told.site}/course/{told.course}", "objectType": "Activity", "definition": {"type": COURSE}}
    extensions = {_SESSION: event.get("session") or "", **(part.context or {})}
    statement: Json = {
        "id": str(uuid5(_SPACE, line.rstrip(b"\n").decode())),
        "version": "1.0.3",
        "timestamp": event["time"],
        "actor": {"objectType": "Agent", "account": {"homePage": told.site, "name": name}},
        "verb": {"id": verb, "display": {"en": verb.rpartition("/")[2]}},
        "object": {
            "id": part.id,
            "objectType": "Activity",
            "definition": {"type": part.type, **(part.definition or {})},
        },
        "context": {"contextActivities": {"parent": [course]}, "extensions": extensions},
    }
    return statement | ({"result": part.result} if part.result else {})


def _score(raw: float | None, most: float | None) -> Json:
    raw, most = raw or 0, most or 0
    return {"min": 0, "max": most, "raw": raw, "scaled": max(-1, min(1, raw / most)) if most > 0 else 0}


def _marked(raw: float | None, most: float | None) -> Json:
    return {"score": _score(raw, most), "success": (raw or 0) >= (most or 0)}


def _enrolment(told: Told) -> Part:
    return Part(f"{told.site}/course/{told.course}", COURSE, {"extensions": {_MODE: told.data["mode"]}})


def _checked(told: Told) -> Part | None:
    if told.browser:
        return None  # the server's own line says the same, and which problem it was
    definition: Json = {"extensions": {f"{TINCAN}/extension/attempt-id": told.data["attempts"]}}
    result = {
        "score": _score(told.number("grade"), told.number("max_grade")),
        "success": told.data["success"] == "correct",
    }
    answers = list(told.data["submission"].values())
    if len(answers) == 1:  # of several questions a statement cannot tell the answers apart
        definition["interactionType"] = _RESPONSES.get(answers[0]["response_type"], "other")
        definition["description"] = {"en": str(answers[0]["question"])}
        result["response"] = answer_of(answers[0]["answer"], next(iter(told.data.get("answers", {}).values()), None))[0]
    return Part(told.block(told.data["problem_id"]), INTERACTION, definition, result)


def _submitted(told: Told) -> Part:
    result = _marked(told.number("weighted_earned"), told.number("weighted_possible"))
    return Part(told.block(told.data["problem_id"]), QUESTION, result=result)


def _shown(told: Told) -> Part:
    return Part(told.block(f"{told.data['problem_id']}/answer"), f"{TINCAN}/activitytype/solution")


def _hinted(told: Told) -> Part:
    place = told.block(f"{told.data['module_id']}/hint/{told.whole('hint_index')}")
    return Part(place, "https://w3id.org/xapi/acrossx/extensions/supplemental-info")


def _watched(told: Told) -> Part:
    name, when = told.name, told.number("currentTime")
    extensions: Json = {"time": when if when is not None else told.number("current_time")}
    if name == "seek_video":
        extensions = {"time-from": told.number("old_time"), "time-to": told.number("new_time")}
    if "captions" in name or "transcript" in name:
        extensions["cc-enabled"] = name in ("show_transcript", "edx.video.closed_captions.shown")
    if name == "speed_change_video":
        extensions |= {"speed-from": str(told.data["old_speed"]), "speed-to": str(told.data["new_speed"])}
    result: Json = {"extensions": _named(extensions)}
    if name == "complete_video":
        result["completion"] = True
    return Part(_video(told), VIDEO, result=result, context=_named({"length": told.number("duration")}))


def _named(extensions: Mapping[str, Any]) -> Json:
    return {_VIDEO_EXTENSION + key: value for key, value in extensions.items() if value is not None}


def _video(told: Told) -> str:
    """Players tell the id of their block without its course."""
    name, run = str(told.data["id"]), told.course.removeprefix("course-v1:")
    return told.block(name if "@" in name else f"block-v1:{run}+type@video+block@{name}")


def _moved(told: Told) -> Part:
    here = told.whole("current_tab")
    there = {"next": here + 1, "previous": here - 1}.get(told.name.rpartition(".")[2].partition("_")[0])
    ends = told.whole("target_tab") if there is None else there
    places = {f"{TINCAN}/extension/starting-position": here, f"{TINCAN}/extension/ending-point": ends}
    definition = {"extensions": {_TOTAL: told.whole("tab_count")}}
    return Part(told.block(told.data["id"]), f"{TINCAN}/activitytype/resource", definition, context=places)


def _followed(told: Told) -> Part:
    return Part(_address(told), LINK)


def _opened(told: Told) -> Part:
    return Part(_address(told), MODULE, {"name": {"en": str(told.data["target_name"])}})


def _address(told: Told) -> str:
    target = urljoin(told.site, str(told.data["target_url"]))
    if urlsplit(target).scheme not in ("http", "https") or any(sign.isspace() for sign in target):
        raise ValueError("a link to no page")
    return target


def _completed(told: Told) -> Part:
    done = told.number("completion") or 0
    result = {"completion": done >= 1, "extensions": {_PROGRESS: done * 100}}
    return Part(told.block(told.data["block_id"]), f"{TINCAN}/activitytype/resource", result=result)


def _subsection(told: Told) -> Part:
    result = _marked(told.number("weighted_total_earned"), told.number("weighted_total_possible"))
    return Part(told.block(told.data["block_id"]), f"{TINCAN}/activitytype/resource", result=result)


def _graded(told: Told) -> Part:
    score = _score(told.number("percent_grade"), 1)
    result = {"score": score, "extensions": {_LETTER: told.data["letter_grade"] or "Fail"}}
    return Part(f"{told.site}/course/{told.course}", COURSE, result=result)


def _stood(told: Told) -> Part:
    return Part(f"{told.site}/course/{told.course}", COURSE)


def _sat(told: Told) -> Part:
    definition = {"name": {"en": str(told.data["exam_name"])}}
    return Part(told.block(told.data["exam_content_id"]), f"{ADL}/activities/assessment", definition)


_FROM_PAGES: Final[dict[str, Callable[[Told], Part | None]]] = {
    **dict.fromkeys(
        ("load_video", "play_video", "pause_video", "stop_video", "complete_video", "seek_video", "speed_change_video"),
        _watched,
    ),
    **dict.fromkeys(("show_transcript", "hide_transcript"), _watched),
    **dict.fromkeys(("edx.video.closed_captions.shown", "edx.video.closed_captions.hidden"), _watched),
    **{f"edx.ui.lms.sequence.{what}_selected": _moved for what in ("next", "previous", "tab")},
    "edx.ui.lms.link_clicked": _followed,
    "edx.ui.lms.outline.selected": _opened,
}
_PARTS: Final[dict[str, Callable[[Told], Part | None]]] = {
    **_FROM_PAGES,
    **{f"edx.course.enrollment.{what}": _enrolment for what in ("activated", "deactivated", "mode_changed")},
    "problem_check": _checked,
    "showanswer": _shown,
    "edx.problem.hint.demandhint_displayed": _hinted,
    "edx.grades.problem.submitted": _submitted,
    "edx.grades.subsection.grade_calculated": _subsection,
    "edx.grades.course.grade_calculated": _graded,
    "edx.course.grade.now_passed": _stood,
    "edx.course.grade.now_failed": _stood,
    "edx.completion.block_completion.changed": _completed,
    "edx.special_exam.timed.attempt.created": _sat,
    "edx.special_exam.timed.attempt.submitted": _sat,
}
