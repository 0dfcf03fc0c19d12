"""Reads whose SQL is made once: for the few queries that every page runs.

Building and compiling a queryset costs several times what the database needs to answer by primary key. A
:class:`Prepared` read is written as a queryset, so it is right on every database, and compiled the first time only.
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from django.db import connections, models, router
from django.db.backends.base.base import BaseDatabaseWrapper

Row = tuple[Any, ...]
Build = Callable[..., "models.QuerySet[Any, Any]"]
Shape = tuple[int | None, ...]
"""For each argument: how many values a collection has, None for a single value."""

_MARK = 8_000_000_000_000_000_000  # no id of anything
_FLOAT_MARK, _FLOAT_STEP = 2.0**61, 2.0**12  # no share of anything; exact as fractions are kept
_Single = int | str | float


@dataclass(frozen=True, slots=True)
class _Statement:
    """SQL; where each of its parameters comes from; and how each column becomes a value."""

    sql: str
    parameters: tuple[tuple[bool, Any], ...]  # (True, place among the arguments) or (False, a constant)
    converters: tuple[tuple[int, tuple[Any, ...], Any], ...]


class Prepared:
    """A read of ``model``: ``build(queryset, *arguments)`` returns a ``values_list`` queryset.

    Arguments are numbers, texts, or collections of such (for ``__in``; not empty, the order does not count), and
    must reach the SQL as they are: ``build`` is called with stand-ins for them, once for each power of two of values.
    ``write``: read from where writes go.
    """

    def __init__(self, model: type[models.Model], build: Build, *, write: bool = False) -> None:
        self._model = model
        self._build = build
        self._write = write
        self._statements: dict[tuple[str, Shape], _Statement] = {}

    def __call__(self, *arguments: _Single | Collection[int] | Collection[str], using: str = "") -> list[Row]:
        """The rows for ``arguments``, from database ``using``, else from the one that the router names."""
        choose = router.db_for_write if self._write else router.db_for_read
        connection = connections[using or choose(self._model)]
        given = tuple(one if isinstance(one, _Single) else _padded(one) for one in arguments)
        shape = tuple(None if isinstance(one, _Single) else len(one) for one in given)
        statement = self._statements.get((connection.alias, shape))
        if statement is None:
            statement = self._compile(connection, given)
            self._statements[connection.alias, shape] = statement
        values = _flat(given)
        parameters = [values[one] if is_place else one for is_place, one in statement.parameters]
        with connection.cursor() as cursor:
            cursor.execute(statement.sql, parameters)
            rows = cursor.fetchall()
        return [_converted(row, statement, connection) for row in rows] if statement.converters else list(rows)

    def _compile(self, connection: BaseDatabaseWrapper, arguments: tuple[Any, ...]) -> _Statement:
        marks: dict[Any, int] = {}
        marked = [_mark(one, marks) for one in arguments]
        queryset = self._build(self._model._default_manager.using(connection.alias), *marked)
        compiler = queryset.query.get_compiler(using=connection.alias)
        sql, parameters = compiler.as_sql()
        converters = compiler.get_converters([expression for expression, _sql, _alias in compiler.select])
        return _Statement(
            sql,
            tuple((one in marks, marks.get(one, one)) for one in parameters),
            tuple((place, tuple(found), expression) for place, (found, expression) in converters.items()),
        )


@dataclass(frozen=True, slots=True)
class Ids:
    """Ids of ``model`` by which reads elsewhere are narrowed: the function that makes the queryset (``build``, of a
    module, so that what it is put into can be prepared as well) and what it makes it of."""

    model: type[models.Model]
    build: Build
    values: tuple[_Single, ...]

    def rows(self) -> models.QuerySet[Any, Any]:
        """The queryset, a part for another."""
        return self.build(*self.values)

    def first(self, most: int) -> list[int]:
        """At most so many of the ids. One read."""
        return [row[0] for row in _first(self.model, self.build, most)(*self.values)]


@lru_cache(maxsize=64)
def _first(model: type[models.Model], build: Build, most: int) -> Prepared:
    return Prepared(model, lambda _rows, *values: build(*values)[:most])


def _padded(values: Collection[int] | Collection[str]) -> list[Any]:
    """``values`` with the last one repeated up to a power of two, so that there are few different statements."""
    padded: list[Any] = list(values)
    return padded + padded[-1:] * ((1 << (len(padded) - 1).bit_length()) - len(padded))


def _flat(arguments: tuple[Any, ...]) -> list[Any]:
    values: list[Any] = []
    for one in arguments:
        if isinstance(one, _Single):
            values.append(one)
        else:
            values.extend(one)
    return values


def _mark(argument: Any, marks: dict[Any, int]) -> Any:
    """A stand-in for ``argument`` (or each value of it), noted in ``marks`` with its place."""
    if not isinstance(argument, _Single):
        return [_mark(one, marks) for one in argument]
    place = len(marks)
    mark: _Single = _MARK + place
    if isinstance(argument, str):
        mark = f"\x00{mark}"
    elif isinstance(argument, float):
        mark = _FLOAT_MARK + place * _FLOAT_STEP
    marks[mark] = place
    return mark


def _converted(row: Row, statement: _Statement, connection: BaseDatabaseWrapper) -> Row:
    values = list(row)
    for place, converters, expression in statement.converters:
        for convert in converters:
            values[place] = convert(values[place], expression, connection)
    return tuple(values)
