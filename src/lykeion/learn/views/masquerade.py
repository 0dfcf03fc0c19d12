"""View as: a page for people, and the JSON that clients of Open edX send and read at the same address."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import render
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from lykeion.core.keys import CourseLocator
from lykeion.courseware import api as courseware
from lykeion.courseware.types import AccessDenied, Mask, MaskChoice, Visitor
from lykeion.learn.addresses import home_url
from lykeion.learn.frame import frame
from lykeion.learn.guards import refuse, visitor_of
from lykeion.learn.masks import Worn, put_on, worn
from lykeion.ui.answers import KEPT_NOWHERE, is_background

TEAM, PERSON = "team", "person"


@require_http_methods(["GET", "POST"])
def masquerade(request: HttpRequest, run: CourseLocator) -> HttpResponse:
    """Shows whom the team may look at the course as, and puts a mask on or takes it off."""
    try:
        visitor = visitor_of(request, run)  # as themselves, whatever they wear
        if not visitor.is_staff:
            raise AccessDenied(_("Only the course team sees a course as others do."), "staff_only")
    except AccessDenied as denied:
        return refuse(request, run, denied)
    answer = _put_on if request.method == "POST" else _show
    response = answer(request, visitor)
    response["Cache-Control"] = KEPT_NOWHERE
    return response


def _show(request: HttpRequest, visitor: Visitor) -> HttpResponse:
    under = worn(request, visitor.run.key)
    if is_background(request):
        return JsonResponse(_told(visitor, under))
    return _page(request, visitor, under)


def _put_on(request: HttpRequest, visitor: Visitor) -> HttpResponse:
    is_json = request.content_type == "application/json"
    try:
        mask = _asked_in_json(request, visitor) if is_json else _asked(request.POST, visitor)
    except AccessDenied as denied:
        if is_json:
            return JsonResponse({"success": False, "error": str(denied)})
        return _page(request, visitor, worn(request, visitor.run.key), str(denied), status=400)
    put_on(request, visitor.run.key, mask)
    if is_json:
        return JsonResponse({"success": True})
    return HttpResponseRedirect(_next(request, visitor))


def _page(
    request: HttpRequest, visitor: Visitor, under: Worn | None, error: str = "", status: int = 200
) -> HttpResponse:
    context = {
        **frame(visitor, "masquerade"),
        "choices": [(_value(choice.mask), choice.name) for choice in courseware.mask_choices(visitor)],
        "current": _value(under.mask) if under else TEAM,
        "error": error,
        "name": request.POST.get("name", ""),
        "next": _next(request, visitor),
    }
    return render(request, "learn/masquerade.html", context, status=status)


def _value(mask: Mask) -> str:
    """A mask as the value of a form's choice."""
    return f"{mask.partition}:{mask.group}" if mask.kind == "group" else mask.kind


def _asked(form: Mapping[str, str], visitor: Visitor) -> Mask | None:
    wanted = form.get("as", "")
    if wanted == TEAM:
        return None
    if wanted == PERSON:
        return courseware.person_mask(visitor, form.get("name", ""))
    return _offered(visitor, wanted)


def _asked_in_json(request: HttpRequest, visitor: Visitor) -> Mask | None:
    """``{"role", "user_name", "user_partition_id", "group_id"}``, as Open edX's clients have it."""
    try:
        asked = json.loads(request.body)
    except ValueError:
        asked = None
    if not isinstance(asked, dict) or asked.get("role") not in {"staff", "student"}:
        raise AccessDenied(_('Send {"role": "staff"} or {"role": "student"}.'), "bad_request")
    if asked["role"] == "staff":
        return None
    if asked.get("user_name"):
        return courseware.person_mask(visitor, str(asked["user_name"]))
    if asked.get("group_id") is None:
        return Mask("learner")
    return _offered(visitor, f"{asked.get('user_partition_id')}:{asked['group_id']}")


def _offered(visitor: Visitor, wanted: str) -> Mask:
    for choice in courseware.mask_choices(visitor):
        if _value(choice.mask) == wanted:
            return choice.mask
    raise AccessDenied(_("This course has no such group any more. Choose another."), "not_found")


def _told(visitor: Visitor, under: Worn | None) -> dict[str, Any]:
    """What is offered and what is worn, in the words of Open edX."""
    mask = under.mask if under else None
    named = {"name": "Specific Student...", "role": "student", "user_name": ""}
    offered = [_described(choice) for choice in courseware.mask_choices(visitor)]
    return {
        "success": True,
        "active": {
            "course_key": str(visitor.run.key),
            "role": "student" if mask else "staff",
            "group_id": mask.group if mask and mask.kind == "group" else None,
            "user_partition_id": mask.partition if mask and mask.kind == "group" else None,
            "user_name": courseware.mask_name(visitor, mask) if mask and mask.kind == "person" else None,
            "group_name": courseware.mask_name(visitor, mask) if mask and mask.kind == "group" else None,
        },
        "available": [{"name": "Staff", "role": "staff"}, named, *offered],
    }


def _described(choice: MaskChoice) -> dict[str, Any]:
    told: dict[str, Any] = {"name": choice.name, "role": "student"}
    if choice.mask.kind == "group":
        told |= {"user_partition_id": choice.mask.partition, "group_id": choice.mask.group}
    return told


def _next(request: HttpRequest, visitor: Visitor) -> str:
    wanted = request.POST.get("next") or request.GET.get("next", "")
    here = {request.get_host()}
    if url_has_allowed_host_and_scheme(wanted, here, require_https=request.is_secure()):
        return wanted
    return home_url(visitor.run.key)
