"""From a published root to the row of its run."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from html import unescape
from typing import Any

from django.conf import settings
from django.db import transaction

from lykeion.catalog.listing import fold
from lykeion.catalog.models import Organization, Run
from lykeion.content import api as content
from lykeion.content.types import Json, Node, ObjectId, Outline
from lykeion.core.clock import within_reach
from lykeion.core.keys import BadKey, CourseLocator, parse_run

DEFAULT_START = datetime(2030, 1, 1, tzinfo=UTC)
_TAG = re.compile(r"<[^<>]*>")
_DEFAULT_IMAGE = "images_course_image.jpg"


def sync(outline: Outline) -> None:
    """Makes the row of the run say what this root says; modes, enrolments and invitations stay as they are."""
    key = outline.run
    course = content.nodes([outline.course.object_id])[outline.course.object_id]
    with transaction.atomic():
        organization, _new = Organization.objects.get_or_create(
            short_name=key.org, defaults={"name": str(course.fields.get("display_organization") or key.org)[:255]}
        )
        columns = _columns(key, outline.root, course, organization.name)
        Run.objects.update_or_create(key=str(key), defaults=columns | {"organization": organization})


def sync_to_head(run: CourseLocator) -> None:
    """Like :func:`sync` for what is published now, also when it changes while this works."""
    root = None
    while root != (head := content.head(run, "published")):
        root = head
        sync(content.outline_at(run, root))


def _columns(key: CourseLocator, root: ObjectId, course: Node, org_name: str) -> dict[str, Any]:
    fields = course.fields
    title = _text(fields.get("display_name")) or str(key.course)
    number = _text(fields.get("display_coursenumber")) or str(key.course)
    short = _plain(content.part(root, "about/short_description"))
    words = [title, number, str(key.org), org_name, short, str(key)]
    return {
        "org": key.org,
        "number": number[:255],
        "title": title[:255],
        "sort_title": fold(title)[:255],
        "search_text": fold(" ".join(words)),
        "short_description": short,
        "effort": _plain(content.part(root, "about/effort"))[:255],
        "image": _image(root, _text(fields.get("course_image"))),
        "language": (_text(fields.get("language")) or settings.LANGUAGE_CODE)[:16],
        "start": _date(fields.get("start")) or DEFAULT_START,
        "advertised_start": _text(fields.get("advertised_start"))[:255],
        "prerequisites": _keys(fields.get("pre_requisite_courses")),
        "root": str(root),
    } | _rules(fields)


def _rules(fields: Any) -> dict[str, Any]:
    return {
        "end": _date(fields.get("end")),
        "enrollment_start": _date(fields.get("enrollment_start")),
        "enrollment_end": _date(fields.get("enrollment_end")),
        "self_paced": fields.get("self_paced") is True,
        "catalog_visibility": _one_of(fields.get("catalog_visibility"), "both", "about", "none"),
        "course_visibility": _one_of(fields.get("course_visibility"), "private", "public_outline", "public"),
        "invitation_only": fields.get("invitation_only") is True,
        "max_enrolments": _count(fields.get("max_student_enrollments_allowed")),
        "days_early_for_beta": _number(fields.get("days_early_for_beta")),
        "mobile_available": fields.get("mobile_available") is True,
        "content_cohorted": says_cohorted(fields.get("cohort_config")),
    }


def says_cohorted(config: Json) -> bool:
    """Whether the field ``cohort_config`` of a course divides its learners: ``{"cohorted": true}`` (Open edX reads
    ``cohort`` of old ones as well)."""
    return isinstance(config, dict) and (config.get("cohorted") is True or config.get("cohort") is True)


def _image(root: ObjectId, name: str) -> str:
    """The path of the course image, if the course has that file (Open edX writes ``images_a.png`` for both forms)."""
    for path in (name or _DEFAULT_IMAGE, (name or _DEFAULT_IMAGE).replace("images_", "images/", 1)):
        if content.file(root, path) is not None:
            return path
    return ""


def _plain(part: Node | None) -> str:
    """The words of an ``about`` page without its markup."""
    text = "" if part is None else _text(part.fields.get("data"))
    return " ".join(unescape(_TAG.sub(" ", text)).split())


def _text(value: Any) -> str:
    return value.strip() if isinstance(value, str) else ""


def _one_of(value: Json, default: str, *others: str) -> str:
    return value if value in others else default


def _count(value: Json) -> int | None:
    """A number that the column holds; more than that is no limit."""
    return value if isinstance(value, int) and 0 <= value < 2**31 and not isinstance(value, bool) else None


def _number(value: Json) -> float | None:
    return float(value) if isinstance(value, int | float) and not isinstance(value, bool) else None


def _date(value: Json) -> datetime | None:
    """A date as content stores it: ISO 8601, in UTC where it does not say. What is no date counts as not set."""
    if isinstance(value, str):
        try:
            value = datetime.fromisoformat(value)
        except ValueError:
            return None
    if not isinstance(value, datetime):
        return None
    return within_reach(value if value.tzinfo else value.replace(tzinfo=UTC))


def _keys(value: Json) -> list[str]:
    found = [str(item) for item in value] if isinstance(value, list) else []
    return [item for item in found if _is_key(item)]


def _is_key(text: str) -> bool:
    try:
        parse_run(text)
    except BadKey:
        return False
    return True
