"""What blocks, their settings and values are called, for people."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final

from django.utils import formats, timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, pgettext_lazy

from lykeion.content import api as content
from lykeion.content.types import Json, Node

_KINDS: Final[Mapping[str, Any]] = {
    "course": gettext_lazy("Course"),
    "chapter": gettext_lazy("Section"),
    "sequential": gettext_lazy("Subsection"),
    "vertical": gettext_lazy("Unit"),
    "html": pgettext_lazy("component", "Text"),
    "problem": gettext_lazy("Problem"),
    "video": gettext_lazy("Video"),
    "discussion": gettext_lazy("Discussion"),
    "library_content": gettext_lazy("Problems from a library"),
    "itembank": gettext_lazy("Problem bank"),
    "split_test": gettext_lazy("Experiment"),
    "conditional": gettext_lazy("Conditional part"),
    "openassessment": gettext_lazy("Open response"),
    "lti_consumer": gettext_lazy("Tool of another site"),
}
_FIELDS: Final[Mapping[str, Any]] = {
    "display_name": gettext_lazy("Name"),
    "data": pgettext_lazy("component", "Text"),
    "markdown": pgettext_lazy("component", "Text"),
    "start": gettext_lazy("Release date"),
    "due": gettext_lazy("Due date"),
    "relative_weeks_due": gettext_lazy("Due, in weeks after the learner starts"),
    "format": gettext_lazy("Graded as"),
    "graded": gettext_lazy("Graded"),
    "visible_to_staff_only": gettext_lazy("Hidden from learners"),
    "hide_after_due": gettext_lazy("Hidden after the due date"),
    "hide_from_toc": gettext_lazy("Left out of the table of contents"),
    "show_correctness": gettext_lazy("Results shown"),
    "is_time_limited": gettext_lazy("Timed exam"),
    "default_time_limit_minutes": gettext_lazy("Minutes"),
    "is_prerequisite": gettext_lazy("Can be a prerequisite"),
    "required_prereq": gettext_lazy("Prerequisite"),
    "min_score": gettext_lazy("Least score, in percent"),
    "min_completion": gettext_lazy("Least completion, in percent"),
    "highlights": gettext_lazy("Highlights"),
    "group_access": gettext_lazy("Groups that may see it"),
    "discussion_enabled": gettext_lazy("Discussion"),
    "weight": gettext_lazy("Points"),
    "max_attempts": gettext_lazy("Attempts"),
    "showanswer": gettext_lazy("Answer shown"),
    "rerandomize": gettext_lazy("Randomised"),
    "graceperiod": gettext_lazy("Grace period"),
    "transcripts": gettext_lazy("Transcripts"),
    "grading_policy": gettext_lazy("Grading"),
    "user_partitions": gettext_lazy("Groups"),
    "enrollment_start": gettext_lazy("Enrolment starts"),
    "enrollment_end": gettext_lazy("Enrolment ends"),
    "end": gettext_lazy("Course ends"),
    "type": gettext_lazy("Kind"),
    "children": gettext_lazy("Order"),
}
DATES: Final = frozenset(["start", "due", "end", "enrollment_start", "enrollment_end", "certificate_available_date"])
_CHOICES: Final[Mapping[str, Mapping[str, Any]]] = {
    "show_correctness": {
        "always": gettext_lazy("at once"),
        "never": gettext_lazy("never"),
        "past_due": gettext_lazy("after the due date"),
        "never_but_include_grade": gettext_lazy("never, but the grade is"),
    }
}
_LONGEST: Final = 200


def kind(block_type: str) -> str:
    """What a type of block is called: "Unit"."""
    return str(_KINDS.get(block_type) or block_type.replace("_", " ").capitalize())


def field(name: str) -> str:
    """What a setting is called: "Due date"."""
    return str(_FIELDS.get(name) or name.replace("_", " ").capitalize())


def value(name: str, given: Json, fields: Mapping[str, Json] | None = None) -> str:
    """A value of the setting ``name`` in words; '' for none. Long ones are cut."""
    if name in DATES and fields is not None:
        return date(name, fields)
    if given is None or given == "" or given == [] or given == {}:
        return ""
    if isinstance(given, bool):
        return _("yes") if given else _("no")
    chosen = _CHOICES.get(name, {}).get(str(given))
    words = str(chosen) if chosen is not None else _plain(given)
    return words if len(words) <= _LONGEST else f"{words[:_LONGEST]}…"


def date(name: str, fields: Mapping[str, Json]) -> str:
    """A date in the reader's own zone and words; as it is written, where it is none; '' without one."""
    given = fields.get(name)
    found = moment_of(given)
    return moment(found) if found is not None else str(given or "")


def moment_of(given: Json) -> datetime | None:
    """The moment that a field names, as courses write dates; None for none."""
    held, _own = content.settings_along([Node("course", {"due": given})])
    found: datetime | None = held.get("due")
    return found


def moment(at: datetime) -> str:
    """A moment in the reader's own zone and words, with the zone."""
    local = timezone.localtime(at)
    return f"{formats.date_format(local, 'DATETIME_FORMAT')} ({local.tzname()})"


def parts(count: int) -> str:
    """How many parts something has, in words."""
    return ngettext("{count} part", "{count} parts", count).format(count=count)


def _plain(given: Json) -> str:
    if isinstance(given, list | tuple):
        return ", ".join(_plain(one) for one in given)
    if isinstance(given, Mapping):
        return "; ".join(f"{name}: {_plain(one)}" for name, one in given.items())
    return str(given)
