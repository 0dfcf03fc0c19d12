"""The processes of ``lykeion up``: who is there, and what they hold open."""

from __future__ import annotations

import re
import signal
import socket
import sys
import time
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TypeVar

import psutil
import pytest

from lykeion.__main__ import main
from lykeion.commands import family
from tests.homes import GIVEN, LYKEION, migrated
from tests.processes import free_port, running, wait_until_it_answers

Found = TypeVar("Found")
PATIENCE = 60  # seconds


@pytest.fixture
def up(tmp_path: Path) -> Iterator[psutil.Process]:
    """A site on embedded defaults that answers."""
    home = migrated(tmp_path / "home")
    port, log = free_port(), tmp_path / "up.log"
    command = [*LYKEION, "up", "--port", str(port)]
    with running(command, {**GIVEN, "LYKEION_HOME": str(home)}, log) as process:
        wait_until_it_answers(f"http://127.0.0.1:{port}/heartbeat", process, log)
        yield psutil.Process(process.pid)
    assert not re.findall("refused to gracefully stop|did not end when asked to", log.read_text())


def test_the_process_that_forks_holds_no_database_open(up: psutil.Process) -> None:
    """SQLite's locks do not survive a fork: a web process born of one that holds the file may never write again."""
    assert [file.path for file in up.open_files() if "sqlite3" in file.path] == []


def test_jobs_run_in_a_process_of_their_own_that_ends_with_the_site(up: psutil.Process) -> None:
    jobs = _wait_for(lambda: _jobs(up))
    assert len(jobs) == 1

    up.send_signal(signal.SIGTERM)

    assert psutil.wait_procs(jobs, timeout=PATIENCE)[1] == []


def test_every_process_ends_even_when_the_site_is_killed(up: psutil.Process) -> None:
    everyone = _wait_for(lambda: all_there(up))
    assert everyone

    up.kill()

    left = psutil.wait_procs(everyone, timeout=PATIENCE)[1]
    for child in left:
        child.kill()
    assert left == []


def test_wrong_passwords_are_counted_by_all_web_processes_together(up: psutil.Process) -> None:
    answers = [_sign_in(up) for _ in range(16)]

    assert ["too many wrong passwords" in answer for answer in answers] == [False] * 6 + [True] * 10


def test_jobs_are_started_anew_when_their_process_dies(up: psutil.Process) -> None:
    [first] = _wait_for(lambda: _jobs(up))

    first.kill()

    found = _wait_for(lambda: [child for child in _jobs(up) if child.pid != first.pid])
    assert len(found) == 1


def test_a_kept_process_that_dies_is_started_again_and_again_and_said(
    capfd: pytest.CaptureFixture[str],
) -> None:
    command = [sys.executable, "-c", "raise SystemExit(3)"]

    said: list[str] = []

    def twice() -> bool:
        said.append(capfd.readouterr().err)
        return "".join(said).count("The process ended (code 3); starting it anew") >= 2

    with family.Kept("The process", command, pause=lambda deaths: deaths / 100):
        assert _wait_for(twice)


def test_a_kept_process_that_does_not_listen_is_killed(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    deaf = "import pathlib, signal, sys, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); "
    command = [sys.executable, "-c", deaf + "pathlib.Path(sys.argv[1]).touch(); time.sleep(600)", str(tmp_path / "up")]

    with family.Kept("The process", command, patience=0.1):
        assert _wait_for((tmp_path / "up").exists)

    assert capfd.readouterr().err == "The process did not end when asked to; it is killed\n"


@pytest.mark.parametrize("command", ["up", "web"])
def test_a_site_does_not_share_the_port_of_another(
    command: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("LYKEION_SITE_URL", "http://127.0.0.1:8000")  # `up` would leave its own behind
    with socket.socket() as other:
        other.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]

        code = main([command, "--port", str(port)])

    assert code == 1
    assert f"lykeion: Nothing can be served on 127.0.0.1:{port} (Address already in use)" in capsys.readouterr().err


def test_who_is_answered_is_waited_for_as_long_as_the_site_says(tmp_path: Path) -> None:
    home = migrated(tmp_path / "home")
    port, log = free_port(), tmp_path / "web.log"
    environ = {**GIVEN, "LYKEION_HOME": str(home), "LYKEION_STOP_SECONDS": "1"}
    with running([*LYKEION, "web", "--address", "127.0.0.1", "--port", str(port)], environ, log) as process:
        wait_until_it_answers(f"http://127.0.0.1:{port}/heartbeat", process, log)
        with socket.create_connection(("127.0.0.1", port)) as slow:
            form = b"Cookie: csrftoken=%b\r\nContent-Type: application/x-www-form-urlencoded\r\n" % (b"a" * 32)
            slow.sendall(b"POST /account/login/ HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 99\r\n%b\r\nhalf" % form)
            time.sleep(1)

            process.send_signal(signal.SIGTERM)

            process.wait(20)  # less than the thirty seconds that are the default
    assert "refused to gracefully stop" in log.read_text()


def test_pauses_double_up_to_a_minute() -> None:
    assert [family.pause_after(deaths) for deaths in (0, 1, 2, 3, 7, 2000)] == [0, 1, 2, 4, 60, 60]


def _jobs(up: psutil.Process) -> list[psutil.Process]:
    return [child for child in up.children() if "worker" in _words(child)]


def _words(process: psutil.Process) -> list[str]:
    """The command line of a process; nothing of one that has ended."""
    try:
        return process.cmdline() if process.status() != psutil.STATUS_ZOMBIE else []
    except psutil.Error:  # it ended just now
        return []


def all_there(up: psutil.Process) -> list[psutil.Process]:
    """Two web processes, the sandbox, and the jobs with processes of their own; nothing while some are to come."""
    own, everyone = up.children(), up.children(recursive=True)
    return everyone if len(own) == 4 and len(everyone) > 4 else []


def _sign_in(up: psutil.Process) -> str:
    """Tries a wrong password, over a connection of its own: any of the web processes may take it."""
    site = f"http://127.0.0.1:{up.cmdline()[-1]}/account/login/"
    browser = urllib.request.build_opener(urllib.request.HTTPCookieProcessor())
    form = browser.open(site, timeout=60).read().decode()
    token = re.findall(r'name="csrfmiddlewaretoken" value="([^"]+)"', form)[0]
    sent = urllib.parse.urlencode({"csrfmiddlewaretoken": token, "login": "alice", "password": "wrong"}).encode()
    try:
        return str(browser.open(site, sent, timeout=60).read().decode())
    except urllib.error.HTTPError as answer:
        return str(answer.read().decode())


def _wait_for(look: Callable[[], Found]) -> Found:
    """What ``look`` finds as soon as it finds something; nothing after a minute."""
    until = time.monotonic() + PATIENCE
    while not (found := look()) and time.monotonic() < until:
        time.sleep(0.05)
    return found
