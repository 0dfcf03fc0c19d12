"""What each kind of event keeps of its payload. Pure, see :mod:`~lykeion.analytics.parse`.

A reader takes the payload as JSON, the context and the type of its event; it returns what the kind has beside the
common columns, in their order, or None when the payload lacks what the kind is about.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from typing import Annotated, Any, Final, NamedTuple

import msgspec

from lykeion.analytics.answers import MOST_TEXT, answer_of, words
from lykeion.analytics.envelope import (
    HALF,
    MOST_NAME,
    NOT_AS_PROMISED,
    Context,
    Person,
    decode_any,
    kept_target,
    valid_course,
    whole,
)

Row = tuple[Any, ...]
Reader = Callable[[Any, Context, str], Row | None]
Number = float | str | None
Count = Annotated[int, msgspec.Meta(ge=-HALF, le=HALF - 1)]
"""A whole number that the lake has room for."""


class EnrolPayload(msgspec.Struct, gc=False):
    course_id: str = ""
    user_id: Person = None
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
    answers: dict[str, Any] | None = None
    attempts: Count | float | None = None
    grade: float | None = None
    max_grade: float | None = None
    success: str | None = None
    submission: dict[str, Submission] | None = None
    correct_map: dict[str, msgspec.Raw] | None = None
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
    user_id: Person = None
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
    user_id: Person = None
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


TELLING: Final = frozenset(("enrol", "grade", "completion"))
"""Kinds whose payload tells course and person, which need not be those who caused the event (an admin, a job): their
readers return both before the other values."""


def _read_nothing(_payload: Any, _context: Context, _name: str) -> Row | None:
    return ()


def _read_enrol(payload: Any, _context: Context, _name: str) -> Row | None:
    found = _enrol(payload)
    if not (found.course_id and found.mode and whole(found.user_id) and valid_course(found.course_id)):
        return None
    return found.course_id, found.user_id, found.mode


def _read_video(payload: Any, _context: Context, name: str) -> Row | None:
    found = _video(payload)
    video = found.id.strip()
    if not video:
        return None
    at = found.new_time if name == "seek_video" else found.currentTime
    if name == "pause_video" and at is None:
        at = 0.0
    return video, number(at), number(found.old_time), number(found.duration)


def _read_problem(payload: Any, context: Context, _name: str) -> Row | None:
    found = _problem(payload)
    if not found.problem_id:
        return None
    name = context.module.display_name if context.module else None
    figures = (_count(found.attempts), found.grade, found.max_grade, found.success)
    return found.problem_id, name, *figures, parts_of(found), tags_of(context.asides)


def _read_help(payload: Any, context: Context, _name: str) -> Row | None:
    found = _help(payload)
    if not (found.problem_id or found.module_id):
        return None
    name = context.module.display_name if context.module else None
    return found.problem_id or found.module_id, name, None, None, None, None, None, None


def _read_grade(payload: Any, _context: Context, _name: str) -> Row | None:
    found = _grade(payload)
    earned = found.weighted_earned if found.weighted_earned is not None else found.weighted_graded_earned
    possible = found.weighted_possible if found.weighted_possible is not None else found.weighted_graded_possible
    block = found.problem_id or found.block_id or None
    return found.course_id, found.user_id, block, earned, possible, found.percent_grade, found.letter_grade


def _read_completion(payload: Any, _context: Context, _name: str) -> Row | None:
    found = _completion(payload)
    if not found.block_id or found.completion is None:
        return None
    return found.course_id, found.user_id, found.block_id, found.block_type, found.completion


def _read_nav(payload: Any, _context: Context, _name: str) -> Row | None:
    found = _nav(payload)
    block = found.id[:MOST_NAME] if found.id else found.id
    if found.target_url:
        return block, kept_target(found.target_url)
    title = (found.target_name or "").strip()
    return block, (title[:MOST_NAME] if " " in title else kept_target(title)) or None


def _read_forum(payload: Any, _context: Context, _name: str) -> Row | None:
    found = _forum(payload)
    change = (-1 if found.undo_vote else 1) if found.vote_value else None
    return found.commentable_id, found.id, found.vote_value, change


def tags_of(asides: msgspec.Raw) -> list[tuple[str, str]]:
    """What ``context.asides`` says that authors tagged a problem with: a name and a value each, in order, each once."""
    data = bytes(asides)
    return _tags(data) if len(data) <= MOST_TEXT else _tags.__wrapped__(data)


@lru_cache(8_192)  # a problem has the same for everybody
def _tags(asides: bytes) -> list[tuple[str, str]]:
    try:
        saved = _asides(asides).tagging_aside.saved_tags
    except NOT_AS_PROMISED:  # asides of others may be anything, and are no reason to leave the answer out
        return []
    return sorted({(name[:MOST_NAME], one[:MOST_NAME]) for name, given in saved.items() for one in _listed(given)})


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


def _count(value: float | None) -> int | None:
    """A whole number also where it is written with a point; None for parts of one, and for what has no room."""
    if not isinstance(value, float):
        return value
    return int(value) if value.is_integer() and -HALF <= value < HALF else None


def parts_of(found: ProblemPayload) -> list[Row]:
    """One answer for each part of a problem (analytics.md §1.3), in the order of :data:`kinds.PART`."""
    answers, correct_map = found.answers or {}, found.correct_map or {}
    if found.submission:
        given = answers.get
        return [_part(part, one, given(part)) for part, one in found.submission.items() if _is_part(part)]
    seed = found.state.seed if found.state else None
    return [
        (part, words(answer), None, _old_correct(correct_map, part), None, None, None, words(seed) or "1")
        for part, answer in answers.items()
        if _is_part(part)
    ]


def _part(part: str, one: Submission, given: Any) -> Row:
    right = one.correct
    return (
        part,
        *answer_of(one.answer, given),
        right if right is True or right is False else None,
        one.response_type,
        one.input_type,
        one.question,
        words(one.variant) or "1",
    )


@lru_cache(8_192)
def _is_part(part: str) -> bool:
    return part.isascii() and part.isprintable() and not part.endswith(("_dynamath", "_comment"))


def _old_correct(correct_map: dict[str, msgspec.Raw], part: str) -> bool | None:
    known = decode_any(correct_map.get(part, b"null"))
    return known.get("correctness") == "correct" if isinstance(known, dict) else None


class Reading(NamedTuple):
    """The kind that a type of event promises, and what reads its payload."""

    kind: str
    read: Reader


_FORUM: Final = Reading("forum", _read_forum)
_PAGE: Final = Reading("page", _read_nothing)
_OTHER: Final = Reading("other", _read_nothing)
_VIDEOS: Final = Reading("video", _read_video)
_WAYS: Final = Reading("nav", _read_nav)
_ENROLMENTS: Final = Reading("enrol", _read_enrol)
_ANSWERS: Final = Reading("problem", _read_problem)
_HELP: Final = Reading("problem", _read_help)
_GRADES: Final = Reading("grade", _read_grade)
_SWITCHES: Final = ("activated", "deactivated", "mode_changed")
_VIDEO: Final = ("load", "play", "pause", "stop", "seek", "complete", "speed_change")
_STEPS: Final = ("sequence.next_selected", "sequence.previous_selected", "sequence.tab_selected")
_LINKS: Final = ("outline.selected", "jump_nav.selected", "link_clicked")
PAGES: Final = frozenset(("browser", "mobile"))
_OF_PAGES: Final[dict[str, Reading]] = {
    **{f"{what}_video": _VIDEOS for what in _VIDEO},
    **{f"seq_{what}": _WAYS for what in ("next", "prev", "goto")},
    **{f"edx.ui.lms.{what}": _WAYS for what in (*_STEPS, *_LINKS)},
}
"""What pages may tell. Anybody can send anything as an event of a page: a grade or an enrolment is none of theirs."""
_READERS: Final[dict[str, Reading]] = {
    **_OF_PAGES,
    **{f"edx.course.enrollment.{what}": _ENROLMENTS for what in _SWITCHES},
    "problem_check": _ANSWERS,
    "showanswer": _HELP,
    "edx.problem.hint.demandhint_displayed": _HELP,
    "edx.grades.problem.submitted": _GRADES,
    "edx.grades.subsection.grade_calculated": _GRADES,
    "edx.grades.course.grade_calculated": _GRADES,
    "edx.course.grade.now_passed": _GRADES,
    "edx.course.grade.now_failed": _GRADES,
    "edx.completion.block_completion.changed": Reading("completion", _read_completion),
}


def reading_of(name: str, source: str) -> Reading:
    """How events of a type are read that come from a source."""
    of_pages = source in PAGES
    known = (_OF_PAGES if of_pages else _READERS).get(name)
    if known is not None:
        return known
    if name[0] == "/":
        return _PAGE
    return _FORUM if not of_pages and name.startswith("edx.forum.") else _OTHER
