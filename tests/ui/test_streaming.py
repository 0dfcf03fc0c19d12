from io import BytesIO

import pytest
from django.test import RequestFactory

from lykeion.content.types import StoredFile
from lykeion.ui.streaming import byte_range, stream_file

TEXT = b"0123456789"


def file(content_type="text/plain"):
    return StoredFile("notes.txt", "abc123", len(TEXT), content_type)


def answer(stored=None, method="get", **headers):
    request = getattr(RequestFactory(), method)("/f", headers=headers)
    return stream_file(request, stored or file(), lambda: BytesIO(TEXT))


def test_a_file_is_sent_whole_with_its_length_and_type():
    response = answer()

    assert (response.status_code, b"".join(response)) == (200, TEXT)
    assert response["Content-Type"] == "text/plain"
    assert response["Content-Length"] == "10"
    assert response["Accept-Ranges"] == "bytes"
    assert response["ETag"] == '"abc123"'
    assert response["X-Content-Type-Options"] == "nosniff"


@pytest.mark.parametrize(
    ("asked", "sent", "told"),
    [
        ("bytes=2-4", b"234", "bytes 2-4/10"),
        ("bytes=7-", b"789", "bytes 7-9/10"),
        ("bytes=-2", b"89", "bytes 8-9/10"),
        ("bytes=0-99", TEXT, "bytes 0-9/10"),
        ("bytes=-99", TEXT, "bytes 0-9/10"),
    ],
)
def test_a_part_of_a_file_is_sent_as_asked(asked, sent, told):
    response = answer(range=asked)

    assert (response.status_code, b"".join(response)) == (206, sent)
    assert response["Content-Range"] == told
    assert response["Content-Length"] == str(len(sent))


@pytest.mark.parametrize("asked", ["bytes=1-2,4-5", "bytes=-", "bytes=5-2", "lines=1-2", "nonsense"])
def test_a_range_that_cannot_be_read_gets_the_whole_file(asked):
    response = answer(range=asked)

    assert (response.status_code, b"".join(response)) == (200, TEXT)


@pytest.mark.parametrize("asked", ["bytes=10-", "bytes=99-100", "bytes=-0"])
def test_a_range_outside_of_the_file_is_refused_with_its_length(asked):
    response = answer(range=asked)

    assert response.status_code == 416
    assert response["Content-Range"] == "bytes */10"


def test_a_part_of_a_file_that_has_changed_since_is_the_whole_new_file():
    response = answer(range="bytes=2-4", if_range='"older"')

    assert (response.status_code, b"".join(response)) == (200, TEXT)


def test_a_file_the_browser_has_already_is_not_sent_again():
    response = answer(if_none_match='W/"zzz", "abc123"')

    assert (response.status_code, response.content, response["ETag"]) == (304, b"", '"abc123"')


def test_head_tells_the_length_and_sends_nothing():
    response = answer(method="head")

    assert (response["Content-Length"], b"".join(response)) == ("10", b"")


@pytest.mark.parametrize(
    "content_type", ["text/html", "application/xhtml+xml", "image/svg+xml", "text/xml", "text/javascript"]
)
def test_a_file_that_may_hold_scripts_cannot_act_as_this_site(content_type):
    policy = answer(file(content_type))["Content-Security-Policy"]

    assert policy.startswith("sandbox")
    assert "allow-same-origin" not in policy


def test_a_drawing_runs_no_script_at_all():
    assert "allow-scripts" not in answer(file("image/svg+xml"))["Content-Security-Policy"]


@pytest.mark.parametrize("content_type", ["", "text/html\r\nSet-Cookie: a=b", "nonsense"])
def test_a_type_that_is_none_makes_a_download(content_type):
    response = answer(file(content_type))

    assert response["Content-Type"] == "application/octet-stream"
    assert response["Content-Disposition"] == "attachment"


def test_an_empty_file_has_no_part_to_ask_for():
    with pytest.raises(ValueError, match="0 bytes"):
        byte_range("bytes=0-", 0)
