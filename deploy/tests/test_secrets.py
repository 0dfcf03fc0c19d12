"""What a site keeps to itself is in no journal: modules of Ansible write there what they are told, without `no_log`."""

from __future__ import annotations

import configparser
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import yaml

ANSIBLE = Path(__file__).resolve().parent.parent / "ansible"
VARIABLES = ANSIBLE / "roles/lykeion"
ON_THE_CONTROLLER = {"ansible.builtin.assert", "ansible.builtin.set_fact", "ansible.builtin.debug"}


def secrets() -> set[str]:
    """Variables that are marked SECRET, and those that are made of one."""
    marked = re.findall(r"^(lykeion_\w+):.*# .*SECRET", (VARIABLES / "defaults/main.yml").read_text(), re.MULTILINE)
    found = set(marked)
    made = yaml.safe_load((VARIABLES / "vars/main.yml").read_text())
    for _ in made:
        found |= {name for name, value in made.items() if set(re.findall(r"\w+", str(value))) & found}
    return found


def tasks() -> Iterator[tuple[str, dict[str, Any]]]:
    files = [*ANSIBLE.glob("*.yml"), *ANSIBLE.glob("roles/*/tasks/*.yml"), *ANSIBLE.glob("roles/*/handlers/*.yml")]
    for file in sorted(files):
        yield from (
            (f"{file.relative_to(ANSIBLE)}: {task['name']}", task) for task in within(yaml.safe_load(file.read_text()))
        )


def within(entries: list[dict[str, Any]] | None) -> Iterator[dict[str, Any]]:
    """The tasks of plays and blocks, those in them too."""
    for entry in entries or []:
        parts = [
            entry[key] for key in ("tasks", "pre_tasks", "post_tasks", "block", "rescue", "always") if key in entry
        ]
        for part in parts:
            yield from within(part)
        if not parts and "hosts" not in entry and "ansible.builtin.import_playbook" not in entry:
            yield entry


def test_no_task_tells_the_journal_a_secret() -> None:
    known = secrets()
    assert {
        "lykeion_backup_identity",
        "lykeion_mongodb_admin_password",
        "lykeion_content_url",
        "lykeion_environment",
    } <= known

    told = [
        place
        for place, task in tasks()
        if not task.get("no_log") and not ON_THE_CONTROLLER & set(task) and set(re.findall(r"\w+", str(task))) & known
    ]

    assert told == []


def test_modules_write_nothing_to_the_journal_of_a_host_at_all() -> None:
    settings = configparser.ConfigParser()
    settings.read(ANSIBLE / "ansible.cfg")

    assert settings.getboolean("defaults", "no_target_syslog")


def test_what_a_command_is_given_on_its_standard_input_is_not_told() -> None:
    def given(task: dict[str, Any]) -> bool:
        return any(isinstance(value, dict) and "stdin" in value for value in task.values())

    found = {place: task.get("no_log", False) for place, task in tasks() if given(task)}

    assert len(found) > 1
    assert all(found.values()), found
