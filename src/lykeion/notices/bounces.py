"""Mails that came back: what mail servers report (RFC 3464) and what recipients complain about (RFC 5965).

A report counts only when it carries the signed token of one of our mails, in the address it came to or in the headers
that it returns. So nobody can silence somebody else by a forged report.

Headers are taken as they came, not parsed: mail comes from anywhere, and Python's parser of addresses raises for some.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import datetime
from email import message_from_bytes
from email.message import Message
from typing import Final

from lykeion.accounts import api as accounts
from lykeion.accounts.types import Person
from lykeion.notices import tokens
from lykeion.notices.models import Suppressed
from lykeion.notices.types import Bounce

LARGEST: Final = 10_000_000  # bytes; a report returns at most our own mail
_TOKEN: Final = re.compile(r"(?:\+|<)((\d{1,18})-[0-9a-f]{24})(?=[@.])", re.IGNORECASE)
_RECEIVED_BY: Final = ("Delivered-To", "X-Original-To", "Envelope-To", "To")
_RETURNED: Final = frozenset({"message/rfc822", "text/rfc822-headers", "message/rfc822-headers", "message/global"})
_LONGEST: Final = 200


def take(raw: bytes, *, at: datetime) -> Bounce:
    """Reads one mail that came to the address for bounces; an address that does not work gets no more mail to many."""
    message = message_from_bytes(raw)
    person = _whose(message)
    if person is None:
        return Bounce("not_ours")
    words = _complaint(message) or _failure(message)
    if words is None:
        return Bounce("temporary", person.username)
    Suppressed.objects.get_or_create(user_id=person.id, defaults={"words": words[:_LONGEST], "at": at})
    return Bounce("suppressed", person.username, words)


def _whose(message: Message) -> Person | None:
    """Whose mail the report is about, if the token in it was made for the address they have now."""
    for token, user_id in _tokens(message):
        person = accounts.people([user_id]).get(user_id)
        if person is not None and tokens.is_bounce_token(token, user_id, person.email):
            return person
    return None


def _tokens(message: Message) -> Iterator[tuple[str, int]]:
    lines = [str(value) for name in _RECEIVED_BY for value in message.get_all(name, [])]
    lines += [line for part in message.walk() for line in _returned(part)]
    for line in lines:
        for found in _TOKEN.finditer(line):
            yield found[1], int(found[2])


def _returned(part: Message) -> list[str]:
    """The Message-ID of the mail that a report returns, whole or its headers alone."""
    if part.get_content_type() not in _RETURNED:
        return []
    if part.is_multipart():
        return [str(value) for one in _inside(part) for value in one.get_all("Message-ID", [])]
    text = part.get_payload(decode=True)
    headers = message_from_bytes(text if isinstance(text, bytes) else b"")
    return [str(value) for value in headers.get_all("Message-ID", [])]


def _failure(message: Message) -> str | None:
    """Why delivery failed for good, in the words of the mail server; None when it did not."""
    for part in message.walk():
        if part.get_content_type() != "message/delivery-status":
            continue
        for fields in _inside(part):
            failed = str(fields.get("Action", "")).strip().lower() == "failed"
            if failed and str(fields.get("Status", "5")).strip().startswith("5"):
                return " ".join(str(fields.get("Diagnostic-Code") or fields.get("Status")).split())
    return None


def _inside(part: Message) -> list[Message]:
    """The mails, or the groups of fields, that a part is made of."""
    inside = part.get_payload()
    return [one for one in inside if isinstance(one, Message)] if isinstance(inside, list) else []


def _complaint(message: Message) -> str | None:
    """That the recipient called our mail a nuisance."""
    for part in message.walk():
        if part.get_content_type() == "message/feedback-report":
            return "complaint"
    return None
