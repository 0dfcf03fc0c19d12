"""What an entry of the audit log says besides what was done: labels and values in words, with the names people know.

The log keeps refs, codes and moments, so that it can be read by programs; here they become words. What is called
something else by now is called by its name of today; what is gone, by what the log kept.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cached_property
from typing import Any, Final

from django.utils.dateparse import parse_datetime
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from lykeion.accounts.types import Role
from lykeion.certificates.types import Status
from lykeion.instructor.people_words import kind_words
from lykeion.instructor.words import CERTIFICATES
from lykeion.teaching.api import mail, reports, team, work
from lykeion.teaching.types import Deed, Teacher
from lykeion.ui.templatetags.ui import short_number

_CHANGES: Final[dict[str, Any]] = {
    "override": gettext_lazy("Points"),
    "remove_override": gettext_lazy("Points"),
    "set_score": gettext_lazy("Points"),
    "extend": gettext_lazy("Due"),
    "allow_time": gettext_lazy("More minutes"),
    "mark": gettext_lazy("Text"),
    "change_column": gettext_lazy("Name before"),
}
_BLOCKS: Final = frozenset({"subsection", "exam", "block"})
_HIDDEN: Final = frozenset(
    {"job", "title", "from", "to", "of", "was_shown", "list"}
)  # said elsewhere, or nobody's business


class Names:
    """What things of one course are called now; read when somebody asks."""

    def __init__(self, teacher: Teacher) -> None:
        self.teacher = teacher

    @cached_property
    def groups(self) -> Mapping[str, str]:
        """The groups that mails go to."""
        return dict(mail.groups(self.teacher))

    def block(self, ref: str, kept: str) -> str:
        """The title of a block; the one that the log ``kept`` when it is gone."""
        title = work.title_of(self.teacher, ref)
        return kept if title == ref and kept else title


def particulars(deed: Deed, names: Names) -> list[tuple[str, str]]:
    """Labels and values, in the order of the log. One read for all mails together, none for the rest."""
    details, found = deed.details, []
    for key, value in details.items():
        if key in _HIDDEN and not (deed.what == "mail" and key == "to"):
            continue
        label, words = _VALUES.get(key, (key, _plain))
        shown = names.block(str(value), details.get("title", "")) if key in _BLOCKS else words(value, names)
        if shown:
            found.append((str(label), shown))
    if deed.what in _CHANGES:
        found.append((str(_CHANGES[deed.what]), _changed(details)))
    return found


def _changed(details: Mapping[str, Any]) -> str:
    """``3 → 5 of 10``; only what was before where the new value has a line of its own."""
    before = _value(details.get("from"))
    if "to" not in details:
        return before
    words = f"{before} → {_value(details['to'])}"
    if details.get("of") is None:
        return words
    return _("{change} of {most}").format(change=words, most=_value(details["of"]))


def _value(value: Any) -> str:
    if value is None or value == "":
        return _("nothing")
    if isinstance(value, str):
        return _moment(value) or value
    return _plain(value)


def _moment(text: Any) -> str:
    """A time as pages write it; '' for what is none."""
    try:
        found = parse_datetime(str(text))
    except ValueError:
        found = None
    return date_format(localtime(found), "DATETIME_FORMAT") if found is not None and found.tzinfo else ""


def _plain(value: Any, _names: Names | None = None) -> str:
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if isinstance(value, int | float):
        return short_number(round(value, 2), get_language())
    return "" if value is None else str(value)


def _when(value: Any, _names: Names) -> str:
    return _moment(value) or str(value)


def _report(value: Any, _names: Names) -> str:
    found = reports.kinds_by_name().get(str(value))
    return str(found.title) if found else str(value)


def _role(value: Any, _names: Names) -> str:
    return team.role_name(Role(value)) if value in set(Role) else str(value)


def _kind(value: Any, _names: Names) -> str:
    return kind_words(str(value))


def _status(value: Any, _names: Names) -> str:
    return str(CERTIFICATES[Status(value)]) if value in set(Status) else str(value)


def _groups(value: Any, names: Names) -> str:
    return ", ".join(names.groups.get(one, _("A group that is gone")) for one in str(value).split(", "))


def _upper(value: Any, _names: Names) -> str:
    return str(value).upper()


_VALUES: Final[dict[str, tuple[Any, Callable[[Any, Names], str]]]] = {
    "subsection": (gettext_lazy("Subsection"), _plain),
    "exam": (gettext_lazy("Exam"), _plain),
    "block": (gettext_lazy("Problem"), _plain),
    "report": (gettext_lazy("Report"), _report),
    "format": (gettext_lazy("Format"), _upper),
    "file": (gettext_lazy("File"), _plain),
    "role": (gettext_lazy("Role"), _role),
    "kind": (gettext_lazy("What for"), _kind),
    "sql": (gettext_lazy("Question"), _plain),
    "lines": (gettext_lazy("Lines"), _plain),
    "allowed": (gettext_lazy("Allowed"), _plain),
    "status": (gettext_lazy("Anew for the status"), _status),
    "mode": (gettext_lazy("Track"), _plain),
    "was": (gettext_lazy("Before"), _plain),
    "cohort": (gettext_lazy("Cohort"), _plain),
    "automatic": (gettext_lazy("People come into it by themselves"), _plain),
    "auto_enrol": (gettext_lazy("Enrolled once the address is confirmed"), _plain),
    "column": (gettext_lazy("Column"), _plain),
    "shown": (gettext_lazy("Learners see it"), _plain),
    "marks": (gettext_lazy("Filled in for so many learners"), _plain),
    "ends": (gettext_lazy("Runs until"), _when),
    "at": (gettext_lazy("Goes out"), _when),
    "subject": (gettext_lazy("Subject"), _plain),
    "to": (gettext_lazy("To"), _groups),
}
