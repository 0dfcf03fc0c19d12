"""One line of a tracking log -> one row of the lake. Pure: no Django, no Arrow; executors of a cluster import it alone.

Rules and traps: analytics.md §1.0 (Open edX's own readers). Nothing that is an event is dropped: one whose payload is
not what its type promises becomes a row of ``other``, so that it still counts as activity. What is no event raises
:class:`Unreadable` with the reason. Names, addresses and IPs of learners are not taken over: rows know a number.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any, Final

import msgspec
from xxhash import xxh3_64_intdigest

Row = tuple[Any, ...]
Parsed = tuple[str, str, Row]
"""Kind, day (``2026-11-27``, UTC), values in the order of :data:`~lykeion.analytics.kinds.KINDS`."""

MOST_TEXT: Final = 4_096
_PREFIXED: Final = re.compile(rb"^.*?(\{.*\})\s*$", re.DOTALL)
_COURSE: Final = re.compile(
    r"(?:course-v1:[^/+\s?#&]+\+[^/+\s?#&]+\+[^/+\s?#&]+|[^/+\s:?#&]+/[^/+\s:?#&]+/[^/+\s:?#&]+)\Z"
)
_IN_BLOCK: Final = re.compile(r"/xblock/block-v1:([^/+\s]+\+[^/+\s]+\+[^/+\s]+)\+type@")
_IN_PATH: Final = re.compile(r"/courses/(course-v1:[^/+\s?#]+\+[^/+\s?#]+\+[^/+\s?#]+)")
_MOST_NAME: Final = 512
_from_iso: Final = datetime.fromisoformat
_HALF: Final = 1 << 63
_WHOLE: Final = 1 << 64


class Unreadable(Exception):
    """A line that is no event; ``reason`` is a word to count by."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class Module(msgspec.Struct, gc=False):
    """``context.module``."""

    display_name: str | None = None


class Context(msgspec.Struct, gc=False):
    """``context``, as far as the lake keeps it."""

    course_id: str | None = None
    user_id: int | str | None = None
    module: Module | None = None
    asides: msgspec.Raw = msgspec.Raw(b"null")


class Envelope(msgspec.Struct, gc=False):
    """What all events have; the payload stays as it is until its kind is known."""

    event_type: str = ""
    event_source: str = ""
    time: str = ""
    context: Context | None = None
    page: str | None = None
    event: msgspec.Raw = msgspec.Raw(b"null")


_NO_CONTEXT: Final = Context()
_decode: Final = msgspec.json.Decoder(Envelope).decode
_decode_any: Final = msgspec.json.Decoder().decode
_decode_text: Final = msgspec.json.Decoder(str).decode


def parse(line: bytes) -> Parsed:
    """The row of one line. Raises :class:`Unreadable`: ``not-json``, ``not-an-event``, ``no-type``, ``no-time``.

    This runs for every line of every log: what nearly all lines are is looked at here, without further calls.
    """
    try:
        event = _decode(line)
    except (msgspec.DecodeError, UnicodeDecodeError):
        event = _second_look(line)
    name, text, context = event.event_type, event.time, event.context or _NO_CONTEXT
    if not name:
        raise Unreadable("no-type")
    try:
        if text[-6:] == "+00:00":
            at, day = _from_iso(text[:-6]), text[:10]
        else:
            at = _in_utc(text)
            day = at.isoformat()[:10]
    except (ValueError, OverflowError) as error:
        raise Unreadable("no-time") from error
    if not "2000" <= day < "2100":
        raise Unreadable("no-time")
    user, course, source = context.user_id, context.course_id, event.event_source
    digest = xxh3_64_intdigest(line)
    common = (
        digest if digest < _HALF else digest - _WHOLE,
        at,
        valid_course(course) if course else _course(event),
        user if type(user) is int and 0 < user < _HALF else whole(user),
        name if len(name) <= _MOST_NAME else name[:_MOST_NAME],
        source,
    )
    of_page = source in _PAGES
    known = (_OF_PAGES if of_page else _READERS).get(name)
    if known is None:
        if name[0] == "/":
            return "page", day, common
        if of_page or not name.startswith("edx.forum."):
            return "other", day, (*common, _as_text(event.event))
        known = _FORUM
    kind, read = known
    payload = event.event
    try:
        row = read((_decode_text(payload) or "{}") if of_page else payload, context, common)
    except (msgspec.DecodeError, UnicodeDecodeError, ValueError, TypeError):  # not what its type promises
        row = _read_again(read, event, context, common)
    return (kind, day, row) if row is not None else ("other", day, (*common, _as_text(payload)))


