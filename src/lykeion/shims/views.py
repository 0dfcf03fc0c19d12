"""Files of learners that blocks of others keep: brought by the learner, given out to whom a block showed them."""

from __future__ import annotations

from collections.abc import Iterator
from http import HTTPStatus
from typing import IO, Any, Final

from django.core.files.base import File
from django.core.files.storage import default_storage
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from lykeion.accounts import api as accounts
from lykeion.content.types import RunMissing
from lykeion.core.clock import now
from lykeion.core.keys import BadKey, parse_run, parse_usage, ref_of
from lykeion.courseware import api as courseware
from lykeion.courseware.types import AccessDenied
from lykeion.shims.storage import is_for

LARGEST: Final = 500 * 1024 * 1024
"""Bytes of one file: as many as the page of open response lets through."""
MOST_FILES: Final = 20
CHUNK: Final = 256 * 1024
SHOWN: Final = {
    b"\x89PNG\r\n\x1a\n": "image/png",
    b"\xff\xd8\xff": "image/jpeg",
    b"GIF8": "image/gif",
    b"%PDF-": "application/pdf",
}
"""What may be shown in the browser, by its first bytes; the rest is only handed over."""


@require_GET
def block_file(request: HttpRequest, name: str) -> HttpResponseBase:
    """A file, for whom the address was made; for everybody else there is none."""
    user_id = request.user.pk or 0
    if not user_id or not is_for(name, request.GET.get("for", ""), user_id) or not default_storage.exists(name):
        raise Http404
    opened = default_storage.open(name)
    kind = next((kind for start, kind in SHOWN.items() if opened.read(len(start)) == start or opened.seek(0)), "")
    opened.seek(0)
    response = FileResponse(opened, as_attachment=not kind, content_type=kind or "application/octet-stream")
    response["X-Content-Type-Options"] = "nosniff"
    response["Cache-Control"] = "private, no-store"
    if kind != "application/pdf":  # browsers show no PDF in a sandbox, and PDFs cannot reach our pages
        response["Content-Security-Policy"] = "sandbox; default-src 'none'; img-src 'self'"
    return response


@require_http_methods(["PUT"])
def submission_file(request: HttpRequest, key: str) -> HttpResponse:
    """Keeps a file of a response to an open response assessment, until the learner hands the response in.

    ``key`` is ``anonymous id/run/usage`` with ``/number`` from the second file on (``get_student_file_key`` in
    openassessment/fileupload/api.py): it must be the learner's own, in a block that is open to them.
    """
    refused = _refusal(request, key)
    if refused:
        return HttpResponse(refused, status=HTTPStatus.FORBIDDEN, content_type="text/plain")
    from openassessment.fileupload.backends.django_storage import Backend  # only where the package is

    path = Backend()._get_file_path(key)  # the package looks there and offers no other way
    try:
        default_storage.replace(path, Brought(request, path))  # type: ignore[attr-defined]  # of both kinds of ours
    except TooLarge:
        return HttpResponse(status=HTTPStatus.REQUEST_ENTITY_TOO_LARGE)
    return HttpResponse()


def _refusal(request: HttpRequest, key: str) -> str:
    """Why the file may not be brought; '' when it may."""
    student, run_key, usage_key = [*key.split("/"), "", ""][:3]
    try:
        run, usage = parse_run(run_key), parse_usage(usage_key)
        visitor = courseware.enter(request.user, run, now())
        courseware.check_open(visitor, ref_of(usage))
    except (BadKey, RunMissing, AccessDenied) as error:
        return str(error)
    own = visitor.viewer.user_id is not None and student == accounts.anonymous_id(visitor.viewer.user_id, run)
    if not own or usage.course_key != run or usage.block_type != "openassessment":
        return _("This is not your own response.")
    if not is_file_key(key, student, run_key, usage_key):
        return _("A response has at most 20 files.")
    from submissions import api as submissions  # only where the package is

    item = {"student_id": student, "course_id": run_key, "item_id": usage_key, "item_type": "openassessment"}
    return _("You have handed in your response already.") if submissions.get_submissions(item, limit=1) else ""


def is_file_key(key: str, student: str, run: str, usage: str) -> bool:
    """Whether ``key`` is that of the first file of a response, or of a further one, to the letter: each other way to
    write it would be one more file."""
    first = f"{student}/{run}/{usage}"
    return key in {first, *(f"{first}/{number}" for number in range(1, MOST_FILES))}


class TooLarge(Exception):
    """More was sent than one file may have."""


class Brought(File):  # type: ignore[type-arg]  # is no generic at run time
    """The body of a request as a file that is read once, piece by piece."""

    def __init__(self, request: HttpRequest, name: str) -> None:
        body: IO[Any] = request  # type: ignore[assignment]  # all that is asked of it is to be read
        super().__init__(body, name)
        self._request = request

    def chunks(self, chunk_size: int | None = None) -> Iterator[bytes]:
        """The pieces. Raises :class:`TooLarge` past 500 MB."""
        size = 0
        while piece := self._request.read(CHUNK):
            size += len(piece)
            if size > LARGEST:
                raise TooLarge
            yield piece
