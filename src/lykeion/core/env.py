"""Settings from the environment: one table of typed readers.

The table makes ``lykeion settings``, the operators' page and ``.env.example``; a test holds them together.
"""

from __future__ import annotations

import os
import re
import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from django.conf.global_settings import LANGUAGES

from lykeion.core.errors import LykeionError


class BadSetting(LykeionError):
    """A setting in the environment that cannot be used; says which, what it holds and what it may hold."""


@dataclass(frozen=True, slots=True)
class Setting:
    """One setting: its name, how its text is read, its default (as text) and what it does."""

    name: str
    read: Callable[[str], Any]
    default: str
    help: str
    secret: bool = False


def text(raw: str) -> str:
    """Any text."""
    return raw


def word(raw: str) -> str:
    """Letters, digits, dots, dashes and underscores; or nothing."""
    if not re.fullmatch(r"[A-Za-z0-9._-]*", raw):
        raise ValueError("use letters, digits, dots, dashes and underscores")
    return raw


def yes_no(raw: str) -> bool:
    """``yes``/``no`` (also true/false, on/off, 1/0)."""
    word = raw.strip().lower()
    if word in {"yes", "true", "on", "1"}:
        return True
    if word in {"no", "false", "off", "0", ""}:
        return False
    raise ValueError("use yes or no")


def count(raw: str) -> int:
    """A whole number, at least one."""
    if not raw.strip().isdecimal() or int(raw) < 1:
        raise ValueError("use a whole number, at least 1")
    return int(raw)


def one_of(*choices: str) -> Callable[[str], str]:
    """One of ``choices``, written in any case."""
    known = {choice.lower(): choice for choice in choices}

    def read(raw: str) -> str:
        if raw.lower() not in known:
            raise ValueError(f"use one of {', '.join(choices)}")
        return known[raw.lower()]

    return read


def engine(raw: str) -> str:
    """What computes analytics: ``duckdb``, ``spark``, or a master of Spark."""
    if not re.fullmatch(r"duckdb|spark|yarn|local(\[(\*|[0-9]+)\])?|spark://\S+", raw):
        raise ValueError("use duckdb, spark, or a master such as local[4], spark://host:7077, yarn")
    return raw


def time_zone(raw: str) -> str:
    """A zone of the tz database."""
    try:
        return ZoneInfo(raw).key
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        raise ValueError("use a name of the tz database, such as Europe/Athens") from error


def language(raw: str) -> str:
    """A language that Django's own texts are translated to."""
    if raw not in dict(LANGUAGES):
        raise ValueError("use a language code, such as en, de or pt-br")
    return raw


def several_of(*choices: str) -> Callable[[str], tuple[str, ...]]:
    """Some of ``choices``, each once, between commas, in the order given."""

    def read(raw: str) -> tuple[str, ...]:
        found = tuple(dict.fromkeys(words(raw)))
        if not found or not set(found) <= set(choices):
            raise ValueError(f"use some of: {', '.join(choices)}")
        return found

    return read


def words(raw: str) -> tuple[str, ...]:
    """Words between commas."""
    return tuple(word.strip() for word in raw.split(",") if word.strip())


def folder(raw: str) -> Path:
    """A folder, relative to where the command was started."""
    return Path(raw).expanduser().resolve()


def tables(raw: str) -> dict[str, Any]:
    """What a TOML file holds; nothing without one."""
    if not raw:
        return {}
    try:
        return tomllib.loads(Path(raw).expanduser().read_text("utf-8"))
    except (OSError, ValueError) as error:
        raise ValueError(f"name a TOML file: {error}") from error


def url(*schemes: str) -> Callable[[str], str]:
    """A URL with one of ``schemes``, or nothing for the embedded default."""

    def read(raw: str) -> str:
        if raw and raw.partition("://")[0] not in schemes:
            raise ValueError(f"start it with {' or '.join(scheme + '://' for scheme in schemes)}")
        return raw

    return read


def server_url(*schemes: str) -> Callable[[str], str]:
    """Like :func:`url`, for one server, whose port can be read."""
    read_url = url(*schemes)

    def read(raw: str) -> str:
        read_url(raw)
        try:
            _ = urlsplit(raw).port
        except ValueError:  # which tells what it took for a port: a piece of the password
            raise ValueError("its server and port cannot be read (a / in the password?)") from None
        return raw

    return read


def place(*schemes: str) -> Callable[[str], str]:
    """A folder, a URL with one of ``schemes``, or nothing for the embedded default."""
    read_url = url(*schemes)

    def read(raw: str) -> str:
        return read_url(raw) if "://" in raw else str(folder(raw)) if raw else ""

    return read


def read_settings(table: tuple[Setting, ...], environ: Mapping[str, str] | None = None) -> dict[str, Any]:
    """Every setting of ``table`` with its value. Raises :class:`BadSetting` on the first that cannot be read."""
    source = os.environ if environ is None else environ
    known = {setting.name for setting in table}
    unknown = sorted(name for name in source if _is_ours(name) and name not in known)
    if unknown:
        raise BadSetting(f"Unknown setting {unknown[0]}; `lykeion settings` lists the ones there are.")
    return {setting.name: _read(setting, source.get(setting.name, setting.default)) for setting in table}


def _is_ours(name: str) -> bool:
    """Whether a variable is meant for the product; those of the tests name the servers they may use."""
    return name.startswith("LYKEION_") and not name.startswith("LYKEION_TEST_")


def _read(setting: Setting, raw: str) -> Any:
    try:
        return setting.read(raw)
    except ValueError as error:
        what = "cannot be used" if setting.secret else f"is {raw!r}"  # a secret is said to nobody
        raise BadSetting(f"{setting.name} {what}: {error}. {setting.help}") from error
