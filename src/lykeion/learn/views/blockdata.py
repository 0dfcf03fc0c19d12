"""Parts of a course as JSON, for apps that show them in their own way.

The address, its parameters and its names are those of the Blocks API of Open edX (``course_api/blocks`` of its LMS),
as far as it asks about one block: ``depth`` (a number, or ``all``) and ``student_view_data`` (types, by commas).
"""

from __future__ import annotations

import sys
from http import HTTPStatus
from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from lykeion.core.keys import BlockUsageLocator, usage_text
from lykeion.courseware import api as courseware
from lykeion.courseware.types import Visitor
from lykeion.learn.guards import in_course


@require_safe
def block_data(request: HttpRequest, usage: BlockUsageLocator) -> HttpResponse:
    """A block, with what is below it that this person may see: ``{"root": ..., "blocks": {usage: {...}}}``."""
    return _answer(request, usage.course_key, usage)


@in_course
def _answer(request: HttpRequest, visitor: Visitor, usage: BlockUsageLocator) -> HttpResponse:
    depth, asked = _depth(request.GET.get("depth", "0")), request.GET.get("student_view_data", "")
    if depth is None:
        return _wrong(_("depth must be a whole number that is not negative, or “all”."))
    kinds = frozenset(kind.strip() for kind in asked.split(","))
    try:
        found = courseware.block_data(visitor, f"{usage.block_type}@{usage.block_id}", depth=depth, asked=kinds)
    except courseware.TooMuchAsked as error:
        return _wrong(str(error))
    shown = {usage_text(visitor.run.key, one.ref): _block(request, visitor, one) for one in found}
    return JsonResponse({"root": str(usage), "blocks": shown})


def _depth(text: str) -> int | None:
    if text == "all":
        return sys.maxsize
    return int(text) if text.isascii() and text.isdigit() and len(text) < len(str(sys.maxsize)) else None


def _wrong(words: str) -> JsonResponse:
    return JsonResponse({"error": words, "code": "bad_request"}, status=HTTPStatus.BAD_REQUEST)


def _block(request: HttpRequest, visitor: Visitor, one: courseware.BlockData) -> dict[str, Any]:
    run = visitor.run.key
    usage = usage_text(run, one.ref)
    block: dict[str, Any] = {
        "id": usage,
        "block_id": one.ref.partition("@")[2],
        "type": one.type,
        "display_name": one.title,
        "graded": one.graded,
        "student_view_multi_device": one.multi_device,
        "student_view_url": request.build_absolute_uri(reverse("xblock_view", args=[usage])),
        "lms_web_url": request.build_absolute_uri(reverse("jump_to", args=[run, usage])),
    }
    if one.children:
        block["children"] = [usage_text(run, ref) for ref in one.children]
    if one.told is not None:
        block["student_view_data"] = one.told
    return block
