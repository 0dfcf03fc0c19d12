"""Unit pages, the redirects that lead to them, and what a learner does to a unit as a whole."""

from __future__ import annotations

import json
from http import HTTPStatus
from typing import Any
from urllib.parse import unquote

import orjson
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.middleware.csrf import get_token
from django.shortcuts import render
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from lykeion.blocks.api import placed_html
from lykeion.content.types import Outline, OutlineBlock
from lykeion.core.keys import BadKey, BlockUsageLocator, parse_usage, ref_of, usage_text
from lykeion.courseware import api as courseware
from lykeion.courseware.types import AccessDenied, UnitPage, Visitor
from lykeion.learn.addresses import UNIT_DEPTH, bookmark_url, course_url, home_url, unit_url
from lykeion.learn.frame import frame
from lykeion.learn.guards import in_course, signed_in
from lykeion.learn.pageparts import strip_html, unit_html
from lykeion.learn.views.exam import show_exam
from lykeion.learn.views.shift import shift_context
from lykeion.ui import types as ui
from lykeion.ui.answers import is_background, told
from lykeion.ui.filled import filled

MOST_BLOCKS = 500  # of one completion report; a unit has a few


@in_course
def unit_page(request: HttpRequest, visitor: Visitor, chapter: str, sequential: str, position: int) -> HttpResponse:
    """The unit at ``position`` (from 1) of a subsection; other ways to write its address redirect to this one."""
    ref = unit_at(visitor.outline, sequential, position)
    exam = courseware.exam_page(visitor, ref)
    if exam is not None:
        return show_exam(request, visitor, exam)
    address = unit_url(visitor.outline, ref)
    if request.path != unquote(address) and request.method == "GET":  # Django's path is decoded, an address quoted
        courseware.check_open(visitor, ref)  # the right address would tell where a hidden unit is
        return HttpResponseRedirect(address)
    page = courseware.unit(visitor, ref)
    token = get_token(request)  # made once: each call masks it anew
    offer = shift_context(request, visitor, missed=page.missed, location="unit")
    context = {**frame(visitor, "unit"), **offer, **unit_context(page, visitor.outline, token), "csrf_token": token}
    return render(request, "learn/unit.html", context)


@in_course
def subsection(request: HttpRequest, visitor: Visitor, chapter: str, sequential: str = "") -> HttpResponse:
    """A section or subsection without a position: to the unit where this person was, else its first."""
    block = _block_of(visitor.outline, "sequential", sequential) if sequential else None
    block = block or _block_of(visitor.outline, "chapter", chapter)
    if block is None:
        raise AccessDenied(_("This part of the course is not there any more."), "not_found")
    exam = courseware.exam_page(visitor, block.ref)
    return show_exam(request, visitor, exam) if exam is not None else _to_unit(visitor, block.ref)


@in_course
def courseware_root(request: HttpRequest, visitor: Visitor) -> HttpResponse:
    """``/courseware/``: on where this person was."""
    page = courseware.home(visitor)
    there = page.resume.ref if page.resume else ""
    return HttpResponseRedirect(unit_url(visitor.outline, there) if there else home_url(visitor.run.key))


@in_course
def jump_to(request: HttpRequest, visitor: Visitor, usage: BlockUsageLocator) -> HttpResponse:
    """From a block's key to the page that shows it."""
    return _jump(visitor, ref_of(usage) if usage.course_key == visitor.run.key else "")


@in_course
def jump_to_id(request: HttpRequest, visitor: Visitor, block_id: str) -> HttpResponse:
    """From a block's id, as authors write it in links, to the page that shows it."""
    place = visitor.outline.by_id.get(block_id)
    return _jump(visitor, "" if place is None else visitor.outline.blocks[place].ref)


@require_POST
@in_course
@signed_in
def bookmark(request: HttpRequest, visitor: Visitor, usage: BlockUsageLocator) -> HttpResponse:
    """Sets (``on=1``) or takes away (``on=0``) a bookmark; htmx gets the button again, a form goes back to the unit."""
    ref, on = ref_of(usage), request.POST.get("on") == "1"
    try:
        courseware.bookmark(visitor, ref, on)
    except courseware.TooManyBookmarks as error:
        return _refused(request, visitor, ref, str(error))
    if is_background(request):
        return HttpResponse(bookmark_html(visitor.outline, ref, get_token(request), on=on))
    if request.POST.get("then") == "list":
        return HttpResponseRedirect(course_url(visitor.run.key, "bookmarks/"))
    return HttpResponseRedirect(_open_url(visitor, ref))


