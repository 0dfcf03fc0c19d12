"""What stands in the place of a block that cannot be shown."""

from __future__ import annotations

from html import escape

from django.utils.translation import gettext as _


def broken_html(title: str, message: str, reason: str) -> str:
    """A box that says so; ``reason`` ('' for learners) is what an author needs to mend it."""
    detail = ""
    if reason:
        words = escape(reason.encode(errors="backslashreplace").decode())  # a block's own words may be no text
        detail = f"<details><summary>{_('For the course team')}</summary><pre>{words}</pre></details>"
    heading = f"<strong>{escape(title)}</strong> " if title else ""
    return f'<div class="block-notice block-notice-broken"><p>{heading}{escape(message)}</p>{detail}</div>'


def notice_html(title: str, message: str) -> str:
    """A box for a block that is there, but has nothing to show here."""
    heading = f"<strong>{escape(title)}</strong> " if title else ""
    return f'<div class="block-notice"><p>{heading}{escape(message)}</p></div>'


def cannot_show() -> str:
    """What a learner reads where a block fails."""
    return _("This part of the page cannot be shown at the moment. The rest of the page works as usual.")


def took_too_long() -> str:
    """What a learner reads where a block did not come to an end."""
    return _("This part of the page took too long and was stopped. The rest of the page works as usual.")


def could_not_start() -> str:
    """What a learner reads where a block's script did not start."""
    return _("This part could not start. Reload the page to try again; the rest of the page works as usual.")


def did_not_work() -> str:
    """What a learner reads when something that they did in a block failed."""
    return _("That did not work, and nothing was changed. Please try again later.")


def cannot_use(block_type: str) -> str:
    """What a learner reads where the package of a type does not work."""
    return _("Parts of type “%(type)s” cannot be used on this site at the moment.") % {"type": block_type}


def not_installed(block_type: str) -> str:
    """What a learner reads where a type is not installed."""
    return _("This site cannot show parts of type “%(type)s”.") % {"type": block_type}


def install_it() -> str:
    """What the course team reads besides :func:`not_installed`."""
    return _("The operator can install a package that brings it, and restart the site.")


def not_there() -> str:
    """What somebody reads who asks for a block that is not there, or not for them."""
    return _("There is no such part of this course.")


def log_in_first() -> str:
    """What a visitor without an account reads."""
    return _("Log in and enrol in the course to see this part.")