def _unwrapped(raw: msgspec.Raw) -> str:
    """The JSON in a text, as browsers send it."""
    return _decode_text(raw) or "{}"


def _read_again(read: Reader, event: Envelope, context: Context, common: Row) -> Row | None:
    """A payload that came the other way: as a text from a server, as an object from a browser."""
    try:
        return read(event.event if event.event_source in _PAGES else _unwrapped(event.event), context, common)
    except (msgspec.DecodeError, UnicodeDecodeError, ValueError, TypeError):  # see above
        return None


def _in_utc(text: str) -> datetime:
    at = _from_iso(text)
    return at if at.tzinfo is None else at.astimezone(UTC).replace(tzinfo=None)


def _as_text(raw: msgspec.Raw) -> str | None:
    data = bytes(raw)
    if data == b"null":
        return None
    try:
        text = _decode_text(data) if data[:1] == b'"' else data.decode()
    except (msgspec.DecodeError, UnicodeDecodeError):
        text = data.decode("utf-8", "replace")
    return text[:MOST_TEXT].encode("utf-8", "replace").decode()


def _second_look(line: bytes) -> Envelope:
    """A line with something before its JSON, or fields of other types than they should be."""
    found = _PREFIXED.match(line)
    if found is None:
        raise Unreadable("not-json")
    try:  # the library's own reader takes halves of characters, which browsers send; they become question marks
        text = json.dumps(json.loads(found[1]), ensure_ascii=False)
        known = _decode_any(text.encode("utf-8", "replace"))
    except (ValueError, RecursionError) as error:
        raise Unreadable("not-json") from error
    if not isinstance(known.get("event_type"), str):
        raise Unreadable("no-type" if "time" in known else "not-an-event")
    return Envelope(
        event_type=known["event_type"],
        event_source=_string(known.get("event_source")),
        time=_string(known.get("time")),
        context=_context(known.get("context")),
        page=_string(known.get("page")),
        event=msgspec.Raw(msgspec.json.encode(known.get("event"))),
    )


def _context(known: Any) -> Context:
    if not isinstance(known, dict):
        return _NO_CONTEXT
    module, user = known.get("module"), known.get("user_id")
    return Context(
        course_id=_string(known.get("course_id")),
        user_id=user if isinstance(user, int | str) and not isinstance(user, bool) else None,
        module=Module(_string(module.get("display_name"))) if isinstance(module, dict) else None,
        asides=msgspec.Raw(msgspec.json.encode(known.get("asides"))),
    )


def _string(value: Any) -> str:
    return value if isinstance(value, str) else ""


def _course(event: Envelope) -> str | None:
    """The course of an event that names none: that of its address."""
    if event.event_source == "server":
        return _course_of(event.event_type)
    return _course_of(event.page or "") if event.event_source == "browser" else None


@lru_cache(8_192)
def valid_course(text: str) -> str | None:
    """``text`` as the key of a course; None when it is none."""
    text = text.rstrip("\r\n")
    return text if len(text) <= 255 and _COURSE.match(text) else None


@lru_cache(8_192)
def _course_of(address: str) -> str | None:
    """The course that an address names: by a block, else by its own path."""
    address = address.replace("%2B", "+").replace("%3A", ":").replace("%40", "@")
    found = _IN_BLOCK.search(address)
    if found:
        return f"course-v1:{found[1]}"
    found = _IN_PATH.search(address)
    return found[1] if found else None


def whole(value: Any) -> int | None:
    """The number of a person, whole, from a number or its text; None without one."""
    if isinstance(value, str):
        value = int(value) if value.isascii() and value.isdecimal() and len(value) < 19 else None
    return value if isinstance(value, int) and 0 < value < _HALF else None


# Payloads: what each kind keeps. A reader returns None when the payload lacks what the kind is about.

Reader = Callable[[Any, Context, Row], Row | None]
Number = float | str | None


class EnrolPayload(msgspec.Struct, gc=False):
    course_id: str = ""
    user_id: int | str | None = None
    mode: str = ""


class VideoPayload(msgspec.Struct, gc=False):
    id: str = ""
    currentTime: Number = None
    old_time: Number = None
    new_time: Number = None
    duration: Number = None


class Submission(msgspec.Struct, gc=False):
    question: str | None = None
    answer: Any = None
    response_type: str | None = None
    input_type: str | None = None
    correct: Any = None
    variant: Any = None


class State(msgspec.Struct, gc=False):
    seed: Any = None


