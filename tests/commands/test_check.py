"""``lykeion check`` and the start, asked about services that are there, and some that are not."""

from __future__ import annotations

import re
import subprocess
import time
from pathlib import Path
from typing import Any

import pytest

from lykeion.commands import check, services
from lykeion.commands.services import Finding
from lykeion.events.lost import LostCount, file_of
from tests.homes import GIVEN, LYKEION, migrated
from tests.processes import free_port, running

NOWHERE = "127.0.0.1:1"


def lykeion(home: Path, *words: str, **settings: str) -> subprocess.CompletedProcess[str]:
    """Runs the command line as an operator does, on embedded defaults but for ``settings``."""
    return subprocess.run(
        [*LYKEION, *words],
        env={**GIVEN, "LYKEION_HOME": str(home), **settings},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


def test_a_fresh_home_is_told_what_to_do_first(tmp_path: Path) -> None:
    done = lykeion(tmp_path, "check")

    assert done.returncode == 1
    assert "database is not up to date" in done.stdout
    assert "-> run `lykeion migrate`" in done.stdout


def test_a_command_on_a_home_without_tables_says_in_one_sentence_what_to_do(tmp_path: Path) -> None:
    done = lykeion(tmp_path, "jobs", "list")

    assert (done.returncode, done.stdout) == (1, "")
    assert re.fullmatch(
        r"lykeion: The database is not up to date \(\d+ migrations wait\): run `lykeion migrate`\.\n", done.stderr
    )


def test_a_migrated_home_answers(tmp_path: Path) -> None:
    migrated(tmp_path)

    done = lykeion(tmp_path, "check")

    assert (done.returncode, done.stderr.splitlines()[-1]) == (0, "Everything answers.")
    assert "ok  tracking log has lost nothing" in done.stdout
    assert f"ok  lake can be written to ({tmp_path / 'lake'})" in done.stdout
    assert list((tmp_path / "lake").rglob("*")) == [tmp_path / "lake" / "_tmp"]


def test_lost_events_are_told_until_somebody_has_seen_them(settings: Any, tmp_path: Path) -> None:
    settings.LYKEION_TRACKING_LOG = log = tmp_path / "tracking.log"
    count = LostCount()
    count.prepare(log)
    count.add(log)
    count.add(log)

    told = check.ask_tracking()
    file_of(log).unlink()

    assert (told.what, told.said.partition(" from ")[0]) == ("tracking log", "could not be written: 2 events were lost")
    assert told.mend == f"see that there is room, then remove {file_of(log)}"
    assert check.ask_tracking() == Finding("tracking log", "has lost nothing")


def test_a_service_that_is_not_there_is_named_with_its_setting(tmp_path: Path) -> None:
    migrated(tmp_path)

    done = lykeion(
        tmp_path, "check", LYKEION_CONTENT_URL=f"mongodb://{NOWHERE}/x", LYKEION_CACHE_URL=f"redis://{NOWHERE}/0",
        LYKEION_LAKE_URL="/dev/null/lake", LYKEION_LAKE_ENGINE="yarn", LYKEION_LRS_URL=f"http://{NOWHERE}/xapi",
        JAVA_HOME="",
    )  # fmt: skip

    wrong = [line for line in done.stdout.splitlines() if line.startswith("!!")]
    assert done.returncode == 1
    assert [line.split(" does not answer")[0] for line in wrong if "Spark" not in line] == [
        "!!  content store", "!!  cache", "!!  lake", "!!  record store"
    ]  # fmt: skip
    for name in ("LYKEION_CONTENT_URL", "LYKEION_CACHE_URL", "LYKEION_LAKE_URL", "LYKEION_LRS_URL"):
        assert name in done.stdout


def test_a_site_does_not_start_on_a_service_that_is_not_there(tmp_path: Path) -> None:
    done = lykeion(tmp_path, "up", "--port", str(free_port()), LYKEION_CONTENT_URL=f"mongodb://{NOWHERE}/x")

    assert done.returncode == 1
    assert done.stderr.splitlines()[-1].startswith("lykeion: The content store does not answer")
    assert "Traceback" not in done.stderr


def test_a_wrong_setting_stops_the_start_with_one_sentence(tmp_path: Path) -> None:
    done = lykeion(tmp_path, "up", LYKEION_TIME_ZONE="Mars/Base")

    assert done.returncode == 1
    assert len(done.stderr.splitlines()) == 1
    assert "LYKEION_TIME_ZONE is 'Mars/Base'" in done.stderr


@pytest.mark.parametrize("command", ["check", "up"])
def test_an_aside_that_is_not_installed_stops_the_start_with_one_sentence(tmp_path: Path, command: str) -> None:
    words = [command, "--port", str(free_port())] if command == "up" else [command]

    done = lykeion(tmp_path, *words, LYKEION_ASIDES="acid_aside,nope")

    assert (done.returncode, len(done.stderr.splitlines())) == (1, 1)
    assert done.stderr.startswith("lykeion: LYKEION_ASIDES names 'nope'")
    assert "installed here: acid_aside" in done.stderr


def test_check_for_deployment_asks_for_an_address_and_mail(tmp_path: Path) -> None:
    migrated(tmp_path)

    done = lykeion(tmp_path, "check", "--deploy")

    assert "set LYKEION_SITE_URL to the https address people use" in done.stdout
    assert "set LYKEION_MAIL_URL" in done.stdout


def test_the_demo_is_not_added_to_a_site_that_others_can_reach(tmp_path: Path) -> None:
    done = lykeion(tmp_path, "seed", LYKEION_SITE_URL="https://learn.example.org")

    assert done.returncode == 1
    assert "is not a development site" in done.stderr


def test_settings_tell_value_and_source_and_keep_secrets(tmp_path: Path) -> None:
    done = lykeion(tmp_path, "settings", LYKEION_SECRET_KEY="do not tell", LYKEION_WORKERS="3")

    rows = {line.split()[0]: line.split()[1:] for line in done.stdout.splitlines()[1:] if line}
    assert rows["LYKEION_WORKERS"][:2] == ["3", "environment"]
    assert rows["LYKEION_SECRET_KEY"][:2] == ["(hidden)", "environment"]
    assert "do not tell" not in done.stdout


def test_a_running_sandbox_answers_and_a_missing_one_is_named_before_deploying(tmp_path: Path) -> None:
    migrated(tmp_path)

    missing = lykeion(tmp_path, "check", "--deploy")
    with running(
        [*LYKEION, "sandbox", "--with-parent"], {**GIVEN, "LYKEION_HOME": str(tmp_path)}, tmp_path / "sandbox.log"
    ):
        until = time.monotonic() + 60
        while not (tmp_path / "sandbox" / "socket").exists() and time.monotonic() < until:
            time.sleep(0.05)
        there = lykeion(tmp_path, "check")

    assert "-> see that `lykeion sandbox` runs" in missing.stdout
    assert "ok  isolation of authors' Python on this machine is 'namespaces'" in missing.stdout
    assert "ok  sandbox answers (isolation: namespaces)" in there.stdout


def test_a_sandbox_that_is_asked_for_an_unknown_level_does_not_start(tmp_path: Path) -> None:
    done = lykeion(tmp_path, "sandbox", LYKEION_SANDBOX_MINIMUM="steel")

    assert done.returncode == 1
    assert "LYKEION_SANDBOX_MINIMUM is 'steel': use one of namespaces, filtered, limits." in done.stderr


@pytest.mark.django_db
def test_a_site_starts_without_its_cache_and_says_so(settings: Any, capsys: pytest.CaptureFixture[str]) -> None:
    settings.ENV = {**settings.ENV, "LYKEION_CACHE_URL": f"redis://{NOWHERE}/0"}
    near = {"BACKEND": "lykeion.core.cache.RedisCache", "LOCATION": f"redis://{NOWHERE}/0", "OPTIONS": {"near": 10}}
    settings.CACHES = {**settings.CACHES, "default": near}

    services.require_services()

    assert "The cache does not answer" in capsys.readouterr().err
