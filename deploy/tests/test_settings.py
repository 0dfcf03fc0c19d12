"""The site's settings are one file that systemd and shells read: both see what the inventory says, to the letter.

What cannot be right is refused before a host is touched.
"""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import jinja2
import pytest
import yaml
from loading import loaded

DEPLOY = Path(__file__).resolve().parent.parent
TEMPLATE = DEPLOY / "ansible/roles/app/templates/lykeion.env.j2"
PLAYBOOK = DEPLOY / ".venv/bin/ansible-playbook"
SETTINGS = {
    "LYKEION_MAIL_URL": "smtp://u:pa$word${HOME}$(id)@mail.example.org:587",
    "LYKEION_SITE_NAME": """`id` "School" of \\ and 'quotes' \\" \\$ \\\\ #1; 100 % !""",
    "LYKEION_MAIL_FROM": "Schule für Größe <a@example.org>",
    "LYKEION_THREADS": 8,
}


def made(folder: Path) -> Path:
    environment = jinja2.Environment(undefined=jinja2.StrictUndefined, trim_blocks=True, autoescape=False)  # no HTML
    file = folder / "lykeion.env"
    template = environment.from_string(TEMPLATE.read_text())
    settings = SETTINGS | {"LYKEION_EMPTY": "", "LYKEION_NONE": None}
    file.write_text(template.render(ansible_managed="made", lykeion_environment=settings) + "\n")
    return file


def test_a_shell_reads_each_setting_as_it_was_written(tmp_path: Path) -> None:
    says = "import json, os; print(json.dumps({k: v for k, v in os.environ.items() if k.startswith('LYKEION_')}))"
    script = f'set -eua; . {made(tmp_path)}; exec {sys.executable} -c "$1"'

    done = subprocess.run(["sh", "-c", script, "sh", says], env={}, capture_output=True, text=True)

    assert done.stderr == ""
    assert {name: str(value) for name, value in SETTINGS.items()} == json.loads(done.stdout)


def test_systemd_reads_each_setting_as_it_was_written(tmp_path: Path) -> None:
    """By the rule of systemd.exec: in double quotes a backslash before one of these four is taken away."""
    lines = [line for line in made(tmp_path).read_text().splitlines() if line and not line.startswith("#")]

    read = {
        name: re.sub(r'\\([\\"$`])', r"\1", quoted[1:-1]) for name, quoted in (line.split("=", 1) for line in lines)
    }

    assert read == {name: str(value) for name, value in SETTINGS.items()}
    assert all(re.fullmatch(r'\w+="(?:[^\\"]|\\[\\"$`])*"', line) for line in lines)


GROUPS = {
    "web": ["web1"],
    "workers": ["worker1"],
    "beat": ["worker1"],
    **{group: ["data1"] for group in ("mysql", "mongodb", "rabbitmq", "redis")},
    "backup": ["worker1"],
    "monitoring": ["worker1"],
}
RIGHT = {
    "lykeion_site_url": "https://learn.example.org",
    "lykeion_release": "1.0",
    "lykeion_files_mode": "provided",
    "lykeion_backup_recipient": f"age1{'q' * 58}",
    "lykeion_backup_target": "cloud:backups",
    "lykeion_backup_rclone": "[cloud]\ntype = s3\n",
    "lykeion_tracking_target": ":s3,env_auth:tracking",
    "lykeion_releases_target": "/srv/releases",
    "lykeion_mail_url": "smtps://user:secret@mail.example.org:465",
    "lykeion_lake_url": "s3://bucket/lake",
    "lykeion_reboot_time": "04:30",
    "lykeion_admin_networks": ["10.0.0.0/8"],
    "lykeion_workers": [{"name": "all", "queues": "high, mail,default,reports", "concurrency": 4}],
}
WRONG = {  # each by itself
    "lykeion_admin_networks": "10.0.0.0/8",
    "lykeion_alert_receivers": "a@example.org",
    "lykeion_balancer_networks": "10.0.0.0/8",
    "lykeion_backup_target": "store:backups",
    "lykeion_tracking_target": "tracking",
    "lykeion_backup_time": "25:99",
    "lykeion_reboot_time": "noon",
    "lykeion_mail_url": "secret@smtp.example.org",
    "lykeion_lake_url": "lake",
    "lykeion_workers": "quick",
    "lykeion_drain_seconds": "soon",
    "lykeion_files_path": "shared",
}
WRONG_GROUPS = {"backup": ["backup1"], "spark": ["worker1"], "monitoring": ["web1", "worker1"]}


