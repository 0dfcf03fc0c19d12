"""Steps of a site whose MySQL 8, Redis and RabbitMQ are elsewhere and speak by TLS only, as a cloud's do.

They run on this machine, at its address among the test hosts, and end with :func:`managed_services_end`.
"""

from __future__ import annotations

import os
import re
import secrets
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

import mysql8
from bed import (
    BOX,
    GATEWAY,
    WORK,
    Wrong,
    at,
    begin,
    boot,
    changes_nothing,
    end,
    installs,
    inventory,
    is_well,
    none_failed,
    play,
    run,
    signed_by_ours,
    visited,
    wait,
    what_is_there,
)
from steps_secrets import into_the_vault, the_vault

FOLDER: Final = WORK / "services"
PASSWORD: Final = FOLDER / "administrator"
NAME: Final = "managed"
LEARNER: Final = "of-managed"
RABBIT: Final = "/usr/lib/rabbitmq/bin/rabbitmq-server"
SERVERS: Final = {"mysql": "mysqld", "redis": "redis-server", "rabbitmq": "rabbitmq-server"}  # what runs as what
NAMES: Final = {"ERL_EPMD_PORT": "14369", "ERL_EPMD_ADDRESS": "127.0.0.1"}  # a name server of RabbitMQ's own
ELSEWHERE: Final = f"""lykeion_mysql_mode: external
lykeion_mysql_host: {GATEWAY}
lykeion_mysql_tls: verified
lykeion_mysql_admin_user: {mysql8.ADMINISTRATOR}
lykeion_redis_mode: external
lykeion_redis_url: "rediss://:{{{{ lykeion_redis_password | urlencode }}}}@{GATEWAY}:6379/0"
lykeion_rabbitmq_mode: external
lykeion_rabbitmq_url: "amqps://lykeion:{{{{ lykeion_rabbitmq_password | urlencode }}}}@{GATEWAY}:5671/"
lykeion_trusted_ca: "{{{{ lookup('ansible.builtin.file', inventory_dir ~ '/ca.pem') }}}}"
"""


def managed_services_run() -> str:
    """With one empty host beside them, and an inventory that says where they are."""
    managed_services_end()
    shutil.rmtree(FOLDER, ignore_errors=True)
    FOLDER.mkdir(parents=True)
    booted = boot(BOX)
    inventory(NAME, "onebox", BOX, ELSEWHERE)
    hosts = WORK / NAME / "hosts.yml"
    hosts.write_text(re.sub(rf"(?m)^ +({'|'.join(SERVERS)}): .*\n", "", hosts.read_text()))
    signed_by_ours(FOLDER, GATEWAY)
    shutil.copy(FOLDER / "ca.pem", WORK / NAME / "ca.pem")
    PASSWORD.write_text(secrets.token_hex(24))
    told = the_vault(NAME)
    mysql8.starts(FOLDER, GATEWAY, 3306, PASSWORD.read_text())
    redis_starts(told["lykeion_redis_password"])
    rabbitmq_starts(told["lykeion_rabbitmq_password"])
    return f"MySQL 8.0.33, Redis and RabbitMQ of this machine; {booted}"


def redis_starts(password: str) -> None:
    by_tls = ("--port", "0", "--tls-port", "6379", "--bind", GATEWAY, "--tls-auth-clients", "no")
    shown = ("--tls-cert-file", FOLDER / "server.pem", "--tls-key-file", FOLDER / "server.key")
    keeps_nothing = ("--save", "", "--dir", FOLDER, "--tls-ca-cert-file", FOLDER / "ca.pem")
    begin(FOLDER / "redis", "redis-server", *by_tls, *shown, *keeps_nothing, "--requirepass", password)


