"""Which tracking logs a refresh reads."""

from __future__ import annotations

from pathlib import Path

from lykeion.analytics import refreshing


def test_the_logs_of_all_hosts_that_share_a_folder_are_read(settings, tmp_path: Path) -> None:
    settings.LYKEION_TRACKING_LOG = tmp_path / "tracking.log@worker1"
    names = ["tracking.log", "tracking.log@web1", "tracking.log@web1-20261127T121500.123456", "tracking.log@worker1"]
    for name in [*names, "other.log"]:
        (tmp_path / name).write_text("{}\n")

    assert [path.name for path in refreshing.logs()] == names
