"""Files over HTTP: conditional requests, ranges, and headers that keep a file from acting as our site."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from http import HTTPStatus
from typing import BinaryIO, Protocol

from django.http import HttpRequest, HttpResponse, HttpResponseBase, HttpResponseNotModified, StreamingHttpResponse

CHUNK = 64 * 1024
ONE_RANGE = re.compile(r"bytes=(\d*)-(\d*)\Z")
MEDIA_TYPE = re.compile(r"[\w.+-]+/[\w.+-]+(?:; ?charset=[\w-]+)?\Z", re.ASCII)
UNKNOWN = "application/octet-stream"
# A page opened from a file runs in an origin of its own: it can neither read our cookies nor act as the learner.
PAGE_POLICY = "sandbox allow-scripts allow-forms allow-popups allow-pointer-lock allow-downloads"
STILL_POLICY = "sandbox; default-src 'none'; style-src 'unsafe-inline'; img-src 'self' data:; media-src 'self'"
SCRIPTED_IMAGES = re.compile(r"image/svg|.*\bxml\b")


class StoredFile(Protocol):
    """A file of a course: what is told of it before it is opened."""

    @property
    def hash(self) -> str:
        """Another one for every content."""

    @property
    def size(self) -> int:
        """In bytes."""

    @property
    def content_type(self) -> str:
        """Its media type, as far as it is known."""


def stream_file(request: HttpRequest, stored: StoredFile, opened: Callable[[], BinaryIO]) -> HttpResponseBase:
    """The file, the part of it that was asked for, or that it has not changed. ``opened`` opens it when it is sent."""
    etag = f'"{stored.hash}"'
    if etag in _tags(request.headers.get("If-None-Match", "")):
        response: HttpResponseBase = HttpResponseNotModified()
    else:
        response = _whole_or_part(request, stored, opened, etag)
        _describe(response, stored)
    response["ETag"] = etag
    return response


def byte_range(header: str, size: int) -> tuple[int, int] | None:
    """First and last byte of a ``Range`` header of one range (RFC 9110 §14.2), or None: send everything.

    Raises ``ValueError`` when the range lies outside of the ``size`` bytes there are.
    """
    match = ONE_RANGE.match(header.replace(" ", ""))
    if match is None or match.group() == "bytes=-":
        return None
    first, last = match.groups()
    if not first:
        start, end = max(0, size - int(last)), size - 1
    else:
        start, end = int(first), min(int(last), size - 1) if last else size - 1
        if last and int(last) < start:
            return None
    if start >= size or start > end:
        raise ValueError(f"There are {size} bytes.")
    return start, end


def _whole_or_part(
    request: HttpRequest, stored: StoredFile, opened: Callable[[], BinaryIO], etag: str
) -> HttpResponseBase:
    start, end, status = 0, stored.size - 1, HTTPStatus.OK
    if request.headers.get("If-Range", etag) == etag:
        try:
            asked = byte_range(request.headers.get("Range", ""), stored.size)
        except ValueError:
            refused = HttpResponse(status=HTTPStatus.REQUESTED_RANGE_NOT_SATISFIABLE)
            refused["Content-Range"] = f"bytes */{stored.size}"
            return refused
        if asked is not None:
            (start, end), status = asked, HTTPStatus.PARTIAL_CONTENT
    body: Iterator[bytes] = iter(()) if request.method == "HEAD" else _chunks(opened, start, end - start + 1)
    response = StreamingHttpResponse(body, status=status)
    response["Content-Length"] = str(end - start + 1)
    if status == HTTPStatus.PARTIAL_CONTENT:
        response["Content-Range"] = f"bytes {start}-{end}/{stored.size}"
    return response


def _chunks(opened: Callable[[], BinaryIO], start: int, count: int) -> Iterator[bytes]:
    with opened() as file:
        file.seek(start)
        while count > 0 and (piece := file.read(min(CHUNK, count))):
            count -= len(piece)
            yield piece


def _describe(response: HttpResponseBase, stored: StoredFile) -> None:
    kind = stored.content_type if MEDIA_TYPE.match(stored.content_type) else UNKNOWN
    response["Content-Type"] = kind
    response["Accept-Ranges"] = "bytes"
    response["X-Content-Type-Options"] = "nosniff"
    if kind == UNKNOWN:
        response["Content-Disposition"] = "attachment"
    if SCRIPTED_IMAGES.match(kind):
        response["Content-Security-Policy"] = STILL_POLICY
    elif kind != "application/pdf":  # browsers show no PDF in a sandbox, and PDFs cannot reach our pages
        response["Content-Security-Policy"] = PAGE_POLICY


def _tags(header: str) -> set[str]:
    return {tag.strip().removeprefix("W/") for tag in header.split(",")}