class ProblemPayload(msgspec.Struct):
    problem_id: str = ""
    answers: dict[str, Any] = {}
    attempts: int | None = None
    grade: float | None = None
    max_grade: float | None = None
    success: str | None = None
    submission: dict[str, Submission] | None = None
    correct_map: dict[str, Any] = {}
    state: State | None = None


class HelpPayload(msgspec.Struct, gc=False):
    problem_id: str = ""
    module_id: str = ""


class Tagging(msgspec.Struct, frozen=True, gc=False):
    saved_tags: dict[str, str | list[str]] = {}


class Asides(msgspec.Struct, gc=False):
    tagging_aside: Tagging = Tagging()


class GradePayload(msgspec.Struct, gc=False):
    course_id: str = ""
    user_id: int | str | None = None
    problem_id: str = ""
    block_id: str = ""
    weighted_earned: float | None = None
    weighted_possible: float | None = None
    weighted_graded_earned: float | None = None
    weighted_graded_possible: float | None = None
    percent_grade: float | None = None
    letter_grade: str | None = None


class CompletionPayload(msgspec.Struct, gc=False):
    course_id: str = ""
    user_id: int | str | None = None
    block_id: str = ""
    block_type: str | None = None
    completion: float | None = None


class NavPayload(msgspec.Struct, gc=False):
    id: str | None = None
    target_url: str | None = None
    target_name: str | None = None


class ForumPayload(msgspec.Struct, gc=False):
    commentable_id: str | None = None
    id: str | None = None
    vote_value: str | None = None
    undo_vote: bool | None = None


_enrol: Final = msgspec.json.Decoder(EnrolPayload).decode
_video: Final = msgspec.json.Decoder(VideoPayload).decode
_problem: Final = msgspec.json.Decoder(ProblemPayload).decode
_help: Final = msgspec.json.Decoder(HelpPayload).decode
_grade: Final = msgspec.json.Decoder(GradePayload).decode
_completion: Final = msgspec.json.Decoder(CompletionPayload).decode
_nav: Final = msgspec.json.Decoder(NavPayload).decode
_forum: Final = msgspec.json.Decoder(ForumPayload).decode
_asides: Final = msgspec.json.Decoder(Asides).decode


def _about(common: Row, course: str, user: Any) -> Row:
    """``common`` for the course and the person of the payload, not those of who caused it (an admin, a job)."""
    event_id, at, named, actor, name, source = common
    return event_id, at, valid_course(course) if course else named, whole(user) or actor, name, source


def _read_enrol(payload: Any, _context: Context, common: Row) -> Row | None:
    found = _enrol(payload)
    if not (found.course_id and found.mode and whole(found.user_id) and valid_course(found.course_id)):
        return None
    return (*_about(common, found.course_id, found.user_id), found.mode)


def _read_video(payload: Any, _context: Context, common: Row) -> Row | None:
    found = _video(payload)
    name = found.id.strip()
    if not name:
        return None
    at = found.new_time if common[4] == "seek_video" else found.currentTime
    return (*common, name, number(at), number(found.old_time), number(found.duration))


def _read_problem(payload: Any, context: Context, common: Row) -> Row | None:
    found = _problem(payload)
    if not found.problem_id:
        return None
    name = context.module.display_name if context.module else None
    figures = (found.attempts, found.grade, found.max_grade, found.success)
    return (*common, found.problem_id, name, *figures, parts_of(found), tags_of(context.asides))


def _read_help(payload: Any, context: Context, common: Row) -> Row | None:
    found = _help(payload)
    if not (found.problem_id or found.module_id):
        return None
    name = context.module.display_name if context.module else None
    return (*common, found.problem_id or found.module_id, name, None, None, None, None, None, None)


def _read_grade(payload: Any, _context: Context, common: Row) -> Row | None:
    found = _grade(payload)
    earned = found.weighted_earned if found.weighted_earned is not None else found.weighted_graded_earned
    possible = found.weighted_possible if found.weighted_possible is not None else found.weighted_graded_possible
    about = _about(common, found.course_id, found.user_id)
    return (
        *about,
        found.problem_id or found.block_id or None,
        earned,
        possible,
        found.percent_grade,
        found.letter_grade,
    )


def _read_completion(payload: Any, _context: Context, common: Row) -> Row | None:
    found = _completion(payload)
    if not found.block_id or found.completion is None:
        return None
    return (*_about(common, found.course_id, found.user_id), found.block_id, found.block_type, found.completion)


def _read_nav(payload: Any, _context: Context, common: Row) -> Row | None:
    found = _nav(payload)
    target = found.target_url or found.target_name
    return (*common, found.id, target[:512] if target else None)


