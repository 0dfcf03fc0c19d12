"""Background jobs of ``accounts``."""

from __future__ import annotations

import logging
import re
from typing import TypedDict

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.utils.translation import gettext_lazy as _

from lykeion.jobs.api import Running, job

logger = logging.getLogger(__name__)

SEND_MAIL = "accounts.send_mail"
_LINK = re.compile(r"https?://\S+")


class MailOrder(TypedDict):
    """One mail: plain text, and HTML where it is not empty."""

    subject: str
    body: str
    html: str
    to: list[str]
    sender: str


@job(SEND_MAIL, attempts=10, priority=10, forget=True, queue="mail", title=_("Mail to one person"))
def send_mail(order: MailOrder, running: Running) -> None:
    """Sends one mail. In a development home its link is printed as well, so that nobody has to look for a file."""
    message = EmailMultiAlternatives(order["subject"], order["body"], order["sender"], order["to"])
    if order["html"]:
        message.attach_alternative(order["html"], "text/html")
    message.send()
    if settings.LYKEION_DEVELOPMENT:
        link = _LINK.search(order["body"])
        logger.info("Mail to %s: %s %s", ", ".join(order["to"]), order["subject"], link[0] if link else "")
