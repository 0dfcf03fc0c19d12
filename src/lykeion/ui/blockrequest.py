"""Between Django's requests and responses and the WebOb ones that XBlocks speak.

Smaller than ``xblock.django.request``: the body is handed over as it came, and parsed forms (Django has parsed
them when it looked for the CSRF token) are handed over parsed, so that nothing is read twice.
"""

from __future__ import annotations

from collections.abc import Mapping
from io import BytesIO
from typing import Any, Protocol

from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest, HttpResponse
from webob import Request
from webob.multidict import MultiDict

# Django (or the server) sets these itself; a block must not.
OURS = frozenset({"content-length", "connection", "transfer-encoding", "keep-alive", "date", "server"})


class Reply(Protocol):
    """What a block answered."""

    @property
    def status(self) -> int:
        """The HTTP status."""

    @property
    def headers(self) -> Mapping[str, str]:
        """Headers by name."""

    @property
    def body(self) -> bytes:
        """All of the body."""


class FormFile:
    """An uploaded file as blocks know it: the ``cgi.FieldStorage`` interface (file, filename, type, value).

    ``file`` is Django's upload, as in Open edX: blocks ask it for its name and size as well.
    """

    def __init__(self, name: str, upload: UploadedFile[Any]) -> None:
        self.name = name
        self.filename = upload.name
        self.type = upload.content_type
        self.file = upload

    @property
    def value(self) -> bytes:
        """The whole content; the position in the file stays where it was."""
        place = self.file.tell()
        self.file.seek(0)
        content: bytes = self.file.read()
        self.file.seek(place)
        return content


def webob_request(request: HttpRequest) -> Request:
    """``request`` as WebOb; files of a multipart form are :class:`FormFile` in ``POST``."""
    environ: dict[str, Any] = {key: value for key, value in request.META.items() if not key.startswith("webob.")}
    if request.content_type == "multipart/form-data":
        return _parsed_form(environ, request)
    body = request.body
    environ["wsgi.input"] = BytesIO(body)
    environ["CONTENT_LENGTH"] = str(len(body))
    environ["webob.is_body_seekable"] = True  # else WebOb copies what is longer than 10 kB to a file of its own
    return Request(environ)


def _parsed_form(environ: dict[str, Any], request: HttpRequest) -> Request:
    stream = BytesIO()
    fields: list[tuple[str, Any]] = [(name, value) for name, values in request.POST.lists() for value in values]
    fields += [(name, FormFile(name, upload)) for name, uploads in request.FILES.lists() for upload in uploads]
    environ["wsgi.input"] = stream
    environ["CONTENT_LENGTH"] = "0"
    environ["webob.is_body_seekable"] = True
    environ["webob._parsed_post_vars"] = (MultiDict(fields), stream)
    return Request(environ)


def django_response(reply: Reply) -> HttpResponse:
    """What a block answered, as a response of ours."""
    response = HttpResponse(reply.body, status=reply.status)
    for name, value in reply.headers.items():
        if name.lower() not in OURS:
            response[name] = value
    response.headers.setdefault("X-Content-Type-Options", "nosniff")
    return response
