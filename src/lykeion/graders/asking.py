"""Graders that are asked while the learner waits (externalresponse). Authors name them, so the operator allows them."""

from __future__ import annotations

from collections.abc import Mapping
from urllib.parse import urlsplit

from django.conf import settings

from lykeion.graders import web
from lykeion.graders.types import GraderError


class NotAllowed(GraderError):
    """The operator did not allow this host (``LYKEION_GRADER_HOSTS``). ``host`` is what to allow."""

    def __init__(self, host: str) -> None:
        self.host = host
        super().__init__(f"{host} is not among the hosts in LYKEION_GRADER_HOSTS.")


def check_allowed(url: str) -> None:
    """Raises :class:`NotAllowed` unless the operator lets us ask ``url``. Only the exact host (and port) counts."""
    try:
        parts = urlsplit(url)
        host, port = parts.hostname or "", parts.port
    except ValueError as error:
        raise NotAllowed(url) from error
    standard = {"http": 80, "https": 443}.get(parts.scheme)
    name = f"[{host}]" if ":" in host else host
    full = name if port in (None, standard) else f"{name}:{port}"
    if standard is None or not host or parts.username is not None or full not in settings.LYKEION_GRADER_HOSTS:
        raise NotAllowed(full or url)


def ask(url: str, fields: Mapping[str, str]) -> str:
    """What the grader at ``url`` answers to a form, within ten seconds.

    Raises :class:`NotAllowed`, :class:`~lykeion.graders.types.Unreachable`.
    """
    check_allowed(url)
    return web.Caller().post(url, web.form(fields))
