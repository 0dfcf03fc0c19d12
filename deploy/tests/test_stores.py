"""Keys of stores: only who brings something there can read them, and never the site's own processes."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path
from typing import Any

import jinja2
import pytest
import yaml

ROLES = Path(__file__).resolve().parent.parent / "ansible/roles"
THE_SITE = "lykeion"  # user and group of what serves people and does jobs


def made(template: str, **told: Any) -> str:
    environment = jinja2.Environment(undefined=jinja2.StrictUndefined, trim_blocks=True, autoescape=False)  # no HTML
    return environment.from_string((ROLES / template).read_text()).render(ansible_managed="made", **told)


def settings_of_rclone() -> dict[str, dict[str, Any]]:
    """Each task that writes what rclone is told, by the file."""
    found = {}
    for file in ROLES.glob("*/tasks/*.yml"):
        for task in yaml.safe_load(file.read_text()) or []:
            told = task.get("ansible.builtin.copy", {})
            if "rclone" in str(told.get("content")):
                found[Path(told["dest"]).name] = told
    return found


def test_the_site_cannot_read_what_rclone_is_told() -> None:
    told = settings_of_rclone()

    assert {name: (file["owner"], file["group"], file["mode"]) for name, file in told.items()} == {
        "rclone.conf": ("root", "root", "0600"),
        "rclone-logs.conf": ("root", "{{ logs_copier }}", "0640"),
    }
    assert all("lykeion_backup_rclone" not in file["content"] for file in told.values())


@pytest.mark.parametrize(
    ("target", "copier", "content"),
    [("/srv/tracking", THE_SITE, "\n"), ("store:tracking", "lykeion-logs", "[store]\n")],
)
def test_who_copies_logs_to_a_store_is_not_the_site(target: str, copier: str, content: str) -> None:
    chosen = yaml.safe_load((ROLES / "logs/vars/main.yml").read_text())["logs_copier"]
    told = {"lykeion_tracking_target": target, "lykeion_rclone": "[store]"}
    who = jinja2.Template(chosen, autoescape=False).render(told)  # no HTML
    known = settings_of_rclone()["rclone-logs.conf"]["content"]
    environment = jinja2.Environment(keep_trailing_newline=True, autoescape=False)  # no HTML

    unit = made("logs/templates/lykeion-logs.service.j2", logs_copier=who, **told)

    assert who == copier
    assert environment.from_string(known).render(logs_copier=who, **told) == content
    starts = [line.removeprefix("ExecStart=") for line in unit.splitlines() if line.startswith("ExecStart=")]
    tool = "/usr/local/sbin/lykeion-logs"
    other = "" if who == THE_SITE else "+/usr/bin/setpriv --reuid lykeion-logs --regid lykeion-logs --init-groups "
    assert starts == [tool, f"{other}{tool} copy", f"{tool} forget"]


def test_logs_are_forgotten_only_after_a_month_and_never_when_they_cannot_be_copied(tmp_path: Path) -> None:
    script = tmp_path / "lykeion-logs"
    told = {"lykeion_home": tmp_path, "lykeion_etc": tmp_path, "inventory_hostname": "worker1"}
    script.write_text(made("logs/templates/lykeion-logs.j2", lykeion_tracking_target="store:tracking/", **told))
    (tmp_path / "rclone").write_text('#!/bin/sh\necho "$@"\n')
    (tmp_path / "rclone").chmod(0o700)
    environ = {"PATH": f"{tmp_path}:{os.environ['PATH']}"}

    def run(word: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(["bash", str(script), word], env=environ, capture_output=True, text=True)

    assert run("copy").returncode != 0  # it may not look into the folder, or there is none
    (tmp_path / "log").mkdir()
    for name, age in {"tracking.log-old.gz": 40, "tracking.log-new.gz": 20, "tracking.log": 40}.items():
        (tmp_path / "log" / name).touch()
        then = (tmp_path / "log" / name).stat().st_mtime - age * 86400
        os.utime(tmp_path / "log" / name, (then, then))

    copied, forgotten = run("copy"), run("forget")

    words = (
        f"--config {tmp_path}/rclone-logs.conf --retries 5 copy --include tracking.log*.gz . store:tracking/worker1/"
    )
    assert (copied.returncode, copied.stdout) == (0, f"{words}\n")
    assert forgotten.returncode == 0
    assert sorted(path.name for path in (tmp_path / "log").iterdir()) == ["tracking.log", "tracking.log-new.gz"]
