"""Forms of blocks carry the CSRF token, so that they work without scripts."""

from __future__ import annotations

import re
from functools import lru_cache
from html import escape

from django.urls import get_script_prefix

# A whole tag, also with ">" in a value; bounded, since authors may write anything.
FORM = re.compile(r"""<form\b(?:[^<>"']|"[^"]{0,2000}"|'[^']{0,2000}')*+>""", re.IGNORECASE)


def with_token(html: str, token: str) -> str:
    """``html`` with the CSRF token in every form that goes to a handler of a block, so that it works without scripts.

    No other form gets it: authors' forms may go to other sites.
    """
    if "<form" not in html:
        return html
    field = f'<input type="hidden" name="csrfmiddlewaretoken" value="{escape(token)}">'
    ours = _handler_action(get_script_prefix())
    return FORM.sub(lambda form: form.group() + (field if ours.search(form.group()) else ""), html)


@lru_cache(maxsize=8)
def _handler_action(prefix: str) -> re.Pattern[str]:
    return re.compile(rf'\saction="{re.escape(prefix)}(?:courses|studio/course)/[^"/]+/xblock/[^"]*"')
