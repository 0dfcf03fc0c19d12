from io import BytesIO

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import RawPostDataException
from django.test import RequestFactory

from lykeion.courseware.types import HandlerReply
from lykeion.ui.blockrequest import django_response, webob_request


def test_json_comes_to_a_block_as_it_was_sent():
    request = RequestFactory().post("/h?x=1", b'{"answer": "2"}', content_type="application/json")

    webob = webob_request(request)

    assert (webob.method, webob.path, webob.body, webob.json) == ("POST", "/h", b'{"answer": "2"}', {"answer": "2"})
    assert webob.GET.getall("x") == ["1"]
    assert webob.content_type == "application/json"


def test_a_form_that_django_has_read_already_is_read_again():
    request = RequestFactory().post("/h", "input_1=a&input_1=b", content_type="application/x-www-form-urlencoded")
    assert request.POST["input_1"] == "b"

    webob = webob_request(request)

    assert webob.POST.getall("input_1") == ["a", "b"]
    assert webob.body == b"input_1=a&input_1=b"


def test_an_uploaded_file_comes_to_a_block_with_its_name_and_content():
    upload = SimpleUploadedFile("essay.txt", b"On wonder.", content_type="text/plain")
    request = RequestFactory().post("/h", {"title": "Essay", "file": upload})
    assert request.POST["title"] == "Essay"  # as the CSRF check does
    with pytest.raises(RawPostDataException):
        request.body  # noqa: B018  so it must not be needed

    webob = webob_request(request)
    webob.make_body_seekable()  # as courseware does, to run a handler again

    file = webob.POST["file"]
    assert webob.POST["title"] == "Essay"
    assert (file.file.name, file.file.size) == ("essay.txt", 10)
    assert (file.filename, file.type, file.value, file.file.read()) == (
        "essay.txt",
        "text/plain",
        b"On wonder.",
        b"On wonder.",
    )


def test_a_get_has_no_form():
    webob = webob_request(RequestFactory().get("/h?file=a.srt"))

    assert (dict(webob.GET), dict(webob.POST), webob.body) == ({"file": "a.srt"}, {}, b"")


def test_what_a_block_answers_goes_out_with_its_status_and_headers_but_not_those_of_the_connection():
    reply = HandlerReply(201, {"Content-Type": "text/csv", "X-Made-By": "block", "Content-Length": "999"}, b"a,b")

    response = django_response(reply)

    assert (response.status_code, response.content) == (201, b"a,b")
    assert response["Content-Type"] == "text/csv"
    assert response["X-Made-By"] == "block"
    assert response["X-Content-Type-Options"] == "nosniff"
    assert "Content-Length" not in response


def test_a_long_body_stays_in_memory():
    request = webob_request(RequestFactory().post("/", b"x" * 200_000, content_type="text/plain"))

    request.make_body_seekable()

    assert isinstance(request.body_file_raw, BytesIO)
    assert len(request.body) == 200_000
