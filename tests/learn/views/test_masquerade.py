"""View as: staff see a course as others do, and nothing that they do there reaches anybody."""

from __future__ import annotations

import json

import pytest
from django.apps import apps
from django.contrib.sessions.models import Session
from django.test import Client

from lykeion.accounts import api as accounts
from lykeion.accounts.models import User
from lykeion.accounts.types import Role
from lykeion.catalog import api as catalog
from lykeion.core.clock import now
from lykeion.courseware.models import LearnerState
from lykeion.grades import api as grades
from tests.factories import block, chapter, course, learner, sequential, store_course, text, vertical
from tests.factories import teacher as make_teacher
from tests.learn.conftest import KEY

MASK = f"/courses/{KEY}/masquerade"
HOME = f"/courses/{KEY}/course/"
HOMEWORK = f"/courses/{KEY}/courseware/wonder/homework/1/"
SECRET = f"/courses/{KEY}/courseware/wonder/first/3/"
SUM = f"/courses/{KEY}/xblock/block-v1:{KEY.org}+{KEY.course}+{KEY.run}+type@problem+block@sum"
SCRIPT = {"X-Requested-With": "XMLHttpRequest"}
ANSWER = {"input_sum_2_1": "2"}


@pytest.fixture
def bob(as_person):
    return as_person("bob")


def put_on(client, **form):
    return client.post(MASK, form)


@pytest.mark.parametrize(("name", "status"), [("", 302), ("alice", 403), ("dan", 302), ("bob", 200), ("root", 200)])
def test_only_the_team_may_look_as_others(as_person, name, status):
    assert as_person(name).get(MASK).status_code == status
    assert as_person(name).post(MASK, {"as": "learner"}).status_code == (302 if status == 200 else status)


def test_as_a_learner_the_team_sees_what_a_learner_sees(bob):
    before = bob.get(SECRET).status_code

    response = put_on(bob, **{"as": "learner", "next": HOME})

    assert (before, response["Location"]) == (200, HOME)
    assert bob.get(SECRET).status_code == 404
    assert "You see this course as <strong>a learner</strong>" in bob.get(HOME).content.decode()
    assert bob.get(f"/courses/{KEY}/teachers/").status_code == 404


def test_being_yourself_again_is_one_button(bob):
    put_on(bob, **{"as": "learner"})

    put_on(bob, **{"as": "team"})

    assert bob.get(SECRET).status_code == 200


def test_a_learner_by_name_is_seen_with_their_own_work(as_person, bob):
    as_person("alice").post(f"{SUM}/handler/xmodule_handler/problem_check", ANSWER)

    put_on(bob, **{"as": "person", "name": "alice"})

    assert 'value="2"' in bob.get(HOMEWORK).content.decode()
    assert "alice" in bob.get(f"/courses/{KEY}/progress").content.decode()


@pytest.mark.parametrize("name", ["dan", "nobody", "", "bob"])
def test_who_does_not_take_the_course_cannot_be_looked_as(bob, name):
    response = put_on(bob, **{"as": "person", "name": name})

    assert response.status_code == 400
    assert "does not take this course" in response.content.decode()


def test_nothing_done_as_a_learner_by_name_reaches_them(bob):
    put_on(bob, **{"as": "person", "name": "alice"})
    before = everything()

    reply = bob.post(f"{SUM}/handler/xmodule_handler/problem_check", ANSWER, headers=SCRIPT)
    for address in (HOME, HOMEWORK, f"/courses/{KEY}/progress", f"/courses/{KEY}/dates", f"/courses/{KEY}/bookmarks/"):
        assert bob.get(address).status_code == 200
    unit = f"block-v1:{KEY.org}+{KEY.course}+{KEY.run}+type@vertical+block@hello"
    bob.post(f"/courses/{KEY}/bookmarks/{unit}", {"on": "1"})
    bob.post(f"/courses/{KEY}/completion", json.dumps({"blocks": {unit: 1.0}}), content_type="application/json")

    assert reply.json()["success"] == "correct"
    assert everything() == before


def test_what_was_done_as_a_learner_by_name_is_seen_again_in_the_session_only(as_person, bob):
    put_on(bob, **{"as": "person", "name": "alice"})
    bob.post(f"{SUM}/handler/xmodule_handler/problem_check", ANSWER)

    assert 'value="2"' in bob.get(HOMEWORK).content.decode()
    assert 'value="2"' not in as_person("alice").get(HOMEWORK).content.decode()

    put_on(bob, **{"as": "person", "name": "alice"})
    assert 'value="2"' not in bob.get(HOMEWORK).content.decode()


