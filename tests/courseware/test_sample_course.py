"""The sample course in docs/authors is what its page says."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import pytest

from lykeion.__main__ import main
from lykeion.core.keys import run_of
from lykeion.courseware import api as courseware
from tests.factories import NOW, person

pytestmark = pytest.mark.django_db

PAGE = (Path(__file__).parents[2] / "docs" / "authors" / "sample-course.md").read_text(encoding="utf-8")
FILES = dict(re.findall(r"^`([^`]+)`(?:.+\n)+\n```\w+\n((?:.*\n)*?)```", PAGE, re.MULTILINE))
[COMMANDS] = re.findall(r"```sh\n(.*?)```", PAGE, re.DOTALL)
SAMPLE = run_of("Lyk", "Sample", "2026")
FIRST = ["Welcome", "Before sunrise", "Practice"]


def test_the_page_can_be_followed_word_for_word(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert len(FILES) == 4
    for name, text in FILES.items():
        (tmp_path / "sample" / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / "sample" / name).write_text(text, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    alice, dan = person("alice"), person("dan")

    statuses = [main(shlex.split(line)[1:]) for line in COMMANDS.splitlines()]

    said = capsys.readouterr()
    assert statuses == [0] * 5
    assert "warning" not in said.out + said.err
    assert "dan has 5 minutes more for exam" in said.out
    seen = {user.username: courseware.enter(user, SAMPLE, NOW) for user in (alice, dan)}
    tabs = {
        name: [tab.title for tab in courseware.unit(who, "sequential@listening").tabs] for name, who in seen.items()
    }
    assert tabs == {"alice": FIRST, "dan": ["Welcome", "Practice"]}
    for who, minutes in zip(seen.values(), (20, 25), strict=True):
        [arm] = dict(who.facts.chosen)["split_test@feedback"]
        assert arm in {"vertical@one_by_one", "vertical@all_at_once"}
        exam = courseware.home(who, all_open=True).sections[0].subsections[1]
        assert (exam.title, exam.format, exam.note) == ("Exam", "Exam", f"Timed exam, {minutes} minutes")
        assert [one.type for one in courseware.progress(who).grade.types] == ["Homework", "Exam"]
    pages = [courseware.exam_page(who, "sequential@exam") for who in seen.values()]
    assert [page.minutes for page in pages if page is not None] == [20, 25]
