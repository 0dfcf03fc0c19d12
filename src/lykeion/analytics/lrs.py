"""Statements on their way to a learning record store: from the tracking log, in order, each at least once.

How far each log was sent is a row, moved after the store took the batch. Who is killed in between sends it again, with
the same ids, and a store keeps each id once.
"""

from __future__ import annotations

import gzip
import urllib.error
import urllib.request
import zlib
from base64 import b64encode
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass
from http.client import HTTPException
from typing import Any, Final

import orjson

from lykeion.analytics.models import Sent
from lykeion.analytics.sources import LONGEST, Source, opened
from lykeion.core.direct import direct_opener
from lykeion.core.errors import LykeionError

Json = dict[str, Any]
Shown = Callable[[int, int, str], None]
Gone = Callable[[Collection[str]], Collection[str]]
"""Of names of actors those whose account was deleted."""

BATCH: Final = 100
_SECONDS: Final = 30
_LINES: Final = 2_000  # read between two moves of the row
_OPENER: Final = direct_opener()  # learners' doings go where the operator said, and nowhere else
_REFUSED: Final = frozenset((400, 409, 413))  # by these a store says that it will never take what was sent


class LrsError(LykeionError):
    """The store did not take statements; the message says why. ``for_good``: it never will take these."""

    def __init__(self, message: str, *, for_good: bool = False) -> None:
        self.for_good = for_good
        super().__init__(message)


@dataclass(frozen=True, slots=True)
class Store:
    """A learning record store: its address (that of its xAPI, without ``/statements``), key and secret."""

    url: str
    key: str
    secret: str

    def post(self, statements: Sequence[Json]) -> None:
        """Hands over a batch. Raises :class:`LrsError`."""
        self._open("statements", orjson.dumps(statements))

    def ask(self) -> None:
        """Whether it is there, and lets this site in as far as that can be told without a statement. Raises
        :class:`LrsError`."""
        self._open("about")

    def _open(self, what: str, data: bytes | None = None) -> None:
        login = b64encode(f"{self.key}:{self.secret}".encode()).decode()
        headers = {
            "Content-Type": "application/json",
            "X-Experience-API-Version": "1.0.3",
            "User-Agent": "Lykeion",
            **({"Authorization": f"Basic {login}"} if self.key else {}),
        }
        request = urllib.request.Request(f"{self.url.rstrip('/')}/{what}", data=data, headers=headers)  # noqa: S310  # the setting takes http and https only
        try:
            _OPENER.open(request, timeout=_SECONDS).close()
        except urllib.error.HTTPError as error:
            error.close()
            words = f"The learning record store answered with HTTP status {error.code}."
            raise LrsError(words, for_good=error.code in _REFUSED) from error
        except (OSError, HTTPException) as error:
            raise LrsError(f"The learning record store does not answer: {getattr(error, 'reason', error)}.") from error


def send(
    sources: Sequence[Source],
    store: Store,
    made_of: Callable[[bytes], Json | None],
    gone: Gone = lambda names: frozenset(),
    *,
    shown: Shown = lambda done, total, what: None,
    log: Callable[[str], None] = lambda text: None,
) -> int:
    """Sends what of ``sources`` was not sent; how many statements were taken. ``made_of`` makes one of a line.

    ``gone`` is asked right before a batch is handed over: statements of people who deleted their account go nowhere,
    however long they waited. A statement that the store refuses for good is told to ``log``, and the others go on.
    Raises :class:`LrsError` when the store cannot take anything now: what it took stays taken.
    """
    taken = 0
    for number, source in enumerate(sources):
        row, _made = Sent.objects.get_or_create(source=source.id)
        try:
            for lines, end in _read(source, row.position):
                taken += _send_all([one for one in map(made_of, lines) if one is not None], store, gone, log)
                Sent.objects.filter(pk=row.pk, position__lt=end).update(position=end)
                shown(number, len(sources), "sent")
        except (EOFError, gzip.BadGzipFile, zlib.error) as error:
            log(f"{source.path} is broken from here on: {error}.")
    return taken


def _send_all(found: Sequence[Json], store: Store, gone: Gone, log: Callable[[str], None]) -> int:
    """Each id once: a store refuses a batch that holds one twice (xAPI 1.0.3, part three, 2.1.1), and a log may."""
    statements = list({one["id"]: one for one in found}.values())
    batches = (statements[start : start + BATCH] for start in range(0, len(statements), BATCH))
    return sum(_send(batch, store, gone, log) for batch in batches)


def _send(told: Sequence[Json], store: Store, gone: Gone, log: Callable[[str], None]) -> int:
    """A refused batch is sent in halves, until the statement is alone for which it was refused."""
    left_out = gone({_name(one) for one in told})
    batch = [one for one in told if _name(one) not in left_out]
    if not batch:
        return 0
    try:
        store.post(batch)
    except LrsError as error:
        if not error.for_good:
            raise
        if len(batch) == 1:
            log(f"{error} Left out: {batch[0]['id']} ({batch[0]['verb']['id']}, {batch[0]['timestamp']}).")
            return 0
        half = len(batch) // 2
        return _send(batch[:half], store, gone, log) + _send(batch[half:], store, gone, log)
    return len(batch)


def _name(statement: Json) -> str:
    return str(statement["actor"]["account"]["name"])


def _read(source: Source, position: int) -> Iterator[tuple[list[bytes], int]]:
    """The whole lines from ``position`` on, some at a time, and where the next one begins."""
    if _has_no_more(source, position):
        return
    with opened(source) as stream:
        if stream is None:
            return
        stream.seek(position)
        lines: list[bytes] = []
        begun = position
        while line := stream.readline(LONGEST):
            if len(line) < LONGEST and not line.endswith(b"\n"):
                break  # it is being written
            position += len(line)
            lines.append(line)
            if len(lines) == _LINES or position - begun >= LONGEST:
                yield lines, position
                lines, begun = [], position
        if lines:
            yield lines, position


def _has_no_more(source: Source, position: int) -> bool:
    """Whether all of a log was sent, as far as can be told without unpacking it."""
    if not source.packed:
        return source.size <= position
    return position > 0 and source.raw_size() == position % (1 << 32)