def looked_at(folder: Path, groups: dict[str, list[str]], settings: dict[str, object]) -> tuple[int, str]:
    """How the first play of site.yml ends, and what it says; no host is asked for anything."""
    if not PLAYBOOK.exists():
        pytest.skip("Ansible is not installed (make setup-deploy)")
    names = sorted({name for hosts in groups.values() for name in hosts})
    secrets = (*loaded(DEPLOY / "bin/new-site").PASSWORDS, "lykeion_mongodb_keyfile")
    told = {
        "hosts": {name: {"private_address": f"10.0.0.{number}"} for number, name in enumerate(names, 1)},
        "children": {group: {"hosts": {host: {} for host in hosts}} for group, hosts in groups.items()},
        "vars": {**dict.fromkeys(secrets, "x" * 20), **settings},
    }
    (folder / "hosts.yml").write_text(yaml.safe_dump({"all": told}))
    first, *_ = yaml.safe_load((DEPLOY / "ansible/site.yml").read_text())
    (folder / "look.yml").write_text(yaml.safe_dump([first]))
    done = subprocess.run(
        [PLAYBOOK, "-i", folder / "hosts.yml", folder / "look.yml"],
        cwd=DEPLOY / "ansible",
        env={**os.environ, "ANSIBLE_NOCOLOR": "1"},
        capture_output=True,
        text=True,
    )
    return done.returncode, done.stdout + done.stderr


def test_what_is_right_is_not_refused(tmp_path: Path) -> None:
    code, said = looked_at(tmp_path, GROUPS, RIGHT)

    assert code == 0, said


def test_a_group_that_no_playbook_knows_is_refused_unless_it_is_told(tmp_path: Path) -> None:
    groups = {**GROUPS, "monitorng": ["worker1"], "printers": ["worker1"]}

    code, said = looked_at(tmp_path, groups, RIGHT | {"lykeion_own_groups": ["printers"]})

    assert (code, "No playbook knows the groups monitorng;" in said) == (2, True)


def test_the_password_of_a_managed_database_s_administrator_needs_a_name(tmp_path: Path) -> None:
    elsewhere = {"lykeion_mysql_mode": "external", "lykeion_mysql_host": "db.internal"}
    secret = {"lykeion_mysql_admin_password": "not-to-be-told"}

    code, said = looked_at(tmp_path, GROUPS, RIGHT | elsewhere | secret)
    named, _ = looked_at(tmp_path, GROUPS, RIGHT | elsewhere | secret | {"lykeion_mysql_admin_user": "admin"})

    assert (code, "lykeion_mysql_admin_user is empty" in said, "not-to-be-told" in said) == (2, True, False)
    assert named == 0


def test_all_that_is_wrong_is_told_at_once_without_a_secret(tmp_path: Path) -> None:
    code, said = looked_at(tmp_path, GROUPS | WRONG_GROUPS, RIGHT | WRONG)

    assert code == 2
    groups = ("in the group monitoring", "of the group backup", "lykeion_spark_archive is empty")
    assert [words for words in (*WRONG, *groups) if words not in said] == [], said
    assert len(re.findall("(?m)^ +- ", said)) == 13, said  # lists are one sentence, and so are places
    assert "secret@" not in said


BY_ACME = {"lykeion_tls_mode": "acme", "lykeion_tls_email": "webmaster@example.org"}


def of_web(number: int) -> dict[str, list[str]]:
    return GROUPS | {"web": [f"web{one}" for one in range(1, number + 1)]}


def test_five_web_hosts_may_have_certificates_by_acme(tmp_path: Path) -> None:
    code, said = looked_at(tmp_path, of_web(5), RIGHT | BY_ACME)

    assert code == 0, said


@pytest.mark.parametrize(
    ("groups", "settings"),
    [
        (of_web(6), {}),
        (of_web(2), {"lykeion_scaled_networks": ["10.0.0.0/8"]}),
        (of_web(2) | {"lb": ["lb1"]}, {}),
        (of_web(2), {"lykeion_tls_email": ""}),
    ],
    ids=["six web hosts", "hosts that come with the load", "a host in lb", "no address"],
)
def test_certificates_by_acme_are_refused(
    tmp_path: Path, groups: dict[str, list[str]], settings: dict[str, object]
) -> None:
    code, said = looked_at(tmp_path, groups, RIGHT | BY_ACME | settings)

    assert code == 2
    assert "lykeion_tls_mode acme needs lykeion_tls_email" in said
