"""``lykeion check``: every configured service, answered with what is wrong and how to mend it."""

from __future__ import annotations

import importlib.util
import os
import shutil
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from lykeion.commands.start import start

NO_ROOM = 500 * 1024 * 1024  # bytes; less free space than this is worth a warning


@dataclass(frozen=True, slots=True)
class Finding:
    """What one check saw. ``mend`` is empty when all is well."""

    what: str
    said: str
    mend: str = ""


def check(deploy: bool) -> int:
    """Prints one line a service; the exit code is 1 when something has to be mended."""
    start()
    findings = list(_findings(deploy))
    for finding in findings:
        mark = "!!" if finding.mend else "ok"
        print(f"{mark}  {finding.what}: {finding.said}")
        if finding.mend:
            print(f"      -> {finding.mend}")
    wrong = sum(1 for finding in findings if finding.mend)
    print(f"{wrong} to mend" if wrong else "Everything answers.", file=sys.stderr)
    return 1 if wrong else 0


def _findings(deploy: bool) -> Iterator[Finding]:
    yield _home()
    yield _database()
    yield _content()
    yield _cache()
    yield _mail()
    yield _assets()
    if deploy:
        yield from _deploy()


def _home() -> Finding:
    from django.conf import settings  # settings exist only after start()

    home = settings.HOME
    if not os.access(home, os.W_OK):
        return Finding(
            "home", f"{home} cannot be written", "give it to this user, or set LYKEION_HOME to another folder"
        )
    free = shutil.disk_usage(home).free
    if free < NO_ROOM:
        return Finding("home", f"{home} has {free // 2**20} MB left", "free some space")
    return Finding("home", f"{home}, {free // 2**20} MB free")


def _database() -> Finding:
    from django.db import connection  # connections exist only after start()
    from django.db.migrations.executor import MigrationExecutor

    def ask() -> str:
        connection.ensure_connection()
        executor = MigrationExecutor(connection)
        waiting = len(executor.migration_plan(executor.loader.graph.leaf_nodes()))
        if waiting:
            raise RuntimeError(f"{waiting} migrations wait: run `lykeion migrate`")
        return f"{connection.display_name} answers"

    return _asked(
        "database", ask, "see that the server runs and LYKEION_DATABASE_URL names it, with the right password"
    )


def _content() -> Finding:
    from lykeion.content import api as content  # models exist only after start()

    def ask() -> str:
        return f"{len(content.store().refs())} refs in {type(content.store()).__name__}"

    return _asked("content", ask, "see that MongoDB runs and LYKEION_CONTENT_URL names it")


def _cache() -> Finding:
    from django.core.cache import cache  # settings exist only after start()

    def ask() -> str:
        cache.set("lykeion-check", "answers", 10)
        if cache.get("lykeion-check") != "answers":
            raise RuntimeError("it forgot what it was told")
        return type(cache._connections["default"] if hasattr(cache, "_connections") else cache).__name__

    return _asked("cache", ask, "see that Redis runs and LYKEION_CACHE_URL names it")


def _mail() -> Finding:
    from django.conf import settings  # settings exist only after start()
    from django.core.mail import get_connection

    if not settings.ENV["LYKEION_MAIL_URL"]:
        return Finding("mail", f"is kept in files under {settings.EMAIL_FILE_PATH}")

    def ask() -> str:
        connection = get_connection()
        connection.open()
        connection.close()
        return f"{settings.EMAIL_HOST} answers"

    return _asked("mail", ask, "see that the mail server of LYKEION_MAIL_URL runs and lets this site in")


def _assets() -> Finding:
    from django.contrib.staticfiles import finders  # settings exist only after start()

    if finders.find("ui/main.js") is None:
        return Finding("assets", "are not built", "run `make build`")
    return Finding("assets", "are built")


def _deploy() -> Iterator[Finding]:
    from django.conf import settings  # settings exist only after start()

    if settings.LYKEION_DEVELOPMENT:
        yield Finding("site", "answers on this machine only", "set LYKEION_SITE_URL to the https address people use")
    elif not settings.SITE_URL.startswith("https://"):
        yield Finding("site", settings.SITE_URL, "use https, or passwords travel in the open")
    else:
        yield Finding("site", settings.SITE_URL)
    if not settings.ENV["LYKEION_MAIL_URL"]:
        yield Finding("mail", "reaches nobody", "set LYKEION_MAIL_URL")
    if importlib.util.find_spec("MySQLdb") is None and settings.ENV["LYKEION_DATABASE_URL"].startswith("m"):
        yield Finding("driver", "for MySQL is missing", "install lykeion[mysql]")


def _asked(what: str, ask: Callable[[], str], mend: str) -> Finding:
    try:
        return Finding(what, ask())
    except Exception as error:  # noqa: BLE001  # whatever a driver raises, the operator has to read it here
        return Finding(what, f"does not answer ({' '.join(str(error).split())[:300]})", mend)
