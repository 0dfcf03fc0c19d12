"""Pages elsewhere: asked for politely, and never on this site's own network."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from lykeion.authoring.webcheck import is_public, look, look_all

ASKED: list[str] = []


class Pages(BaseHTTPRequestHandler):
    def do_HEAD(self) -> None:
        ASKED.append(f"{self.command} {self.path}")
        name = self.path.strip("/")
        status = int(name) if name.isdecimal() else 200
        if name == "onlyget":
            status = 405 if self.command == "HEAD" else 200
        self.send_response(status if name not in ("loop", "away", "inside") else 302)
        if name == "loop":
            self.send_header("Location", "/loop")
        if name == "away":
            self.send_header("Location", "/200")
        if name == "inside":
            self.send_header("Location", "http://127.0.0.2:1/secret")
        self.send_header("Content-Length", "0")
        self.end_headers()

    do_GET = do_HEAD

    def log_message(self, *_: object) -> None:
        """Quiet."""


@pytest.fixture
def site() -> Iterator[str]:
    ASKED.clear()
    with ThreadingHTTPServer(("127.0.0.1", 0), Pages) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()
        thread.join()


def ours(address: str) -> bool:
    return address == "127.0.0.1"


@pytest.mark.parametrize(
    ("path", "verdict", "status"),
    [
        ("/200", "ok", 200),
        ("/404", "broken", 404),
        ("/410", "broken", 410),
        ("/403", "shut", 403),
        ("/503", "unclear", 503),
        ("/onlyget", "ok", 200),
        ("/away", "ok", 200),
        ("/loop", "broken", 0),
        ("/inside", "private", 0),
    ],
)
def test_what_is_at_a_page_is_told(site: str, path: str, verdict: str, status: int) -> None:
    answer = look(f"{site}{path}", allowed=ours)

    assert (answer.verdict, answer.status) == (verdict, status)


@pytest.mark.parametrize(
    "url",
    [
        "http://127.0.0.1/",
        "http://localhost:8000/admin",
        "http://[::1]/",
        "http://[::ffff:127.0.0.1]/",
        "http://10.0.0.1/",
        "http://169.254.169.254/latest/meta-data",
        "http://2130706433/",
        "file:///etc/passwd",
        "ftp://example.org/x",
    ],
)
def test_nothing_on_our_own_network_is_asked(site: str, url: str) -> None:
    assert look(url).verdict == "private"
    assert look(f"{site}/200").verdict == "private"
    assert ASKED == []


def test_public_addresses_are_told_from_others() -> None:
    assert [
        is_public(one) for one in ("8.8.8.8", "2606:4700::1111", "192.168.0.1", "224.0.0.1", "fd00::1", "0.0.0.0")
    ] == [
        True,
        True,
        False,
        False,
        False,
        False,
    ]


def test_a_server_that_is_gone_and_an_address_that_is_none_are_broken() -> None:
    assert look("http://127.0.0.1:9/", allowed=ours).verdict == "broken"
    assert look("http://[broken/", allowed=ours).verdict == "broken"


def test_many_pages_are_asked_at_once_and_told_in_order(site: str) -> None:
    urls = [f"{site}/{number}" for number in (200, 404, 200)]

    assert [(one.url, one.status) for one in look_all(urls, allowed=ours)] == list(
        zip(urls, (200, 404, 200), strict=True)
    )


def test_an_address_behind_a_translator_is_judged_by_what_it_means() -> None:
    assert [is_public(one) for one in ("64:ff9b::808:808", "64:ff9b::a9fe:a9fe")] == [True, False]