@require_POST
@in_course
@signed_in
def completion(request: HttpRequest, visitor: Visitor) -> HttpResponse:
    """Takes ``{"blocks": {usage: 1.0}}``: what this person has seen of a unit, all at once."""
    try:
        seen = read_completions(request.body, visitor)
    except (ValueError, BadKey) as error:
        return JsonResponse({"error": str(error)}, status=400)
    courseware.complete(visitor, seen)
    done = bool(seen) and courseware.is_done(visitor, next(iter(seen)))
    return JsonResponse({"saved": len(seen), "unit_complete": done})


@require_POST
@in_course
@signed_in
def goto_position(request: HttpRequest, visitor: Visitor, usage: BlockUsageLocator) -> HttpResponse:
    """Remembers a position in a subsection, as clients of Open edX tell it: ``{"position": 2}``."""
    try:
        position = int(orjson.loads(request.body)["position"])
    except (ValueError, TypeError, KeyError):
        return JsonResponse({"error": 'Send {"position": 1}.'}, status=HTTPStatus.BAD_REQUEST)
    courseware.goto_position(visitor, ref_of(usage), position)
    return JsonResponse({"success": True})


@in_course
@signed_in
def done(request: HttpRequest, visitor: Visitor, usage: BlockUsageLocator) -> HttpResponse:
    """Whether a unit is complete now: asked by its strip after an answer."""
    return JsonResponse({"unit_complete": courseware.is_done(visitor, ref_of(usage))})


def read_completions(body: bytes, visitor: Visitor) -> dict[str, float]:
    """``{ref: completion}`` of a report. Raises ``ValueError`` or ``BadKey`` with words for the script's author."""
    told = orjson.loads(body)
    blocks = told.get("blocks") if isinstance(told, dict) else None
    if not isinstance(blocks, dict) or len(blocks) > MOST_BLOCKS:
        raise ValueError('Send {"blocks": {"block-v1:...": 1.0}}, with at most 500 blocks.')
    return {_own_ref(usage, visitor): _completion(value) for usage, value in blocks.items()}


def unit_context(page: UnitPage, outline: Outline, token: str) -> dict[str, Any]:
    """What the template shows of ``page``; ``token`` is the CSRF token of its forms."""
    step = step_event(page, outline)
    return {
        "page": page,
        "strip": _strip(page, outline, step),
        "unit_foot": _foot(page, outline, {**step, "widget_placement": "bottom"}),
        "content": unit_html(page, course_url(outline.run, "completion"), token),
        "head": placed_html(page.page, "head"),
        "foot": placed_html(page.page, "foot"),
        "breadcrumbs": _way(page, outline),
        "bookmark": bookmark_html(outline, page.ref, token, on=page.bookmarked),
    }


def bookmark_html(outline: Outline, ref: str, token: str, *, on: bool) -> SafeString:
    """The button that sets a bookmark or takes it away."""
    holes = {"url": bookmark_url(outline.run, ref), "token": token}
    return filled("learn/parts/bookmark.html", holes, on="1" if on else "")


def step_event(page: UnitPage, outline: Outline) -> dict[str, Any]:
    """What the tracking log is told when somebody goes on to another unit (openedx.md §9.2)."""
    return {
        "id": usage_text(outline.run, page.subsection_ref),
        "current_tab": page.position,
        "tab_count": page.count,
        "widget_placement": "top",
    }


def unit_at(outline: Outline, sequential: str, position: int) -> str:
    """The ref of the unit at ``position`` of a subsection; of the subsection when it has none there.

    Raises :class:`AccessDenied` (not_found) when there is none.
    """
    block = _block_of(outline, "sequential", sequential)
    if block is None or not block.children:
        raise AccessDenied(_("This part of the course is not there any more."), "not_found")
    if not 1 <= position <= len(block.children):
        return block.ref
    return outline.blocks[block.children[position - 1]].ref


