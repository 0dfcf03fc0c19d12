"""From the site's own tracking log to its pages: what a refresh does, and when it is time for one.

Nothing heavy is loaded unless there is something to do.
"""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final

from django.conf import settings
from xxhash import xxh3_64_hexdigest

from lykeion.analytics.models import Reading
from lykeion.analytics.types import Refreshed
from lykeion.analytics.waiting import SHARE

Shown = Callable[[int, int, str], None]
"""Steps done, steps in all, and what is done now."""

_FIRST: Final = 1


def refresh(
    *, at: datetime, forced: bool = False, engine: str = "", shown: Shown = lambda done, total, what: None
) -> Refreshed | None:
    """Reads what is new in the tracking log and publishes what it changes; None when it is not time, nothing is new, or
    somebody else is writing to the lake: the next one sees to it.

    ``forced``: now, whatever was before, and of all runs. ``engine``: another one than the site's
    (:func:`lykeion.analytics.engine.opened`). Raises ``LakeBusy`` then, and ``LakeError`` and ``EngineError``.
    """
    soon = at + timedelta(seconds=settings.LYKEION_ANALYTICS_SECONDS)  # a site that has just begun has other work
    reading, _made = Reading.objects.get_or_create(pk=_FIRST, defaults={"not_before": soon})
    word, today = _log_word(), at.astimezone(UTC).date()
    if not forced and not _is_time(reading, word, at):
        return None
    engine = engine or settings.LYKEION_LAKE_ENGINE
    started, worked = time.monotonic(), _worked()
    done = _refresh(at, forced, forced or reading.on != today, engine, shown)
    if done is None:
        return None
    took = time.monotonic() - started
    cost = min(took, _worked() - worked) if engine == "duckdb" else took  # a cluster works elsewhere
    Reading.objects.filter(pk=_FIRST).update(
        until=at, log=word, on=today, not_before=at + timedelta(seconds=SHARE * cost), took=took
    )
    return done


def _worked() -> float:
    """Seconds of processors that this process and those it made and saw end had. On a machine that others keep busy a
    refresh takes long by the clock and is no more work: then waiting long for the next helps nobody."""
    return sum(os.times()[:4])


def order_soon() -> None:
    """The lake was changed: the next refresh is not passed over because nothing is new in the log."""
    Reading.objects.filter(pk=_FIRST).update(log="")


def _is_time(reading: Reading, word: str, at: datetime) -> bool:
    if reading.log == word and reading.on == at.astimezone(UTC).date():
        Reading.objects.filter(pk=_FIRST).update(until=at)  # nothing happened since: the results are of now
        return False
    return reading.not_before is None or reading.not_before <= at


def _refresh(at: datetime, forced: bool, everything: bool, engine: str, shown: Shown) -> Refreshed | None:
    from lykeion.analytics import publish, settling  # 80 MB and a second, in workers and only when there is news
    from lykeion.analytics.engine import opened
    from lykeion.analytics.ingest import ingest
    from lykeion.analytics.lake import Lake, LakeBusy

    lake = Lake(settings.LYKEION_LAKE_URL)
    try:
        with lake.writing():  # to the end: of two who publish, one could put what it read before in place of newer rows
            read = ingest(logs(), lake, progress=lambda done, total: shown(done, total, "read"))
            with opened(lake, engine) as running:
                days = settling.settle(running, lambda done, total: shown(done, total, "settled"))
                runs = publish.publish(
                    running, at=at, everything=everything, progress=lambda done, total: shown(done, total, "published")
                )
    except LakeBusy:
        if forced:
            raise
        return None
    return Refreshed(read.lines, len(days), runs)


def logs() -> list[Path]:
    """The tracking log, what it was rotated to beside it, and those of other hosts that share its folder
    (``LYKEION_HOST_NAME``)."""
    log: Path = settings.LYKEION_TRACKING_LOG
    return sorted(path for path in log.parent.glob(f"{log.name.partition('@')[0]}*") if path.is_file())


def _log_word() -> str:
    """A word that changes whenever the log does."""
    return xxh3_64_hexdigest(" ".join(f"{one.name}:{one.stat().st_size}" for one in logs()).encode())
