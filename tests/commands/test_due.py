"""``lykeion due``: more time for one learner, from the command line."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest

from lykeion.__main__ import main
from lykeion.core.clock import now
from lykeion.core.keys import usage_of
from tests.factories import RUN, chapter, course, learner, question, sequential, store_course, vertical

pytestmark = pytest.mark.django_db
SUBSECTION = str(usage_of(RUN, "sequential@s"))


@pytest.fixture(autouse=True)
def homework():
    """A subsection that was due yesterday, and Alice."""
    late = sequential("s", vertical("u", question("p")), graded=True, due=now() - timedelta(days=1))
    store_course(course(chapter("c", late)))
    learner("alice")


def test_a_date_is_set_listed_and_reset(capsys):
    assert main(["due", "set", str(RUN), "alice", SUBSECTION, "2090-01-02T10:00"]) == 0
    assert main(["due", "list", str(RUN), "--json"]) == 0
    assert main(["due", "list", str(RUN), "--user", "alice@example.org", "--subsection", "s"]) == 0
    assert main(["due", "reset", str(RUN), "alice", "s"]) == 0
    assert main(["due", "reset", str(RUN), "alice", "sequential@s"]) == 0
    assert main(["due", "list", str(RUN)]) == 0

    said = capsys.readouterr().out.splitlines()
    assert said[0].startswith("alice: ")
    assert json.loads(said[1]) == [{"user": "alice", "subsection": "sequential@s", "due": "2090-01-02T10:00:00Z"}]
    assert said[2].startswith("2090-01-02T10:00:00Z  alice  sequential@s")
    assert said[3:] == ["reset", "there was nothing to reset"]


def test_a_date_that_is_past_already_is_noted(capsys):
    earlier = (now() - timedelta(hours=1)).isoformat()

    assert main(["due", "set", str(RUN), "alice", "s", earlier]) == 0

    assert "in the past, so it gives no time" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["alice", "s", "soon"], "is no date"),
        (["alice", "s", "2020-01-01"], "is due on"),
        (["nobody", "s", "2090-01-01"], "There is no account nobody"),
        (["alice", "t", "2090-01-01"], "is no subsection"),
        (["alice", "block-v1:A+B+C+type@sequential+block@s", "2090-01-01"], "of another course"),
    ],
)
def test_what_is_wrong_is_told_in_one_sentence(capsys, arguments, words):
    assert main(["due", "set", str(RUN), *arguments]) == 1

    assert words in capsys.readouterr().err
