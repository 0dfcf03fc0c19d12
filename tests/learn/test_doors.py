"""Who gets which page: every address of a course, for everybody in the cast."""

from __future__ import annotations

from urllib.parse import unquote, urlsplit

import pytest

from lykeion.core.keys import usage_of
from tests.learn.conftest import KEY

SIGN_IN, SIGN_UP, SIGN_OUT, ABOUT = "sign in", "sign up", "sign out", "about"
OURS = {"/account/login/": SIGN_IN, "/account/signup/": SIGN_UP, "/account/logout/": SIGN_OUT}
UNIT = f"/courses/{KEY}/courseware/wonder/first/1/"
LOCKED = f"/asset-v1:{KEY.org}+{KEY.course}+{KEY.run}+type@asset+block@locked.pdf"
OPEN = f"/asset-v1:{KEY.org}+{KEY.course}+{KEY.run}+type@asset+block@images_owl.png"
HTML = usage_of(KEY, "html@words")

#                                                     visitor  alice  dan    bob  root
DOORS = [
    (f"/courses/{KEY}/course/",                       SIGN_IN, 200,   ABOUT, 200, 200),
    (UNIT,                                            SIGN_IN, 200,   ABOUT, 200, 200),
    (f"/courses/{KEY}/courseware/wonder/first/3/",    SIGN_IN, 404,   ABOUT, 200, 200),
    (f"/courses/{KEY}/courseware/method/later/1/",    SIGN_IN, 403,   ABOUT, 200, 200),
    (f"/courses/{KEY}/courseware/method/gone/1/",     SIGN_IN, 404,   ABOUT, 404, 404),
    (f"/courses/{KEY}/progress",                      SIGN_IN, 200,   ABOUT, 200, 200),
    (f"/courses/{KEY}/dates",                         SIGN_IN, 200,   ABOUT, 200, 200),
    (f"/courses/{KEY}/bookmarks/",                    SIGN_IN, 200,   ABOUT, 200, 200),
    (f"/courses/{KEY}/pdfbook/0/",                    SIGN_IN, 404,   ABOUT, 404, 404),
    (f"/courses/{KEY}/masquerade",                    SIGN_IN, 403,   ABOUT, 200, 200),
    (f"/courses/{KEY}/syllabus/",                     SIGN_IN, 200,   ABOUT, 200, 200),
    (f"/courses/{KEY}/teachers/",                     SIGN_IN, 404,   ABOUT, 200, 200),
    (f"/courses/{KEY}/nothing/",                      SIGN_IN, 404,   ABOUT, 404, 404),
    (f"/courses/{KEY}/xblock/{HTML}/view/student_view", SIGN_IN, 200, ABOUT, 200, 200),
    (f"/xblock/{HTML}",                               SIGN_IN, 200,   ABOUT, 200, 200),
    (OPEN,                                            200,     200,   200,   200, 200),
    (LOCKED,                                          SIGN_IN, 200,   ABOUT, 200, 200),
    ("/courses/course-v1:No+such+run/course/",        404,     404,   404,   404, 404),
    ("/courses/nonsense/course/",                     404,     404,   404,   404, 404),
    ("/heartbeat",                                    200,     200,   200,   200, 200),
    ("/ready",                                        200,     200,   200,   200, 200),
    ("/dashboard",                                    SIGN_IN, 200,   200,   200, 200),
    ("/dashboard/",                                   SIGN_IN, 200,   200,   200, 200),
    ("/login",                                        SIGN_IN, SIGN_IN, SIGN_IN, SIGN_IN, SIGN_IN),
    ("/register/",                                    SIGN_UP, SIGN_UP, SIGN_UP, SIGN_UP, SIGN_UP),
    ("/logout",                                       SIGN_OUT, SIGN_OUT, SIGN_OUT, SIGN_OUT, SIGN_OUT),
]  # fmt: skip
CAST = ("", "alice", "dan", "bob", "root")


@pytest.mark.parametrize("place", range(len(CAST)), ids=["visitor", *CAST[1:]])
def test_every_door_lets_in_whom_it_should(as_person, place):
    client = as_person(CAST[place])

    seen = {address: what(client.get(address)) for address, *_ in DOORS}

    assert seen == {address: expected[place] for address, *expected in DOORS}


def what(response):
    """The status of an answer, or where it sends people who may not come in."""
    if response.status_code != 302:
        return response.status_code
    path = unquote(urlsplit(response["Location"]).path)
    return ABOUT if path.endswith("/about") else OURS.get(path, path)


@pytest.mark.parametrize(
    "address",
    [
        f"/courses/{KEY}/completion",
        f"/courses/{KEY}/bookmarks/{usage_of(KEY, 'vertical@try')}",
        f"/courses/{KEY}/dismiss_update",
        f"/courses/{KEY}/xblock/{usage_of(KEY, 'problem@choose')}/handler/xmodule_handler/problem_check",
    ],
)
@pytest.mark.parametrize(("username", "status"), [("", 401), ("dan", 403)])
def test_who_is_not_in_the_course_changes_nothing_in_it(as_person, username, status, address):
    response = as_person(username).post(address, headers={"sec-fetch-mode": "cors"})

    assert response.status_code == status
    assert response.json()["error"]


def test_a_form_without_its_token_is_refused_in_words(as_person):
    client = as_person("alice")
    client.handler.enforce_csrf_checks = True

    page = client.post(f"/courses/{KEY}/dismiss_update")
    script = client.post(f"/courses/{KEY}/completion", headers={"sec-fetch-mode": "cors"})

    assert (page.status_code, script.status_code) == (403, 403)
    assert "open for too long" in page.content.decode()
    assert script.json()["code"] == "csrf"
