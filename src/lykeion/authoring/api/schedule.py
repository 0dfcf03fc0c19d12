"""Schedule and details of a course: its dates, how it is paced, and how it presents itself."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, tzinfo
from typing import Any, Final
from uuid import uuid4

from django.utils.html import escape
from django.utils.translation import gettext as _

from lykeion.authoring.api.courses import require
from lykeion.authoring.api.text import with_endings_of
from lykeion.authoring.codecs import DATE, OBJECT, TEXT, TRUTH, Codec, choice, number, text
from lykeion.authoring.saving import COURSE, UNSET, Unset, course_fields, part_at, save
from lykeion.authoring.sheets import Setting, changes, texts
from lykeion.authoring.types import Author, Capability, FieldError
from lykeion.content import api as content
from lykeion.content.api import Draft
from lykeion.content.types import Edited, Json, NewBlock, ObjectId, RunMissing
from lykeion.core.keys import BadKey, parse_run, usage_text

__all__ = ["DISPLAYS", "LICENCES", "SETTINGS", "Details", "details", "save_details"]

DISPLAYS: Final = ("end", "end_with_date", "early_no_info")
LICENCES: Final = (
    "all-rights-reserved",
    "creative-commons: ver=4.0 BY",
    "creative-commons: ver=4.0 BY SA",
    "creative-commons: ver=4.0 BY ND",
    "creative-commons: ver=4.0 BY NC",
    "creative-commons: ver=4.0 BY NC SA",
    "creative-commons: ver=4.0 BY NC ND",
)
OVERVIEW: Final = "about/overview"
IMAGES: Final = frozenset({"course_image", "banner_image", "video_thumbnail_image"})
_IMAGE_TYPES: Final = frozenset({"image/png", "image/jpeg", "image/gif", "image/webp", "image/svg+xml"})
_SHORT: Final = 150
_EFFORT: Final = re.compile(r"\d{1,3}:[0-5]\d")
_YOUTUBE: Final = re.compile(r"(?:youtu\.be/|[?&]v=|/embed/|/shorts/|^)([\w-]{11})(?![\w-])")


def _read_effort(given: str, _zone: tzinfo) -> Json | Unset:
    if given.strip() and not _EFFORT.fullmatch(given.strip()):
        raise ValueError(_("Write hours and minutes a week, such as 04:30."))
    return given.strip() or UNSET


def _show_video(stored: Json, _zone: tzinfo) -> str:
    found = _YOUTUBE.search(str(stored or ""))
    return f"https://www.youtube.com/watch?v={found[1]}" if found else ""


def _read_video(given: str, _zone: tzinfo) -> Json | Unset:
    if not given.strip():
        return UNSET
    found = _YOUTUBE.search(given.strip())
    if found is None:
        raise ValueError(_("Give the address of a video on YouTube, or its ID of 11 characters."))
    address = f"//www.youtube-nocookie.com/embed/{found[1]}?rel=0"
    return f'<iframe title="YouTube video" width="560" height="315" src="{escape(address)}" allowfullscreen></iframe>'


def _show_lines(stored: Json, _zone: tzinfo) -> str:
    return "\n".join(str(one) for one in stored) if isinstance(stored, list) else ""


def _read_lines(given: str, _zone: tzinfo) -> Json | Unset:
    return [line.strip() for line in given.splitlines() if line.strip()] or UNSET


def _read_runs(given: str, _zone: tzinfo) -> Json | Unset:
    for line in filter(None, map(str.strip, given.splitlines())):
        try:
            content.head(parse_run(line))
        except (BadKey, RunMissing) as error:
            words = _("There is no course {key} here, so nobody could ever pass it.")
            raise ValueError(words.format(key=line)) from error
    return _read_lines(given, _zone)


def _show_percent(stored: Json, _zone: tzinfo) -> str:
    value = float(stored) if isinstance(stored, int | float) else 0.5
    return f"{value * 100 if value <= 1 else value:g}"


def _read_percent(given: str, zone: tzinfo) -> Json | Unset:
    found = number(least=0, most=100).read(given, zone)
    return UNSET if isinstance(found, Unset) else round(float(found) / 100, 4)


def _read_html(given: str, _zone: tzinfo) -> Json | Unset:
    return given if given.strip() else UNSET


LINES: Final = Codec(_show_lines, _read_lines)
SETTINGS: Final = (
    Setting("display_name", text(most=255, needed=True)),
    Setting("start", DATE),
    Setting("end", DATE),
    Setting("enrollment_start", DATE),
    Setting("enrollment_end", DATE),
    Setting("self_paced", TRUTH),
    Setting("certificates_display_behavior", choice(*DISPLAYS), default="end"),
    Setting("certificate_available_date", DATE),
    Setting("language", text(most=16)),
    Setting("license", choice(*LICENCES)),
    Setting("course_image"),
    Setting("banner_image"),
    Setting("video_thumbnail_image"),
    Setting("pre_requisite_courses", Codec(_show_lines, _read_runs)),
    Setting("entrance_exam_enabled", TRUTH),
    Setting("entrance_exam_minimum_score_pct", Codec(_show_percent, _read_percent), default=0.5),
    Setting("learning_info", LINES),
    Setting("instructor_info", OBJECT),
    Setting("subtitle", text(most=255), "about/subtitle"),
    Setting("short_description", text(most=_SHORT), "about/short_description"),
    Setting("overview", Codec(TEXT.show, _read_html), OVERVIEW),
    Setting("effort", Codec(lambda value, _zone: str(value or ""), _read_effort), "about/effort"),
    Setting("video", Codec(_show_video, _read_video), "about/video"),
)
_DATES: Final = {one.name for one in SETTINGS if one.codec is DATE} | {"certificates_display_behavior"}


@dataclass(frozen=True, slots=True)
class Details:
    """What the page shows: the texts of its form, who teaches, and whether the pacing may still change."""

    texts: Mapping[str, str]
    instructors: tuple[Mapping[str, str], ...]
    pacing_locked: bool


INSTRUCTOR: Final = ("name", "title", "organization", "bio", "image")


def details(author: Author, zone: tzinfo, *, at: datetime) -> Details:
    """The settings of the draft, with dates in ``zone``."""
    return Details(texts(SETTINGS, author.root, zone), _instructors(author.root), _is_under_way(author, at))


def save_details(
    author: Author,
    given: Mapping[str, str],
    instructors: list[Mapping[str, str]] | None,
    zone: tzinfo,
    *,
    base: ObjectId,
    at: datetime,
) -> Edited[None]:
    """Saves what of a form was changed since root ``base``.

    A date of ``given`` without a zone is one of ``zone``; ``instructors`` None leaves them alone. With an entrance exam
    that is switched on comes a section for it, if there is none. Raises :class:`FieldError`, ``ChangedMeanwhile``.
    """
    require(author, Capability.SETTINGS)
    listed = {**given}
    if "overview" in given:
        seen = part_at(base, OVERVIEW)
        listed["overview"] = with_endings_of(seen.fields.get("data") if seen else None, given["overview"])
    if instructors is not None:
        listed["instructor_info"] = _instructor_text(instructors, base)
    fields, parts = changes(SETTINGS, listed, base, zone)
    if "self_paced" in fields and _is_under_way(author, at):
        words = _("The course has started: who paces it can no longer be changed.")
        raise FieldError(words, "self_paced")
    for image in fields.keys() & IMAGES:
        _check_picture(author, fields[image], image)
    if fields.keys() & _DATES:
        _check_dates({**course_fields(author.root), **fields})
    if fields.get("pre_requisite_courses") and str(author.run) in str(fields["pre_requisite_courses"]):
        raise FieldError(_("A course cannot come before itself."), "pre_requisite_courses")
    also = _exam_made(author) if fields.get("entrance_exam_enabled") is True else None
    why = "Changed settings: schedule"
    return save(author, fields=fields, parts=parts, base=base, at=at, why=why, also=also)


def _check_picture(author: Author, path: Json | Unset, name: str) -> None:
    """Raises :class:`FieldError` unless ``path`` is a picture among the files of the draft, or nothing."""
    if isinstance(path, Unset):
        return
    file = content.file(author.root, str(path).removeprefix("/static/"))
    if file is None:
        words = _("This course has no file “{path}”. Choose one, or upload it.")
        raise FieldError(words.format(path=path), name)
    if file.content_type not in _IMAGE_TYPES:
        words = _("“{name}” is no picture that browsers show: use PNG, JPEG, WebP, GIF or SVG.")
        raise FieldError(words.format(name=path), name)


def _is_under_way(author: Author, at: datetime) -> bool:
    """Whether learners have a course that has started."""
    start = _moment(course_fields(content.head(author.run)).get("start"))
    return start is not None and start <= at


def _moment(value: Json | Unset) -> datetime | None:
    try:
        return content.parse_date(None if isinstance(value, Unset) else value)
    except content.BadDate:
        return None


def _check_dates(fields: Mapping[str, Any]) -> None:
    start, end = _moment(fields.get("start")), _moment(fields.get("end"))
    opens, closes = _moment(fields.get("enrollment_start")), _moment(fields.get("enrollment_end"))
    shown = _moment(fields.get("certificate_available_date"))
    for wrong, words, name in (
        (end and start and end <= start, _("The course must end after it starts."), "end"),
        (opens and closes and closes <= opens, _("Enrolment must close after it opens."), "enrollment_end"),
        (opens and end and opens >= end, _("Enrolment must open before the course ends."), "enrollment_start"),
        (closes and end and closes > end, _("Enrolment must close before the course ends."), "enrollment_end"),
        (
            fields.get("certificates_display_behavior") == "end_with_date" and not shown,
            _("Say on which date certificates are shown."),
            "certificate_available_date",
        ),
        (
            shown and end and shown < end and fields.get("certificates_display_behavior") == "end_with_date",
            _("Certificates can be shown on a date after the end of the course."),
            "certificate_available_date",
        ),
    ):
        if wrong:
            raise FieldError(words, name)


def _instructors(root: ObjectId) -> tuple[Mapping[str, str], ...]:
    stored = course_fields(root).get("instructor_info")
    listed = stored.get("instructors") if isinstance(stored, Mapping) else None
    known = [one for one in listed if isinstance(one, Mapping)] if isinstance(listed, list) else []
    return tuple({name: str(one.get(name) or "") for name in INSTRUCTOR} for one in known)


def _instructor_text(instructors: list[Mapping[str, str]], base: ObjectId) -> str:
    """The text of ``instructor_info`` with these people; the one that was seen if they are the same."""
    named = [{name: one.get(name, "").strip() for name in INSTRUCTOR} for one in instructors]
    kept = [one for one in named if any(one.values())]
    setting = next(one for one in SETTINGS if one.name == "instructor_info")
    if tuple(kept) == _instructors(base):
        return setting.codec.show(setting.stored(base), None)  # type: ignore[arg-type]  # JSON knows no zone
    return json.dumps({"instructors": kept}) if kept else ""


def _exam_made(author: Author) -> Callable[[Draft], None]:
    """A change that names the section that is the entrance exam; a new one, first in the course, if there was none."""
    mark = {"is_entrance_exam": True, "in_entrance_exam": True}
    inside = NewBlock("sequential", uuid4().hex, {"display_name": _("Entrance exam"), "graded": True, **mark})
    section = NewBlock("chapter", uuid4().hex, {"display_name": _("Entrance exam"), **mark}, (inside,))

    def change(draft: Draft) -> None:
        there = (ref for ref in draft.children(COURSE) if draft.node(ref).fields.get("is_entrance_exam") is True)
        ref = next(there, None) or draft.add(COURSE, section, 0)
        draft.update(COURSE, {"entrance_exam_id": usage_text(author.run, ref)})

    return change
