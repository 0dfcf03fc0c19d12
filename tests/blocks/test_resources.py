from __future__ import annotations

import json

import pytest

from lykeion.blocks.api import NoSuchResource, resource
from lykeion.blocks.resources import content_type


def test_public_files_come_with_their_type() -> None:
    body, kind = resource("acid", "public/test_data.json")

    assert (json.loads(body), kind) == ({"test_data": "success"}, "application/json")


def test_asides_have_files_too() -> None:
    assert resource("acid_aside", "public/test_data.json")[1] == "application/json"


@pytest.mark.parametrize(
    "uri",
    [
        "public/../acid.py",
        "acid.py",
        "static/js/acid.js",
        "public/./test_data.json",
        "public//test_data.json",
        "/etc/passwd",
        "public\\..\\acid.py",
        "public/..%2facid.py",
        "public/\x00",
        "public/",
        "public",
        "",
        "public/nothing.json",
        "public/.hidden",
        "c:/x",
    ],
)
def test_nothing_else_leaves_the_package(uri: str) -> None:
    with pytest.raises(NoSuchResource):
        resource("acid", uri)


def test_types_that_are_not_installed_have_no_files() -> None:
    with pytest.raises(NoSuchResource):
        resource("nothing", "public/a.js")


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("a.js", "text/javascript"),
        ("a.JSON", "application/json"),
        ("a.svg", "image/svg+xml"),
        ("a.woff2", "font/woff2"),
        ("a", "application/octet-stream"),
    ],
)
def test_content_types_do_not_depend_on_the_machine(name: str, kind: str) -> None:
    assert content_type(name) == kind
