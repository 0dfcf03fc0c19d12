"""Addresses of databases, and what is said by TLS."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from lykeion.core.databases import database, database_url
from tests.servers import Maria, Missing

AN_ADDRESS = "mysql://lykeion:s%2Fcret@db.example:3307/site"


def options(query: str) -> dict[str, object]:
    told = database(AN_ADDRESS + query, Path("home"))["OPTIONS"]
    return {name: value for name, value in told.items() if name.startswith("ssl")}


def test_an_address_names_server_database_and_account() -> None:
    found = database(AN_ADDRESS, Path("home"))

    names = ("HOST", "PORT", "NAME", "USER", "PASSWORD")
    assert [found[name] for name in names] == ["db.example", "3307", "site", "lykeion", "s/cret"]


def test_nothing_is_sqlite_in_the_home() -> None:
    assert database("", Path("home"))["NAME"] == "home/lykeion.sqlite3"


def test_tls_is_asked_for_by_the_address() -> None:
    assert options("") == {}
    assert options("?ssl_mode=REQUIRED") == {"ssl_mode": "REQUIRED"}
    assert options("?ssl_ca=/ca.pem") == {"ssl_mode": "REQUIRED", "ssl": {"ca": "/ca.pem"}}
    assert options("?ssl_mode=VERIFY_IDENTITY&ssl_ca=/ca.pem") == {
        "ssl_mode": "VERIFY_IDENTITY",
        "ssl": {"ca": "/ca.pem"},
    }


@pytest.mark.parametrize(
    ("query", "words"),
    [
        ("?ssl_mode=yes", "ssl_mode is yes; use REQUIRED, VERIFY_CA, VERIFY_IDENTITY"),
        ("?ssl_ca=/nowhere/ca.pem", "ssl_ca is /nowhere/ca.pem, which is no file"),
        ("?sslmode=REQUIRED", "sslmode is not known"),
    ],
)
def test_what_cannot_be_meant_is_refused_in_words(query: str, words: str) -> None:
    with pytest.raises(ValueError, match=words):
        database_url(AN_ADDRESS + query)


def openssl(folder: Path, *words: str) -> None:
    subprocess.run(["openssl", *words], cwd=folder, check=True, capture_output=True)


@pytest.fixture(scope="module")
def certificates(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """``ca.pem`` has signed ``server.pem``, which is of another host; ``other.pem`` has signed nothing."""
    folder = tmp_path_factory.mktemp("certificates")
    short = ("-newkey", "rsa:2048", "-nodes", "-days", "2")
    for name in ("ca", "other"):
        openssl(folder, "req", "-x509", *short, "-subj", f"/CN={name}", "-keyout", f"{name}.key", "-out", f"{name}.pem")
    signed = ("-CA", "ca.pem", "-CAkey", "ca.key", "-x509")
    openssl(folder, "req", *signed, *short, "-subj", "/CN=db.example", "-keyout", "server.key", "-out", "server.pem")
    return folder


@pytest.fixture(scope="module")
def strict(certificates: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a MariaDB that lets nobody in but by TLS, as managed ones do."""
    own = (f"--ssl-cert={certificates}/server.pem", f"--ssl-key={certificates}/server.key")
    try:
        server = Maria(tmp_path_factory.mktemp("maria"), *own, "--require-secure-transport=1")
    except Missing as missing:
        pytest.skip(str(missing))
    server.start()
    yield server.url
    server.stop()


def cipher(url: str) -> str:
    """By which a connection to ``url`` is kept secret; raises the driver's errors."""
    import MySQLdb  # compiled where MariaDB is

    told = database(database_url(url), Path("home"))
    at = {"host": told["HOST"], "port": int(told["PORT"]), "user": told["USER"], "password": told["PASSWORD"]}
    tls = {name: value for name, value in told["OPTIONS"].items() if name.startswith("ssl")}
    connection = MySQLdb.connect(**at, **tls)
    try:
        cursor = connection.cursor()
        cursor.execute("SHOW STATUS LIKE 'Ssl_cipher'")
        return str(cursor.fetchone()[1])
    finally:
        connection.close()


def test_a_server_that_demands_tls_is_reached(strict: str, certificates: Path) -> None:
    with pytest.raises(Exception, match=r"Access denied|insecure transport"):
        cipher(strict)
    assert cipher(f"{strict}?ssl_mode=REQUIRED")
    assert cipher(f"{strict}?ssl_ca={certificates}/ca.pem")


def test_a_server_that_is_not_who_it_should_be_is_refused(strict: str, certificates: Path) -> None:
    with pytest.raises(Exception, match="certificate"):
        cipher(f"{strict}?ssl_ca={certificates}/other.pem")
    with pytest.raises(Exception, match="certificate"):
        cipher(f"{strict}?ssl_mode=VERIFY_IDENTITY&ssl_ca={certificates}/ca.pem")
