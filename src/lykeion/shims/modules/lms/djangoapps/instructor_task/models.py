"""Stand-in for Open edX's module of this name: reports as files, for the course team.

Blocks ask for them without asking who asks: so what a learner's call wants kept is not kept, and their call is refused
as soon as it wants to know where.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence
from hashlib import sha256
from typing import Any, Final

from django.core.exceptions import PermissionDenied
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.utils.text import get_valid_filename
from django.utils.translation import gettext as _

from lykeion.courseware import api as courseware

MOST: Final = 50  # reports of a course that are kept


class ReportStore:
    """The reports of every course, in Django's storage."""

    @classmethod
    def from_config(cls, config_name: str) -> ReportStore:
        """The store; there is one, whatever is asked for."""
        return cls()

    def store(self, course_id: Any, filename: str, buff: Any, parent_dir: str = "") -> None:
        """Keeps what ``buff`` (a file) holds, for the team; it replaces one of its name, and the oldest of more than
        :data:`MOST`."""
        if not courseware.is_for_team():
            return
        text = buff.read()
        path = _path(course_id, filename)
        default_storage.delete(path)
        default_storage.save(path, ContentFile(text.encode() if isinstance(text, str) else text))
        for name in _newest_first(_path(course_id, ""))[MOST:]:
            default_storage.delete(_path(course_id, "") + name)

    def store_rows(self, course_id: Any, filename: str, rows: Iterable[Sequence[Any]], parent_dir: str = "") -> None:
        """Keeps ``rows`` as CSV."""
        text = io.StringIO()
        csv.writer(text).writerows(rows)
        text.seek(0)
        self.store(course_id, filename, text)

    def links_for(self, course_id: Any) -> list[tuple[str, str]]:
        """Names and addresses of the reports of a course, newest first; the addresses are for whose visit this is.

        Raises :class:`PermissionDenied` for people who are not of the team.
        """
        if not courseware.is_for_team():
            raise PermissionDenied(_("Reports are for the course team only."))
        folder = _path(course_id, "")
        return [(name, default_storage.url(folder + name)) for name in _newest_first(folder)]


def _path(course_id: Any, filename: str) -> str:
    """Where a report is; the name of the folder cannot lead out of it, whatever is in a key."""
    folder = f"reports/{sha256(str(course_id).encode()).hexdigest()[:32]}/"
    return folder + get_valid_filename(filename) if filename else folder


def _newest_first(folder: str) -> list[str]:
    names = default_storage.listdir(folder)[1] if default_storage.exists(folder) else []
    return sorted(names, key=lambda name: default_storage.get_modified_time(folder + name), reverse=True)
