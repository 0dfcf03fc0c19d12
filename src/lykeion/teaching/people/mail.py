"""The mails that tell people what the team did for them."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation

from lykeion.accounts import api as accounts
from lykeion.catalog.types import Run


def tell(name: str, to: str, run: Run, *, language: str = "", **more: Any) -> None:
    """Orders the mail ``teaching/mail/NAME.txt`` (its first line is the subject), in the reader's language."""
    with translation.override(language or settings.LANGUAGE_CODE):
        context = {
            "run": run,
            "site_name": settings.SITE_NAME,
            "site_url": settings.SITE_URL,
            "course_url": settings.SITE_URL + reverse("course_home", args=[run.key]),
            "about_url": settings.SITE_URL + reverse("about", args=[run.key]),
            "signup_url": settings.SITE_URL + reverse("account_signup"),
            "reset_url": settings.SITE_URL + reverse("account_reset_password"),
            **more,
        }
        subject, _line, body = render_to_string(f"teaching/mail/{name}.txt", context).strip().partition("\n")
    accounts.send_mail(to=to, subject=subject, body=body.strip() + "\n")


def tell_person(name: str, user_id: int, run: Run, **more: Any) -> None:
    """As :func:`tell`, to somebody with an account."""
    person = accounts.people([user_id])[user_id]
    tell(name, person.email, run, language=person.language, person=person, **more)
