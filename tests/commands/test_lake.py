"""The command line of the lake."""

from __future__ import annotations

import bz2
import gzip
import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from lykeion.__main__ import main
from lykeion.analytics.columns import COLUMNS
from lykeion.analytics.columns import kinds as kinds_of
from lykeion.commands import lake as commands
from lykeion.content import api as content
from lykeion.core.keys import usage_text
from tests.analytics.lines import enrolled
from tests.content.trees import RUN, make_run, root_of


def test_a_log_is_ingested_and_the_report_says_what_was_in_it(tmp_path: Path, capsys: Any) -> None:
    log = tmp_path / "tracking.log"
    log.write_bytes(enrolled(1) + b"nonsense\n")

    code = main(["lake", "ingest", str(log), "--lake", str(tmp_path / "lake"), "--json"])

    report = json.loads(capsys.readouterr().out)
    assert (code, report["lines"], report["rows"], report["aside"]) == (0, 2, {"enrol": 1}, {"not-json": 1})


def test_a_log_that_breaks_off_is_told_of(tmp_path: Path, capsys: Any) -> None:
    log = tmp_path / "tracking.log.gz"
    log.write_bytes(gzip.compress(b"".join(enrolled(number) for number in range(1, 900)))[:-500])

    code = main(["lake", "ingest", str(log), "--lake", str(tmp_path / "lake")])

    assert (code, "could not be read to its end" in capsys.readouterr().err) == (1, True)


def test_a_missing_log_is_one_sentence(tmp_path: Path, capsys: Any) -> None:
    code = main(["lake", "ingest", str(tmp_path / "none.log"), "--lake", str(tmp_path / "lake")])

    assert (code, "lykeion: There is no log " in capsys.readouterr().err) == (1, True)


def test_a_file_without_any_event_is_no_success(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    log = tmp_path / "tracking.log.bz2"
    log.write_bytes(bz2.compress(b"".join(map(enrolled, range(1, 5000)))))

    code = main(["lake", "ingest", str(log), "--lake", str(tmp_path / "lake")])

    assert (code, "packed by gzip" in capsys.readouterr().err) == (1, True)


@pytest.mark.django_db
def test_the_site_s_own_lake_takes_another_site_s_logs_by_request_only(
    tmp_path: Path, settings: Any, capsys: pytest.CaptureFixture[str]
) -> None:
    settings.LYKEION_LAKE_URL = str(tmp_path / "lake")
    settings.LYKEION_TRACKING_LOG = tmp_path / "own" / "tracking.log"
    for folder in ("own", "other"):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / "tracking.log").write_bytes(enrolled(len(folder)))
    other = str(tmp_path / "other")

    codes = [main(["lake", "ingest", *words]) for words in ([other], [str(tmp_path / "own")], [other, "--same-site"])]

    assert codes == [1, 0, 0]
    assert "--lake FOLDER" in capsys.readouterr().err
    assert len(list((tmp_path / "lake" / "enrol").rglob("*.parquet"))) == 2


def test_logs_are_made_up(tmp_path: Path, capsys: Any) -> None:
    code = main(["lake", "generate", "--learners", "5", "--days", "2", "--out", str(tmp_path / "logs")])

    assert (code, len(list((tmp_path / "logs").iterdir()))) == (0, 2)
    assert capsys.readouterr().out.endswith(f"lines in 2 logs in {tmp_path / 'logs'}\n")


@pytest.mark.django_db
def test_results_are_published_by_hand(settings: Any, tmp_path: Path, capsys: Any) -> None:
    settings.LYKEION_LAKE_URL = str(tmp_path / "lake")
    settings.LYKEION_TRACKING_LOG = tmp_path / "tracking.log"
    settings.LYKEION_TRACKING_LOG.write_bytes(enrolled(1))

    code = main(["lake", "refresh", "--json"])

    assert (code, json.loads(capsys.readouterr().out)) == (0, {"lines": 1, "days": 1, "runs": 0})


