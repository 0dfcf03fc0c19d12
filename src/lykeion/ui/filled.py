"""Parts of a page that are the same for everybody but for a few holes: rendered once, then only filled."""

from __future__ import annotations

import re
from collections.abc import Hashable, Mapping

from django.utils.html import conditional_escape
from django.utils.safestring import SafeString, mark_safe

from lykeion.ui.fixed import fixed_part

HOLE = re.compile(r"@@(\w+)@@")


def filled(name: str, holes: Mapping[str, str], **fixed: Hashable) -> SafeString:
    """The template ``name`` with ``fixed`` values (few different ones: each set is rendered once and kept) and with
    ``holes`` filled in, escaped unless they are safe.

    A hole that is empty is empty in the template as well, so ``{% if previous %}`` works.
    """
    marks = {hole: f"@@{hole}@@" if value else "" for hole, value in holes.items()}
    html = fixed_part(name, **fixed, **marks)
    filling = {hole: conditional_escape(value) for hole, value in holes.items()}
    return mark_safe(HOLE.sub(lambda hole: filling[hole[1]], html))  # noqa: S308  our template, escaped values
