"""A web host takes another release: out of the balancer and back, while studio finishes what an author sends."""

from __future__ import annotations

import os
import subprocess
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import jinja2
import pytest

TEMPLATE = Path(__file__).resolve().parent.parent / "ansible/roles/app/templates/lykeion-roll.j2"
SYSTEMCTL = """#!/bin/bash
# Studio ends when nobody sends anything any more, or when it is killed.
cd "$(dirname "$0")/.."
echo "$*" >> asked
case $* in
  "restart lykeion-studio") while [ -e upload ]; do sleep 0.1; done ;;
  kill*) rm -f upload ;;
  show*) cat pid ;;
esac
"""
CURL = """#!/bin/bash
case ${*: -1} in *:8001/*) [ ! -e "$(dirname "$0")/../broken" ] ;; esac
"""


class Host:
    """A web host whose services are told by files: ``upload`` (an author sends something), ``broken`` (studio is)."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.drain = folder / "run" / "drain"
        self.root = folder / "root"
        for one in (folder / "tools", folder / "run", self.root / "releases" / "1.0", self.root / "releases" / "1.1"):
            one.mkdir(parents=True)
        (self.root / "current").symlink_to("releases/1.0")
        (self.root / "releases" / "1.1" / "READY").touch()
        made = jinja2.Environment(undefined=jinja2.StrictUndefined, autoescape=False)  # no HTML
        text = made.from_string(TEMPLATE.read_text()).render(
            ansible_managed="made",
            lykeion_root=self.root,
            lykeion_host="learn.example.org",
            lykeion_start_seconds=1,
            lykeion_drain_seconds=0,
        )
        text = text.replace("/run/lykeion-roll", f"{folder}/run/roll").replace("/run/lykeion", f"{folder}/run")
        self.tool("lykeion-roll", text.replace("hurry 40", "hurry 1"))
        self.tool("systemctl", SYSTEMCTL)
        self.tool("curl", CURL)

    def tool(self, name: str, text: str) -> None:
        (self.folder / "tools" / name).write_text(text)
        (self.folder / "tools" / name).chmod(0o700)

    def runs(self, version: str) -> subprocess.Popen[bytes]:
        """A process of that release, which stands for both programs."""
        name = f"{self.root}/releases/{version}/venv/bin/lykeion"
        process = subprocess.Popen(["bash", "-c", f"exec -a {name} sleep 60"])
        (self.folder / "pid").write_text(str(process.pid))
        return process

    def roll(self, *version: str) -> subprocess.Popen[bytes]:
        environ = {**os.environ, "PATH": f"{self.folder / 'tools'}:{os.environ['PATH']}"}
        words = [str(self.folder / "tools" / "lykeion-roll"), *version]
        with (self.folder / "said").open("w") as said:
            return subprocess.Popen(words, env=environ, stderr=said)

    def asked(self) -> str:
        return (self.folder / "asked").read_text() if (self.folder / "asked").exists() else ""


@pytest.fixture
def host(tmp_path: Path) -> Iterator[Host]:
    host = Host(tmp_path)
    process = host.runs("1.1")
    yield host
    process.kill()
    process.wait()


def wait_for(true: Callable[[], bool]) -> None:
    until = time.monotonic() + 20
    while not true():
        assert time.monotonic() < until
        time.sleep(0.1)


def test_who_sends_something_to_studio_is_waited_for_and_the_host_is_back_before(host: Host) -> None:
    (host.folder / "upload").touch()

    rolling = host.roll("1.1")
    wait_for(lambda: "restart lykeion-studio" in host.asked() and not host.drain.exists())
    time.sleep(2)  # longer than it waits where no release is named
    left = rolling.poll(), "kill" in host.asked()
    (host.folder / "upload").unlink()

    assert (left, rolling.wait(20), host.drain.exists()) == ((None, False), 0, False)
    assert (host.root / "current").readlink() == Path("releases/1.1")


def test_new_settings_wait_for_nobody_for_long(host: Host) -> None:
    (host.root / "current").unlink()
    (host.root / "current").symlink_to("releases/1.1")
    (host.folder / "upload").touch()

    rolling = host.roll()

    assert (rolling.wait(20), host.drain.exists()) == (0, False)
    assert "kill --signal=KILL lykeion-studio" in host.asked()


def test_a_host_whose_studio_is_not_well_leaves_the_balancer_again(host: Host) -> None:
    (host.folder / "broken").touch()

    rolling = host.roll("1.1")

    assert (rolling.wait(20), host.drain.exists()) == (1, True)
    assert "port 8001 is not well" in (host.folder / "said").read_text()
