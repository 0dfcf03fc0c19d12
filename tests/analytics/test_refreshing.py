"""Which tracking logs a refresh reads."""

from __future__ import annotations

import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from lykeion.analytics import refreshing
from lykeion.analytics.models import Reading
from lykeion.analytics.types import Refreshed

AT = datetime(2026, 3, 2, 12, tzinfo=UTC)


def test_the_logs_of_all_hosts_that_share_a_folder_are_read(settings, tmp_path: Path) -> None:
    settings.LYKEION_TRACKING_LOG = tmp_path / "tracking.log@worker1"
    names = ["tracking.log", "tracking.log@web1", "tracking.log@web1-20261127T121500.123456", "tracking.log@worker1"]
    for name in [*names, "other.log"]:
        (tmp_path / name).write_text("{}\n")

    assert [path.name for path in refreshing.logs()] == names


@pytest.mark.django_db
@pytest.mark.parametrize(("engine", "waits"), [("duckdb", False), ("spark://cluster:7077", True)])
def test_a_refresh_that_others_kept_waiting_is_soon_followed_by_the_next(
    engine: str, waits: bool, settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.LYKEION_TRACKING_LOG = tmp_path / "tracking.log"

    def slow(*_words: object) -> Refreshed:
        time.sleep(0.5)
        return Refreshed(1, 1, 1)

    monkeypatch.setattr(refreshing, "_refresh", slow)

    refreshing.refresh(at=AT, forced=True, engine=engine)

    reading = Reading.objects.get()
    assert (reading.not_before is not None and reading.not_before >= AT + timedelta(seconds=4)) == waits
    assert reading.took is not None and reading.took >= 0.5