def _open_url(visitor: Visitor, ref: str) -> str:
    """The address of a unit; course home when it is shut to this person, or gone."""
    try:
        courseware.check_open(visitor, ref)
    except AccessDenied:
        return home_url(visitor.run.key)
    return unit_url(visitor.outline, ref)


def _refused(request: HttpRequest, visitor: Visitor, ref: str, why: str) -> HttpResponse:
    if is_background(request):
        return told(request, why, "too_many_bookmarks", HTTPStatus.CONFLICT)
    messages.error(request, why)
    return HttpResponseRedirect(unit_url(visitor.outline, ref))


def _block_of(outline: Outline, block_type: str, block_id: str) -> OutlineBlock | None:
    found = outline.get(f"{block_type}@{block_id}")
    if found is None and block_id in outline.by_id:
        found = outline.blocks[outline.by_id[block_id]]
    return found


def _jump(visitor: Visitor, ref: str) -> HttpResponse:
    block = visitor.outline.get(ref)
    if block is None:
        raise AccessDenied(_("This part of the course is not there any more."), "not_found")
    if block.depth < UNIT_DEPTH:
        return _to_unit(visitor, ref)
    courseware.check_open(visitor, ref)  # the address would tell where a hidden block is
    return HttpResponseRedirect(unit_url(visitor.outline, ref))


def _to_unit(visitor: Visitor, ref: str) -> HttpResponse:
    exam = courseware.exam_page(visitor, ref)
    if exam is not None:
        return HttpResponseRedirect(unit_url(visitor.outline, exam.ref))
    page = courseware.unit(visitor, ref)
    return HttpResponseRedirect(unit_url(visitor.outline, page.ref))


def _way(page: UnitPage, outline: Outline) -> list[ui.Link]:
    section = f"{home_url(outline.run)}?open={page.section_ref}"
    subsection = unit_url(outline, page.tabs[0].ref) if page.tabs else ""
    return [
        _crumb(outline, page.section, section, page.section_ref),
        _crumb(outline, page.subsection, subsection, page.subsection_ref),
        ui.Link(page.title),
    ]


def _crumb(outline: Outline, title: str, address: str, ref: str) -> ui.Link:
    """A step of the way here; following it is told as Open edX's breadcrumbs do (openedx.md §9.2)."""
    told = {"target_name": title, "id": usage_text(outline.run, ref), "current_id": str(outline.run)}
    detail = json.dumps({**told, "widget_placement": "breadcrumb"})
    return ui.Link(title, address, event="edx.ui.lms.jump_nav.selected", event_detail=detail)


def _strip(page: UnitPage, outline: Outline, step: dict[str, Any]) -> SafeString:
    holes = {
        "title": page.subsection,
        "tabs": strip_html(page.tabs, outline, step),
        "done_url": course_url(outline.run, f"done/{page.usage}"),
        "step": json.dumps(step),
        **_steps(page, outline),
    }
    return filled("learn/parts/strip.html", holes)


def _foot(page: UnitPage, outline: Outline, step: dict[str, Any]) -> SafeString:
    holes = {
        "next_title": _next_words(page, outline),
        "home": home_url(outline.run),
        "step": json.dumps(step),
        **_steps(page, outline),
    }
    return filled("learn/parts/unit_foot.html", holes)


def _steps(page: UnitPage, outline: Outline) -> dict[str, str]:
    previous, following = page.previous, page.next
    return {
        "previous": unit_url(outline, previous) if previous else "",
        "next": unit_url(outline, following) if following else "",
    }


def _next_words(page: UnitPage, outline: Outline) -> str:
    """The title of what comes next, when it is in another subsection."""
    block = outline.get(page.next) if page.next else None
    if block is None or outline.blocks[block.parent].ref == page.subsection_ref:
        return ""
    return block.title if block.depth < UNIT_DEPTH else outline.blocks[block.parent].title


def _own_ref(usage: str, visitor: Visitor) -> str:
    key = parse_usage(usage)
    if key.course_key != visitor.run.key or visitor.outline.get(ref_of(key)) is None:
        raise ValueError(f"{usage} is not a block of this run.")
    return ref_of(key)


def _completion(value: object) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value <= 1:
        raise ValueError(f"Completion is a number from 0 to 1, not {value!r}.")
    return float(value)
