"""Sites as people run them: `lykeion up` on the column that this run of the tests is for, with its own databases."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
import urllib.request
import uuid
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from urllib.parse import unquote, urlsplit

LYKEION = [sys.executable, "-m", "lykeion"]


@contextmanager
def serving(home: Path, *, before: list[list[str]], **settings: str) -> Iterator[str]:
    """The address of a site in ``home`` on which the commands ``before`` were run; stopped when the block ends."""
    address = f"http://127.0.0.1:{_free_port()}"
    with ExitStack() as stack:
        environ = {name: value for name, value in os.environ.items() if name != "DJANGO_SETTINGS_MODULE"}
        environ |= {"LYKEION_HOME": str(home / "var"), "LYKEION_SITE_URL": address, **settings}
        environ |= stack.enter_context(_databases(environ))
        for command in before:
            subprocess.run([*LYKEION, *command], env=environ, check=True, timeout=240)
        log = home / "up.log"
        out = stack.enter_context(log.open("wb"))
        process = stack.enter_context(subprocess.Popen([*LYKEION, "up"], env=environ, stdout=out, stderr=out))
        try:
            _wait_for(f"{address}/heartbeat", process, log)
            yield address
        finally:
            process.terminate()
            process.wait(30)


@contextmanager
def _databases(environ: dict[str, str]) -> Iterator[dict[str, str]]:
    """Fresh databases on the servers that ``environ`` names, as settings; dropped when the block ends."""
    name = f"test_site_{uuid.uuid4().hex[:8]}"
    fresh: dict[str, str] = {}
    if environ.get("LYKEION_CONTENT_URL"):
        fresh["LYKEION_CONTENT_URL"] = urlsplit(environ["LYKEION_CONTENT_URL"])._replace(path=f"/{name}").geturl()
    if not environ.get("LYKEION_DATABASE_URL"):
        yield fresh
        return
    url = urlsplit(environ["LYKEION_DATABASE_URL"])
    fresh["LYKEION_DATABASE_URL"] = url._replace(path=f"/{name}").geturl()
    import MySQLdb  # only where there is a MariaDB

    server = MySQLdb.connect(
        host=url.hostname or "",
        port=url.port or 3306,
        user=unquote(url.username or ""),
        passwd=unquote(url.password or ""),
    )
    try:
        server.cursor().execute(f"CREATE DATABASE {name} CHARACTER SET utf8mb4")
        yield fresh
        server.cursor().execute(f"DROP DATABASE {name}")
    finally:
        server.close()


def _free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port: int = free.getsockname()[1]
        return port


def _wait_for(address: str, process: subprocess.Popen[bytes], log: Path) -> None:
    until = time.monotonic() + 120
    while True:
        try:
            with urllib.request.urlopen(address, timeout=5):
                return
        except OSError:  # refused, reset or too slow: not there yet
            if process.poll() is not None or time.monotonic() > until:
                raise RuntimeError(f"the site did not start:\n{log.read_text()[-3000:]}") from None
            time.sleep(0.1)
