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
    "mariadb": """#!/bin/sh
case "$*" in
  *django_migrations*) cat "$SITE/migrated" ;;
  *accounts_user*)
    [ -s "$SITE/people" ] && exec cat "$SITE/people"
    echo "ERROR 1146 (42S02) at line 1: Table 'lykeion.accounts_user' doesn't exist" >&2; exit 1 ;;
  *catalog_run*) echo 1 ;;
  *" -e "*) ;;
  *) cat > /dev/null ;;
esac
""",
    "mariadb-dump": "#!/bin/sh\nsleep 1.1\necho learners\n",
    "mongotool": "#!/bin/sh\ncat > /dev/null\necho courses\n",
    "age": "#!/bin/sh\n[ $1 = --encrypt ] && exec cat\nfor last; do :; done\nexec cat $last\n",
    "rclone": """#!/bin/sh
shift 4
[ -n "$RCLONE" ] && exec "$RCLONE" "$@"
case $1 in
  copyto) cp "$2" "$3" ;;
  size) echo "{\\"bytes\\": $(stat -c %s "$3")}" ;;
  lsf) ls "$2" ;;
  cat) cat "$2" ;;
  deletefile) [ -z "$ROTATES" ] || rm "$2" ;;
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
    monkeypatch.setenv("SITE", str(tmp_path))
    monkeypatch.setattr(backup, "OWNER", tmp_path / "owner")
    monkeypatch.setattr(backup, "WORK", tmp_path / "work")
    is_of(tmp_path, "2026-01-01 10:00:00.123456", 3)
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


def is_of(folder: Path, migrated: str, people: int) -> None:
    """The database is one that was made then and has so many people; with none it has no tables either."""
    (folder / "migrated").write_text(f"{migrated}\n")
    (folder / "people").write_text(f"{people}\n" if people else "")


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

    assert backup.names(site) == []


@packed
def test_a_file_that_grows_while_it_is_packed_does_no_harm(
    backup: ModuleType, site: dict[str, Any], tmp_path: Path
) -> None:
    tar = tmp_path / "tools/tar"
    tar.write_text("#!/bin/sh\necho tar: files/essay.txt: file changed as we read it >&2\nexit 1\n")
    tar.chmod(0o700)

    backup.dump_files(site, tmp_path / "files.tar.zst")


# --- whose backups they are ------------------------------------------------------------------------------------------

OTHERS = "lykeion-0123456789ab-20260301T021500Z.tar.age"


@packed
def test_a_site_without_people_makes_no_backup_and_is_no_failure(
    backup: ModuleType, site: dict[str, Any], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    is_of(tmp_path, "2026-11-28 18:00:00.000001", 0)
    (tmp_path / "target" / OTHERS).touch()
    (tmp_path / "metrics").mkdir()
    monkeypatch.setattr(backup, "METRICS", tmp_path / "metrics")

    backup.make(site)

    assert backup.names(site) == [OTHERS]
    assert (tmp_path / "metrics/lykeion_backup.prom").read_text() == "lykeion_backup_needed 0\n"


@packed
def test_a_site_that_lost_all_its_people_is_a_failure(backup: ModuleType, site: dict[str, Any], tmp_path: Path) -> None:
    backup.make(site)
    is_of(tmp_path, "2026-11-28 18:00:00.000001", 0)

    with pytest.raises(backup.Failed, match="has nobody any more"):
        backup.make(site)

    assert len(backup.names(site)) == 1


@packed
def test_only_what_is_the_sites_own_is_rotated_away(
    backup: ModuleType, site: dict[str, Any], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ROTATES", "yes")
    own = [f"lykeion-{backup.site_of(site)}-202602{day}T021500Z.tar.age" for day in (10, 11)]
    before = [OTHERS, OTHERS.replace("T02", "T01"), *nightly(2), *own]
    for name in before:
        (tmp_path / "target" / name).touch()

    backup.make(site | {"keep": {"daily": 1, "weekly": 0, "monthly": 0}})

    left = backup.names(site)
    assert set(before) - set(left) == set(own)
    assert len(left) == 5
    assert backup.names_of(site, backup.site_of(site)) == left[-1:]


def test_which_site_is_meant_is_not_guessed(backup: ModuleType, site: dict[str, Any], tmp_path: Path) -> None:
    with pytest.raises(backup.Failed, match="There is no backup"):
        backup.newest(site)
    for name in nightly(2):  # of before, whose site nobody knows
        (tmp_path / "target" / name).touch()
    assert backup.newest(site) == nightly(2)[1]
    (tmp_path / "target" / OTHERS).touch()
    assert backup.newest(site) == OTHERS
    (tmp_path / "target" / "lykeion-ba9876543210-20260401T021500Z.tar.age").touch()

    with pytest.raises(backup.Failed, match=rf"several sites; name one\. The newest of each: {OTHERS}, lykeion-ba"):
        backup.newest(site)


@packed
def test_a_site_goes_on_where_it_was_brought_and_its_old_hosts_are_refused(
    backup: ModuleType, site: dict[str, Any], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    backup.make(site)
    monkeypatch.setattr(backup, "OWNER", tmp_path / "owner-of-the-new-hosts")
    backup.owned_by(backup.HELD)
    with pytest.raises(backup.Failed, match=r"No backup is made here: restore\.yml did not end"):
        backup.make(site)
    backup.take(site, backup.site_of(site))

    backup.make(site)
    monkeypatch.setattr(backup, "OWNER", tmp_path / "owner")

    with pytest.raises(backup.Failed, match=r"makes the backups of this site at .*, so none is made here"):
        backup.make(site)
    assert len({name[:20] for name in backup.names(site)}) == 1
    assert len(backup.names(site)) == 2


@packed
def test_a_host_in_the_place_of_a_lost_one_goes_on_by_itself(
    backup: ModuleType, site: dict[str, Any], tmp_path: Path
) -> None:
    backup.make(site)
    (tmp_path / "owner").unlink()

    backup.make(site)

    assert len(backup.names(site)) == 2


def test_a_database_that_does_not_answer_is_no_site_without_people(
    backup: ModuleType, site: dict[str, Any], tmp_path: Path
) -> None:
    mariadb = tmp_path / "tools/mariadb"
    mariadb.write_text('#!/bin/sh\necho "ERROR 2002 (HY000): Can\'t connect to server" >&2; exit 1\n')

    with pytest.raises(backup.Failed, match="Can't connect"):
        backup.make(site)


# --- a drill ---------------------------------------------------------------------------------------------------------

SERVERS = {  # which a drill starts: they hold what a dump says, and end when they are told to
    "mariadb-install-db": "#!/bin/sh\nfor word; do case $word in --datadir=*) mkdir ${word#*=} ;; esac; done\n",
    "mariadbd": '#!/bin/sh\necho $$ >> "$SITE/servers"; exec sleep 60\n',
    "mongod": """#!/bin/sh
