"""Files that learners handed in to be graded, in Django's file storage; signed, short-lived links for graders."""

from __future__ import annotations

import secrets
from collections.abc import Iterable
from datetime import timedelta
from typing import BinaryIO, Final

from django.conf import settings
from django.core import signing
from django.core.files.base import ContentFile
from django.core.files.storage import FileSystemStorage, Storage, storages

from lykeion.graders.types import NoSuchSubmission

LINKS_LAST: Final = timedelta(hours=24)
_ALIAS: Final = "submissions"
_SALT: Final = "lykeion.graders.files"


def storage() -> Storage:
    """The storage ``submissions`` of the settings, else the folder ``LYKEION_SUBMISSIONS``. Never served as it is."""
    if _ALIAS in settings.STORAGES:
        return storages[_ALIAS]
    return FileSystemStorage(location=settings.LYKEION_SUBMISSIONS)


def keep_file(content: bytes) -> str:
    """Stores a file under a name that nobody can guess; the name."""
    token = secrets.token_hex(16)
    return storage().save(f"{token[:2]}/{token}", ContentFile(content))


def read_file(stored: str) -> bytes:
    """The content of a stored file."""
    with storage().open(stored, "rb") as opened:
        content: bytes = opened.read()
    return content


def remove_files(stored: Iterable[str]) -> None:
    """Removes stored files; what is gone already is fine."""
    place = storage()
    for name in stored:
        place.delete(name)


def link_token(stored: str, name: str) -> str:
    """What a link to a stored file carries: which, and by what name it was handed in."""
    return signing.dumps([stored, name], salt=_SALT)


def open_link(token: str) -> tuple[str, BinaryIO]:
    """Name and content of the file a link stands for. Raises :class:`NoSuchSubmission` for a forged or old link."""
    try:
        stored, name = signing.loads(token, salt=_SALT, max_age=LINKS_LAST)
        opened: BinaryIO = storage().open(stored, "rb")  # type: ignore[assignment]  # File reads as a BinaryIO
    except (signing.BadSignature, FileNotFoundError) as error:
        raise NoSuchSubmission("This link to a file is wrong, or too old; fetch the submission again.") from error
    return name, opened