def test_what_is_done_as_any_learner_is_the_teams_own(bob):
    put_on(bob, **{"as": "learner"})

    bob.post(f"{SUM}/handler/xmodule_handler/problem_check", ANSWER)

    who = User.objects.get(username="bob").pk
    assert LearnerState.objects.filter(user_id=who, ref="problem@sum").exists()


def test_a_mask_gives_no_rights_to_who_lost_theirs(bob):
    put_on(bob, **{"as": "person", "name": "alice"})
    who = User.objects.get(username="bob").pk
    accounts.revoke_role(who, Role.STAFF, org=KEY.org, run=KEY)

    assert bob.get(HOMEWORK).status_code == 403
    catalog.enrol(who, KEY, at=now(), by=who)
    bob.post(f"{SUM}/handler/xmodule_handler/problem_check", ANSWER)
    assert LearnerState.objects.filter(user_id=who, ref="problem@sum").exists()


def test_looking_as_somebody_of_the_team_gives_nobody_their_rights(as_person, bob):
    catalog.enrol(User.objects.get(username="root").pk, KEY, at=now(), by=1)
    put_on(bob, **{"as": "person", "name": "root"})

    assert bob.get(SECRET).status_code == 404


def test_a_learner_who_left_meanwhile_does_not_shut_the_team_in(bob):
    put_on(bob, **{"as": "person", "name": "alice"})
    catalog.unenrol(User.objects.get(username="alice").pk, KEY, at=now())

    refused = bob.get(HOMEWORK)

    assert refused.status_code == 404
    assert "Be yourself again" in refused.content.decode()
    assert put_on(bob, **{"as": "team"}).status_code == 302


def test_clients_of_open_edx_find_their_json(bob):
    set_ = bob.post(MASK, json.dumps({"role": "student", "user_name": "alice"}), content_type="application/json")
    told = bob.get(MASK, headers={"X-Requested-With": "XMLHttpRequest"}).json()
    wrong = bob.post(MASK, json.dumps({"role": "student", "user_name": "x"}), content_type="application/json").json()

    assert set_.json() == {"success": True}
    assert told["active"]["user_name"] == "alice"
    assert [one["name"] for one in told["available"]] == ["Staff", "Specific Student...", "Learner"]
    assert wrong == {"success": False, "error": "“x” does not take this course."}


def test_a_way_back_to_another_site_is_not_taken(bob):
    assert put_on(bob, **{"as": "learner", "next": "https://evil.example/"})["Location"] == HOME


def test_grades_of_the_learner_are_shown_and_stay(as_person, bob):
    as_person("alice").post(f"{SUM}/handler/xmodule_handler/problem_check", ANSWER)
    alice = User.objects.get(username="alice").pk
    put_on(bob, **{"as": "person", "name": "alice"})

    bob.post(f"{SUM}/handler/xmodule_handler/problem_check", {"input_sum_2_1": "7"})

    assert alice in grades.graded_learners(catalog.run(KEY).id)
    assert "50%" in as_person("alice").get(f"/courses/{KEY}/progress").content.decode()


def everything():
    """Every row of every table but sessions, as text."""
    tables = [model for model in apps.get_models() if model is not Session]
    return {model._meta.label: sorted(map(repr, model._default_manager.values_list())) for model in tables}


@pytest.mark.django_db
def test_a_tool_elsewhere_is_not_opened_in_the_name_of_a_learner() -> None:
    run = store_course(course(chapter("c", sequential("s", vertical("u", text("t"), block("lti", "tool"))))))
    learner("alice")
    teacher = Client()
    teacher.force_login(make_teacher("bob"))
    teacher.post(f"/courses/{run.key}/masquerade", {"as": "person", "name": "alice"})

    page = teacher.get(f"/courses/{run.key}/courseware/c/s/1/").content.decode()

    assert "a tool on another site" in page
    tool = f"block-v1:{run.key.org}+{run.key.course}+{run.key.run}+type@lti+block@tool"
    assert teacher.get(f"/courses/{run.key}/xblock/{tool}/handler/preview_handler").status_code == 403
