"""Names of course files: what people call them, made into paths that links can hold."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Container
from typing import Final

from django.utils.translation import gettext as _

from lykeion.authoring.types import AuthoringError

LONGEST: Final = 200  # characters of a path; keys with it must fit their tables
_ODD: Final = re.compile(r"[^\w.~-]+")
_EDGES: Final = re.compile(r"_*\._*(?=[^.]*\Z)")


def clean_path(path: str) -> str:
    """``path`` as a path below ``/static/``: ``Week 1/My photo (2).PNG`` is ``Week_1/My_photo_2.PNG``.

    Raises :class:`AuthoringError` when nothing is left, or too much.
    """
    parts = [_part(part) for part in unicodedata.normalize("NFC", path).replace("\\", "/").split("/")]
    found = "/".join(part for part in parts if part)
    if not found:
        raise AuthoringError(_("“{path}” is no name for a file. Use letters and digits.").format(path=path[:100]))
    if len(found) > LONGEST:
        words = _("The name “{path}…” is too long: with its folders it may have {most} characters.")
        raise AuthoringError(words.format(path=found[:60], most=LONGEST))
    return found


def free_path(path: str, taken: Container[str]) -> str:
    """``path``, or when it is taken the next of ``name-2.png``, ``name-3.png`` that is free."""
    folder, _slash, name = path.rpartition("/")
    stem, dot, kind = name.rpartition(".")
    stem, end = (stem, f".{kind}") if dot and stem else (name, "")
    count, found = 1, path
    while found in taken:
        count += 1
        found = f"{folder}/" * bool(folder) + f"{stem}-{count}{end}"
    return found


def _part(part: str) -> str:
    """One folder or name. What begins with a dot or ends in ``~`` is skipped by those who read course archives."""
    name = _EDGES.sub(".", _ODD.sub("_", part.strip()))
    return name.lstrip("._").rstrip("~_.")
