"""``lykeion cohort`` and ``lykeion track``: what the operator reads and does."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from lykeion.__main__ import main
from lykeion.catalog import api as catalog
from tests.factories import RUN, chapter, course, learner, store_course

pytestmark = pytest.mark.django_db

PARTITIONS = [{"id": 7, "scheme": "cohort", "groups": [{"id": 1, "name": "Bees"}]}]


@pytest.fixture(autouse=True)
def trees() -> None:
    store_course(course(chapter("c"), user_partitions=PARTITIONS))


def test_cohorts_are_made_filled_and_listed(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    learner("alice")
    file = tmp_path / "people.csv"
    file.write_text("username,cohort\nalice,Day\nnobody,Day\n")

    codes = [
        main(["cohort", "switch", str(RUN), "on"]),
        main(["cohort", "create", str(RUN), "Day", "--group", "7:1"]),
        main(["cohort", "create", str(RUN), "Rest", "--automatic"]),
        main(["cohort", "assign", str(RUN), str(file)]),
        main(["cohort", "add", str(RUN), "Rest", "new@example.org"]),
        main(["cohort", "link", str(RUN), "Rest", "7:1"]),
        main(["cohort", "link", str(RUN), "Rest", "none"]),
        main(["cohort", "list", str(RUN)]),
    ]

    assert codes == [0, 0, 0, 1, 0, 0, 0, 0]
    assert capsys.readouterr().out.splitlines() == [
        "cohorts are on",
        "made Day",
        "made Rest",
        "line 3: nobody (Day): nobody has this user name",
        "added: 1, moved: 0, present: 0, preassigned: 0",
        "added: 0, moved: 0, present: 0, preassigned: 1",
        "Rest is in content group 7:1",
        "Rest is in content group none",
        "cohorts are on",
        "Day: manual, members: 1, content group 7:1",
        "Rest: automatic, members: 0",
        "content group 7:1 is “Bees”",
    ]
    main(["cohort", "list", str(RUN), "--json"])
    assert json.loads(capsys.readouterr().out)["cohorts"][0]["members"] == 1


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["cohort", "create", str(RUN), "Day", "--group", "bees"], "bees is no content group"),
        (["cohort", "create", str(RUN), "Day", "--group", "7:9"], "no content group 9 in partition 7"),
        (["cohort", "assign", str(RUN), "/no/such/file"], "cannot be read"),
        (["cohort", "list", "course-v1:No+No+No"], "There is no course"),
        (["track", "offer", str(RUN), "gold"], "There is no track gold"),
        (["track", "offer", str(RUN), "verified", "--until", "soon"], "soon is no date"),
        (["track", "limit", str(RUN), "--weeks", "0"], "from 1 to 500 weeks"),
        (["track", "move", str(RUN), "nobody", "verified"], "There is no account nobody"),
    ],
)
def test_slips_are_told_and_change_nothing(words: list[str], said: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(words) == 1
    assert said in capsys.readouterr().err
    assert catalog.cohorts(RUN) == ()


def test_a_file_that_is_no_text_is_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "people.csv"
    file.write_bytes(b"username,cohort\n\xff\xfe")

    assert main(["cohort", "assign", str(RUN), str(file)]) == 1
    assert "is not UTF-8 text (byte 16)" in capsys.readouterr().err


def test_tracks_are_offered_limited_and_changed(capsys: pytest.CaptureFixture[str]) -> None:
    learner("alice")
    main(["track", "offer", str(RUN), "audit"])
    main(["track", "offer", str(RUN), "verified", "--until", "2026-12-31"])
    main(["track", "limit", str(RUN), "--audit-ends", "on", "--graded", "on", "--weeks", "6"])
    capsys.readouterr()

    main(["track", "move", str(RUN), "alice", "verified"])
    main(["track", "list", str(RUN)])

    assert capsys.readouterr().out.splitlines() == [
        f"alice takes {RUN} in the track verified",
        "audit: no deadline",
        "verified: until 2026-12-31T00:00:00+00:00",
        "free access ends: yes, weeks: 6",
        "graded content is for verified learners: yes",
    ]
