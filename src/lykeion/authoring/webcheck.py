"""Whether pages elsewhere are there. Nothing on this site's own network can be asked: names are resolved first, only
public addresses are connected to, and it is the address that was looked at that is connected to."""

from __future__ import annotations

import http.client
import ipaddress
import socket
import ssl
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Final, Literal
from urllib.parse import quote, urljoin, urlsplit

Verdict = Literal["ok", "broken", "shut", "private", "unclear"]

TIMEOUT: Final = 10.0  # seconds for each step of one page
AT_ONCE: Final = 8
HOPS: Final = 5
MOST: Final = 2_000  # pages in one go
_AGENT: Final = "Lykeion link check"
_SHUT: Final = frozenset({401, 403, 407, 429, 451})
_ASK_AGAIN: Final = frozenset({400, 403, 404, 405, 406, 500, 501, 503})  # some answer HEAD with these, and GET well
_PORTS: Final = {"http": 80, "https": 443}
_SAFE: Final = "!$&'()*+,;=:@/?%~-._[]"


@dataclass(frozen=True, slots=True)
class Answer:
    """What is at ``url``: ``status`` is the last one (0: none came), ``words`` say more in English."""

    url: str
    verdict: Verdict
    status: int = 0
    words: str = ""


class Refused(Exception):
    """An address that is not asked."""


_SIX = 6
_TRANSLATED = ipaddress.ip_network("64:ff9b::/96")  # an IPv4 address behind NAT64 (RFC 6052)


def is_public(address: str) -> bool:
    """Whether ``address`` is one of the public internet."""
    known = ipaddress.ip_address(address)
    inner = getattr(known, "ipv4_mapped", None) or getattr(known, "sixtofour", None)
    if known.version == _SIX and known in _TRANSLATED:
        inner = ipaddress.IPv4Address(int(known) & 0xFFFFFFFF)
    return known.is_global and not known.is_multicast and (inner is None or is_public(str(inner)))


def look_all(urls: Iterable[str], *, allowed: Callable[[str], bool] = is_public) -> Iterator[Answer]:
    """What is at each of ``urls``, as answers come."""
    with ThreadPoolExecutor(AT_ONCE) as lookers:
        yield from lookers.map(lambda url: look(url, allowed=allowed), list(urls)[:MOST])


def look(url: str, *, allowed: Callable[[str], bool] = is_public) -> Answer:
    """What is at ``url``, after at most five redirects."""
    here = url
    try:
        for _ in range(HOPS + 1):
            status, place = _ask(here, "HEAD", allowed)
            if status in _ASK_AGAIN:
                status, place = _ask(here, "GET", allowed)
            if place is None:
                return _judged(url, status)
            here = urljoin(here, place)
    except Refused as error:
        return Answer(url, "private", 0, str(error))
    except socket.gaierror:
        return Answer(url, "broken", 0, "no such host")
    except TimeoutError:
        return Answer(url, "unclear", 0, "no answer in time")
    except (OSError, http.client.HTTPException, ValueError) as error:
        return Answer(url, "broken", 0, str(error)[:200])
    return Answer(url, "broken", 0, "redirects without end")


def _judged(url: str, status: int) -> Answer:
    verdict: Verdict = "ok" if status < 400 else "shut" if status in _SHUT else "broken" if status < 500 else "unclear"
    return Answer(url, verdict, status)


def _ask(url: str, method: str, allowed: Callable[[str], bool]) -> tuple[int, str | None]:
    """The status, and where it leads on to. The body is not read."""
    parts = urlsplit(url)
    if parts.scheme not in _PORTS or not parts.hostname:
        raise Refused("not a page of the web")
    port = parts.port or _PORTS[parts.scheme]
    address = _address(parts.hostname, port, allowed)
    connection = _Pinned(parts.hostname, port, address, is_secure=parts.scheme == "https")
    path = quote(parts.path or "/", safe=_SAFE) + (f"?{quote(parts.query, safe=_SAFE)}" if parts.query else "")
    try:
        connection.request(method, path, headers={"User-Agent": _AGENT, "Accept": "*/*"})
        answer = connection.getresponse()
        place = answer.getheader("Location") if 300 <= answer.status < 400 else None
        return answer.status, place
    finally:
        connection.close()


def _address(host: str, port: int, allowed: Callable[[str], bool]) -> str:
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    addresses = [str(one[4][0]) for one in found]
    if not all(allowed(address) for address in addresses):
        raise Refused("an address that is not public")
    return addresses[0]


class _Pinned(http.client.HTTPConnection):
    """A connection to an address that was looked at, whatever the name means a moment later."""

    def __init__(self, host: str, port: int, address: str, *, is_secure: bool) -> None:
        super().__init__(host, port, timeout=TIMEOUT)
        self._address, self._is_secure = address, is_secure

    def connect(self) -> None:
        self.sock = socket.create_connection((self._address, self.port), TIMEOUT)
        if self._is_secure:
            self.sock = ssl.create_default_context().wrap_socket(self.sock, server_hostname=self.host)
