"""Words in a table, found by the index that the database has for that: SQLite's FTS5, MariaDB's and MySQL's FULLTEXT.

A migration that makes SQLite's table anew (most changes of a column do) loses its triggers: it must make them again.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Final

from django.db import connection, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.models.expressions import RawSQL

if TYPE_CHECKING:
    from lykeion.authoring.models import SearchEntry

_SQLITE: Final = (
    "CREATE VIRTUAL TABLE authoring_searchentry_words USING fts5"
    "(title, text, content='authoring_searchentry', content_rowid='id', tokenize='unicode61 remove_diacritics 2')",
    "CREATE TRIGGER authoring_searchentry_added AFTER INSERT ON authoring_searchentry BEGIN "
    "INSERT INTO authoring_searchentry_words(rowid, title, text) VALUES (new.id, new.title, new.text); END",
    "CREATE TRIGGER authoring_searchentry_removed AFTER DELETE ON authoring_searchentry BEGIN "
    "INSERT INTO authoring_searchentry_words(authoring_searchentry_words, rowid, title, text) "
    "VALUES ('delete', old.id, old.title, old.text); END",
    "CREATE TRIGGER authoring_searchentry_changed AFTER UPDATE ON authoring_searchentry BEGIN "
    "INSERT INTO authoring_searchentry_words(authoring_searchentry_words, rowid, title, text) "
    "VALUES ('delete', old.id, old.title, old.text); "
    "INSERT INTO authoring_searchentry_words(rowid, title, text) VALUES (new.id, new.title, new.text); END",
)
_SQLITE_AWAY: Final = ("DROP TABLE authoring_searchentry_words",)
_MYSQL: Final = ("ALTER TABLE authoring_searchentry ADD FULLTEXT INDEX authoring_searchentry_words (title, text)",)
_MYSQL_AWAY: Final = ("ALTER TABLE authoring_searchentry DROP INDEX authoring_searchentry_words",)
_RANK: Final = (
    "SELECT rank FROM authoring_searchentry_words "
    "WHERE rowid = authoring_searchentry.id AND authoring_searchentry_words MATCH %s"
)
_FOUND: Final = "SELECT rowid FROM authoring_searchentry_words WHERE authoring_searchentry_words MATCH %s"
_MATCH: Final = "MATCH(title, text) AGAINST (%s IN BOOLEAN MODE)"
_SHORTEST: Final = 3  # letters that MariaDB's index keeps (innodb_ft_min_token_size)
_MOST_WORDS: Final = 8


def make_index(_apps: Any, editor: BaseDatabaseSchemaEditor) -> None:
    """The index, as part of a migration."""
    for statement in _SQLITE if editor.connection.vendor == "sqlite" else _MYSQL:
        editor.execute(statement)


def drop_index(_apps: Any, editor: BaseDatabaseSchemaEditor) -> None:
    """Takes it away again (the triggers go with the table)."""
    for statement in _SQLITE_AWAY if editor.connection.vendor == "sqlite" else _MYSQL_AWAY:
        editor.execute(statement)


def words_of(text: str) -> list[str]:
    """The words to look for."""
    return re.findall(r"\w+", text.casefold())[:_MOST_WORDS]


def matching(rows: models.QuerySet[SearchEntry], words: list[str]) -> models.QuerySet[SearchEntry]:
    """Those of ``rows`` whose title or text has all ``words``, or words that begin with them, the best first."""
    if connection.vendor == "sqlite":
        wanted = " ".join(f'"{word}"*' for word in words)
        among = rows.filter(id__in=RawSQL(_FOUND, [wanted]))  # noqa: S611  the words are a parameter
        return among.annotate(rank=RawSQL(_RANK, [wanted])).order_by("rank", "id")  # noqa: S611
    long = [word for word in words if len(word) >= _SHORTEST]
    for short in sorted(set(words) - set(long)):
        rows = rows.filter(models.Q(title__icontains=short) | models.Q(text__icontains=short))
    if not long:
        return rows.order_by("id")
    wanted = " ".join(f"+{word}*" for word in long)
    return rows.annotate(rank=RawSQL(_MATCH, [wanted])).filter(rank__gt=0).order_by("-rank", "id")  # noqa: S611
