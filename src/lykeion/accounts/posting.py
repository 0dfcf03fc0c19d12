"""Mail that other packages write: plain text by a job, and the link with which somebody sets a first password."""

from __future__ import annotations

from allauth.account import app_settings
from allauth.account.utils import user_pk_to_url_str
from django.conf import settings
from django.urls import reverse

from lykeion.accounts.models import User
from lykeion.accounts.tasks import SEND_MAIL, MailOrder
from lykeion.jobs import api as jobs


def send_mail(*, to: str, subject: str, body: str) -> None:
    """Orders a mail in plain text; it goes out, or not at all, with the caller's transaction."""
    order = MailOrder(subject=subject, body=body, html="", to=[to], sender=settings.DEFAULT_FROM_EMAIL)
    jobs.enqueue(SEND_MAIL, order)


def password_link(user_id: int) -> str:
    """The address at which somebody chooses a password, good for some days and once. Whoever has it is taken for them:
    it goes into a mail to them and nowhere else. Using it proves the address (``listeners.py``)."""
    user = User.objects.get(pk=user_id)
    key = app_settings.PASSWORD_RESET_TOKEN_GENERATOR().make_token(user)
    path = reverse("account_reset_password_from_key", kwargs={"uidb36": user_pk_to_url_str(user), "key": key})
    return f"{settings.SITE_URL}{path}"
