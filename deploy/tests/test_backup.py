"""The tool of the backups, without any service: what is kept, and what is refused."""

from __future__ import annotations

import shutil
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import ModuleType

import pytest
from loading import loaded

TOOL = Path(__file__).parents[1] / "ansible/roles/backup/files/lykeion-backup"
KEEP = {"daily": 7, "weekly": 5, "monthly": 12}


@pytest.fixture(scope="module")
def backup() -> ModuleType:
    return loaded(TOOL)


def nightly(days: int) -> list[str]:
    first = datetime(2026, 1, 1, 2, 15, tzinfo=UTC)
    return [f"lykeion-{first + timedelta(days=day):%Y%m%dT%H%M%SZ}.tar.age" for day in range(days)]


def test_after_two_years_a_week_of_days_some_weeks_and_a_year_of_months_are_left(backup: ModuleType) -> None:
    kept: list[str] = []
    for name in nightly(730):
        kept.append(name)
        gone = backup.superfluous(kept, KEEP)
        kept = [one for one in kept if one not in gone]

    assert kept[-7:] == nightly(730)[-7:]
    assert 7 + 3 <= len(kept) <= 7 + 5 + 12
    assert kept[0] >= "lykeion-20270101"


def test_the_newest_is_kept_whatever_is_asked_for(backup: ModuleType) -> None:
    names = nightly(3)

    assert backup.superfluous(names, {"daily": 0, "weekly": 0, "monthly": 0}) == names[:2]


def test_several_of_a_day_are_one(backup: ModuleType) -> None:
    names = [f"lykeion-20261127T0{hour}0000Z.tar.age" for hour in (1, 2, 3)]

    assert backup.superfluous(names, KEEP) == names[:2]


@pytest.mark.parametrize("name", ["../../etc/passwd", "lykeion-20261127T021500Z.tar.age/..", "other.tar.age", ""])
def test_a_name_that_is_none_is_refused(backup: ModuleType, tmp_path: Path, name: str) -> None:
    with pytest.raises(backup.Failed, match="is no name of a backup"):
        backup.fetch({"target": str(tmp_path)}, name, tmp_path / "out")


def test_a_backup_is_not_fetched_into_a_folder_that_is_there(backup: ModuleType, tmp_path: Path) -> None:
    with pytest.raises(backup.Failed, match="is there already; name a folder that is not"):
        backup.fetch({"target": str(tmp_path)}, nightly(1)[0], tmp_path)


@pytest.mark.skipif(shutil.which("zstd") is None, reason="zstd is not installed (apt install zstd)")
def test_a_command_that_fails_is_told_with_what_it_said(backup: ModuleType, tmp_path: Path) -> None:
    with pytest.raises(backup.Failed, match="code 3: no such database"):
        backup.piped(["sh", "-c", "echo no such database >&2; exit 3"], tmp_path / "out.zst")


@pytest.mark.parametrize(
    ("io", "sql", "behind", "good"),
    [
        ("Yes", "Yes", "0", True),
        ("Yes", "Yes", "61", False),
        ("Connecting", "Yes", "NULL", False),
        ("Yes", "No", "NULL", False),
    ],
)
def test_a_copy_that_stands_still_is_not_what_a_backup_is_made_of(
    backup: ModuleType, io: str, sql: str, behind: str, good: bool
) -> None:
    said = f"""
        Slave_IO_Running: {io}
        Slave_SQL_Running: {sql}
        Seconds_Behind_Master: {behind}
    """

    assert backup.keeps_up(said) is good
    assert not backup.keeps_up("")
