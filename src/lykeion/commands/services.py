"""The services a site stands on, each asked once: what it says, and how to mend it when it does not answer."""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from importlib.util import find_spec
from secrets import token_hex
from typing import Any

from lykeion.core.clock import now
from lykeion.core.errors import LykeionError
from lykeion.jobs.types import Backlog

LATE = timedelta(minutes=10)  # a job that waits longer is told of
LONG = 200  # characters; drivers explain themselves at length


@dataclass(frozen=True, slots=True)
class Finding:
    """What one check saw. ``mend`` is empty when all is well."""

    what: str
    said: str
    mend: str = ""


def ask_services() -> Iterator[Finding]:
    """Database, content store and cache."""
    database = ask_database()
    yield database
    yield ask_content(database)
    yield ask_cache()


def require_services() -> None:
    """Raises :class:`LykeionError` naming the first service that does not answer and cannot be done without."""
    database = ask_database()
    _require(database)
    _require(ask_content(database))
    cache = ask_cache()
    if cache.mend:
        print(f"The cache {cache.said}: {cache.mend}. Meanwhile the site goes on without it.", file=sys.stderr)


def require_database() -> None:
    """Raises :class:`LykeionError` when the database does not answer, or was not brought up to date."""
    _require(ask_database())


def _require(finding: Finding) -> None:
    if finding.mend:
        raise LykeionError(f"The {finding.what} {finding.said}: {finding.mend}.")


def ask_database() -> Finding:
    """Whether the database answers and its tables are up to date."""
    from django.db import connection  # connections exist only once the settings do

    finding = _asked(
        "database",
        connection.ensure_connection,
        "see that the server runs and that LYKEION_DATABASE_URL names it rightly",
    )
    if finding.mend:
        return finding
    waiting = migrations_waiting()
    if waiting:
        return Finding("database", f"is not up to date ({waiting} migrations wait)", "run `lykeion migrate`")
    if connection.vendor == "mysql" and not _holds_any_text():
        return Finding(
            "database",
            "cannot hold every script and emoji",
            "recreate it with CREATE DATABASE ... CHARACTER SET utf8mb4",
        )
    return Finding("database", f"answers ({connection.display_name})")


def _holds_any_text() -> bool:
    """Whether new tables of this MySQL or MariaDB database hold all of Unicode."""
    from django.db import connection  # connections exist only once the settings do

    with connection.cursor() as cursor:
        cursor.execute("SELECT @@character_set_database")
        return bool(cursor.fetchone()[0] == "utf8mb4")


def migrations_waiting() -> int:
    """How many migrations the database has not seen."""
    from django.db import connection  # connections exist only once the settings do
    from django.db.migrations.executor import MigrationExecutor

    executor = MigrationExecutor(connection)
    return len(executor.migration_plan(executor.loader.graph.leaf_nodes()))


def ask_content(database: Finding) -> Finding:
    """Whether the content store answers; one in the database does when the database does."""
    from django.conf import settings  # settings exist only after start()

    from lykeion.content import api as content  # models exist only after start()

    if not settings.LYKEION_CONTENT_URL:
        return Finding("content store", "is the database", database.mend)

    def ask() -> str:
        return f"answers ({len(content.store().refs())} refs)"

    return _asked("content store", ask, "see that MongoDB runs and that LYKEION_CONTENT_URL names it rightly")


def ask_cache() -> Finding:
    """Whether the cache answers, which a site can do without for a while."""
    return _asked("cache", _cache, "see that Redis runs and that LYKEION_CACHE_URL names it")


def _cache() -> str:
    from django.conf import settings  # settings exist only after start()
    from django.core.cache import caches

    if not settings.ENV["LYKEION_CACHE_URL"]:
        return "is the memory of each process; what they must share is in the database"
    redis: Any = caches["default"]  # lykeion.core.cache.RedisCache
    redis.ping()
    return "answers (Redis)"


def _asked(what: str, ask: Callable[[], object], mend: str) -> Finding:
    try:
        return Finding(what, str(ask()))
    except Exception as error:  # noqa: BLE001  # whatever a driver raises, the operator has to read it here
        return Finding(what, f"does not answer ({' '.join(str(error).split())[:LONG]})", mend)


