"""Course files: the list, changes of them, and one file of the draft."""

from __future__ import annotations

import json
from hashlib import blake2b
from typing import Any, Final
from urllib.parse import urlencode

from django.conf import settings
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.clickjacking import xframe_options_exempt
from django.views.decorators.http import require_POST, require_safe

from lykeion.authoring.api import courses, filelist, files, uploads
from lykeion.authoring.types import Author, AuthoringError, Capability
from lykeion.content import api as content
from lykeion.content.types import ContentError, Edited, ObjectId, StoredFile
from lykeion.core.clock import now
from lykeion.core.paths import quoted
from lykeion.studio.frame import frame
from lykeion.studio.guards import in_course
from lykeion.ui.jsinput import answers_the_problem, with_bridge
from lykeion.ui.streaming import stream_file

PER_PAGE: Final = 50
PREVIEWED: Final = 8 << 20  # bytes of an image that a list shows


@require_safe
@in_course(libraries=True)
def page(request: HttpRequest, author: Author) -> HttpResponse:
    """The files of the course or library, found by ``q``, ``folder``, ``show`` and ``sort``."""
    return render(request, "studio/files/files.html", frame(author, "files", **_context(request, author)))


@require_safe
@in_course(libraries=True)
def used(request: HttpRequest, author: Author) -> HttpResponse:
    """How often each file of the list's page is used, to be put into its row; the page does not wait for it."""
    found = files.used(author)
    rows = [
        {"key": _key(one.path), "path": one.path, "count": found.count(one.path)} for one in _found(request, author)
    ]
    return render(request, "studio/files/used.html", frame(author, "files", rows=rows))


@require_safe
@in_course(libraries=True)
def uses(request: HttpRequest, author: Author) -> HttpResponse:
    """Every place that uses the file ``path``."""
    path = request.GET.get("path", "")
    return render(
        request, "studio/files/uses.html", frame(author, "files", path=path, uses=files.uses_of(author, path))
    )


@require_POST
@in_course(Capability.FILES, libraries=True)
def change(request: HttpRequest, author: Author) -> HttpResponse:
    """Does ``action`` (delete, lock, unlock, rename, gather) to the files ``path``; answers with the new list."""
    paths = list(dict.fromkeys(request.POST.getlist("path")))
    if not paths:
        raise AuthoringError(_("Choose files first."))
    edited, words = _changed(author, request.POST.get("action", ""), paths, request.POST)
    after = courses.enter(author.person, author.run)
    response = render(request, "studio/files/list.html", frame(after, "files", **_context(request, after)))
    response["HX-Trigger"] = json.dumps({"toast": {"text": words, "undo": _undo(author, edited)}})
    return response


@require_POST
@in_course(Capability.FILES, libraries=True)
def undo(request: HttpRequest, author: Author) -> HttpResponse:
    """Takes the change of files from the version ``old`` to ``new`` back."""
    old, new = (ObjectId(request.GET.get(name, "")) for name in ("old", "new"))
    files.undo(author, old, new, at=now())
    return HttpResponseRedirect(reverse("studio:files", args=[author.run]))


@require_safe
@xframe_options_exempt
@in_course(libraries=True)
def static(request: HttpRequest, author: Author, path: str) -> HttpResponseBase:
    """A file of the draft."""
    stored = content.file(author.root, path)
    if stored is None:
        raise ContentError(_("The draft of this course has no file {path}.").format(path=path))
    if answers_the_problem(request, stored):
        return with_bridge(stored, lambda: content.open_file(stored))
    response = stream_file(request, stored, lambda: content.open_file(stored))
    response["Cache-Control"] = "private, no-cache"
    return response


def _changed(author: Author, action: str, paths: list[str], values: Any) -> tuple[Edited[None], str]:
    count = len(paths)
    if action == "delete":
        words = ngettext("{count} file deleted.", "{count} files deleted.", count)
        return files.delete(author, paths, at=now()), words.format(count=count)
    if action in ("lock", "unlock"):
        locked = action == "lock"
        words = _("Only learners of the course get these files.") if locked else _("Everybody may get these files.")
        return files.lock(author, paths, locked, at=now()), words
    if action == "rename":
        new = values.get("new", "")
        return files.move(author, {paths[0]: new}, at=now()), _("Moved, with every link to it in the draft.")
    if action == "gather":
        folder = values.get("folder_to", "")
        moves = {path: f"{folder}/{path.rpartition('/')[2]}" for path in paths}
        words = ngettext("{count} file moved.", "{count} files moved.", count)
        return files.move(author, moves, at=now()), words.format(count=count)
    raise AuthoringError(_("Choose what is to be done with the files."))


def _undo(author: Author, edited: Edited[Any]) -> str:
    return f"{reverse('studio:files_undo', args=[author.run])}?{urlencode({'old': edited.old, 'new': edited.new})}"


def _wanted(request: HttpRequest) -> filelist.Wanted:
    asked = request.GET
    folder = asked.get("folder", "*")
    return filelist.Wanted(
        asked.get("q", "").strip(),
        None if folder == "*" else folder,
        asked.get("show", "all"),
        asked.get("sort", "name"),
    )


def _found(request: HttpRequest, author: Author) -> list[StoredFile]:
    found = filelist.listing(author, _wanted(request)).files
    return list(Paginator(found, PER_PAGE).get_page(request.GET.get("page")))


def _context(request: HttpRequest, author: Author) -> dict[str, Any]:
    wanted = _wanted(request)
    listing = filelist.listing(author, wanted)
    shown = Paginator(listing.files, PER_PAGE).get_page(request.GET.get("page"))
    dates = filelist.uploaded(author)
    return {
        "page_title": _("Files"),
        "wanted": wanted,
        "listing": listing,
        "found": len(listing.files),
        "page": shown,
        "rows": [{**_row(author, file), "uploaded": dates.get(file.path)} for file in shown],
        "query": request.GET.urlencode(),
        "folders": [(name, name or _("No folder"), count) for name, count in listing.folders],
        "shows": [(value, label) for value, label in _shows()],
        "sorts": [("name", _("Name")), ("folder", _("Folder")), ("size", _("Size")), ("type", _("Type"))],
        "unfinished": uploads.open_ones(author, "file") if author.can(Capability.FILES) else [],
        "site_url": settings.SITE_URL,
    }


def _shows() -> list[tuple[str, str]]:
    return [
        ("all", _("All files")),
        ("images", _("Images")),
        ("documents", _("Documents")),
        ("media", _("Videos and sound")),
        ("locked", _("For learners only")),
        ("unused", _("Used nowhere")),
    ]


def _row(author: Author, file: StoredFile) -> dict[str, Any]:
    return {
        "file": file,
        "key": _key(file.path),
        "query": urlencode({"path": file.path}),
        "folder": filelist.folder_of(file.path),
        "name": file.path.rpartition("/")[2],
        "kind": file.content_type.partition(";")[0],
        "preview": file.content_type.startswith("image/") and file.size <= PREVIEWED,
        "link": f"/static/{quoted(file.path)}",
        "web": "" if author.is_library else reverse("asset", kwargs={"run": author.run, "name": file.path}),
    }


def _key(path: str) -> str:
    """What the row of a file is called on the page."""
    return blake2b(path.encode(), digest_size=8).hexdigest()
