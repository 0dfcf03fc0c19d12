"""Files on their way into a course: whole in a form, or in parts."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from lykeion.authoring.api import files, uploads
from lykeion.authoring.types import Author, AuthoringError, Capability, is_library
from lykeion.content.types import Edited, StoredFile
from lykeion.core.clock import now
from lykeion.core.keys import CourseLocator
from lykeion.core.paths import quoted
from lykeion.core.whole import whole
from lykeion.studio.guards import in_course
from lykeion.ui.answers import is_background


@require_POST
@in_course(Capability.FILES, libraries=True)
def upload(request: HttpRequest, author: Author) -> HttpResponse:
    """Takes the files of a form (``file``, several at once) into the folder ``folder``. With ``keep`` what has such a
    name already stays, and the new one gets the next free name.

    Scripts are told ``{"files": [{"path", "url", "web_url", "size", "content_type", "width", "height", "locked"}]}``.
    ``url`` is what links in the course hold (``/static/...``).
    """
    given = request.FILES.getlist("file")
    if not given:
        raise AuthoringError(_("Choose a file to upload."))
    folder, keep = request.POST.get("folder", ""), "keep" in request.POST
    new = [files.New(f"{folder}/{one.name}", _Given(one), keep=keep) for one in given]
    edited = files.put_all(author, new, at=now())
    if not is_background(request):
        return HttpResponseRedirect(reverse("studio:files", args=[author.run]))
    return JsonResponse(_told_all(author, edited))


@require_POST
@in_course(Capability.EDIT, libraries=True)
def begin(request: HttpRequest, author: Author) -> HttpResponse:
    """Begins an upload of ``size`` bytes as ``path``, or finds the one that goes on: ``{"url", "key", "offset"}``.

    409 with ``code: exists`` when ``ask`` is sent and the course has a file of that name.
    """
    sent = request.POST
    size = whole(sent.get("size", ""))
    try:
        found = uploads.begin(
            author,
            purpose=sent.get("purpose", ""),
            path=sent.get("path", ""),
            size=-1 if size is None else size,
            mark=sent.get("mark", ""),
            ask="ask" in sent,
            at=now(),
        )
    except uploads.Exists as error:
        return JsonResponse({"error": str(error), "code": "exists"}, status=409)
    return JsonResponse(_told_upload(author, found))


@require_http_methods(["GET", "POST", "DELETE"])
@in_course(Capability.EDIT, libraries=True)
def part(request: HttpRequest, author: Author, key: str) -> HttpResponse:
    """An upload: how far it is (GET), its next part (POST: the bytes as they are, with ``Upload-Offset``), its end.

    409 with ``offset`` when the part begins elsewhere than where the server goes on.
    """
    if request.method == "DELETE":
        uploads.drop(author, key)
        return HttpResponse(status=204)
    if request.method == "GET":
        return JsonResponse(_told_upload(author, uploads.known(author, key)))
    offset = whole(request.headers.get("Upload-Offset", ""))
    try:
        found = uploads.receive(author, key, -1 if offset is None else offset, request.body, at=now())
    except uploads.OutOfStep as error:
        return JsonResponse({"error": str(error), "code": "offset", "offset": error.offset}, status=409)
    return JsonResponse(_told_upload(author, found))


@require_POST
@in_course(Capability.FILES, libraries=True)
def take(request: HttpRequest, author: Author) -> HttpResponse:
    """Puts the finished uploads ``key`` into the course, those of ``keep`` beside files of their name. Answers as
    :func:`upload` does, with the address of an undo."""
    edited = uploads.take(author, request.POST.getlist("key"), keep=request.POST.getlist("keep"), at=now())
    return JsonResponse(_told_all(author, edited))


def _told_upload(author: Author, found: uploads.Known) -> dict[str, Any]:
    url = reverse("studio:upload_part", args=[author.run, found.key])
    return {"url": url, "key": found.key, "path": found.path, "offset": found.offset, "part": uploads.PART}


def _told_all(author: Author, edited: Edited[list[StoredFile]]) -> dict[str, Any]:
    undo = f"{reverse('studio:files_undo', args=[author.run])}?{urlencode({'old': edited.old, 'new': edited.new})}"
    return {"files": [told(author.run, file) for file in edited.value], "undo": undo}


def told(run: CourseLocator, file: StoredFile) -> dict[str, Any]:
    """A file as scripts are told of it; those of libraries have no address for learners."""
    return {
        "path": file.path,
        "url": f"/static/{quoted(file.path)}",
        "web_url": "" if is_library(run) else reverse("asset", kwargs={"run": run, "name": file.path}),
        "size": file.size,
        "content_type": file.content_type,
        "width": file.width,
        "height": file.height,
        "locked": file.locked,
    }


class _Given:
    """An uploaded file of a form as a source; it may be opened again."""

    def __init__(self, file: UploadedFile[Any]) -> None:
        self._file = file

    def open(self) -> Any:
        """The content from its start. Django closes it with the request."""
        return _Kept(self._file)


class _Kept:
    """Reads an uploaded file from its start and leaves it open."""

    def __init__(self, file: UploadedFile[Any]) -> None:
        self._file = file
        file.seek(0)

    def __enter__(self) -> _Kept:
        return self

    def __exit__(self, *_error: object) -> None:
        """Left open."""

    def read(self, size: int = -1) -> bytes:
        """The next bytes."""
        found: bytes = self._file.read(size)
        return found

    def close(self) -> None:
        """Left open."""
