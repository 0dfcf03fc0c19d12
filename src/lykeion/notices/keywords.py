"""Words that stand for something of the recipient or the course: Open edX's, and a link to the course.

Source: openedx.md §2.1; Open edX ``util/keyword_substitution.py`` (``USER_ID`` is anonymous, as there).
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Callable, Mapping
from typing import Any, Final

from django.conf import settings
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from lykeion.accounts import api as accounts
from lykeion.accounts.types import Person
from lykeion.catalog.types import Run
from lykeion.notices.types import MailError

KEYWORDS: Final[dict[str, Any]] = {
    "USER_FULLNAME": gettext_lazy("full name of the recipient (the user name where none was given)"),
    "USER_ID": gettext_lazy("anonymous id of the recipient, 32 letters and digits"),
    "COURSE_DISPLAY_NAME": gettext_lazy("name of the course"),
    "COURSE_END_DATE": gettext_lazy("day on which the course ends"),
    "COURSE_URL": gettext_lazy("address of the course"),
}
_WORD: Final = re.compile(r"%%([A-Za-z_]+)%%")


def check(text: str, field: str) -> None:
    """Raises :class:`MailError` for a word between ``%%`` that stands for nothing."""
    for name in _WORD.findall(text):
        if name in KEYWORDS:
            continue
        near = difflib.get_close_matches(name.upper(), KEYWORDS, n=1)
        hint = _("Did you mean %%%%%(near)s%%%%?") % {"near": near[0]} if near else ""
        words = _("%%%%%(name)s%%%% stands for nothing here.") % {"name": name}
        raise MailError(" ".join(part for part in (words, hint) if part), field)


def values(person: Person, run: Run) -> dict[str, str]:
    """What each word stands for in a mail to ``person``."""
    return {
        "USER_FULLNAME": one_line(person.full_name) or person.username,
        "USER_ID": accounts.anonymous_id(person.id, None),
        "COURSE_DISPLAY_NAME": one_line(run.title),
        "COURSE_END_DATE": date_format(localtime(run.end), "DATE_FORMAT") if run.end else _("no end is set"),
        "COURSE_URL": settings.SITE_URL + reverse("course_home", args=[run.key]),
    }


def fill(text: str, found: Mapping[str, str], wrap: Callable[[str], str] = str) -> str:
    """``text`` with every word of ``found`` replaced; ``wrap`` makes a value fit for where it goes (``escape``)."""
    return _WORD.sub(lambda word: wrap(found[word[1]]) if word[1] in found else word[0], text)


def one_line(text: str) -> str:
    """Names with line breaks in them must not write headers of their own."""
    return " ".join(text.split())
