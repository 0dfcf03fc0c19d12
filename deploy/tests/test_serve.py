"""Settings reach a site host by host, and stop at the first that cannot serve: the others keep what they have."""

from __future__ import annotations

import configparser
import os
import re
import subprocess
import time
from pathlib import Path
from typing import Any

import jinja2
import pytest
import yaml

ANSIBLE = Path(__file__).resolve().parent.parent / "ansible"
SYSTEMCTL = """#!/bin/bash
# Units are files: what is in one is when it began, and a unit without a file does not run.
cd "$(dirname "$0")/../units"
case $1 in
  is-active) [ -e "$3" ] ;;
  show) [ -e "$5" ] && echo "@$(cat "$5")" || true ;;
esac
"""
CURL = """#!/bin/bash
echo "${@: -1}" >> "$(dirname "$0")/../asked"
! grep -qs "${@: -1}" "$(dirname "$0")/../ill"
"""


def plays(book: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = yaml.safe_load((ANSIBLE / book).read_text())
    return found


def takes(play: dict[str, Any], role: str, file: str) -> bool:
    included = [task.get("ansible.builtin.include_role", {}) for task in play.get("tasks", [])]
    return {"name": role, "tasks_from": file} in included


@pytest.mark.parametrize(("book", "file"), [("site.yml", "serve.yml"), ("promote.yml", "settings.yml")])
def test_web_hosts_take_settings_one_after_the_other_and_before_the_workers(book: str, file: str) -> None:
    found = [play for play in plays(book) if takes(play, "app", file)]

    assert [play["hosts"] for play in found] == ["web", found[-1]["hosts"]]
    assert (found[0]["serial"], found[0]["max_fail_percentage"]) == (1, 0)


@pytest.mark.parametrize(("role", "file"), [("mongodb", "replicaset.yml"), ("rabbitmq", "cluster.yml")])
def test_members_take_settings_one_after_the_other_and_then_meet(role: str, file: str) -> None:
    one, all_of_them = (play for play in plays("site.yml") if play["hosts"] == role)

    assert (one["roles"], one["serial"], one["max_fail_percentage"]) == (["lykeion", role], 1, 0)
    assert ("serial" in all_of_them, takes(all_of_them, role, file)) == (False, True)
    tasks = yaml.safe_load((ANSIBLE / f"roles/{role}/tasks/main.yml").read_text())
    assert tasks[-1]["name"] == "This member is back before the next one leaves"


class Host:
    """A host of the site, and the question whether its services have to be restarted."""

    def __init__(self, folder: Path, *units: str) -> None:
        self.folder = folder
        for one in ("tools", "units"):
            (folder / one).mkdir()
        for name, text in {"systemctl": SYSTEMCTL, "curl": CURL}.items():
            (folder / "tools" / name).write_text(text)
            (folder / "tools" / name).chmod(0o700)
        (folder / "lykeion.env").touch()
        self.units = units
        for unit in units:
            self.began(unit, 1)

    def began(self, unit: str, after: int) -> None:
        """Seconds after the settings were written."""
        (self.folder / "units" / unit).write_text(f"{int(time.time()) + after}\n")

    def stale(self) -> list[str]:
        settings = yaml.safe_load((ANSIBLE / "roles/app/tasks/settings.yml").read_text())
        (shell,) = (task["ansible.builtin.shell"] for task in settings if "ansible.builtin.shell" in task)
        script = jinja2.Template(shell["cmd"], undefined=jinja2.StrictUndefined, autoescape=False).render(
            lykeion_etc=self.folder,
            lykeion_host="learn.example.org",
            app_told=self.units,
            inventory_hostname="me",
            groups={"web": ["me"] if "lykeion-lms" in self.units else []},
        )
        environ = {"PATH": f"{self.folder / 'tools'}:{os.environ['PATH']}"}
        done = subprocess.run(["bash", "-c", script], env=environ, capture_output=True, text=True)
        assert (done.returncode, done.stderr) == (0, "")
        return done.stdout.split()


def test_what_runs_with_its_settings_and_is_well_is_left_alone(tmp_path: Path) -> None:
    host = Host(tmp_path, "lykeion-lms", "lykeion-studio")

    assert host.stale() == []
    asked = (tmp_path / "asked").read_text().split()
    assert asked == ["http://127.0.0.1:8000/ready", "http://127.0.0.1:8001/heartbeat"]


def test_what_began_before_its_settings_or_does_not_run_is_restarted(tmp_path: Path) -> None:
    host = Host(tmp_path, "lykeion-worker@quick", "lykeion-worker@reports", "lykeion-beat")
    host.began("lykeion-worker@reports", -60)
    (tmp_path / "units/lykeion-beat").unlink()

    assert host.stale() == ["lykeion-worker@reports", "lykeion-beat"]
    assert not (tmp_path / "asked").exists()


def test_a_host_that_stayed_drained_is_looked_at_before_the_next_one_takes_the_same_settings(tmp_path: Path) -> None:
    host = Host(tmp_path, "lykeion-lms", "lykeion-studio")
    (tmp_path / "ill").write_text("http://127.0.0.1:8000/ready\n")

    assert host.stale() == ["8000/ready"]


def test_a_task_that_says_nothing_for_minutes_keeps_its_connection() -> None:
    settings = configparser.ConfigParser()
    settings.read(ANSIBLE / "ansible.cfg")

    told = dict(re.findall(r"-o (\w+)=(\w+)", settings["ssh_connection"]["ssh_args"]))

    assert int(told["ServerAliveInterval"]) < 240  # seconds after which Azure forgets a connection
    assert int(told["ServerAliveCountMax"]) * int(told["ServerAliveInterval"]) == 300
