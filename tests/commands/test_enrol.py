"""``lykeion enrol``: who takes a course, from the command line."""

from __future__ import annotations

import pytest

from lykeion.__main__ import main
from lykeion.accounts import api as accounts
from lykeion.catalog import api as catalog
from tests.factories import RUN, chapter, course, learner, person, sequential, store_course, text, vertical

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def lesson() -> None:
    """A course that takes nobody but the invited, with two tracks."""
    store_course(course(chapter("c", sequential("s", vertical("u", text("t"))))))
    for mode in ("audit", "verified"):
        catalog.set_mode(RUN, mode)


def takes(name: str) -> str:
    """The track in which somebody takes the course; '' when they do not."""
    found = accounts.find_person(name)
    assert found is not None
    enrolment = catalog.run_and_enrolment(RUN, found.id)[1]
    return enrolment.mode if enrolment is not None and enrolment.is_active else ""


def test_people_are_enrolled_moved_and_taken_out(capsys: pytest.CaptureFixture[str]) -> None:
    learner("alice")
    for name in ("carol", "dan"):
        person(name)

    statuses = [
        main(["enrol", str(RUN), "alice", "carol@example.org", "carol", "dan"]),
        main(["enrol", str(RUN), "dan", "--mode", "verified"]),
        main(["enrol", str(RUN), "carol", "--unenrol"]),
        main(["enrol", str(RUN), "carol", "--unenrol"]),
    ]

    assert statuses == [0, 0, 0, 0]
    assert capsys.readouterr().out.splitlines() == [
        f"alice takes {RUN} in the track audit already",
        f"carol takes {RUN} in the track audit",
        f"dan takes {RUN} in the track audit",
        f"dan takes {RUN} in the track verified",
        f"carol no longer takes {RUN}",
        f"carol did not take {RUN}",
    ]
    assert [takes(name) for name in ("alice", "carol", "dan")] == ["audit", "", "verified"]


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["carol", "nobody", "noone"], "Nobody has the user name or e-mail address nobody, noone."),
        (["carol", "--mode", "gold"], "cannot be taken in the track “gold”"),
        (["carol", "--mode", "audit", "--unenrol"], "not both"),
    ],
)
def test_what_is_wrong_is_told_and_nobody_is_enrolled(
    capsys: pytest.CaptureFixture[str], arguments: list[str], words: str
) -> None:
    person("carol")

    status = main(["enrol", str(RUN), *arguments])

    assert (status, takes("carol")) == (1, "")
    assert words in capsys.readouterr().err
