"""What blocks are told to call is what the learn face answers."""

from __future__ import annotations

from urllib.parse import unquote, urlsplit

import pytest
from django.urls import resolve

from lykeion.content import api as content
from lykeion.content.types import Node
from lykeion.courseware.links import SiteUrls, urls_of
from tests.courseware.acting import usage
from tests.factories import RUN, chapter, course, store_course

pytestmark = pytest.mark.django_db


@pytest.fixture
def urls() -> SiteUrls:
    """The addresses of a stored course with one file."""
    files = Node("files", {"images/a b.png": {"hash": "h" * 32, "size": 1, "content_type": "image/png"}})
    store_course(course(chapter("c")), parts={"files": files})
    return urls_of(content.outline(RUN))


def name_of(address: str) -> tuple[str, dict]:
    found = resolve(unquote(urlsplit(address).path))
    return found.url_name, {name: str(value) for name, value in found.kwargs.items()}


def test_handlers(urls: SiteUrls) -> None:
    here = urls.handler(usage("problem@p1"), "xmodule_handler", "problem_check", "a=1", thirdparty=False)
    outside = urls.handler(usage("problem@p1"), "callback", "", "", thirdparty=True)

    assert urlsplit(here).query == "a=1"
    assert name_of(here) == (
        "xblock_handler",
        {"run": str(RUN), "usage": usage("problem@p1"), "handler": "xmodule_handler", "suffix": "problem_check"},
    )
    assert name_of(outside)[0] == "xblock_handler_noauth"


def test_files(urls: SiteUrls) -> None:
    assert name_of(urls.asset("images/a b.png"))[1] == {"run": str(RUN), "hash": "h" * 32, "name": "images/a b.png"}
    assert name_of(urls.asset("missing.png"))[1] == {"run": str(RUN), "name": "missing.png"}
    assert name_of(urls.resource("acid", "public/js/acid.js")) == (
        "xblock_resource",
        {"block_type": "acid", "uri": "public/js/acid.js"},
    )


def test_places(urls: SiteUrls) -> None:
    assert name_of(urls.jump("p1")) == ("jump_to_id", {"run": str(RUN), "block_id": "p1"})
    assert name_of(urls.course("progress")) == ("progress", {"run": str(RUN)})
