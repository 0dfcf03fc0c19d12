"""Import and export of courses, of parts of them, and of libraries."""

from __future__ import annotations

from typing import Any, Final

from django.contrib import messages
from django.core.files.uploadedfile import UploadedFile
from django.http import FileResponse, HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from lykeion.authoring.api import outline, transfers, uploads, wording
from lykeion.authoring.types import Author, AuthoringError, Capability
from lykeion.core.clock import now
from lykeion.studio.frame import frame
from lykeion.studio.guards import in_course
from lykeion.ui.answers import is_background

ARCHIVES: Final = ".tar.gz,.tgz,.tar,.zip,application/gzip,application/zip"


@require_http_methods(["GET", "HEAD", "POST"])
@in_course(Capability.REPLACE, libraries=True)
def import_page(request: HttpRequest, author: Author) -> HttpResponse:
    """Imports that were made, and a new one: of the finished upload ``key``, or of the small archive ``file``."""
    if request.method == "POST":
        key = request.POST.get("key") or _whole(request, author, "course")
        number = transfers.import_archive(author, key, at=now())
        return _gone_to(request, reverse("studio:import_report", args=[author.run, number]))
    label = _("Upload a library") if author.is_library else _("Upload a course")
    context = {"imports": transfers.latest(author, transfers.IMPORT), "label": label, **_uploading(author, "course")}
    return render(request, "studio/transfers/import.html", frame(author, "import", page_title=_("Import"), **context))


@require_safe
@in_course(Capability.REPLACE, libraries=True)
def import_report(request: HttpRequest, author: Author, number: int) -> HttpResponse:
    """How far an import is, and its report."""
    return _report(request, author, number, transfers.IMPORT)


@require_http_methods(["GET", "HEAD", "POST"])
@in_course(Capability.EDIT)
def part_page(request: HttpRequest, author: Author) -> HttpResponse:
    """Puts a part of another course (an archive) into this one: at the end of block ``target``."""
    if request.method == "POST":
        key = request.POST.get("key") or _whole(request, author, "part")
        number = transfers.paste_archive(author, key, request.POST.get("target", outline.COURSE), at=now())
        return _gone_to(request, reverse("studio:import_part_report", args=[author.run, number]))
    context = {
        "pastes": transfers.latest(author, transfers.PASTE),
        "targets": transfers.containers(author, ("chapter", "sequential")),
    }
    more = _uploading(author, "part")
    return render(
        request, "studio/transfers/part.html", frame(author, "import", page_title=_("Add a part"), **context, **more)
    )


@require_safe
@in_course(Capability.EDIT)
def part_report(request: HttpRequest, author: Author, number: int) -> HttpResponse:
    """How far a paste is, and its report."""
    return _report(request, author, number, transfers.PASTE)


@require_POST
@in_course(Capability.EDIT, libraries=True)
def undo(request: HttpRequest, author: Author, kind: str, number: int) -> HttpResponse:
    """Takes an import or a paste back."""
    if kind not in (transfers.IMPORT, transfers.PASTE):
        raise AuthoringError(_("There is nothing to take back."))
    transfers.undo(author, number, kind, at=now())
    messages.success(request, _("It is as it was before that."))
    return HttpResponseRedirect(reverse("studio:library" if author.is_library else "studio:outline", args=[author.run]))


@require_http_methods(["GET", "HEAD", "POST"])
@in_course(libraries=True)
def export_page(request: HttpRequest, author: Author) -> HttpResponse:
    """Archives that were made, and a new one: of the course or library, or of block ``ref``."""
    if request.method == "POST":
        number = transfers.export(author, request.POST.get("ref", ""), at=now())
        return _gone_to(request, reverse("studio:export_report", args=[author.run, number]))
    context = {
        "exports": transfers.latest(author, transfers.EXPORT),
        "parts": [] if author.is_library else transfers.containers(author, ("chapter", "sequential", "vertical")),
    }
    return render(request, "studio/transfers/export.html", frame(author, "export", page_title=_("Export"), **context))


@require_safe
@in_course(libraries=True)
def export_report(request: HttpRequest, author: Author, number: int) -> HttpResponse:
    """How far an export is, and where its archive is."""
    return _report(request, author, number, transfers.EXPORT)


@require_safe
@in_course(libraries=True)
def download(_request: HttpRequest, author: Author, number: int) -> HttpResponseBase:
    """An archive that was made."""
    name, stream = transfers.archive_of(author, number)
    packed = "application/zip" if author.is_library else "application/gzip"
    return FileResponse(stream, as_attachment=True, filename=name, content_type=packed)


def _report(request: HttpRequest, author: Author, number: int, kind: str) -> HttpResponse:
    found = transfers.shown(author, number, kind)
    stages = {"unpacking": _("Unpacking"), "verifying": _("Verifying"), "updating": _("Updating the library")}
    if not author.is_library:
        stages["updating"] = _("Updating the course")
    reached = transfers.STAGES.index(found.stage) if found.stage in transfers.STAGES else 0
    names = [("uploading", _("Uploading")), *stages.items()] if kind != transfers.EXPORT else []
    context = {
        "errand": found,
        "kind": kind,
        "share": found.done / found.total if found.total else 0,
        "stages": [
            {
                "label": label,
                "state": "done" if place < reached or found.phase == "done" else "now" if place == reached else "",
            }
            for place, (_name, label) in enumerate(names)
        ],
        "counts": [(wording.kind(name), count) for name, count in found.report.get("counts", {}).items()],
        "again": request.get_full_path(),
    }
    template = "studio/transfers/state.html" if "HX-Request" in request.headers else "studio/transfers/report.html"
    titles = {transfers.IMPORT: _("Import"), transfers.PASTE: _("Add a part"), transfers.EXPORT: _("Export")}
    page = "export" if kind == transfers.EXPORT else "import"
    return render(request, template, frame(author, page, page_title=titles[kind], **context))


def _uploading(author: Author, purpose: str) -> dict[str, Any]:
    return {"unfinished": uploads.open_ones(author, purpose), "accept": ARCHIVES}


def _whole(request: HttpRequest, author: Author, purpose: str) -> str:
    """The key of an upload made of an archive that came with the form, for browsers without scripts."""
    given = request.FILES.get("file")
    if given is None:
        raise AuthoringError(_("Choose an archive to upload."))
    return _uploaded(author, given, purpose)


def _uploaded(author: Author, given: UploadedFile[Any], purpose: str) -> str:
    name, size = given.name or "course.tar.gz", given.size or 0
    at = now()
    found = uploads.begin(author, purpose=purpose, path=name, size=size, mark=at.isoformat(), at=at)
    offset = 0
    while piece := given.read(uploads.PART):
        offset = uploads.receive(author, found.key, offset, piece, at=at).offset
    return found.key


def _gone_to(request: HttpRequest, url: str) -> HttpResponse:
    return JsonResponse({"url": url}) if is_background(request) else HttpResponseRedirect(url)
