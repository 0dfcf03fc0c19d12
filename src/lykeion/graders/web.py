"""Talking to graders over HTTP: no redirects, no proxies of the environment, bounded in time and size."""

from __future__ import annotations

import http.cookiejar
import time
import urllib.error
import urllib.request
from collections.abc import Mapping
from http.client import HTTPException
from typing import IO, Final
from urllib.parse import urlencode, urlsplit

from lykeion.core.direct import direct_opener
from lykeion.graders.types import Unreachable

FORM: Final = "application/x-www-form-urlencoded"
MOST_BYTES: Final = 1_000_000
SECONDS: Final = 10


class Caller:
    """Sends forms to one place and keeps its cookies."""

    def __init__(self, headers: Mapping[str, str] | None = None) -> None:
        self._opener = direct_opener(urllib.request.HTTPCookieProcessor(http.cookiejar.CookieJar()))
        self._headers = {"User-Agent": "Lykeion", **(headers or {})}

    def post(self, url: str, data: bytes, content_type: str = FORM, *, seconds: float = SECONDS) -> str:
        """The text that ``url`` answers with 200. Raises :class:`Unreachable`."""
        if urlsplit(url).scheme not in ("http", "https"):
            raise Unreachable("Only http and https addresses can be asked.")
        request = urllib.request.Request(  # noqa: S310  # the scheme was looked at
            url, data=data, headers={**self._headers, "Content-Type": content_type}, method="POST"
        )
        try:
            with self._opener.open(request, timeout=seconds) as answer:
                return _text(answer, time.monotonic() + seconds)
        except urllib.error.HTTPError as error:
            error.close()
            raise Unreachable(f"{_place(url)} answered with HTTP status {error.code}.") from error
        except (OSError, HTTPException, ValueError) as error:
            raise Unreachable(f"{_place(url)} does not answer: {getattr(error, 'reason', error)}.") from error


def form(fields: Mapping[str, str]) -> bytes:
    """Fields as the body of a form."""
    return urlencode(fields).encode()


def _text(answer: IO[bytes], until: float) -> str:
    """All of an answer; one that is too long, or drips too slowly, is none."""
    content = b""
    while chunk := answer.read1(65536):  # type: ignore[attr-defined]  # an HTTPResponse has it
        content += chunk
        if len(content) > MOST_BYTES:
            raise ValueError(f"its answer is longer than {MOST_BYTES} bytes")
        if time.monotonic() > until:
            raise TimeoutError("its answer takes too long")
    return content.decode("utf-8", "replace")


def _place(url: str) -> str:
    """Who that is, without passwords."""
    parts = urlsplit(url)
    return f"{parts.hostname}:{parts.port}" if parts.port else str(parts.hostname)
