"""What Terraform made becomes an inventory that Ansible understands, without a secret in it."""

from __future__ import annotations

import json
import os
import re
import shlex
import subprocess
import sys
from copy import deepcopy
from pathlib import Path
from typing import Any

import jinja2
import pytest
import yaml

TOOL = Path(__file__).resolve().parent.parent / "bin" / "tf2inventory"
CAMPUS: dict[str, Any] = {
    "cloud": "aws",
    "region": "eu-central-1",
    "name": "lykeion",
    "site_url": "https://learn.example.org",
    "ansible_user": "admin",
    "hosts": [
        {"name": "web1", "groups": ["web"], "address": "10.20.64.4", "private_address": "10.20.64.4"},
        {"name": "worker1", "groups": ["workers", "beat"], "address": "10.20.64.5", "private_address": "10.20.64.5"},
        {"name": "data1", "groups": ["mongodb", "rabbitmq"], "address": "10.20.64.6", "private_address": "10.20.64.6"},
        {"name": "jump1", "groups": ["jump"], "address": "203.0.113.9", "private_address": "10.20.0.9"},
    ],
    "mysql": {
        "mode": "external",
        "host": "db.internal",
        "port": 3306,
        "administrator": "administrator",
        "secret": "arn:secret",
    },
    "redis": {"mode": "external", "host": "cache.internal", "port": 6379},
    "rabbitmq": {"mode": "self", "host": "", "port": 5671},
    "files": {"mode": "nfs", "source": "fs.internal:/"},
    "buckets": {"files": "b-files", "backups": "b-backups", "tracking": "b-tracking", "lake": "b-lake"},
    "balancer": "lb.example",
    "balancer_networks": ["10.20.0.0/16"],
    "scaled_networks": [],
    "spark": "",
}


def made(folder: Path, text: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, str(TOOL), str(folder)], input=text, text=True, capture_output=True, check=False
    )


def outputs(**changed: Any) -> str:
    return json.dumps({"inventory": {"value": {**deepcopy(CAMPUS), **changed}}, "records": {"value": []}})


def test_hosts_stand_in_their_groups_and_are_reached_through_the_jump_host(tmp_path: Path) -> None:
    done = made(tmp_path, outputs())

    assert done.returncode == 0, done.stderr
    told = yaml.safe_load((tmp_path / "hosts.yml").read_text())["all"]
    assert {group: sorted(one["hosts"]) for group, one in told["children"].items()} == {
        "web": ["web1"],
        "workers": ["worker1"],
        "beat": ["worker1"],
        "mongodb": ["data1"],
        "rabbitmq": ["data1"],
        "jump": ["jump1"],
    }
    assert told["vars"]["ansible_user"] == "admin"
    assert "inventory_dir" in told["vars"]["ansible_control_path"]  # drills may have the same addresses
    assert told["hosts"]["web1"]["private_address"] == "10.20.64.4"
    assert "admin@203.0.113.9" in told["hosts"]["web1"]["ansible_ssh_common_args"]
    assert "ansible_ssh_common_args" not in told["hosts"]["jump1"]


@pytest.mark.parametrize(("key", "offered"), [(None, []), ("~/.ssh/school", ["-i", "~/.ssh/school"])])
def test_ssh_goes_through_the_jump_host_with_the_same_key_and_keeps_silent_connections(
    tmp_path: Path, key: str | None, offered: list[str]
) -> None:
    made(tmp_path, outputs())

    words = yaml.safe_load((tmp_path / "hosts.yml").read_text())["all"]["hosts"]["web1"]["ansible_ssh_common_args"]
    told = {"inventory_dir": "/site"} | ({"ansible_ssh_private_key_file": key} if key else {})
    options = [word for word in shlex.split(jinja2.Template(words).render(told)) if word != "-o"]
    alive = ["ServerAliveInterval=30", "ServerAliveCountMax=10"]
    assert options[:-1] == [*alive, "StrictHostKeyChecking=accept-new", "UserKnownHostsFile=/site/known_hosts"]
    jump = options[-1].removeprefix("ProxyCommand=").split()
    kept = ["-o", alive[0], "-o", alive[1]]
    assert jump == ["ssh", "-W", "%h:%p", *kept, *offered, "admin@203.0.113.9"]


