"""Stand-in for Open edX's module of this name: courses by key."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError
from django.http import Http404
from xmodule.modulestore.django import modulestore

from lykeion.core.keys import BadKey, CourseLocator, parse_run


def get_course_by_id(course_key: Any, depth: int = 0) -> Any:
    """The course of that key. Raises ``Http404``."""
    course = modulestore().get_course(course_key)
    if course is None:
        raise Http404(f"There is no course {course_key} here.")
    return course


def clean_course_id(model_form: Any, is_required: bool = True) -> CourseLocator | None:
    """The key in a form's ``course_id``. Raises ``ValidationError``."""
    text = str(model_form.cleaned_data["course_id"] or "")
    if not text and not is_required:
        return None
    try:
        return parse_run(text)
    except BadKey as error:
        raise ValidationError(str(error)) from error
