"""What goes out for research names nobody."""

from __future__ import annotations

import json
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest

from lykeion.__main__ import main
from lykeion.analytics.engine import opened
from lykeion.analytics.exporting import NotEmpty, Wanted, export, word_for
from lykeion.analytics.ingest import ingest
from lykeion.analytics.lake import Lake
from lykeion.analytics.settling import settle
from tests.analytics.lines import NOON, RUN, answer, browser, check, enrolled, later, line

KEY = b"k" * 32
OTHER = "course-v1:Lykeion+T2+now"
SECRETS = ("I am Alice", "alice@example.org", "/u/alice", "10.0.0.1")


@pytest.fixture
def lake(tmp_path: Path) -> Lake:
    """Alice (7) chose one answer and typed another, on two days, and told of herself where she could."""
    typed = check({"b_2_1": (SECRETS[0], True)})
    typed["submission"]["b_2_1"]["response_type"] = "stringresponse"
    lines = [
        enrolled(7),
        enrolled(8),
        answer("a", "x", True, user=7, at=later(24)),
        line("problem_check", typed, user=7, at=later(25)),
        line("made.up", {"mail": SECRETS[1]}, user=7),
        line(SECRETS[2], "{}", user=7),
        browser("edx.ui.lms.link_clicked", {"target_url": f"http://testserver{SECRETS[2]}"}, user=7),
        line("showanswer", {"problem_id": "block-v1:x+y+z+type@problem+block@p"}, user=8, course=OTHER),
    ]
    (tmp_path / "tracking.log").write_bytes(b"".join(lines))
    made = Lake(str(tmp_path / "lake"))
    ingest([tmp_path / "tracking.log"], made)
    with opened(made) as engine:
        settle(engine)
    return made


def rows(folder: Path) -> list[dict[str, Any]]:
    """All rows of an export."""
    files = sorted(folder.rglob("*.parquet"))
    return [row for file in files for row in pq.read_table(file, partitioning=None).to_pylist()]


def test_learners_are_words_and_nothing_else_leads_to_them(lake: Lake, tmp_path: Path) -> None:
    counts = export(lake, tmp_path / "out", KEY, Wanted())

    found = rows(tmp_path / "out")
    assert {row["learner"] for row in found} == {word_for(7, KEY), word_for(8, KEY)}
    assert all("user_id" not in row and "event_id" not in row for row in found)
    assert [secret for secret in SECRETS if secret in str(found)] == []
    answers = [part["answer"] for row in found for part in row.get("parts") or ()]
    assert answers == ["the x", None]
    assert sum(counts.values()) == len(found)
    assert not (tmp_path / "out" / "page").exists() and not (tmp_path / "out" / "other").exists()


def test_of_one_course_and_some_days(lake: Lake, tmp_path: Path) -> None:
    wanted = Wanted({RUN}, date(2026, 3, 2), date(2026, 3, 3), texts=True)

    export(lake, tmp_path / "out", KEY, wanted)

    assert {row["course_id"] for row in rows(tmp_path / "out")} == {RUN}
    assert {path.name for path in (tmp_path / "out").glob("*/*")} == {"dt=2026-03-02"}
    told = json.loads((tmp_path / "out" / "export.json").read_text())
    assert (told["courses"], told["since"], told["until"], told["texts"]) == ([RUN], "2026-03-02", "2026-03-03", True)


def test_an_export_needs_a_folder_of_its_own(lake: Lake, tmp_path: Path) -> None:
    with pytest.raises(NotEmpty, match="is not empty"):
        export(lake, tmp_path, KEY, Wanted())


def test_an_export_of_nothing_says_so(lake: Lake, tmp_path: Path, capsys: Any) -> None:
    code = main(["lake", "export", "--out", str(tmp_path / "a"), "--lake", lake.url, "--course", "course-v1:No+Such+1"])

    assert (code, "holds nothing of these courses" in capsys.readouterr().err) == (1, True)
    assert list((tmp_path / "a").iterdir()) == []  # so that it can be tried again


def test_an_export_tells_of_days_that_are_not_settled(lake: Lake, tmp_path: Path, capsys: Any) -> None:
    (tmp_path / "late.log").write_bytes(enrolled(9, at=NOON + timedelta(days=9)))
    ingest([tmp_path / "late.log"], lake)

    main(["lake", "export", "--out", str(tmp_path / "a"), "--lake", lake.url])

    told = capsys.readouterr().err
    day = (NOON + timedelta(days=9)).date()
    assert f"{day} changed since the lake was settled" in told
    assert f"`lykeion lake measure --lake {lake.url}` settles it" in told


def test_a_day_is_asked_for_in_words(tmp_path: Path, capsys: Any) -> None:
    with pytest.raises(SystemExit):
        main(["lake", "export", "--out", str(tmp_path / "a"), "--since", "tomorrow"])

    assert "'tomorrow' is no day; write it as 2026-01-31" in capsys.readouterr().err


def test_the_same_purpose_calls_learners_the_same(lake: Lake, tmp_path: Path, capsys: Any) -> None:
    def exported(name: str, *more: str) -> set[str]:
        assert main(["lake", "export", "--out", str(tmp_path / name), "--lake", lake.url, "--json", *more]) == 0
        return {row["learner"] for row in rows(tmp_path / name)}

    first, again = exported("a", "--purpose", "a study"), exported("b", "--purpose", "a study")
    other, nameless = exported("c", "--purpose", "another"), exported("d")

    assert first == again
    assert not (first & other) and not (first & nameless) and not (other & nameless)
    assert json.loads(capsys.readouterr().out.splitlines()[0])["rows"]["enrol"] == 2
