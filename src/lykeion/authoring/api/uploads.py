"""Files on their way from an author's machine: in parts, so that a lost network or a closed page costs one part.

The way is that of tus (offsets): begin, then send part after part from the offset that the server says it has.
"""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from django.conf import settings
from django.db import IntegrityError, transaction
from django.db.models import Max, Sum
from django.utils.translation import gettext as _

from lykeion.authoring.api import files
from lykeion.authoring.api.courses import require
from lykeion.authoring.filenames import clean_path
from lykeion.authoring.models import Upload, UploadPart
from lykeion.authoring.types import Author, AuthoringError, Capability
from lykeion.content import api as content
from lykeion.content.types import ContentError, Edited, StoredFile
from lykeion.core import parcels
from lykeion.core.parcels import Joined
from lykeion.jobs import api as jobs

__all__ = [
    "PART",
    "Known",
    "OutOfStep",
    "begin",
    "drop",
    "drop_old",
    "finished",
    "known",
    "open_ones",
    "receive",
    "take",
]

PART: Final = 4 << 20  # bytes of a part: below what Django takes into memory
KEPT: Final = timedelta(days=7)
MOST: Final = 60  # unfinished uploads of one person; the oldest makes room
NEEDS: Final = {"file": Capability.FILES, "course": Capability.REPLACE, "part": Capability.EDIT}
MB: Final = 1 << 20
_NAMED: Final = 3  # uploads that a refusal names
SWEEP: Final = "authoring.sweep"
SWEPT_EVERY: Final = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Known:
    """An upload and how far it is: ``offset`` of ``size`` bytes are here."""

    key: str
    purpose: str
    path: str
    size: int
    offset: int

    @property
    def is_whole(self) -> bool:
        """Whether everything is here."""
        return self.offset == self.size


class OutOfStep(AuthoringError):
    """A part that does not begin where the server waits for one; ``offset`` is where it does."""

    def __init__(self, message: str, offset: int) -> None:
        super().__init__(message)
        self.offset = offset


class Exists(AuthoringError):
    """The course has a file of that name; the author must say what is to become of it."""


def begin(author: Author, *, purpose: str, path: str, size: int, mark: str, ask: bool = False, at: datetime) -> Known:
    """Begins an upload, or finds the one that was begun for the same file and was not finished.

    ``purpose``: ``file`` (of the course), ``course`` (an archive to import), ``part`` (of another course). Raises
    :class:`AuthoringError` for what is too large (by itself, or with all that this person has on its way) or has no
    name, and with ``ask`` :class:`Exists` when there is a file
    of that name; ``NotAllowed``.
    """
    require(author, _needs(purpose))
    name = clean_path(path)
    _check_size(purpose, name, size)
    if ask and content.file(author.root, name) is not None:
        raise Exists(_("There is a file {path} already.").format(path=name))
    mine = Upload.objects.filter(user_id=author.person.id, run=str(author.run), purpose=purpose)
    row = mine.filter(path=name, size=size, mark=mark[:100]).order_by("-created").first()
    if row is None:
        _make_room(author.person.id)
        _check_total(author.person.id, size)
        more = {"purpose": purpose, "path": name, "size": size, "mark": mark[:100], "created": at}
        row = Upload.objects.create(key=secrets.token_hex(16), run=str(author.run), user_id=author.person.id, **more)
        plan_sweep(at)
    return _known(row)


def known(author: Author, key: str) -> Known:
    """How far an upload of this author to this course is. Raises :class:`ContentError` when there is none."""
    return _known(_mine(author, key))


def open_ones(author: Author, purpose: str) -> list[Known]:
    """The author's uploads to this course that are not finished, oldest first."""
    rows = Upload.objects.filter(user_id=author.person.id, run=str(author.run), purpose=purpose).order_by("created")
    return [_known(row) for row in rows]


def receive(author: Author, key: str, offset: int, data: bytes, *, at: datetime) -> Known:
    """Takes the part that begins at ``offset``. Raises :class:`OutOfStep` when the server waits for another one."""
    row = _mine(author, key)
    here = _known(row)
    if offset != here.offset or offset + len(data) > row.size:
        raise _out_of_step(here)
    if not data:
        return here
    name = parcels.keep(data)
    try:
        with transaction.atomic():
            UploadPart.objects.create(upload=row, offset=offset, size=len(data), name=name, created=at)
    except IntegrityError as error:  # the same part came twice, or the upload was dropped
        parcels.drop([name])
        raise _out_of_step(known(author, key)) from error
    return _known(row)