@pytest.mark.django_db
def test_the_outline_of_the_courses_is_written_for_where_no_site_is(tmp_path: Path, capsys: Any) -> None:
    problem = ("problem@sum", {"display_name": "Sum", "data": "<problem/>"})
    section = ("chapter@one", ("sequential@sub", ("vertical@unit", problem)))
    make_run(content.store(), root_of(content.store(), section))
    out = tmp_path / "outline.parquet"

    code = main(["lake", "outline", str(out)])

    assert (code, capsys.readouterr().out) == (0, f"1 blocks in {out}\n")
    wanted = {"course_id": str(RUN), "block_id": usage_text(RUN, "problem@sum"), "part_id": "sequential@sub"}
    assert pq.read_table(out).to_pylist() == [wanted]


def test_a_web_process_starts_without_the_engine() -> None:
    heavy = ("duckdb", "ibis", "pyarrow", "pygal", "msgspec", "numpy")
    code = (
        "import sys, django; django.setup(); import lykeion.urls; from django.urls import get_resolver;"
        f"get_resolver().url_patterns; print([name for name in {heavy!r} if name in sys.modules])"
    )

    found = subprocess.run(
        [sys.executable, "-c", code],
        env={"DJANGO_SETTINGS_MODULE": "tests.settings", "PATH": "/usr/bin", "PYTHONPATH": ".:src"},
        capture_output=True,
        text=True,
        check=True,
    )

    assert found.stdout.strip() == "[]"


@pytest.mark.django_db
def test_a_lake_is_measured_for_analysts(tmp_path: Path, capsys: Any) -> None:
    lake = tmp_path / "lake"
    log = tmp_path / "tracking.log"
    log.write_bytes(enrolled(1) + enrolled(2))
    main(["lake", "ingest", str(log), "--lake", str(lake)])

    code = main(["lake", "measure", "--lake", str(lake), "--end", "2026-03-05", "--engine", "duckdb"])

    assert (code, "\nenrolment: 3 rows in " in capsys.readouterr().out) == (0, True)
    rows = pq.read_table(lake / "results" / "enrolment" / "data.parquet").to_pylist()
    assert [(row["mode"], row["count"]) for row in rows] == [("audit", 2)] * 3


@pytest.mark.django_db
def test_what_columns_are_said_to_hold_is_what_is_measured(tmp_path: Path) -> None:
    lake, log = tmp_path / "lake", tmp_path / "tracking.log"
    log.write_bytes(enrolled(1))
    main(["lake", "ingest", str(log), "--lake", str(lake)])
    main(["lake", "measure", "--lake", str(lake), "--end", "2026-03-05"])
    kinds = {"date32[day]": "date", "double": "float", "int64": "int", "string": "str", "bool": "bool"}

    for metric, columns in COLUMNS.items():
        schema = pq.read_schema(lake / "results" / metric / "data.parquet")
        assert [kinds[str(schema.field(name).type)] for name in columns] == list(kinds_of(metric)), metric


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["measure", "--lake", "{home}/none"], "There is no lake at {home}/none: `lykeion lake ingest` makes one"),
        (["export", "--lake", "{home}/none", "--out", "{home}/out"], "There is no lake at {home}/none: "),
        (["ingest", "{home}/log", "--lake", "{home}/log"], "There can be no lake at {home}/log (File exists): it wan"),
        (["ingest", "{home}/log", "--lake", "{home}/locked"], "Nothing can be written to the lake {home}/locked (Is a"),
        (["ingest", "{home}/log", "--lake", "ftp://host/lake"], "a place is a folder, or begins with hdfs://, s3://"),
        (["measure", "--lake", "{home}/locked", "--outline", "{home}/none"], "{home}/none tells no outline ("),
        (["measure", "--lake", "{home}/locked", "--outline", "{home}/log"], "wants a Parquet file with the columns co"),
        (["export", "--lake", "{home}/locked", "--out", "{home}/log/out"], "The folder {home}/log/out cannot be made"),
        (["generate", "--learners", "1", "--days", "1", "--out", "{home}"], "{home} holds logs already; made-up ones"),
        (["generate", "--learners", "1", "--days", "1", "--out", "{home}/log/out"], "The folder {home}/log/out cannot"),
    ],
)
@pytest.mark.django_db
def test_what_cannot_be_done_is_one_sentence_and_leaves_nothing(
    words: list[str], said: str, tmp_path: Path, capsys: Any
) -> None:
    (tmp_path / "log").write_bytes(enrolled(1))
    (tmp_path / "tracking.log").touch()
    (tmp_path / "locked" / ".lock").mkdir(parents=True)  # root may write anywhere, but not to a folder
    before = sorted(tmp_path.rglob("*"))

    code = main(["lake", *(word.format(home=tmp_path) for word in words)])

    assert (code, sorted(tmp_path.rglob("*"))) == (1, before)
    [line] = [line for line in capsys.readouterr().err.splitlines() if line.startswith("lykeion: ")]
    assert said.format(home=tmp_path) in line


