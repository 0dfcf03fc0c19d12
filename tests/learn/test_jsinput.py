"""Our script in authors' pages."""

from __future__ import annotations

import pytest

from lykeion.ui.jsinput import bridged
from tests.learn.conftest import KEY

SCRIPT = b'<script src="/s.js"></script>'


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (b"<!DOCTYPE html>", b"<html><head><title>x</title>"),
        (b"\xef\xbb\xbf<!-- saved --> \n<!doctype HTML PUBLIC 'x'>", b"<html>"),
        (b"", b"<p>bare</p>"),
        (b"", b""),
    ],
)
def test_the_script_comes_first_and_the_page_keeps_its_mode(before, after):
    assert bridged(before + after, "/s.js") == before + SCRIPT + after


def test_only_pages_that_a_problem_asks_for_get_the_script(course, client):
    address = f"/asset-v1:{KEY.org}+{KEY.course}+{KEY.run}+type@asset+block/"

    plain = client.get(f"{address}page.html")
    played = client.get(f"{address}page.html?jsinput=1")
    picture = client.get(f"{address}images_owl.png?jsinput=1")

    assert b"jsinput-page" not in b"".join(plain.streaming_content)
    assert b"jsinput-page" in played.content
    assert b"jsinput-page" not in b"".join(picture.streaming_content)
    assert played["Content-Security-Policy"] == plain["Content-Security-Policy"]
    assert "allow-same-origin" not in played["Content-Security-Policy"]
    assert played["Content-Type"] == plain["Content-Type"]