def _read_forum(payload: Any, _context: Context, common: Row) -> Row | None:
    found = _forum(payload)
    change = (-1 if found.undo_vote else 1) if found.vote_value else None
    return (*common, found.commentable_id, found.id, found.vote_value, change)


def tags_of(asides: msgspec.Raw) -> list[tuple[str, str]]:
    """What ``context.asides`` says that authors tagged a problem with: a name and a value each, in order, each once."""
    if bytes(asides) in (b"null", b"{}"):
        return []
    try:
        saved = _asides(asides).tagging_aside.saved_tags
    except msgspec.DecodeError:  # asides of others may be anything, and are no reason to leave the answer out
        return []
    return sorted({(name[:_MOST_NAME], one[:_MOST_NAME]) for name, given in saved.items() for one in _listed(given)})


def _listed(given: str | list[str]) -> list[str]:
    return [given] if isinstance(given, str) else given


def number(value: Number) -> float | None:
    """A number, also from its text; None for what is none, and for infinities."""
    if value is None:
        return None
    if isinstance(value, str):
        try:
            value = float(value)
        except ValueError:
            return None
    return value if -1e15 < value < 1e15 else None


def parts_of(found: ProblemPayload) -> list[Row]:
    """One answer for each part of a problem (analytics.md §1.3), in the order of :data:`kinds.PART`."""
    if found.submission:
        given = found.answers.get
        return [_part(part, one, given(part)) for part, one in found.submission.items() if _is_part(part)]
    seed = found.state.seed if found.state else None
    return [
        (part, words(answer), None, _old_correct(found.correct_map, part), None, None, None, words(seed) or "1")
        for part, answer in found.answers.items()
        if _is_part(part)
    ]


def _part(part: str, one: Submission, given: Any) -> Row:
    answer, value = words(one.answer), words(given)
    right = one.correct
    return (
        part,
        answer,
        value if value and value != answer else None,
        right if right is True or right is False else None,
        one.response_type,
        one.input_type,
        one.question,
        words(one.variant) or "1",
    )


@lru_cache(8_192)
def _is_part(part: str) -> bool:
    return part.isascii() and part.isprintable() and not part.endswith(("_dynamath", "_comment"))


def _old_correct(correct_map: dict[str, Any], part: str) -> bool | None:
    known = correct_map.get(part)
    return known.get("correctness") == "correct" if isinstance(known, dict) else None


def words(answer: Any) -> str:
    """An answer as one text: lists as ``[a|b|c]``, without space around it."""
    if type(answer) is str:
        return (answer if len(answer) <= MOST_TEXT else answer[:MOST_TEXT]).strip()
    if answer is None:
        return ""
    if isinstance(answer, list):
        return f"[{'|'.join(map(words, answer))}]"
    return msgspec.json.encode(answer).decode()[:MOST_TEXT].strip()


_FORUM: Final[tuple[str, Reader]] = ("forum", _read_forum)
_SWITCHES: Final = ("activated", "deactivated", "mode_changed")
_VIDEO: Final = ("load", "play", "pause", "stop", "seek", "complete", "speed_change")
_STEPS: Final = ("sequence.next_selected", "sequence.previous_selected", "sequence.tab_selected")
_LINKS: Final = ("outline.selected", "jump_nav.selected", "link_clicked")
_PAGES: Final = frozenset(("browser", "mobile"))
_OF_PAGES: Final[dict[str, tuple[str, Reader]]] = {
    **{f"{what}_video": ("video", _read_video) for what in _VIDEO},
    **{f"seq_{what}": ("nav", _read_nav) for what in ("next", "prev", "goto")},
    **{f"edx.ui.lms.{what}": ("nav", _read_nav) for what in (*_STEPS, *_LINKS)},
}
"""What pages may tell. Anybody can send anything as an event of a page: a grade or an enrolment is none of theirs."""
_READERS: Final[dict[str, tuple[str, Reader]]] = {
    **_OF_PAGES,
    **{f"edx.course.enrollment.{what}": ("enrol", _read_enrol) for what in _SWITCHES},
    "problem_check": ("problem", _read_problem),
    "showanswer": ("problem", _read_help),
    "edx.problem.hint.demandhint_displayed": ("problem", _read_help),
    "edx.grades.problem.submitted": ("grade", _read_grade),
    "edx.grades.subsection.grade_calculated": ("grade", _read_grade),
    "edx.grades.course.grade_calculated": ("grade", _read_grade),
    "edx.course.grade.now_passed": ("grade", _read_grade),
    "edx.course.grade.now_failed": ("grade", _read_grade),
    "edx.completion.block_completion.changed": ("completion", _read_completion),
}
