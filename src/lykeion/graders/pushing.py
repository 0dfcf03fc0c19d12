"""Bringing submissions to a queue elsewhere that speaks XQueue (``LYKEION_XQUEUE_URL``), as Open edX's LMS does.

Source: ``xqueue_interface.py`` of xblocks-contrib, ``submission_queue/lms_interface.py`` of xqueue.
"""

from __future__ import annotations

import base64
import json
import secrets
from collections.abc import Mapping
from typing import Final
from urllib.parse import quote, unquote, urlsplit, urlunsplit

from django.conf import settings

from lykeion.graders import models, web
from lykeion.graders.files import read_file
from lykeion.graders.types import State, Unreachable

_OPEN: Final = (State.QUEUED, State.FAILED)
_SAFE: Final = "!$&'()*+,;=/~:@"


def push(submission_id: int) -> bool:
    """Brings one submission there; False when it no longer waits for that. Raises :class:`Unreachable`.

    Safe to repeat: a queue that gets the same submission twice keeps the later one, and one reply counts.
    """
    row = models.Submission.objects.filter(pk=submission_id, state__in=_OPEN).first()
    if row is None:
        return False
    header = {"lms_callback_url": callback_url(row), "lms_key": row.key, "queue_name": row.queue}
    fields = {"xqueue_header": json.dumps(header), "xqueue_body": row.body}
    _Queue(settings.LYKEION_XQUEUE_URL).submit(fields, {name: read_file(stored) for name, stored in row.files.items()})
    waiting = models.Submission.objects.filter(pk=row.pk, state__in=_OPEN)
    return bool(waiting.update(state=State.PUSHED, error="", tries=row.tries + 1))


def give_up(submission_id: int, error: str) -> None:
    """The submission waits for the operator."""
    models.Submission.objects.filter(pk=submission_id, state__in=_OPEN).update(state=State.FAILED, error=error)


def callback_url(row: models.Submission) -> str:
    """Where the other queue brings the reply (lms/urls.py: ``xqueue_callback``)."""
    run, usage = quote(row.run, safe=_SAFE), quote(row.usage, safe=_SAFE)
    return f"{settings.SITE_URL}/courses/{run}/xqueue/{row.user_id}/{usage}/{row.dispatch}"


class _Queue:
    """An XQueue at a URL that holds the name and password to use there."""

    def __init__(self, url: str) -> None:
        parts = urlsplit(url)
        self._login = {"username": unquote(parts.username or ""), "password": unquote(parts.password or "")}
        host = parts.netloc.rpartition("@")[2]
        self._url = urlunsplit((parts.scheme, host, parts.path.rstrip("/"), "", ""))
        self._caller = web.Caller({"Authorization": _basic(self._login)})

    def submit(self, fields: Mapping[str, str], files: Mapping[str, bytes]) -> None:
        """Logs in and hands one submission over. Raises :class:`Unreachable`."""
        self._call("login", web.form(self._login))
        content_type, data = multipart(fields, files)
        self._call("submit", data, content_type)

    def _call(self, what: str, data: bytes, content_type: str = web.FORM) -> None:
        answer = self._caller.post(f"{self._url}/xqueue/{what}/", data, content_type)
        try:
            reply = json.loads(answer)
            refused = reply["return_code"] != 0
        except (ValueError, KeyError, TypeError) as error:
            raise Unreachable(f"The queue's answer to {what} is not XQueue's.") from error
        if refused:
            raise Unreachable(f"The queue refused to {what}: {reply.get('content')}")


def _basic(login: Mapping[str, str]) -> str:
    """For the proxies that queues often stand behind."""
    pair = f"{login['username']}:{login['password']}"
    return f"Basic {base64.b64encode(pair.encode()).decode()}"


def multipart(fields: Mapping[str, str], files: Mapping[str, bytes]) -> tuple[str, bytes]:
    """A form with files: its content type and its body (RFC 7578); each file's field has the file's name."""
    boundary = secrets.token_hex(16)
    parts = [(f'name="{name}"', text.encode()) for name, text in fields.items()]
    parts += [(f'name="{_quoted(name)}"; filename="{_quoted(name)}"', content) for name, content in files.items()]
    body = b"".join(
        b"--%s\r\nContent-Disposition: form-data; %s\r\n\r\n%s\r\n" % (boundary.encode(), about.encode(), content)
        for about, content in parts
    )
    return f"multipart/form-data; boundary={boundary}", body + b"--%s--\r\n" % boundary.encode()


def _quoted(name: str) -> str:
    return name.replace('"', "%22").replace("\r", "%0D").replace("\n", "%0A")
