"""What stands in the place of a block that cannot be shown."""

from __future__ import annotations

from html import escape

from django.utils.translation import gettext as _


def broken_html(title: str, message: str, reason: str) -> str:
    """A box that says so; ``reason`` ('' for learners) is what an author needs to mend it."""
    detail = ""
    if reason:
        detail = f"<details><summary>{_('For the course team')}</summary><pre>{escape(reason)}</pre></details>"
    heading = f"<strong>{escape(title)}</strong> " if title else ""
    return f'<div class="block-notice block-notice-broken"><p>{heading}{escape(message)}</p>{detail}</div>'


def notice_html(title: str, message: str) -> str:
    """A box for a block that is there, but has nothing to show here."""
    heading = f"<strong>{escape(title)}</strong> " if title else ""
    return f'<div class="block-notice"><p>{heading}{escape(message)}</p></div>'
