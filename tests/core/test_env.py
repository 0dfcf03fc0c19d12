from __future__ import annotations

from collections.abc import Callable

import pytest

from lykeion.core.env import (
    BadSetting,
    Setting,
    count,
    engine,
    language,
    one_of,
    read_settings,
    server_url,
    several_of,
    text,
    time_zone,
    url,
    word,
    words,
    yes_no,
)

TABLE = (
    Setting("LYKEION_WORKERS", count, "2", "Web processes."),
    Setting("LYKEION_TRUST_PROXY", yes_no, "no", "Believe the proxy."),
    Setting("LYKEION_ALLOWED_HOSTS", words, "", "Host names."),
    Setting("LYKEION_SECRET_KEY", text, "", "Signs things.", secret=True),
    Setting("LYKEION_CONTENT_URL", url("mongodb"), "", "Course content.", secret=True),
    Setting("LYKEION_MAIL_URL", server_url("smtp"), "", "Outgoing mail.", secret=True),
)


def test_defaults_hold_where_the_environment_says_nothing() -> None:
    assert read_settings(TABLE, {}) == {
        "LYKEION_WORKERS": 2,
        "LYKEION_TRUST_PROXY": False,
        "LYKEION_ALLOWED_HOSTS": (),
        "LYKEION_SECRET_KEY": "",
        "LYKEION_CONTENT_URL": "",
        "LYKEION_MAIL_URL": "",
    }


def test_environment_wins() -> None:
    environ = {"LYKEION_WORKERS": "8", "LYKEION_TRUST_PROXY": "on", "LYKEION_ALLOWED_HOSTS": "a.org, b.org"}

    found = read_settings(TABLE, environ)

    assert (found["LYKEION_WORKERS"], found["LYKEION_TRUST_PROXY"]) == (8, True)
    assert found["LYKEION_ALLOWED_HOSTS"] == ("a.org", "b.org")


def test_a_wrong_value_is_named_with_what_it_may_hold() -> None:
    with pytest.raises(BadSetting) as caught:
        read_settings(TABLE, {"LYKEION_WORKERS": "many"})

    assert str(caught.value) == "LYKEION_WORKERS is 'many': use a whole number, at least 1. Web processes."


def test_a_wrong_secret_is_named_but_not_shown() -> None:
    with pytest.raises(BadSetting) as caught:
        read_settings(TABLE, {"LYKEION_CONTENT_URL": "postgres://user:password@host"})

    assert "password" not in str(caught.value)
    assert str(caught.value).startswith("LYKEION_CONTENT_URL cannot be used: start it with mongodb://")


@pytest.mark.parametrize(
    "wrong", ["smtp://user:pass/word@host:587", "smtp://user:[word@host", "smtp://user:w@host:word"]
)
def test_a_server_that_cannot_be_read_is_told_without_a_piece_of_its_password(wrong: str) -> None:
    with pytest.raises(BadSetting) as caught:
        read_settings(TABLE, {"LYKEION_MAIL_URL": wrong})

    told = "LYKEION_MAIL_URL cannot be used: its server and port cannot be read (a / in the password?)"
    assert str(caught.value) == f"{told}. Outgoing mail."


def test_an_unknown_setting_is_refused_so_that_typos_are_seen() -> None:
    with pytest.raises(BadSetting) as caught:
        read_settings(TABLE, {"LYKEION_WORKER": "2"})

    assert "LYKEION_WORKER;" in str(caught.value)


@pytest.mark.parametrize(
    ("read", "wrong"),
    [
        (count, "0"),
        (count, "-1"),
        (one_of("INFO", "DEBUG"), "LOUD"),
        (time_zone, "Mars/Base"),
        (time_zone, "../../etc/passwd"),
        (language, "xx-yy"),
        (engine, "hive"),
        (engine, "local[some]"),
        (engine, "spark:// host"),
        (word, "../web1"),
    ],
)
def test_a_value_that_cannot_work_is_refused_with_what_can(read: Callable[[str], object], wrong: str) -> None:
    with pytest.raises(ValueError, match="use "):
        read(wrong)


def test_engines_are_known_by_their_words() -> None:
    known = ["duckdb", "spark", "yarn", "local", "local[4]", "local[*]", "spark://host:7077"]

    assert [engine(one) for one in known] == known


def test_several_of_takes_some_words_each_once_in_their_order() -> None:
    read = several_of("id", "name", "email")

    assert read("name, id,name") == ("name", "id")
    for wrong in ("", "name,age"):
        with pytest.raises(ValueError, match="use some of: id, name, email"):
            read(wrong)
