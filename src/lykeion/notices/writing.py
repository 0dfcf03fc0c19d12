"""A mail as one person gets it: cleaned, with its words filled in, with the foot and the headers of mail to many."""

from __future__ import annotations

import secrets
from email.utils import formataddr, parseaddr
from typing import Final

import nh3
from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation
from django.utils.html import escape
from django.utils.translation import gettext as _

from lykeion.accounts.types import Person
from lykeion.catalog.types import Run
from lykeion.notices import keywords, tokens
from lykeion.notices.plain import plain
from lykeion.notices.types import Draft, MailError, Shown

LONGEST_SUBJECT: Final = 200
LONGEST_HTML: Final = 200_000
_ATTRIBUTES: Final = {
    **nh3.ALLOWED_ATTRIBUTES,
    "*": {"lang", "dir", "title"},
    "img": {"src", "alt", "width", "height"},
}


def check(draft: Draft) -> None:
    """Raises :class:`MailError` when a mail lacks something, is too long or has a word that stands for nothing."""
    if not draft.subject.strip():
        raise MailError(_("Write a subject."), "subject")
    if len(draft.subject) > LONGEST_SUBJECT:
        raise MailError(_("The subject is longer than %(most)d letters.") % {"most": LONGEST_SUBJECT}, "subject")
    if len(draft.html) > LONGEST_HTML:
        words = _("The text is longer than %(most)d letters. Put long things into the course, and a link here.")
        raise MailError(words % {"most": LONGEST_HTML}, "html")
    if not plain(draft.html):
        raise MailError(_("Write the text of the mail."), "html")
    keywords.check(draft.subject, "subject")
    keywords.check(draft.html, "html")


def clean(html: str) -> str:
    """``html`` without anything that could act; links to places of this site lead here from any mailbox."""
    return nh3.clean(
        html,
        attributes=_ATTRIBUTES,
        attribute_filter=_absolute,
        url_schemes={"http", "https", "mailto", "tel"},
        link_rel="noopener",
    )


def shown(draft: Draft, run: Run, reader: Person) -> Shown:
    """A mail as ``reader`` gets it, without its foot; in their language where the words are ours."""
    with translation.override(reader.language or settings.LANGUAGE_CODE):
        found = keywords.values(reader, run)
    html = clean(keywords.fill(draft.html, found, escape))
    subject = keywords.one_line(keywords.fill(draft.subject, found))
    return Shown(reader, subject, html, plain(html))


def mail(draft: Draft, run: Run, reader: Person, reply_to: str, message_id: int) -> EmailMultiAlternatives:
    """The mail to ``reader``, ready to be sent; answers go to ``reply_to`` ('' for the site's own address)."""
    seen = shown(draft, run, reader)
    link = settings.SITE_URL + reverse("unsubscribe", args=[tokens.unsubscribe_token(reader.id, run.id)])
    context = {
        "shown": seen,
        "run": run,
        "course_url": settings.SITE_URL + reverse("course_home", args=[run.key]),
        "unsubscribe": link,
        "site_name": settings.SITE_NAME,
        "postal": settings.LYKEION_MAIL_POSTAL,
    }
    with translation.override(reader.language or settings.LANGUAGE_CODE):
        text, html = (render_to_string(f"notices/mail.{kind}", context) for kind in ("txt", "html"))
    token = tokens.bounce_token(reader.id, reader.email)
    made = EmailMultiAlternatives(
        subject=seen.subject,
        body=text,
        from_email=_envelope(token),
        to=[_named(reader.full_name, reader.email)],
        reply_to=[reply_to] if reply_to else None,
        headers=_headers(run, token, message_id, link),
    )
    made.attach_alternative(html, "text/html")
    return made


def _headers(run: Run, token: str, message_id: int, link: str) -> dict[str, str]:
    address = parseaddr(settings.DEFAULT_FROM_EMAIL)[1]
    domain = address.rpartition("@")[2] or "localhost"
    return {
        "From": _named(run.title, address),
        "Message-ID": f"<{token}.{message_id}.{secrets.token_hex(6)}@{domain}>",
        "List-ID": f"<run-{run.id}.courses.{domain}>",
        "List-Unsubscribe": f"<{link}>",
        "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",  # RFC 8058
        "Precedence": "bulk",
        "Auto-Submitted": "auto-generated",  # RFC 3834: machines that answer mail leave this one alone
    }


def _envelope(token: str) -> str:
    """Where the mail comes back to when it cannot be delivered: to an address that says whose it was."""
    if not settings.LYKEION_MAIL_BOUNCES:
        return parseaddr(settings.DEFAULT_FROM_EMAIL)[1]
    local, _at, domain = settings.LYKEION_MAIL_BOUNCES.rpartition("@")
    return f"{local}+{token}@{domain}"


def _named(name: str, address: str) -> str:
    """``address`` with a name in front; it may have letters beyond ASCII, which Django encodes when it is sent, and for
    which ``formataddr`` would raise."""
    words = keywords.one_line(name)
    return f"{formataddr((words, '')).removesuffix('<>')}<{address}>" if words else address


def _absolute(tag: str, attribute: str, value: str) -> str | None:
    if attribute in ("href", "src") and value.startswith("/") and not value.startswith("//"):
        return str(settings.SITE_URL) + value
    return value
