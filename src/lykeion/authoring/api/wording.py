"""What blocks, their settings and values are called, for people."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any, Final

from django.utils import formats, timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, pgettext_lazy

from lykeion.authoring import kinds, texts
from lykeion.content import api as content
from lykeion.content.types import Json, Node

_KINDS: Final[Mapping[str, Any]] = {
    "course": gettext_lazy("Course"),
    "chapter": gettext_lazy("Section"),
    "sequential": gettext_lazy("Subsection"),
    "vertical": gettext_lazy("Unit"),
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
    "tabs": gettext_lazy("Pages and their order"),
    "self_paced": gettext_lazy("At the learner's own pace"),
    "enrollment_start": gettext_lazy("Enrolment starts"),
    "enrollment_end": gettext_lazy("Enrolment ends"),
    "end": gettext_lazy("Course ends"),
    "type": gettext_lazy("Kind"),
    "children": gettext_lazy("Order"),
}
_INSIDE: Final[Mapping[str, Any]] = {
    "GRADER": gettext_lazy("Assignment types"),
    "GRADE_CUTOFFS": gettext_lazy("Grades begin at"),
    "type": gettext_lazy("Type"),
    "weight": gettext_lazy("Weight"),
    "min_count": gettext_lazy("How many"),
    "drop_count": gettext_lazy("Lowest dropped"),
    "short_label": gettext_lazy("Short"),
}
"""What parts of lists and structures are called, such as those of the grading policy."""
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
    return str(_KINDS.get(block_type) or kinds.name_of(block_type))


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


def laid_out(given: Json, *, source: bool = False) -> str:
    """Lists and structures as lines that people can read and compare, HTML as its words or as its ``source``."""
    return "\n".join(_laid_out(given, source))


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


def _laid_out(given: Json, source: bool) -> Iterator[str]:
    if isinstance(given, Mapping):
        for name, one in given.items():
            yield from _beneath(f"{_INSIDE.get(name) or field(name)}:", one, source)
    elif isinstance(given, list | tuple):
        for one in given:
            yield from _beneath("•", one, source)
    else:
        yield given if source and isinstance(given, str) else texts.seen_words(value("", given))


def _beneath(head: str, given: Json, source: bool) -> Iterator[str]:
    """What ``given`` holds, under its name or beside it."""
    lines = "\n".join(_laid_out(given, source)).splitlines()
    if isinstance(given, Mapping | list | tuple) and lines:
        yield head
        yield from (f"  {line}" for line in lines)
    else:
        yield f"{head} {chr(10).join(lines)}".rstrip()
