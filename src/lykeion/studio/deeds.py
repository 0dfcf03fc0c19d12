"""What was done, in words: the verbs of the history, which are stored in English."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from lykeion.authoring.api import wording
from lykeion.authoring.api.history import Entry
from lykeion.authoring.api.settings import AREAS
from lykeion.core.keys import split_ref

_VERBS: Final[Mapping[str, Any]] = {
    "Added": gettext_lazy("Added {what}"),
    "Brought back": gettext_lazy("Brought back {what}"),
    "Changed settings": gettext_lazy("Changed the settings of {what}"),
    "Cut from its library": gettext_lazy("Cut {what} from its library"),
    "Declined an update": gettext_lazy("Declined an update of {what} from its library"),
    "Created": gettext_lazy("Made the course"),
    "Deleted": gettext_lazy("Deleted {what}"),
    "Discarded changes": gettext_lazy("Discarded the changes of {what}"),
    "Duplicated": gettext_lazy("Made a copy: {what}"),
    "Edited": gettext_lazy("Edited {what}"),
    "Hid": gettext_lazy("Hid {what}"),
    "Imported": gettext_lazy("Imported the course"),
    "Locked": gettext_lazy("Kept {what} for learners only"),
    "Moved": gettext_lazy("Moved {what}"),
    "Pasted": gettext_lazy("Pasted {what}"),
    "Published": gettext_lazy("Published {what}"),
    "Pulled": gettext_lazy("Pulled {what} from Git"),
    "Removed": gettext_lazy("Deleted {what}"),
    "Renamed": gettext_lazy("Renamed {what}"),
    "Restored": gettext_lazy("Went back to an older version of {what}"),
    "Rolled back": gettext_lazy("Went back to an older version"),
    "Showed": gettext_lazy("Showed {what}"),
    "Tagged": gettext_lazy("Tagged {what}"),
    "Undid": gettext_lazy("Undid a change of {what}"),
    "Unlocked": gettext_lazy("Showed {what} to everybody"),
    "Updated from its library": gettext_lazy("Updated {what} from its library"),
    "Uploaded": gettext_lazy("Uploaded {what}"),
    "Used from a library": gettext_lazy("Used {what} from a library"),
}
_TAKEN_BACK: Final[Mapping[str, Any]] = {
    "an import": gettext_lazy("Took an import back"),
    "a pull": gettext_lazy("Took a pull from Git back"),
    "a change of files": gettext_lazy("Took a change of files back"),
}
_RERUN: Final = "Made as a new run of "
_PARTS: Final[Mapping[str, Any]] = {
    "about": gettext_lazy("the about page"),
    "info": gettext_lazy("updates and handouts"),
    "tabs": gettext_lazy("a page"),
    "files": gettext_lazy("files"),
    "settings": gettext_lazy("the settings"),
    **{name: area.title for name, area in AREAS.items()},
}


def deed(entry: Entry) -> str:
    """What was done, as a sentence without a subject: "Renamed unit “Rivers”"."""
    if entry.verb.startswith(_RERUN):
        return _("Made this as a new run of {source}").format(source=entry.verb.removeprefix(_RERUN))
    words = _TAKEN_BACK.get(entry.ref) if entry.verb == "Undid" else None
    words = words or _VERBS.get(entry.verb)
    if words is None:
        return f"{entry.verb}: {_what(entry)}" if entry.ref else entry.verb
    return str(words).format(what=_what(entry))


def _what(entry: Entry) -> str:
    if not entry.ref or entry.ref == "course@course":
        return _("the whole course")
    if entry.ref.startswith("files/"):
        return _("the file “{path}”").format(path=entry.ref.removeprefix("files/"))
    if "@" not in entry.ref:
        return str(_PARTS.get(entry.ref.partition("/")[0]) or f"“{entry.ref}”")
    return _("{kind} “{title}”").format(kind=wording.kind(split_ref(entry.ref)[0]), title=entry.title)
