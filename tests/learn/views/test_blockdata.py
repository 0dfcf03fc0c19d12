"""Parts of a course as apps read them."""

from __future__ import annotations

import pytest

from lykeion.core.keys import usage_of
from tests.learn.conftest import KEY


def address(ref):
    return f"/api/courses/v1/blocks/{usage_of(KEY, ref)}"


def test_an_app_reads_the_course_by_the_names_of_open_edx(alice):
    top = str(usage_of(KEY, "course@course"))

    answer = alice.get(address("course@course"), {"depth": "all", "student_view_data": "video,html"})

    told = answer.json()
    assert told["root"] == top
    assert set(told["blocks"][top]["children"]) <= set(told["blocks"])
    assert told["blocks"][top] | {"children": None} == {
        "id": top,
        "block_id": "course",
        "type": "course",
        "display_name": told["blocks"][top]["display_name"],
        "graded": False,
        "student_view_multi_device": True,
        "student_view_url": f"http://testserver/xblock/{top}",
        "lms_web_url": f"http://testserver/courses/{KEY}/jump_to/{top}",
        "children": None,
    }
    assert answer["Cache-Control"] == "private, no-store"


def test_without_a_depth_it_is_the_block_alone(alice):
    assert len(alice.get(address("course@course")).json()["blocks"]) == 1


@pytest.mark.parametrize("depth", ["-1", "x", "", "²", "1.5", "9" * 30])
def test_a_depth_that_is_none_is_refused(alice, depth):
    answer = alice.get(address("course@course"), {"depth": depth})

    assert (answer.status_code, answer.json()["code"]) == (400, "bad_request")


@pytest.mark.parametrize(("who", "status"), [("", 302), ("dan", 302), ("alice", 200), ("bob", 200), ("root", 200)])
def test_who_may_read_the_course_may_read_it_as_data(as_person, who, status):
    assert as_person(who).get(address("course@course")).status_code == status


def test_nothing_is_sent_there(alice):
    assert alice.post(address("course@course")).status_code == 405
