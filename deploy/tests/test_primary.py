"""Which server of MariaDB may be written to, as the tool on each decides it; and how a copy begins to follow.

Who takes writes is tried with real hosts by ladder.py.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType
from typing import Any
from urllib.parse import urlsplit

import pytest
from loading import loaded
from tests.servers import Maria, Missing

TOOL = Path(__file__).parents[1] / "ansible/roles/mysql/files/lykeion-primary"


@pytest.fixture(scope="module")
def primary() -> ModuleType:
    return loaded(TOOL)


def seen(module: ModuleType, term: int, of: str, *, writable: bool = False, follows: str = "", **more: object) -> Any:
    return module.Seen(term=term, primary=of, writable=writable, follows=follows, **more)


def test_the_primary_opens_when_a_copy_knows_of_no_other(primary: ModuleType) -> None:
    copy = seen(primary, 1, "data1", follows="10.0.0.31")

    assert primary.may_write("data1", seen(primary, 1, "data1"), {"data2": copy}, alone=0)
    assert not primary.may_write("data2", copy, {"data1": seen(primary, 1, "data1", writable=True)}, alone=0)


def test_a_primary_that_comes_back_hears_of_its_successor_and_stays_closed(primary: ModuleType) -> None:
    successor = seen(primary, 2, "data2", writable=True)

    assert not primary.may_write("data1", seen(primary, 1, "data1"), {"data2": successor}, alone=999)


def test_a_primary_that_was_cut_off_closes_when_it_hears_of_its_successor(primary: ModuleType) -> None:
    mine, successor = seen(primary, 1, "data1", writable=True), seen(primary, 2, "data2", writable=True)

    assert primary.may_write("data1", mine, {"data2": None}, alone=0)
    assert not primary.may_write("data1", mine, {"data2": successor}, alone=0)


def test_who_starts_alone_waits_a_minute_for_a_word(primary: ModuleType) -> None:
    mine = seen(primary, 1, "data1")

    assert not primary.may_write("data1", mine, {"data2": None}, alone=primary.A_WORD - 1)
    assert primary.may_write("data1", mine, {"data2": None}, alone=primary.A_WORD)
    assert not primary.may_write("data2", mine, {"data1": None}, alone=primary.A_WORD)


def test_a_copy_never_opens_by_itself_even_when_a_term_names_it(primary: ModuleType) -> None:
    """In a planned switch the term comes before the last writes are applied; taking over ends the copying."""
    mine = seen(primary, 2, "data2", follows="10.0.0.31")

    assert not primary.may_write("data2", mine, {"data1": None}, alone=999)


def test_before_there_is_a_term_nothing_is_opened_or_closed(primary: ModuleType) -> None:
    for writable in (True, False):
        mine = seen(primary, 0, "", writable=writable)

        assert primary.may_write("data1", mine, {"data2": None}, alone=999) is writable


@pytest.mark.parametrize(
    ("received", "applied", "waits"),
    [("0-1-10", "0-1-9", True), ("0-1-10", "0-1-10", False), ("", "0-1-10", False), ("0-2-3,0-1-12", "0-1-9", True)],
)
def test_what_a_copy_received_and_did_not_apply(primary: ModuleType, received: str, applied: str, waits: bool) -> None:
    assert primary.unapplied(seen(primary, 1, "data1", received=received, applied=applied)) is waits


def test_the_copy_that_received_more_is_further(primary: ModuleType) -> None:
    less, more = (seen(primary, 1, "data1", received=position) for position in ("0-1-9", "0-1-10"))

    assert primary.further(more, less)
    assert not primary.further(less, more)
    assert not primary.further(less, less)


def test_a_copy_asks_anew_when_it_hears_nothing_of_what_its_primary_wrote(primary: ModuleType) -> None:
    silence, data1 = primary.Silence(), {"data1": seen(primary, 1, "data1", writable=True, wrote="0-1-12")}
    deaf = seen(primary, 1, "data1", receives=True, received="0-1-10")

    assert [silence.lasts(deaf, data1, now) for now in (100, 102, 110)] == [0, 2, 10]


def test_a_copy_that_still_receives_or_lacks_nothing_is_not_deaf(primary: ModuleType) -> None:
    silence, data1 = primary.Silence(), {"data1": seen(primary, 1, "data1", writable=True, wrote="0-1-12")}
    places = [("0-1-9", "binlog.2:70"), ("0-1-9", "binlog.2:90"), ("0-1-12", "binlog.3:4"), ("0-1-12", "binlog.3:4")]
    copies = [seen(primary, 1, "data1", receives=True, received=gtid, heard=heard) for gtid, heard in places]

    assert [silence.lasts(copy, data1, now) for now, copy in enumerate(copies, 100)] == [0] * 4


def test_a_copy_whose_primary_is_off_or_that_is_stopped_does_not_ask(primary: ModuleType) -> None:
    writes = {"data1": seen(primary, 1, "data1", writable=True, wrote="0-1-12")}

    assert not primary.lacks(seen(primary, 1, "data1", receives=True, received="0-1-10"), {"data1": None})
    assert not primary.lacks(seen(primary, 1, "data1", receives=False, received="0-1-10"), writes)


@pytest.fixture
def pair(primary: ModuleType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    """A real primary, as a connection; the tool is at home on another server, which is as far as it is."""
    more = ("--log-bin=binlog", "--log-slave-updates", "--gtid-strict-mode=1", "--skip-name-resolve")
    try:
        servers = [Maria(tmp_path / name, f"--server-id={number}", *more) for number, name in enumerate("pc", 1)]
    except Missing as error:
        pytest.skip(str(error))
    import MySQLdb.cursors  # compiled where there is a MariaDB; hosts have pymysql, which is used alike

    monkeypatch.setitem(sys.modules, "pymysql", MySQLdb)
    monkeypatch.setattr(primary, "PORT", urlsplit(servers[0].url).port)
    monkeypatch.setattr(primary, "SOCKET", str(tmp_path / "c/s"))
    monkeypatch.setattr(primary, "DATA", tmp_path / "c/data")
    with servers[0], servers[1]:
        for one in servers:
            one.start()
        with primary.connect(unix_socket=str(tmp_path / "p/s"), user="root") as first, primary.here() as copy:
            primary.rows(first, "CREATE USER lykeion_service@'%' IDENTIFIED BY 'before'")
            primary.rows(first, "GRANT REPLICATION SLAVE ON *.* TO lykeion_service@'%'")
            [told] = primary.rows(first, "SELECT @@gtid_binlog_pos AS position")
            primary.rows(copy, "RESET MASTER")
            primary.rows(copy, "SET GLOBAL gtid_slave_pos = %s", told["position"])
            yield first


def test_a_copy_follows_with_another_password_once_there_is_one(
    primary: ModuleType, pair: Any, capsys: pytest.CaptureFixture[str]
) -> None:
    def followed(password: str) -> str:
        told = {"me": "data2", "peers": {"data1": "127.0.0.1"}, "user": "lykeion_service", "password": password}
        primary.follow(told, "data1")
        with primary.here() as copy:
            until = time.monotonic() + 20
            while not primary.see(copy).receives:
                assert time.monotonic() < until, primary.see(copy).error
                time.sleep(0.1)
        return capsys.readouterr().out

    assert followed("before") == "data2 copies data1\n"
    assert followed("before") == ""

    primary.rows(pair, "ALTER USER lykeion_service@'%' IDENTIFIED BY 'after'")

    assert followed("after") == "data2 copies data1\n"
    assert followed("after") == ""
