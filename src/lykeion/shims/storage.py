"""Files that blocks of others keep in Django's default storage, and addresses that work only for whom they were made.

A package that shows a file asks the storage for its address while it makes a page for somebody. So who gets an address
has been shown the file by the block, by the block's own rules (a peer who assesses, the course team, the learner), and
nobody else can use it: the address is signed for them, for a day.
"""

from __future__ import annotations

import secrets
from pathlib import Path, PurePath
from typing import Any, Final
from urllib.parse import quote

from django.core.exceptions import PermissionDenied
from django.core.files.storage import FileSystemStorage, Storage
from django.core.signing import BadSignature, TimestampSigner
from django.utils.translation import gettext as _

from lykeion.core.filestore import FileStore
from lykeion.courseware import api as courseware

PATH: Final = "/block-files/"
HOLDS: Final = 24 * 60 * 60
"""Seconds for which an address holds."""


class Guarded(Storage):
    """While somebody looks as a learner nothing changes; addresses are for the person whose page is being made."""

    def delete(self, name: str) -> None:
        """Removes a file; not while somebody looks as a learner: the file is the learner's."""
        if courseware.is_masked():
            return
        super().delete(name)

    def save(self, name: str | None, content: Any, max_length: int | None = None) -> str:
        """Keeps a file. Raises :class:`PermissionDenied` while somebody looks as a learner."""
        if courseware.is_masked():
            raise PermissionDenied(_("Files are not kept while somebody looks as a learner."))
        return str(super().save(name, content, max_length))

    def url(self, name: str | None) -> str:
        """The address of the file for the person whose page is being made; one that nobody can use without a page."""
        viewer = courseware.whose_visit() or 0
        return f"{PATH}{quote(name or '')}?for={_signer(name or '').sign(str(viewer))}"


class BlockFiles(Guarded, FileSystemStorage):
    """In the home of the site."""

    def replace(self, name: str, content: Any) -> None:
        """Keeps ``content`` under exactly this name, whatever was there, once all of it has arrived; nothing of what
        breaks off."""
        fresh = str(PurePath(name).with_name(f"{secrets.token_hex(16)}.part"))
        try:
            Path(self.path(self.save(fresh, content))).replace(self.path(name))
        finally:
            Path(self.path(fresh)).unlink(missing_ok=True)


class FarBlockFiles(Guarded, FileStore):
    """In an object store."""


def is_for(name: str, signature: str, user_id: int) -> bool:
    """Whether ``signature`` was made for this person and this file, not longer than a day ago."""
    try:
        return _signer(name).unsign(signature, max_age=HOLDS) == str(user_id)
    except BadSignature:
        return False


def _signer(name: str) -> TimestampSigner:
    return TimestampSigner(salt=f"lykeion.shims.storage:{name}")