def rabbitmq_starts(password: str) -> None:
    config = FOLDER / "rabbitmq.conf"
    files = (("cacertfile", "ca.pem"), ("certfile", "server.pem"), ("keyfile", "server.key"))
    config.write_text(
        f"listeners.tcp = none\nlisteners.ssl.1 = {GATEWAY}:5671\nssl_options.verify = verify_none\n"
        + "".join(f"ssl_options.{name} = {FOLDER / file}\n" for name, file in files)
        + f"default_user = lykeion\ndefault_pass = {password}\nlog.console = true\n"
    )
    here = {
        "HOME": str(FOLDER), "RABBITMQ_NODENAME": "managed@localhost", "RABBITMQ_CONFIG_FILE": str(config),
        "RABBITMQ_MNESIA_BASE": str(FOLDER / "rabbits"), "RABBITMQ_LOG_BASE": str(FOLDER / "rabbits.log"),
        "RABBITMQ_ENABLED_PLUGINS_FILE": str(FOLDER / "plugins"), "RABBITMQ_DIST_PORT": "14370",
        "RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS": "-kernel inet_dist_use_interface {127,0,0,1}", **NAMES,
    }  # fmt: skip
    begin(FOLDER / "rabbitmq", RABBIT, **here)
    wait("RabbitMQ", lambda: "Server startup complete" in (FOLDER / "rabbitmq.log").read_text())


def managed_services_end() -> None:
    for name, program in SERVERS.items():
        end(FOLDER / name, program)
    if shutil.which("epmd"):
        run("epmd", "-kill", good=(0, 1), **NAMES)


@contextmanager
def administered() -> Iterator[None]:
    """While playbooks are told the password of the database's administrator, as an operator does it."""
    os.environ["LYKEION_MYSQL_ADMIN_PASSWORD"] = PASSWORD.read_text()
    try:
        yield
    finally:
        del os.environ["LYKEION_MYSQL_ADMIN_PASSWORD"]


def its_users_are_made() -> str:
    said = " ".join(play(NAME, "site.yml", "-e", "lykeion_release=t1", good=(2,)).split())
    if "cannot log in" not in said or "lykeion_mysql_admin_password" not in said:
        raise Wrong(f"site.yml did not ask for the administrator's password: {said[-600:]}")
    with administered():
        done = installs(NAME)
    return f"without the administrator's password it says so; with it: {done}"


def nothing_is_left_to_do() -> str:
    with administered():
        nothing = changes_nothing(NAME)
    return f"with the administrator's password and without it: {nothing}, {changes_nothing(NAME)}"


def somebody_learns() -> str:
    there = what_is_there(BOX["box"], new=True, learner=LEARNER)
    if not there["answer"] or not there["file"].startswith("200"):
        raise Wrong(f"the learner's answer or the file is not there: {there}")
    if PASSWORD.read_text() in at("box", "cat /etc/lykeion*/* 2>/dev/null; journalctl --no-pager"):
        raise Wrong("the administrator's password stayed on the host")
    return (
        f"signed up, answered, has {there['score'].split(' ')[0]}; the administrator's password is nowhere on the host"
    )


def passwords_are_new(release: str) -> str:
    """Under load: hosts that were not told yet come in with the old ones, which are refused at the end."""
    old = the_vault(NAME)
    names = {"lykeion": "lykeion_mysql_password", "lykeion_migration": "lykeion_mysql_migration_password"}
    into_the_vault(NAME, {name: secrets.token_hex(24) for name in names.values()})
    with administered(), visited(BOX["box"]) as told:
        installs(NAME, release)
    loaded = none_failed(told)
    for user, name in names.items():
        asked = f"MYSQL_PWD={old[name]} mariadb --ssl -h {GATEWAY} -u {user} -e 'SELECT 1'"
        if "Access denied" not in at("box", asked, good=(0, 1)):
            raise Wrong(f"{user} may still come in with the password of before")
    return f"{loaded}; the old ones are refused; again: {changes_nothing(NAME, release)}"


def it_comes_back(release: str) -> str:
    """The dump of a MySQL 8, by Debian's client: into MySQL 8, where it came from, and for the drill into MariaDB."""
    before = what_is_there(BOX["box"], new=False, learner=LEARNER)
    play(NAME, "backup.yml")
    play(NAME, "restore.yml", "-e", f"lykeion_release={release}", "-e", "replace=yes")
    after = what_is_there(BOX["box"], new=False, learner=LEARNER)
    if after != before:
        raise Wrong(f"before: {before}; after: {after}")
    words = " ".join(play(NAME, "drill.yml").split())
    said = re.search(r"lykeion-\S+: (\d+ people, .*?), all as when it was made", words)
    if not said:
        raise Wrong("drill.yml did not say what the backup holds")
    is_well(NAME)
    return f"restored into MySQL 8, all that she sees is the same; the drill, into MariaDB: {said[1]}; smoke green"
