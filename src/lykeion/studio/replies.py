"""What pages with an outline get for a change: which lists look otherwise, what to say, and how to undo it.

``{"lists": {parent: html}, "rows": {ref: html}, "focus": ref, "say": words, "notes": [words], "undo": address}``
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, Final

from django.core import signing
from django.http import HttpRequest, JsonResponse
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import gettext as _

from lykeion.authoring.api import courses
from lykeion.authoring.api import outline as rules
from lykeion.authoring.types import Author, AuthoringError
from lykeion.content.types import ContentError
from lykeion.studio.frame import frame
from lykeion.studio.rows import Mark, row, rows

_SALT: Final = "studio.undo"
_AGE: Final = 24 * 3600  # seconds: garbage collection leaves what was taken out alone as long


def changed(
    request: HttpRequest,
    author: Author,
    parents: Iterable[str] = (),
    *,
    touched: Iterable[str] = (),
    say: str = "",
    focus: str = "",
    undo: str = "",
    notes: Sequence[str] = (),
    **more: Any,
) -> JsonResponse:
    """The lists below ``parents`` and the rows above them (and those of ``touched``), as they are after a change."""
    now = courses.enter(author.person, author.run)
    opened = _with_way_to(now, focus, opened_in(request))
    lists = list(dict.fromkeys(parents))
    above = {
        one.ref: one
        for ref in (*lists, *touched)
        if ref != rules.COURSE
        for one in rules.way(now, ref)
        if one.type in rules.LEVELS
    }
    drawn = {ref: _row(request, now, one) for ref, one in above.items()}
    return JsonResponse(
        {
            "lists": {ref: drawn_list(request, now, ref, opened) for ref in lists},
            "rows": drawn,
            "whole": "" if now.is_library else drawn_status(rules.item(now, rules.COURSE)),
            "say": say,
            "focus": focus,
            "undo": undo,
            "notes": list(notes),
            **more,
        }
    )


def course_status(course: rules.Item) -> Mark:
    """Whether learners have everything as it is."""
    if course.status == "published":
        return Mark(_("Everything is published"), "check-circle", "good")
    return Mark(_("There are unpublished changes"), "warning", "warn")


def drawn_status(course: rules.Item) -> str:
    """The HTML of that."""
    return render_to_string("studio/outline/mark.html", {"mark": course_status(course)})


def opened_in(request: HttpRequest) -> frozenset[str] | None:
    """What is open on the page that asks; None for everything."""
    text = request.POST.get("open", "")
    return None if text == "*" else frozenset(text.split())


def drawn_list(request: HttpRequest, author: Author, ref: str, opened: frozenset[str] | None) -> str:
    """The HTML of what is below ``ref``."""
    context = {"rows": rows(author, ref, opened), "parent": ref, "level": rules.below(ref.partition("@")[0])}
    return render_to_string("studio/parts/items.html", frame(author, "outline", **context), request)


def undo_address(author: Author, name: str, **what: Any) -> str:
    """An address that takes back what was just done: ``name`` of a view, which reads ``what`` by :func:`undone`."""
    token = signing.dumps({"run": str(author.run), **what}, salt=f"{_SALT}.{name}")
    return f"{reverse(f'studio:{name}', args=[author.run])}?what={token}"


def undone(request: HttpRequest, author: Author, name: str) -> dict[str, Any]:
    """What :func:`undo_address` was made of. Raises :class:`AuthoringError` for another one, or an old one."""
    try:
        what: dict[str, Any] = signing.loads(request.GET.get("what", ""), salt=f"{_SALT}.{name}", max_age=_AGE)
    except signing.BadSignature:
        what = {}
    if what.get("run") != str(author.run):
        raise AuthoringError(_("This can only be undone from the history by now."))
    return what


def _with_way_to(author: Author, ref: str, opened: frozenset[str] | None) -> frozenset[str] | None:
    """What is open, and what ``ref`` lies in: it is to be seen."""
    if opened is None or ref in ("", rules.COURSE):
        return opened
    try:
        return opened | {one.ref for one in rules.way(author, ref)[:-1]}
    except ContentError:  # gone with what was published or discarded
        return opened


def _row(request: HttpRequest, author: Author, item: rules.Item) -> str:
    return render_to_string("studio/outline/row.html", frame(author, "outline", row=row(item)), request)
