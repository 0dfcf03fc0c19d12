import json

import pytest
from django.contrib.messages import get_messages
from django.contrib.messages.storage.cookie import CookieStorage
from django.test import RequestFactory

from lykeion.courseware.types import AccessDenied
from lykeion.learn.guards import refuse
from lykeion.ui.answers import is_background, way_back
from tests.learn.conftest import KEY as RUN
from tests.learn.values import KEY

PAGE = {"sec_fetch_mode": "navigate"}
SCRIPT = {"sec_fetch_mode": "cors"}


def asked(method="get", path="/courses/x?a=1", **headers):
    request = getattr(RequestFactory(), method)(path, headers=headers)
    request._messages = CookieStorage(request)
    return request


@pytest.mark.parametrize(
    ("headers", "script"),
    [
        ({"sec_fetch_mode": "navigate"}, False),
        ({"sec_fetch_mode": "cors"}, True),
        ({"hx_request": "true"}, True),
        ({"hx_request": "true", "hx_boosted": "true"}, False),
        ({"x_requested_with": "XMLHttpRequest"}, True),
        ({"accept": "application/json"}, True),
        ({"accept": "text/html,*/*"}, False),
        ({}, False),
    ],
)
def test_scripts_are_told_from_people(headers, script):
    assert is_background(asked(**headers)) is script


def test_a_page_of_a_course_is_kept_nowhere_so_that_the_way_back_shows_it_as_it_is_now(alice):
    assert alice.get(f"/courses/{RUN}/progress")["Cache-Control"] == "private, no-store"


def test_a_visitor_who_follows_a_link_signs_in_and_comes_back():
    response = refuse(asked(**PAGE), KEY, AccessDenied("Sign in.", "authentication_required"))

    assert response.status_code == 302
    assert response["Location"] == "/account/login/?next=%2Fcourses%2Fx%3Fa%3D1"


def test_a_script_is_told_where_to_sign_in_and_the_page_keeps_what_was_typed():
    request = asked("post", referer="http://testserver/courses/y", **SCRIPT)

    response = refuse(request, KEY, AccessDenied("Sign in.", "authentication_required"))

    assert response.status_code == 401
    assert json.loads(response.content) == {
        "error": "You are not signed in. What you typed stays on this page: sign in, then send it again.",
        "code": "authentication_required",
        "sign_in": "/account/login/?next=%2Fcourses%2Fy",
    }


def test_somebody_who_is_not_enrolled_is_shown_the_about_page_with_the_reason():
    request = asked(**PAGE)

    response = refuse(request, KEY, AccessDenied("Enrol first.", "enrollment_required"))

    assert response["Location"] == f"/courses/{KEY}/about"
    assert [str(message) for message in get_messages(request)] == ["Enrol first."]


@pytest.mark.parametrize(
    ("code", "status"), [("not_released", 403), ("staff_only", 403), ("not_found", 404), ("not_visible_to_user", 404)]
)
def test_other_refusals_are_pages_and_json_with_the_same_words(code, status):
    page = refuse(asked(**PAGE), KEY, AccessDenied("Opens on Friday.", code))
    told = refuse(asked(**SCRIPT), KEY, AccessDenied("Opens on Friday.", code))

    assert (page.status_code, told.status_code) == (status, status)
    assert "Opens on Friday." in page.content.decode()
    assert json.loads(told.content) == {"error": "Opens on Friday.", "code": code}


@pytest.mark.parametrize("referer", ["", "https://evil.example/courses/y", "//evil.example", "javascript:alert(1)"])
def test_the_way_back_never_leaves_the_site(referer):
    assert way_back(asked("post", referer=referer)) == "/"


@pytest.mark.parametrize("header", ["referer", "hx-current-url"])
def test_the_way_back_to_a_page_with_two_slashes_is_on_this_site(header):
    assert way_back(asked("post", **{header: "http://testserver//evil.example/x?a=1"})) == "/%2Fevil.example/x?a=1"