def test_managed_services_are_named_and_their_passwords_are_the_vaults(tmp_path: Path) -> None:
    made(tmp_path, outputs())

    told = yaml.safe_load((tmp_path / "group_vars/all/cloud.yml").read_text())
    assert (told["lykeion_mysql_mode"], told["lykeion_mysql_host"]) == ("external", "db.internal")
    assert (told["lykeion_mysql_admin_user"], "lykeion_mysql_admin_password" in told) == ("administrator", False)
    assert told["lykeion_redis_url"] == "rediss://:{{ lykeion_redis_password | urlencode }}@cache.internal:6379/0"
    assert (told["lykeion_rabbitmq_mode"], "lykeion_rabbitmq_url" in told) == ("self", False)
    assert told["lykeion_files_source"] == "fs.internal:/"
    assert (told["lykeion_lake_url"], "lykeion_settings" in told) == ("s3://b-lake/lake", False)
    assert told["lykeion_files_url"] == "s3://b-files/site"
    assert "env_auth = true" in told["lykeion_backup_rclone"]
    assert told["lykeion_rclone"] == told["lykeion_backup_rclone"]  # whatever the vault says of the former


def test_web_hosts_believe_the_balancer_and_wait_until_it_has_noticed(tmp_path: Path) -> None:
    made(tmp_path / "behind", outputs())
    made(tmp_path / "alone", outputs(balancer="", balancer_networks=[]))

    behind = yaml.safe_load((tmp_path / "behind/group_vars/all/cloud.yml").read_text())
    alone = yaml.safe_load((tmp_path / "alone/group_vars/all/cloud.yml").read_text())
    assert (behind["lykeion_drain_seconds"], behind["lykeion_balancer_networks"]) == (15, ["10.20.0.0/16"])
    assert behind["lykeion_balancer"] is True  # on Azure, too, whose networks are none
    assert "lykeion_drain_seconds" not in alone


def test_databases_let_in_web_hosts_that_come_with_the_load(tmp_path: Path) -> None:
    made(tmp_path / "scaled", outputs(scaled_networks=["10.20.64.0/20"]))
    made(tmp_path / "fixed", outputs())

    scaled = yaml.safe_load((tmp_path / "scaled/group_vars/all/cloud.yml").read_text())
    fixed = yaml.safe_load((tmp_path / "fixed/group_vars/all/cloud.yml").read_text())
    assert scaled["lykeion_scaled_networks"] == ["10.20.64.0/20"]
    assert scaled["lykeion_releases_target"] == "cloud:b-files/releases"
    assert not {"lykeion_scaled_networks", "lykeion_releases_target"} & set(fixed)


def test_a_host_made_of_an_image_takes_a_name_of_its_own_once(tmp_path: Path) -> None:
    settings = tmp_path / "lykeion.env"
    settings.write_text('LYKEION_HOME="/srv"\nLYKEION_HOST_NAME="web1"\n')
    for name, says in (("hostname", "echo 10.20.64.7 fe80::1"), ("systemctl", f'echo "$@" >> {tmp_path}/restarted')):
        (tmp_path / name).write_text(f"#!/bin/sh\n{says}\n")
        (tmp_path / name).chmod(0o700)
    environ = {"PATH": f"{tmp_path}:{os.environ['PATH']}", "LYKEION_ETC": str(tmp_path)}
    script = TOOL.parent.parent / "terraform" / "modules" / "first-boot.sh"

    for _boot in range(2):
        subprocess.run(["sh", str(script)], env=environ, check=True)

    assert settings.read_text() == 'LYKEION_HOME="/srv"\nLYKEION_HOST_NAME="at-10-20-64-7"\n'
    assert (tmp_path / "restarted").read_text().splitlines() == [
        "start lykeion-follows.service",
        "--no-block start lykeion-follow.service lykeion-follow.timer",
        "try-restart lykeion-lms.service lykeion-studio.service",
    ]
    assert (tmp_path / "follows").exists()


def test_containers_of_azure_are_in_an_account(tmp_path: Path) -> None:
    kept = {name: f"schoolkept/{name}" for name in ("files", "backups", "tracking")}
    buckets = {**kept, "lake": "schoollake/lake"}

    made(tmp_path, outputs(cloud="azure", buckets=buckets))

    told = yaml.safe_load((tmp_path / "group_vars/all/cloud.yml").read_text())
    assert told["lykeion_backup_target"] == "cloud:backups"
    assert told["lykeion_files_url"] == "abfss://files@schoolkept.dfs.core.windows.net/site"
    assert "account = schoolkept\n" in told["lykeion_backup_rclone"]
    assert told["lykeion_lake_url"] == "abfss://lake@schoollake.dfs.core.windows.net/lake"
    assert told["lykeion_mysql_tls"] == "verified"


def test_a_container_of_azure_without_an_account_is_refused(tmp_path: Path) -> None:
    done = made(tmp_path / "site", outputs(cloud="azure"))

    assert (done.returncode, "account/container" in done.stderr) == (1, True)


