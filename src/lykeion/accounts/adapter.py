"""Where django-allauth asks this house how it wants things."""

from __future__ import annotations

import base64
import hashlib
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.mfa.adapter import DefaultMFAAdapter
from cryptography.fernet import Fernet, MultiFernet
from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.mail import EmailMultiAlternatives
from django.http import HttpRequest
from django.urls import reverse
from django.utils.encoding import force_bytes
from django.utils.translation import gettext_lazy

from lykeion.accounts import names
from lykeion.accounts.tasks import SEND_MAIL, MailOrder
from lykeion.accounts.types import AccountError
from lykeion.events import api as events
from lykeion.jobs import api as jobs

_WRONG = gettext_lazy("The name or the password is wrong.")


class Adapter(DefaultAccountAdapter):  # type: ignore[misc]
    """Names by our rules, mail by a job, addresses from behind our own proxy."""

    error_messages = DefaultAccountAdapter.error_messages | {
        "email_password_mismatch": _WRONG,
        "username_password_mismatch": _WRONG,
        "email_taken": gettext_lazy("There is an account with this e-mail address already. Sign in instead?"),
        "too_many_login_attempts": gettext_lazy(
            "There were too many wrong passwords for this account. Wait a quarter of an hour, or reset the password."
        ),
        "rate_limited": gettext_lazy("That was too often in a short time. Please wait a few minutes."),
    }

    def clean_username(self, username: str, shallow: bool = False) -> str:
        """The username as it will be stored. Raises ``ValidationError`` in words."""
        if shallow:
            return username
        try:
            names.check_username(username)
        except AccountError as error:
            raise ValidationError(str(error), code="username") from error
        return username

    def clean_email(self, email: str) -> str:
        """The address as it will be stored; one that belonged to a deleted account is taken for ever."""
        if names.is_retired(email):
            raise self.validation_error("email_taken")
        return email

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """Writes the mail now, in the reader's language, and orders a job to send it."""
        found = {"email": email, "site_name": settings.SITE_NAME, "site_url": settings.SITE_URL}
        message = self.render_mail(template_prefix, email, found | {"request": self.request} | context)
        order_mail(message)

    def get_client_ip(self, request: HttpRequest) -> str:
        """Whom rate limits count."""
        return events.client_ip(request) or "0.0.0.0"  # noqa: S104  # no address: one common bucket, nothing is bound

    def get_password_change_redirect_url(self, request: HttpRequest) -> str:
        """Back to where the link to it is."""
        return reverse("account_settings")


class SecondFactor(DefaultMFAAdapter):  # type: ignore[misc]
    """Secrets of authenticator apps are stored encrypted under the site's secret key."""

    error_messages = DefaultMFAAdapter.error_messages | {
        "add_email_blocked": gettext_lazy(
            "Turn the second step of signing in off first; when the new address is confirmed, set it up again."
        ),
        "unverified_email": gettext_lazy("Confirm your e-mail address first, then set up the second step."),
        "incorrect_code": gettext_lazy("This is not the code that the app shows now. Wait for the next one."),
    }

    def encrypt(self, text: str) -> str:
        """What goes to the database."""
        return _keys().encrypt(text.encode()).decode()

    def decrypt(self, encrypted_text: str) -> str:
        """What :meth:`encrypt` was given, also under a former secret key."""
        return _keys().decrypt(encrypted_text.encode()).decode()


def order_mail(message: EmailMultiAlternatives) -> None:
    """Orders a job that sends ``message``."""
    html = next((str(part[0]) for part in message.alternatives if part[1] == "text/html"), "")
    order = MailOrder(
        subject=str(message.subject),
        body=str(message.body),
        html=html,
        to=list(message.to),
        sender=message.from_email,
    )
    jobs.enqueue(SEND_MAIL, order)


def _keys() -> MultiFernet:
    secrets = [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]
    digests = [hashlib.sha256(b"lykeion.accounts.mfa" + force_bytes(secret)).digest() for secret in secrets]
    return MultiFernet([Fernet(base64.urlsafe_b64encode(digest)) for digest in digests])