def finished(author: Author, key: str, purpose: str) -> tuple[Known, Joined]:
    """An upload that is here as a whole, and its content. Raises :class:`ContentError`, :class:`AuthoringError`."""
    row = _mine(author, key)
    here = _known(row)
    if row.purpose != purpose or not here.is_whole:
        words = _("{path} is not here as a whole yet: {offset} of {size} bytes. Upload the rest of it.")
        raise AuthoringError(words.format(path=here.path, offset=here.offset, size=here.size))
    return here, Joined(tuple(row.parts.order_by("offset").values_list("name", flat=True)))


def take(author: Author, keys: Sequence[str], *, keep: Sequence[str] = (), at: datetime) -> Edited[list[StoredFile]]:
    """Puts uploads that are here into the draft, as one change. Those of ``keep`` leave files of their name alone."""
    found = [finished(author, key, "file") for key in keys]
    new = [files.New(one.path, source, keep=one.key in keep) for one, source in found]
    edited = files.put_all(author, new, at=at)
    for key in keys:
        drop(author, key)
    return edited


def drop(author: Author, key: str) -> None:
    """Forgets an upload with all that came of it."""
    _drop(_mine(author, key))


def plan_sweep(at: datetime) -> None:
    """Orders that what nobody comes back for is removed in time; one order waits at most."""
    jobs.enqueue(SWEEP, None, at=at + SWEPT_EVERY, key=SWEEP)


def drop_key(key: str) -> None:
    """Forgets an upload, whoever began it, if it is known."""
    for row in Upload.objects.filter(key=key):
        _drop(row)


def some_left() -> bool:
    """Whether anything is on its way."""
    return Upload.objects.exists()


def drop_old(at: datetime) -> int:
    """Forgets uploads that nothing was added to for a week; how many."""
    latest = Upload.objects.annotate(last=Max("parts__created")).filter(created__lt=at - KEPT)
    old = [row for row in latest if row.last is None or row.last < at - KEPT]
    for row in old:
        _drop(row)
    return len(old)


def _needs(purpose: str) -> Capability:
    if purpose not in NEEDS:
        raise AuthoringError(_("There is no upload for {purpose}.").format(purpose=purpose[:20]))
    return NEEDS[purpose]


def _check_size(purpose: str, name: str, size: int) -> None:
    most = (settings.LYKEION_FILE_MB if purpose == "file" else settings.LYKEION_ARCHIVE_MB) * MB
    if size > most:
        words = _("{path} has {size} MB; this site takes {most} MB at most. Make it smaller, or ask its operators.")
        raise AuthoringError(words.format(path=name, size=-(-size // MB), most=most // MB))
    if size < 0:
        raise AuthoringError(_("The size of {path} is not told.").format(path=name))


def _make_room(user_id: int) -> None:
    for row in Upload.objects.filter(user_id=user_id).order_by("-created")[MOST - 1 :]:
        _drop(row)


def _check_total(user_id: int, size: int) -> None:
    """What was begun and neither taken nor discarded lies on the server's disk, or will."""
    rows = Upload.objects.filter(user_id=user_id)
    begun, most = rows.aggregate(sum=Sum("size"))["sum"] or 0, settings.LYKEION_UPLOADS_MB * MB
    if begun + size > most:
        words = _(
            "Your uploads on their way have {begun} MB, and this one has {size} MB; this site takes {most} MB of one"
            " person at a time. Finish or discard others first, on the pages Files and Import: {names}."
        )
        largest = [f"{row.path} ({row.run})" for row in rows.order_by("-size")[:_NAMED]]
        sizes = {"begun": -(-begun // MB), "size": -(-size // MB), "most": most // MB}
        raise AuthoringError(words.format(**sizes, names=", ".join(largest) or "—"))


def _mine(author: Author, key: str) -> Upload:
    row = Upload.objects.filter(key=key, user_id=author.person.id, run=str(author.run)).first()
    if row is None:
        raise ContentError(_("This upload is not known any more. Begin it again."))
    require(author, NEEDS[row.purpose])
    return row


def _known(row: Upload) -> Known:
    here = row.parts.aggregate(here=Sum("size"))["here"] or 0
    return Known(row.key, row.purpose, row.path, row.size, here)


def _drop(row: Upload) -> None:
    names = list(row.parts.values_list("name", flat=True))
    row.delete()
    parcels.drop(names)


def _out_of_step(here: Known) -> OutOfStep:
    return OutOfStep(_("Go on from byte {offset}.").format(offset=here.offset), here.offset)
