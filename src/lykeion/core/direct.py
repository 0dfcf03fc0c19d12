"""HTTP to the very place that an operator or an author named: no redirects, no proxies of the environment."""

from __future__ import annotations

import urllib.request
from http.client import HTTPMessage
from typing import IO


class _NoRedirects(urllib.request.HTTPRedirectHandler):
    """A redirect leads where nobody allowed us to go."""

    def redirect_request(
        self, req: urllib.request.Request, fp: IO[bytes], code: int, msg: str, headers: HTTPMessage, newurl: str
    ) -> None:
        """Not followed: the answer is an error."""


def direct_opener(*handlers: urllib.request.BaseHandler) -> urllib.request.OpenerDirector:
    """What opens requests so, and with ``handlers``."""
    return urllib.request.build_opener(urllib.request.ProxyHandler({}), _NoRedirects(), *handlers)