@pytest.mark.django_db
def test_a_table_of_other_columns_is_no_outline(tmp_path: Path, capsys: Any) -> None:
    (tmp_path / "lake").mkdir()
    pq.write_table(pa.table({"course_id": ["x"]}), tmp_path / "some.parquet")

    code = main(["lake", "measure", "--lake", str(tmp_path / "lake"), "--outline", str(tmp_path / "some.parquet")])

    assert (code, "wants a Parquet file with the columns" in capsys.readouterr().err) == (1, True)


@pytest.mark.parametrize("count", ["0", "-1", "many"])
def test_no_logs_are_made_up_of_nobody(count: str, tmp_path: Path, capsys: Any) -> None:
    with pytest.raises(SystemExit) as ended:
        main(["lake", "generate", f"--learners={count}", "--days", "2", "--out", str(tmp_path / "logs")])

    assert (ended.value.code, f"{count!r} is no number from 1 on" in capsys.readouterr().err) == (2, True)


def test_a_folder_without_logs_is_told_from_logs_without_anything_new(tmp_path: Path, capsys: Any) -> None:
    (tmp_path / "logs").mkdir()
    words = ["lake", "ingest", str(tmp_path / "logs"), "--lake", str(tmp_path / "lake")]

    main(words)
    none = capsys.readouterr().out
    (tmp_path / "logs" / "tracking.log").write_bytes(enrolled(1))
    main(words)
    capsys.readouterr()
    main(words)
    old = capsys.readouterr().out

    assert none == "There is no log with anything in it.\n"
    assert old == "0 lines (0.0 MB) read; 0 of 1 logs had new ones\n"


def test_what_is_not_read_is_told_with_the_reason(tmp_path: Path, capsys: Any) -> None:
    logs = tmp_path / "logs"
    logs.mkdir()
    for name in ("tracking-2024.gz", "tracking.jsonl"):
        (logs / name).write_bytes(enrolled(1))
    words = ["lake", "ingest", str(logs), "--lake", str(tmp_path / "lake")]

    main(words)
    none = capsys.readouterr().out
    for name, lines in (("a.log", enrolled(1)), ("b.log", enrolled(1) + enrolled(2))):
        (logs / name).write_bytes(lines)
    main(words)
    some = capsys.readouterr().out
    main([*words, "--json"])
    told = json.loads(capsys.readouterr().out)

    passed = "not read, for of folders only names with .log are; name it itself to read it\n"
    passed = f"{logs}/tracking-2024.gz and 1 more: {passed}"
    assert none == f"{passed}There is no log with anything in it.\n"
    assert some.startswith(f"{logs}/a.log: not read, for a longer log begins with the same event\n{passed}2 lines ")
    assert (told["copies"], told["passed_over"], told["found"]) == (1, 2, 1)


def test_what_takes_long_is_told_in_logs_too(tmp_path: Path, capsys: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "tracking.log").write_bytes(enrolled(1) * 9000)
    words = ["lake", "ingest", str(tmp_path / "tracking.log"), "--lake", str(tmp_path / "lake")]

    main(words)
    soon = capsys.readouterr().err
    monkeypatch.setattr(commands, "_MINUTE", -1.0)
    with (tmp_path / "tracking.log").open("ab") as log:
        log.write(enrolled(2))
    main(words)
    late = capsys.readouterr().err

    assert (soon, late) == ("", "lykeion: 3 of 3 MB done\n")
