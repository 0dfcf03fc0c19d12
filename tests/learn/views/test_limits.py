"""What the pages of a course say to a learner who takes it for free."""

import pytest
from django.test import Client

from lykeion.catalog import api as catalog
from lykeion.core.clock import now
from tests.factories import NOW, RUN, chapter, course, person, question, sequential, store_course, text, vertical

pytestmark = pytest.mark.django_db


def test_pages_say_what_is_for_verified_learners_and_when_access_ends(client: Client) -> None:
    unit = vertical("u", text("t"), question("p"))
    store_course(course(chapter("c", sequential("s", unit, graded=True, format="Homework"))))
    for mode in ("audit", "verified"):
        catalog.set_mode(RUN, mode)
    catalog.set_limits(RUN, audit_ends=True, gates_graded=True, at=NOW)
    alice = person("alice")
    catalog.enrol(alice.pk, RUN, mode="audit", at=now(), by=alice.pk)
    client.force_login(alice)

    home = client.get(f"/courses/{RUN}/course/").content.decode()
    page = client.get(f"/courses/{RUN}/courseware/c/s/1/").content.decode()

    assert "1 problem (1 for verified learners)" in home
    assert "Your free access to this course ends on" in home
    assert "This part is for verified learners." in page
    assert "All about t." in page
    assert "Which one is evergreen?" not in page
