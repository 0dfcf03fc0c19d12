"""Files of courses: ``/asset-v1:ORG+COURSE+RUN+type@asset+block/NAME``, with or without their hash in the address."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.utils.cache import patch_cache_control
from django.utils.translation import gettext as _
from django.views.decorators.clickjacking import xframe_options_exempt
from django.views.decorators.http import require_safe

from lykeion.content import api as content
from lykeion.content.types import ObjectId, RunMissing, StoredFile
from lykeion.core.keys import AssetLocator, CourseLocator
from lykeion.core.lru import WeightedCache
from lykeion.courseware import api as courseware
from lykeion.courseware.types import AccessDenied
from lykeion.learn.addresses import versioned_asset_url
from lykeion.learn.guards import refuse, visitor_of
from lykeion.learn.masks import worn
from lykeion.ui.jsinput import answers_the_problem, with_bridge
from lykeion.ui.streaming import stream_file

FIVE_MINUTES = 300
A_YEAR = 365 * 24 * 3600
_NAMES: WeightedCache[ObjectId, dict[str, str]] = WeightedCache(200_000, weigh=lambda names: len(names) + 1)


@require_safe
@xframe_options_exempt
def asset(request: HttpRequest, run: CourseLocator, name: str, hash: str = "") -> HttpResponseBase:
    """A file of a published run. Locked files are for learners of the run; the others for everybody."""
    stored = file_named(run, name)
    try:
        _check(request, run, stored)
    except AccessDenied as denied:
        return refuse(request, run, denied)
    if hash and hash != stored.hash:
        return _newer(request, run, stored, name)
    if answers_the_problem(request, stored):
        return with_bridge(stored, lambda: content.open_file(stored))
    response = stream_file(request, stored, lambda: content.open_file(stored))
    _cache(response, stored, forever=bool(hash))
    return response


def file_named(run: CourseLocator, name: str) -> StoredFile:
    """The file of that path, or the one whose flattened path is ``name``; 404 when there is none."""
    try:
        root = content.head(run, "published")
    except RunMissing as error:
        raise Http404(str(error)) from error
    stored = content.file(root, name)
    if stored is None and name in (names := _flat_names(root)):
        stored = content.file(root, names[name])
    if stored is None:
        raise Http404(_("This course has no file of that name."))
    return stored


def flat_name(path: str) -> str:
    """``path`` as Open edX writes it in keys: ``images/a b.png`` is ``images_a_b.png``."""
    return str(AssetLocator.clean_keeping_underscores(path.replace("/", "_")))


def _flat_names(root: ObjectId) -> dict[str, str]:
    """Flattened name to path, for every file at this root (remembered: a root never changes)."""
    names = _NAMES.get(root)
    if names is None:
        names = {flat_name(path): path for path in sorted(content.files(root), reverse=True)}
        _NAMES.put(root, names)
    return names


def _check(request: HttpRequest, run: CourseLocator, stored: StoredFile) -> None:
    """Raises :class:`AccessDenied` when this person may not have the file. Files that are not locked cost no query."""
    if not stored.locked:
        return
    if not courseware.file_allowed(visitor_of(request, run, under=worn(request, run)), stored):
        raise AccessDenied(_("This file is for learners of the course."), "enrollment_required")


def _newer(request: HttpRequest, run: CourseLocator, stored: StoredFile, name: str) -> HttpResponse:
    """From the address of an older version to the one of today's."""
    query = request.META.get("QUERY_STRING", "")
    response = HttpResponseRedirect(versioned_asset_url(run, stored.hash, name) + (f"?{query}" if query else ""))
    _cache(response, stored, forever=False)
    return response


def _cache(response: HttpResponseBase, stored: StoredFile, *, forever: bool) -> None:
    who = {"private": True} if stored.locked else {"public": True}
    if forever:
        patch_cache_control(response, **who, max_age=A_YEAR, immutable=True)
    else:
        patch_cache_control(response, **who, max_age=0 if stored.locked else FIVE_MINUTES)
    if not stored.locked:
        response["Access-Control-Allow-Origin"] = "*"  # fonts and scripts of pages that run in the sandbox