def ask_jobs() -> Iterator[Finding]:
    """Whether the broker answers, and whether jobs wait longer than they should."""
    from django.conf import settings  # settings exist only after start()

    from lykeion.jobs import api as jobs  # models exist only after start()

    if settings.LYKEION_BROKER_URL:
        mend = "see that RabbitMQ runs and that LYKEION_BROKER_URL names it; no job is lost meanwhile"
        yield _asked("broker", lambda: f"answers ({sum(jobs.ask_broker().values())} messages)", mend)
    else:
        yield Finding("broker", "is none; workers look in the database")
    if not migrations_waiting():
        yield _waiting_jobs(jobs.backlog(now()))


def _waiting_jobs(backlog: list[Backlog]) -> Finding:
    if not backlog:
        return Finding("jobs", "do not wait")
    waited = now() - min(one.oldest for one in backlog)
    said = ", ".join(f"{one.count} of {one.queue}" for one in backlog)
    words = f"wait: {said}; the oldest since {str(waited).partition('.')[0]}"
    late = waited > LATE
    return Finding("jobs", words, "see that `lykeion worker` runs, with enough --concurrency" if late else "")


def ask_files() -> Finding:
    """Whether files can be kept, read and removed where they belong."""
    from django.conf import settings  # settings exist only after start()
    from django.core.files.base import ContentFile

    from lykeion.core.filestore import FileStore

    url = settings.ENV["LYKEION_FILES_URL"]
    if not url:
        return Finding("file storage", "is the home")

    def ask() -> str:
        store = FileStore(url, "check", overwrites=True)
        name = store.save(token_hex(8), ContentFile(b"check"))
        with store.open(name) as file:
            if file.read() != b"check":
                raise LykeionError("it returned another file than it was given")
        store.delete(name)
        return f"answers ({url.partition('://')[0]})"

    return _asked(
        "file storage", ask, "see that LYKEION_FILES_URL names it, and that this host may read and write there"
    )


def ask_analytics() -> Iterator[Finding]:
    """Whether the lake can be written to; whether Spark and the record store are there, where they are wanted."""
    from django.conf import settings  # settings exist only after start()

    def ask() -> str:
        from lykeion.analytics.lake import Lake  # Arrow is loaded where it is used
        from lykeion.core.places import told

        Lake(settings.LYKEION_LAKE_URL).try_to_write()
        return f"can be written to ({told(settings.LYKEION_LAKE_URL)})"

    yield _asked("lake", ask, "see that LYKEION_LAKE_URL names it, and that this host may read and write there")
    if settings.LYKEION_LAKE_ENGINE != "duckdb":
        yield _spark(settings.LYKEION_LAKE_ENGINE)
    if settings.LYKEION_LRS_URL:
        mend = "see that LYKEION_LRS_URL, _KEY and _SECRET are right; what waits is sent when it answers"
        yield _asked("record store", _record_store, mend)


def _spark(engine: str) -> Finding:
    """Whether what speaks to Spark is installed here; its cluster is not asked."""
    missing = [
        words
        for words, is_there in (
            ("PySpark", find_spec("pyspark") is not None),
            ("Java", bool(os.environ.get("JAVA_HOME") or shutil.which("java"))),
        )
        if not is_there
    ]
    if not missing:
        return Finding("Spark", f"is installed ({engine})")
    mend = "install Java 17, and in Lykeion's folder .venv/bin/uv pip install -e '.[spark]'"
    return Finding("Spark", f"lacks {' and '.join(missing)} (LYKEION_LAKE_ENGINE is {engine})", mend)


def _record_store() -> str:
    from django.conf import settings  # settings exist only after start()

    from lykeion.analytics.lrs import Store  # models exist only after start()

    Store(settings.LYKEION_LRS_URL, settings.LYKEION_LRS_KEY, settings.LYKEION_LRS_SECRET).ask()
    return f"answers ({settings.LYKEION_LRS_URL})"


def ask_mail() -> Finding:
    """Whether the mail server answers."""
    from django.conf import settings  # settings exist only after start()
    from django.core.mail import get_connection

    if not settings.ENV["LYKEION_MAIL_URL"]:
        return Finding("mail", f"is kept in files under {settings.EMAIL_FILE_PATH}")

    def ask() -> str:
        connection = get_connection()
        connection.open()
        connection.close()
        return f"goes to {settings.EMAIL_HOST}"

    return _asked("mail", ask, "see that the mail server of LYKEION_MAIL_URL runs and lets this site in")