echo $$ >> "$SITE/servers"
exec python3 -c 'import socket, sys, time; s = socket.socket(socket.AF_UNIX); s.bind(sys.argv[1]); time.sleep(60)' "$4"
""",
    "mongotool": "#!/bin/sh\ncat > /dev/null\n[ $1 = dump ] && echo courses || echo 7 documents\n",
}


@pytest.fixture
def stores(site: dict[str, Any], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> tuple[Path, Path]:
    """A bucket and the place of its copies, as folders, for a real rclone."""
    rclone = shutil.which("rclone", path=os.defpath)
    if rclone is None:
        pytest.skip("rclone is not installed (apt install rclone)")
    monkeypatch.setenv("RCLONE", rclone)
    bucket, copies = tmp_path / "shared/files", tmp_path / "copies"
    site["files_copy"] = {"from": str(bucket), "to": str(copies)}
    return bucket, copies


def test_files_of_a_bucket_are_copied_and_what_goes_is_kept_for_a_while(
    backup: ModuleType, site: dict[str, Any], stores: tuple[Path, Path]
) -> None:
    bucket, copies = stores
    days = {name: datetime.now(UTC) - timedelta(days=back) for name, back in {"kept": 89, "old": 91}.items()}
    for name, day in days.items():
        (copies / f"gone/{day:%Y-%m-%d}").mkdir(parents=True)
        (copies / f"gone/{day:%Y-%m-%d}" / name).write_text(name)

    backup.copy_files(site)
    (bucket / "essay.txt").unlink()
    (bucket / "poem.txt").write_text("Roses are red")
    backup.copy_files(site)

    there = {path.name: path.parent.name for path in copies.rglob("*") if path.is_file()}
    today = f"{datetime.now(UTC):%Y-%m-%d}"
    assert there == {
        "poem.txt": "now",
        "essay.txt": today,
        "kept": f"{days['kept']:%Y-%m-%d}",
    }


def test_an_empty_bucket_does_not_empty_the_copy(
    backup: ModuleType, site: dict[str, Any], stores: tuple[Path, Path]
) -> None:
    bucket, copies = stores
    backup.copy_files(site)
    (bucket / "essay.txt").unlink()

    with pytest.raises(backup.Failed, match="not half the files"):
        backup.copy_files(site)

    assert (copies / "now/essay.txt").read_text() == "Once upon a time"


def test_files_are_not_copied_by_hosts_that_are_the_site_no_more(
    backup: ModuleType, site: dict[str, Any], tmp_path: Path
) -> None:
    backup.make(site)
    others = tmp_path / "target" / f"lykeion-{backup.site_of(site)}.owner"
    others.write_text(json.dumps({"by": "others", "host": "elsewhere", "since": "2026-01-01 00:00 UTC"}))
    site["files_copy"] = {"from": str(tmp_path / "shared/files"), "to": str(tmp_path / "copies")}

    with pytest.raises(backup.Failed, match="elsewhere makes the backups"):
        backup.copy_files(site)


@pytest.fixture
def drilled(
    backup: ModuleType, site: dict[str, Any], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> dict[str, Any]:
    """A site with a backup, and servers that a drill may start."""
    for name, text in SERVERS.items():
        (tmp_path / "tools" / name).write_text(text)
        (tmp_path / "tools" / name).chmod(0o700)
    (tmp_path / "metrics").mkdir()
    monkeypatch.setattr(backup, "METRICS", tmp_path / "metrics")
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(b"AGE-SECRET-KEY-1")))
    backup.make(site)
    return site


def nothing_is_left(folder: Path) -> bool:
    """Neither parts of a backup nor servers."""
    running = [pid for pid in (folder / "servers").read_text().split() if Path(f"/proc/{pid}").exists()]
    return running == [] and [path.name for path in (folder / "work").iterdir()] == ["lock"]


@packed
def test_a_drill_says_what_the_newest_backup_holds(
    backup: ModuleType, drilled: dict[str, Any], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    backup.drill(drilled)

    said = capsys.readouterr().out
    assert "3 people, 1 courses, 7 documents, 2 files, all as when it was made" in said
    assert "lykeion_drill_last_time_seconds" in (tmp_path / "metrics/lykeion_drill.prom").read_text()
    assert nothing_is_left(tmp_path)


@packed
def test_a_backup_with_fewer_people_than_there_were_is_none(
    backup: ModuleType, drilled: dict[str, Any], tmp_path: Path
) -> None:
    is_of(tmp_path, "2026-01-01 10:00:00.123456", 2)

    with pytest.raises(backup.Failed, match="holds 2 people, but 3 to 3 were there when it was made"):
        backup.drill(drilled)

    assert not (tmp_path / "metrics/lykeion_drill.prom").exists()
    assert nothing_is_left(tmp_path)


@packed
def test_a_drill_that_fails_leaves_nothing(backup: ModuleType, drilled: dict[str, Any], tmp_path: Path) -> None:
    (tmp_path / "tools/mongotool").write_text("#!/bin/sh\necho no room >&2; exit 1\n")

    with pytest.raises(backup.Failed, match="no room"):
        backup.drill(drilled)

    assert nothing_is_left(tmp_path)
