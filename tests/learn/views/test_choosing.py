"""Blocks that choose, at their addresses: what was not chosen has none."""

from __future__ import annotations

import re

import pytest

from lykeion.accounts.models import User
from lykeion.catalog import api as catalog
from lykeion.core.keys import usage_of
from lykeion.courseware import api as courseware
from lykeion.courseware.entering import plan
from lykeion.courseware.models import Bookmark, LearnerState
from tests.factories import NOW, PAST, RUN, block, chapter, course, question, sequential, store_course, vertical

SCRIPT = {"X-Requested-With": "XMLHttpRequest"}


@pytest.fixture
def alice(as_person):
    """Alice in a course with a bank from which she may draw again."""
    pool = [question(f"p{n}") for n in range(6)]
    bank = block("itembank", "bank", *pool, max_count=2, allow_resetting_children=True)
    store_course(course(chapter("c1", sequential("s1", vertical("u1", bank)))))
    client = as_person("alice")
    user = User.objects.get(username="alice")
    catalog.enrol(user.pk, RUN, mode="audit", at=PAST, by=user.pk)
    return client


def drawn() -> tuple[str, ...]:
    """The problems that Alice got."""
    visitor = courseware.enter(User.objects.get(username="alice"), RUN, NOW)
    return plan(visitor).subsections["sequential@s1"].leaves


def addresses(ref: str) -> list[str]:
    """Every address of a block that can be read."""
    usage = str(usage_of(RUN, ref))
    return [
        f"/courses/{RUN}/jump_to/{usage}",
        f"/courses/{RUN}/jump_to_id/{ref.partition('@')[2]}",
        f"/xblock/{usage}",
        f"/courses/{RUN}/xblock/{usage}/view/student_view",
        f"/courses/{RUN}/xblock/{usage}/handler/xmodule_handler/problem_get",
    ]


def test_a_problem_that_was_not_drawn_has_no_address(alice):
    mine, other = drawn()[0], next(f"problem@p{n}" for n in range(6) if f"problem@p{n}" not in drawn())
    usage = usage_of(RUN, other)

    read = {address: alice.get(address).status_code for address in addresses(other)}
    posts = [
        alice.post(f"/courses/{RUN}/xblock/{usage}/handler/xmodule_handler/problem_check", {}, headers=SCRIPT),
        alice.post(f"/courses/{RUN}/bookmarks/{usage}", {"on": "1"}, headers=SCRIPT),
    ]

    assert [status for status in read.values() if status != 404] == []
    assert [response.status_code for response in posts if response.status_code != 404] == []
    assert not LearnerState.objects.filter(ref=other).exists()
    assert not Bookmark.objects.exists()
    assert [alice.get(address).status_code for address in addresses(mine)] == [302, 302, 200, 200, 405]


def test_the_button_draws_again_without_scripts(alice):
    page = alice.get(f"/courses/{RUN}/courseware/c1/s1/1/").content.decode()
    fragment = alice.get(f"/courses/{RUN}/xblock/{usage_of(RUN, 'itembank@bank')}/view/student_view").json()

    [form] = re.findall(r'<form class="bank-reset".*?</form>', page, re.DOTALL)
    action = re.search(r'action="([^"]+)"', form)[1]
    response = alice.post(action, {})

    assert (response.status_code, response["Location"]) == (
        303,
        f"/courses/{RUN}/courseware/c1/s1/1/#itembank@bank",
    )
    assert LearnerState.objects.get(ref="itembank@bank").state == '{"selected":[]}'
    assert len(drawn()) == 2
    tokens = [
        re.search('class="bank-reset".*?csrfmiddlewaretoken', text, re.DOTALL) for text in (page, fragment["html"])
    ]
    assert None not in tokens


def test_a_conditional_can_be_asked_for_by_scripts(as_person):
    inside = block(
        "conditional", "k", question("p2"), sources_list=["i4x://Lyk/T101/problem/p1"], conditional_attr="attempted"
    )
    store_course(course(chapter("c1", sequential("s1", vertical("u1", question("p1"), inside)))))
    client, user = as_person("alice"), User.objects.get(username="alice")
    catalog.enrol(user.pk, RUN, mode="audit", at=PAST, by=user.pk)
    view = f"/courses/{RUN}/xblock/{usage_of(RUN, 'conditional@k')}/view/student_view"

    page = client.get(f"/courses/{RUN}/courseware/c1/s1/1/").content.decode()
    before = client.get(view).json()["html"]
    check = f"/courses/{RUN}/xblock/{usage_of(RUN, 'problem@p1')}/handler/xmodule_handler/problem_check"
    client.post(check, {"input_p1_2_1": "choice_0"}, headers=SCRIPT)
    after = client.get(view).json()["html"]

    assert f'data-conditional-url-value="{view}"' in page
    assert ["data-conditional-url-value" in html for html in (before, after)] == [True, False]
    assert ["problem@p2" in html or "block@p2" in html for html in (page, before, after)] == [False, False, True]
