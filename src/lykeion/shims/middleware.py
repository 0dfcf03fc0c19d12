"""Around every request of a site with blocks of others."""

from __future__ import annotations

from collections.abc import Callable
from http import HTTPStatus

from django.http import HttpRequest, HttpResponse

from lykeion.courseware import api as courseware


def lending(get_response: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    """Keeps what blocks hold that a package borrowed by key, when the request went well."""

    def respond(request: HttpRequest) -> HttpResponse:
        with courseware.keep_lent() as lent:
            response = get_response(request)
            if response.status_code >= HTTPStatus.BAD_REQUEST:
                lent.clear()
        return response

    return respond
