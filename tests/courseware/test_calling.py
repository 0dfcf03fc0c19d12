"""Who may call which handler how, and what is kept of it."""

from __future__ import annotations

from dataclasses import replace

import pytest
from django.contrib.auth.models import AnonymousUser
from webob import Request

from lykeion.blocks import registry
from lykeion.content import cache as content_cache
from lykeion.courseware import api as courseware
from lykeion.courseware.models import LearnerState
from lykeion.courseware.types import AccessDenied
from tests.courseware.acting import answer, enter, usage
from tests.factories import (
    NOW,
    RUN,
    block,
    chapter,
    course,
    learner,
    person,
    question,
    sequential,
    store_course,
    vertical,
    video,
)

pytestmark = pytest.mark.django_db
TREES = course(chapter("c1", sequential("s1", vertical("u1", question("p1"), block("counter", "n1")))))


@pytest.fixture
def samples(monkeypatch: pytest.MonkeyPatch) -> None:
    """The third-party blocks of the tests are installed. What was read before they were is forgotten: on a site, types
    of blocks come and go only with the process."""
    from tests.blocks import samples

    table = registry.Registry(lambda: [*registry.installed_entry_points(), *samples.entry_points()])
    monkeypatch.setattr(registry, "installed", table)
    content_cache.forget()


@pytest.mark.parametrize("action", ["problem_get", "problem_check", "problem_save", "problem_reset", "problem_show"])
@pytest.mark.parametrize("method", ["GET", "HEAD", "PUT", "DELETE"])
def test_a_link_does_nothing_to_a_problem(method: str, action: str) -> None:
    store_course(TREES)
    alice = enter(learner())
    answer(alice, "p1")
    before = LearnerState.objects.get(ref="problem@p1").state

    request = Request.blank(f"/?input_p1_2_1=choice_0&action={action}", method=method, headers=OWN_SCRIPT)
    reply = courseware.handle(alice, usage("problem@p1"), "xmodule_handler", action, request)

    assert reply.status == 405
    assert reply.headers["Allow"] == "POST"
    assert LearnerState.objects.get(ref="problem@p1").state == before


OWN_SCRIPT = {"Sec-Fetch-Site": "same-origin", "Sec-Fetch-Dest": "empty"}
ASKS = [
    pytest.param("GET", OWN_SCRIPT, 1, id="a script of the page"),
    pytest.param("GET", {"X-Requested-With": "XMLHttpRequest"}, 1, id="a script of the page in an old browser"),
    pytest.param("GET", {}, 0, id="nobody knows who"),
    pytest.param("GET", {"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Dest": "empty"}, 0, id="another site's script"),
    pytest.param("GET", {"Sec-Fetch-Site": "same-site", "Sec-Fetch-Dest": "empty"}, 0, id="a neighbour's script"),
    pytest.param("GET", {"Sec-Fetch-Site": "same-origin", "Sec-Fetch-Dest": "image"}, 0, id="a picture in the page"),
    pytest.param("GET", {"Sec-Fetch-Site": "same-origin", "Sec-Fetch-Dest": "document"}, 0, id="a link"),
    pytest.param("HEAD", OWN_SCRIPT, 1, id="a script that asks for headers"),
    pytest.param("POST", {}, 1, id="a form: the host has seen its token"),
]


@pytest.mark.usefixtures("samples")
@pytest.mark.parametrize(("method", "headers", "kept"), ASKS)
def test_what_a_handler_writes_when_it_is_read_is_kept_for_scripts_of_the_page_only(
    method: str, headers: dict[str, str], kept: int
) -> None:
    store_course(TREES)
    request = Request.blank("/", method=method, headers=headers)

    reply = courseware.handle(enter(learner()), usage("counter@n1"), "look", "", request)

    assert (reply.status, reply.body) == (200, b"1")
    assert LearnerState.objects.filter(ref="counter@n1").count() == kept


@pytest.mark.usefixtures("samples")
@pytest.mark.parametrize("method", ["GET", "POST"])
@pytest.mark.parametrize(("who", "code"), [("", "authentication_required"), ("dan", "enrollment_required")])
def test_what_is_scored_answers_only_people_who_take_part(method: str, who: str, code: str) -> None:
    store_course(replace(TREES, fields={**TREES.fields, "course_visibility": "public"}))
    reader = courseware.enter(person(who) if who else AnonymousUser(), RUN, NOW)

    for ref, handler, action in (("problem@p1", "xmodule_handler", "problem_show"), ("counter@n1", "look", "")):
        with pytest.raises(AccessDenied) as denied:
            courseware.handle(reader, usage(ref), handler, action, Request.blank("/", method=method))
        assert denied.value.code == code


def test_readers_of_a_public_course_may_ask_a_video_for_its_transcript() -> None:
    film = video("v1", transcripts={"en": "en.srt"})
    store_course(course(chapter("c1", sequential("s1", vertical("u1", film))), course_visibility="public"))

    reply = courseware.handle(
        courseware.enter(AnonymousUser(), RUN, NOW),
        usage("video@v1"),
        "transcript",
        "available_translations",
        Request.blank("/"),
    )

    assert (reply.status, reply.body) == (200, b'["en"]')