def test_three_roots_take_the_same_variables() -> None:
    """Beside those that only one cloud has a use for."""
    roots = TOOL.parent.parent / "terraform"
    asked = {
        cloud: set(re.findall(r'^variable "(\w+)"', (roots / cloud / "variables.tf").read_text(), re.M))
        for cloud in ("aws", "google", "azure")
    }

    everywhere = set.intersection(*asked.values())
    assert {cloud: names - everywhere for cloud, names in asked.items()} == {
        "aws": {"emulated", "redis_password", "rabbitmq_password"},
        "google": {"project", "billing_account", "files_gb"},
        "azure": {"subscription", "mysql_password", "files_gb"},
    }


def test_the_host_of_the_backups_has_room_for_what_a_size_holds() -> None:
    """A backup and its parts are there at once, each packed to about a quarter of what the databases may hold."""
    roots = TOOL.parent.parent / "terraform"
    for size in roots.glob("*/env/*.tfvars"):
        told = size.read_text()
        if "one_host" in told:
            continue
        databases = _number("storage_gb", told) + _number("disk_gb", told)
        assert _number("backup_gb", told) >= databases / 4 * 2, size


def _number(name: str, text: str) -> int:
    found = re.search(rf"\b{name} = (\d+)", text)
    assert found, f"no {name} in {text}"
    return int(found[1])


def test_what_terraforms_guides_write_beside_the_roots_is_not_for_git() -> None:
    """A saved plan holds passwords."""
    root = TOOL.parent.parent.parent
    written = [f"deploy/terraform/aws/{name}" for name in ("site.plan", "site.auto.tfvars", "backend.hcl")]

    done = subprocess.run(
        ["git", "check-ignore", "--no-index", *written], cwd=root, capture_output=True, text=True, check=False
    )

    assert done.stdout.splitlines() == written


def test_what_is_written_in_main_or_the_vault_holds_and_the_file_that_won_over_it_goes(tmp_path: Path) -> None:
    """Ansible reads the files of a folder by name; the last one that names a variable holds."""
    folder = tmp_path / "group_vars" / "all"
    folder.mkdir(parents=True)
    (folder / "terraform.yml").write_text("lykeion_backup_target: cloud:b-backups\n")
    (folder / "main.yml").write_text("lykeion_backup_target: other:site\nlykeion_settings: {LYKEION_ARCHIVE_MB: 9}\n")
    (folder / "vault.yml").write_text("lykeion_backup_rclone: '[other]'\n")

    made(tmp_path, outputs())

    told: dict[str, Any] = {}
    for file in sorted(folder.iterdir()):
        told |= yaml.safe_load(file.read_text())
    assert (told["lykeion_backup_target"], told["lykeion_backup_rclone"]) == ("other:site", "[other]")
    assert (told["lykeion_tracking_target"], "[cloud]" in told["lykeion_rclone"]) == ("cloud:b-tracking", True)
    assert told["lykeion_settings"] == {"LYKEION_ARCHIVE_MB": 9}


def test_the_lake_has_a_variable_of_its_own() -> None:
    role = TOOL.parent.parent / "ansible" / "roles" / "lykeion"

    assert yaml.safe_load((role / "defaults" / "main.yml").read_text())["lykeion_lake_url"] == ""
    assert "'LYKEION_LAKE_URL': lykeion_lake_url," in (role / "vars" / "main.yml").read_text()


def test_what_somebody_wrote_beside_it_stays(tmp_path: Path) -> None:
    own = tmp_path / "group_vars" / "all" / "main.yml"
    own.parent.mkdir(parents=True)
    own.write_text("lykeion_site_name: Lyceum\n")

    first = made(tmp_path, outputs())
    second = made(tmp_path, outputs())

    assert first.stdout == second.stdout
    assert own.read_text() == "lykeion_site_name: Lyceum\n"


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "nothing came"),
        ("{", "no JSON"),
        ("{}", "'inventory' is missing"),
        (json.dumps({"inventory": {"value": {"cloud": "aws"}}}), "'name' is missing"),
        (outputs(mysql={"mode": "self", "host": "", "port": 3306, "secret": ""}), "'administrator' is missing"),
    ],
)
def test_what_is_no_output_is_refused_and_nothing_is_written(tmp_path: Path, text: str, words: str) -> None:
    done = made(tmp_path / "site", text)

    assert done.returncode == 1
    assert words in done.stderr
    assert not (tmp_path / "site").exists()


def test_a_host_that_is_no_name_gets_into_no_address(tmp_path: Path) -> None:
    done = made(tmp_path / "site", outputs(redis={"mode": "external", "host": "x@evil/", "port": 6379}))

    assert (done.returncode, (tmp_path / "site").exists()) == (1, False)
