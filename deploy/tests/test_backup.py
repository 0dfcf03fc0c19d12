"""The tool of the backups, without any service: what is kept, and what is refused."""

from __future__ import annotations

import io
import json
import os
import shutil
import tarfile
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from loading import loaded

TOOL = Path(__file__).parents[1] / "ansible/roles/backup/files/lykeion-backup"
KEEP = {"daily": 7, "weekly": 5, "monthly": 12}
SERVICES = {  # instead of those of a site; what would be encrypted is only passed on
    "mariadb-dump": "#!/bin/sh\nsleep 1.1\necho learners\n",
    "mongotool": "#!/bin/sh\ncat > /dev/null\necho courses\n",
    "age": "#!/bin/sh\n[ $1 = --encrypt ] && exec cat\nfor last; do :; done\nexec cat $last\n",
    "rclone": """#!/bin/sh
shift 4
case $1 in
  copyto) cp "$2" "$3" ;;
  size) echo "{\\"bytes\\": $(stat -c %s "$3")}" ;;
  lsf) ls "$2" ;;
esac
""",
}
packed = pytest.mark.skipif(shutil.which("zstd") is None, reason="zstd is not installed (apt install zstd)")


@pytest.fixture(scope="module")
def backup() -> ModuleType:
    return loaded(TOOL)


@pytest.fixture
def site(backup: ModuleType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    """Settings of a backup of a site with one file, whose services are small programs."""
    for folder in ("tools", "target", "shared/files"):
        (tmp_path / folder).mkdir(parents=True)
    for name, text in SERVICES.items():
        (tmp_path / "tools" / name).write_text(text)
        (tmp_path / "tools" / name).chmod(0o700)
    monkeypatch.setenv("PATH", f"{tmp_path / 'tools'}:{os.environ['PATH']}")
    monkeypatch.setattr(backup, "WORK", tmp_path / "work")
    monkeypatch.setattr(backup, "METRICS", tmp_path / "none")
    monkeypatch.setattr(backup, "MONGOTOOL", str(tmp_path / "tools/mongotool"))
    (tmp_path / "shared/files/essay.txt").write_text("Once upon a time")
    (tmp_path / "secret").write_text("LYKEION_SECRET_KEY=1")
    return {
        "recipient": "age1",
        "target": str(tmp_path / "target"),
        "keep": KEEP,
        "database": "lykeion",
        "copies": [],
        "content": {},
        "files": str(tmp_path / "shared"),
        "folders": ["files"],
        "secrets": [str(tmp_path / "secret")],
    }


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


@packed
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


@packed
def test_two_at_once_are_made_one_after_the_other_and_each_is_whole(
    backup: ModuleType, site: dict[str, Any], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with ThreadPoolExecutor() as both:
        for made in [both.submit(backup.make, site), both.submit(backup.make, site)]:
            made.result()

    names = backup.names(site)
    assert len(names) == 2
    for name in names:
        monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(b"AGE-SECRET-KEY-1")))
        backup.fetch(site, name, tmp_path / name)
        assert sorted(path.name for path in (tmp_path / name).iterdir()) == sorted([*backup.PARTS, "manifest.json"])


@packed
def test_a_backup_without_one_of_its_parts_is_not_taken_for_one(
    backup: ModuleType, site: dict[str, Any], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "manifest.json").write_text(json.dumps({"parts": {}}))
    with tarfile.open(tmp_path / "target" / nightly(1)[0], "w") as tar:
        tar.add(tmp_path / "manifest.json", arcname="manifest.json")
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(b"AGE-SECRET-KEY-1")))
    (tmp_path / "work").mkdir()

    with pytest.raises(backup.Failed, match=r"has no files\.tar\.zst, mongodb\.dump\.zst, mysql\.sql\.zst"):
        backup.fetch(site, nightly(1)[0], tmp_path / "out")


@packed
def test_no_backup_is_made_of_files_that_cannot_be_read(
    backup: ModuleType, site: dict[str, Any], tmp_path: Path
) -> None:
    with pytest.raises(backup.Failed, match="tar failed with code 2"):
        backup.make(site | {"folders": ["files", "lost"]})

    assert list((tmp_path / "target").iterdir()) == []


@packed
def test_a_file_that_grows_while_it_is_packed_does_no_harm(
    backup: ModuleType, site: dict[str, Any], tmp_path: Path
) -> None:
    tar = tmp_path / "tools/tar"
    tar.write_text("#!/bin/sh\necho tar: files/essay.txt: file changed as we read it >&2\nexit 1\n")
    tar.chmod(0o700)

    backup.dump_files(site, tmp_path / "files.tar.zst")
