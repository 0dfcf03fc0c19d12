"""One connection to the mail server, and what its answers mean for the mail at hand.

What counts is how far the mail was: before its text went over nothing can have arrived, so it may be tried again; once
the server has answered the text, its answer holds; when the line breaks between the two, nobody knows.
"""

from __future__ import annotations

import smtplib
from collections.abc import Callable
from dataclasses import dataclass
from types import TracebackType
from typing import Any, Final, Self

from django.core.mail import EmailMessage, get_connection

from lykeion.notices.types import Delivery

_BUSY: Final = 421
_PERMANENT: Final = 500
_LONGEST: Final = 200


@dataclass(frozen=True, slots=True)
class Answer:
    """What became of a mail: SENT, FAILED, UNKNOWN, or WAITING when it may be tried again; in the server's ``words``.

    ``broken``: the connection is of no use any more.
    """

    delivery: Delivery
    words: str = ""
    broken: bool = False


class Unreachable(Exception):
    """The mail server does not let us in at the moment; the message is what it said."""


class Post:
    """A connection to the mail server that the settings name, open as long as the ``with`` block."""

    def __init__(self) -> None:
        self._backend: Any = get_connection()
        self._handed_over = False

    def __enter__(self) -> Self:
        """Opens it. Raises :class:`Unreachable`."""
        try:
            self._backend.open()
        except (OSError, smtplib.SMTPException) as error:
            raise Unreachable(_words(error)) from error
        line = getattr(self._backend, "connection", None)
        if isinstance(line, smtplib.SMTP):
            setattr(line, "data", self._watched(line.data))  # noqa: B010  # this one connection, not the class
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Closes it; a line that is broken already is closed enough."""
        try:
            self._backend.close()
        except (OSError, smtplib.SMTPException):
            self._backend.connection = None

    def send(self, mail: EmailMessage) -> Answer:
        """Hands ``mail`` over."""
        self._handed_over = False
        try:
            self._backend.send_messages([mail])
        except smtplib.SMTPRecipientsRefused as error:
            code, text = next(iter(error.recipients.values()))
            return _refused(code, _decoded(text))
        except smtplib.SMTPResponseException as error:
            return _refused(error.smtp_code, _decoded(error.smtp_error))
        except smtplib.SMTPNotSupportedError as error:  # an address in letters that this server cannot take
            return Answer(Delivery.FAILED, _words(error))
        except (OSError, smtplib.SMTPException) as error:
            unsure = Delivery.UNKNOWN if self._handed_over else Delivery.WAITING
            return Answer(unsure, _words(error), broken=True)
        except ValueError as error:  # an address or a header that no mail can have
            return Answer(Delivery.FAILED, _words(error))
        return Answer(Delivery.SENT)

    def _watched(self, data: Callable[[Any], Any]) -> Callable[[Any], Any]:
        def hand_over(text: Any) -> Any:
            self._handed_over = True
            return data(text)

        return hand_over


def _refused(code: int, words: str) -> Answer:
    """RFC 5321 §4.2.1: 4yz is for now, 5yz for good; 421 also ends the connection."""
    said = f"{code} {words}"[:_LONGEST]
    return Answer(Delivery.FAILED if code >= _PERMANENT else Delivery.WAITING, said, broken=code == _BUSY)


def _decoded(text: bytes | str) -> str:
    return text.decode(errors="replace") if isinstance(text, bytes) else text


def _words(error: Exception) -> str:
    return (str(error) or type(error).__name__)[:_LONGEST]
