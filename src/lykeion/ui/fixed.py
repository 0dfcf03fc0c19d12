"""Parts of the frame that are the same in every request: rendered once a language, then only written."""

from __future__ import annotations

from collections.abc import Hashable
from functools import lru_cache

from django.conf import settings
from django.template.loader import render_to_string
from django.utils.safestring import SafeString
from django.utils.translation import get_language


def fixed_part(name: str, **values: Hashable) -> SafeString:
    """Return the template ``name`` rendered with ``values`` and nothing else: no request, no person.

    The result is kept for the life of the process, one for each language and each set of values, so a part
    may hold nothing that belongs to a person or a moment.
    """
    if settings.DEBUG:
        return _rendered.__wrapped__(name, get_language(), tuple(values.items()))
    return _rendered(name, get_language(), tuple(values.items()))


@lru_cache(maxsize=512)
def _rendered(name: str, language: str | None, values: tuple[tuple[str, Hashable], ...]) -> SafeString:
    return render_to_string(name, dict(values))
