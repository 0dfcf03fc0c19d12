"""Questions in SQL: what is answered, what is told of mistakes, and what nobody gets."""

from __future__ import annotations

import io
import json
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import psutil
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from lykeion.analytics import analysts, asked
from lykeion.analytics.asking import LIMITS, SCHEMAS, ask_in
from lykeion.sandbox.api import environment
from lykeion.sandbox.jail import landlock

Ask = Callable[..., dict[str, Any]]
SECRET = "a secret of the site"
ENDLESS = "WITH RECURSIVE r AS (SELECT 1 AS a UNION ALL SELECT a + 1 FROM r) SELECT count(*) FROM r"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with three learners; what lies beside it is none of the question's business."""
    place = tmp_path_factory.mktemp("place")
    (place / "secret.csv").write_text(f"what\n{SECRET}\n")
    pq.write_table(pa.table({"what": [SECRET]}), place / "secret.parquet")
    folder = place / "asked"
    folder.mkdir()
    rows = [
        {"course_id": "course-v1:L+T+1", "user_id": number, "mode": mode, "percent": number / 10}
        for number, mode in enumerate(["audit", "audit", "=verified"], 1)
    ]
    pq.write_table(pa.Table.from_pylist(rows, SCHEMAS["learners"]), folder / "learners.parquet")
    return folder


@pytest.fixture
def ask(folder: Path) -> Iterator[Ask]:
    def asked_of(sql: str, **limits: int) -> dict[str, Any]:
        return ask_in(folder, sql, ["learners"], lambda what: None, **limits)

    yield asked_of
    for name in (asked.ANSWER, asked.CSV, asked.PARQUET, "complaints"):
        (folder / name).unlink(missing_ok=True)


def test_an_answer_is_shown_and_lies_in_both_files(ask: Ask, folder: Path) -> None:
    found = ask("SELECT mode, count(*) AS many, max(percent) AS best FROM learners GROUP BY mode ORDER BY mode")

    assert found["shown"] == [["=verified", "1", "0.3"], ["audit", "2", "0.2"]]
    assert [(one["name"], one["type"]) for one in found["columns"]] == [
        ("mode", "string"), ("many", "int64"), ("best", "double"),
    ]  # fmt: skip
    assert (found["rows"], found["more"]) == (2, False)
    assert (folder / asked.CSV).read_text(encoding="utf-8-sig").splitlines() == [
        "mode,many,best", "'=verified,1,0.3", "audit,2,0.2",
    ]  # fmt: skip
    assert pq.read_table(folder / asked.PARQUET).to_pylist()[1] == {"mode": "audit", "many": 2, "best": 0.2}


ODD = {
    "INTERVAL '40 days 3 hours'": "40 days 03:00:00",
    "TIMESTAMP '2026-03-02 10:00' - TIMESTAMP '2026-03-01 09:30'": "1 day 00:30:00",
    "sum(user_id)": "6",
    "avg(percent)::DECIMAL(5, 2)": "0.20",
    "list(mode ORDER BY mode)": '["=verified", "audit", "audit"]',
    "map {'a': 1}": '[["a", 1]]',
    "{'a': DATE '2026-03-02'}": '{"a": "2026-03-02"}',
    "'0f0e0d0c-0b0a-0908-0706-050403020100'::UUID": "0f0e0d0c-0b0a-0908-0706-050403020100",
    "TIMESTAMPTZ '2026-03-02 10:00:00+02'": "2026-03-02T08:00:00+00:00",
    "'abc'::BLOB": "b'abc'",
    "TIME '10:11'": "10:11:00",
    "'x'::ENUM('x', 'y')": "x",
    "union_value(a := 1)": "1",
    "-1.5": "-1.5",
    "NULL": None,
}


def test_values_of_every_type_are_written(ask: Ask, folder: Path) -> None:
    found = ask(f"SELECT {', '.join(ODD)} FROM learners")

    assert dict(zip(ODD, found["shown"][0], strict=True)) == ODD
    assert pq.read_table(folder / asked.PARQUET).num_rows == 1


@pytest.mark.parametrize(
    "span",
    ["700 milliseconds", "-1500 microseconds", "1 day 2 hours", "-1 day", "14 months", "-14 months 3 days", "0 days"],
)
def test_a_span_of_time_is_written_as_duckdb_writes_it(ask: Ask, span: str) -> None:
    [[ours, theirs]] = ask(f"SELECT s, s::text FROM (SELECT '{span}'::interval s)")["shown"]

    assert ours == theirs


def test_a_value_that_python_has_not_is_told(ask: Ask) -> None:
    found = ask("SELECT 'infinity'::TIMESTAMP AS never")

    assert (found["error"], "cannot be written" in found["message"]) == ("sql", True)


@pytest.mark.parametrize(
    ("sql", "line", "column", "words"),
    [
        ("selec 1", 1, 1, "syntax error"),
        ("SELECT mode,\n  café\nFROM learners", 2, 3, 'column "café" not found'),
        ("SELECT 'é' AS a,\n 1 AS é, nobody FROM learners", 2, 10, 'column "nobody" not found'),
        ("SELECT *\nFROM pupils", 2, 6, "pupils does not exist"),
    ],
)
def test_a_mistake_is_told_with_its_place(ask: Ask, sql: str, line: int, column: int, words: str) -> None:
    found = ask(sql)

    assert (found["error"], found["line"], found["column"]) == ("sql", line, column)
    assert words in found["message"]


HOSTILE = {
    "reads a file": "SELECT * FROM read_csv('{place}/secret.csv')",
    "reads a text": "SELECT * FROM read_text('{place}/secret.csv')",
    "reads bytes": "SELECT * FROM read_blob('{place}/secret.csv')",
    "reads by name": "SELECT * FROM '{place}/secret.parquet'",
    "reads above its folder": "SELECT * FROM read_parquet('{place}/asked/../secret.parquet')",
    "reads what the folder holds besides": "SELECT * FROM read_text('{place}/asked/asked.json')",
    "reads a process": "SELECT * FROM read_text('/proc/self/environ')",
    "lists files": "SELECT * FROM glob('{place}/*')",
    "reads from afar": "SELECT * FROM read_csv('http://127.0.0.1:1/x.csv')",
    "asks by a function": "SELECT * FROM query('SELECT * FROM read_csv(''{place}/secret.csv'')')",
    "copies": "COPY learners TO '{place}/stolen.csv'",
    "copies in": "COPY learners FROM '{place}/secret.csv'",
    "exports": "EXPORT DATABASE '{place}/stolen'",
    "attaches": "ATTACH '{place}/stolen.db'",
    "installs": "INSTALL httpfs",
    "loads": "LOAD '{place}/evil.duckdb_extension'",
    "sets": "SET enable_external_access = true",
    "sets by pragma": "PRAGMA memory_limit = '100GB'",
    "unlocks": "RESET lock_configuration",
    "creates": "CREATE TABLE mine AS SELECT 1",
    "replaces a view": "CREATE OR REPLACE VIEW learners AS SELECT 1",
    "deletes": "DELETE FROM learners",
    "two at once": "SELECT 1; DROP VIEW learners",
    "explains a copy": "EXPLAIN ANALYZE COPY learners TO '{place}/stolen.csv'",
    "prepares": "PREPARE p AS SELECT 1",
    "calls": "CALL pragma_version()",
    "reads secrets": "SELECT * FROM duckdb_secrets()",
    "reads Python": "SELECT * FROM asked",
    "reads Python's lists": "SELECT * FROM shown",
    "asks for the environment": "SELECT getenv('PATH')",
    "nothing": "-- nothing",
}


@pytest.mark.parametrize("what", HOSTILE)
def test_nobody_gets_at_anything_else(folder: Path, what: str) -> None:
    """The database alone refuses, without the walls around its process."""
    before = sorted(folder.parent.rglob("*"))
    question = {"sql": HOSTILE[what].format(place=folder.parent), "tables": ["learners"], **LIMITS}

    found = asked.answered(asked.opened(folder, question), question, folder, io.StringIO())

    assert found.get("error") in ("sql", "one-select"), found
    assert SECRET not in str(found)
    assert sorted(folder.parent.rglob("*")) == before


@pytest.mark.parametrize("what", ["reads a text", "copies", "reads a process"])
def test_nor_through_the_process(ask: Ask, folder: Path, what: str) -> None:
    found = ask(HOSTILE[what].format(place=folder.parent))

    assert found["error"] in ("sql", "one-select")
    assert not list(folder.parent.glob("stolen*"))


def test_the_walls_alone_hold_too(folder: Path, tmp_path: Path) -> None:
    """A process that is confined gets at nothing, whatever it runs."""
    code = """
import sys
from lykeion.sandbox.api import confine
level = confine(sys.argv[1])
def tried(what):
    try:
        what()
    except OSError as error:
        return type(error).__name__
import socket
own = open(sys.argv[1] + "/mine", "w")
print(level, tried(lambda: open(sys.argv[2])), tried(lambda: socket.socket()), own.writable())
"""
    words = [sys.executable, "-c", code, str(tmp_path), str(folder.parent / "secret.csv")]

    told = subprocess.run(words, capture_output=True, text=True, check=True, env=environment()).stdout

    assert told.split() in (
        ["filtered", "PermissionError", "PermissionError", "True"],
        ["limits", "None", "None", "True"],  # this kernel has no such walls
    )


def test_no_log_is_written(ask: Ask, folder: Path) -> None:
    ask(f"SELECT * FROM enable_logging('QueryLog', storage = 'file', storage_path = '{folder.parent}/stolen')")

    assert not list(folder.parent.glob("stolen*"))


def test_a_question_without_an_end_is_ended(ask: Ask) -> None:
    assert ask(ENDLESS, seconds=2)["error"] in ("time", "memory", "ended")


def test_a_question_ends_with_whoever_asked(tmp_path: Path) -> None:
    """Nobody is left to look at the clock when a worker was killed."""
    (tmp_path / asked.ASKED).write_text(json.dumps({"sql": ENDLESS, "tables": [], **LIMITS}))
    words = [sys.executable, "-m", "lykeion.analytics.asked", str(tmp_path)]
    code = f"import subprocess, time; print(subprocess.Popen({words!r}).pid, flush=True); time.sleep(60)"

    with subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, env=environment()) as asking:
        assert asking.stdout is not None
        question = psutil.Process(int(asking.stdout.readline()))
        while "Seccomp:\t2" not in (state := Path(f"/proc/{question.pid}/status").read_text()):
            if "Seccomp:\t0" in state and (tmp_path / asked.CSV).exists() and not landlock.version():
                question.kill()
                pytest.skip("this kernel has no such walls")
            time.sleep(0.05)
        asking.kill()

    gone, _alive = psutil.wait_procs([question], timeout=30)
    assert gone == [question]


@pytest.mark.parametrize(
    "sql",
    [
        "SELECT repeat('x', 2000000000) AS a, repeat('y', 2000000000) AS b",
        "SELECT list(repeat('x', 1000) || i) FROM range(50000000) r(i)",
        "SELECT a.i, b.i FROM range(1000000) a(i), range(1000000) b(i) ORDER BY random()",
    ],
)
def test_what_takes_too_much_is_refused(ask: Ask, sql: str) -> None:
    assert ask(sql, memory_mb=64, disk_mb=32, seconds=20)["error"] in ("memory", "ended", "too-much", "sql")


def test_a_long_answer_is_cut_and_a_wide_one_refused(ask: Ask) -> None:
    long = ask("SELECT i FROM range(5000) r(i)", rows=2_500, shown=2)
    wide = ask("SELECT repeat('x', 1000000) AS a FROM range(50)", result_mb=1)

    assert (long["rows"], long["more"], long["shown"]) == (2_500, True, [["0"], ["1"]])
    assert wide == {"error": "too-much"}


def test_what_is_kept_of_an_answer_has_an_end_in_each_direction(ask: Ask) -> None:
    """Few bytes in memory may be many on the page, and in a file: a word of an enumeration is held once."""
    columns = ", ".join(f"i AS c{number}" for number in range(1_000))
    broad = ask(f"SELECT {columns} FROM range(100) r(i)")
    word = "y" * 9_000

    assert (broad["rows"], len(broad["shown"]), len(broad["columns"])) == (100, 20, 1_000)
    assert ask(f"SELECT {columns}, 1 AS more FROM range(1) r(i)") == {"error": "too-wide"}
    assert ask(f"SELECT '{word}'::ENUM ('{word}') AS a FROM range(2000)", result_mb=1) == {"error": "too-much"}


def test_whoever_looks_may_end_it(folder: Path) -> None:
    class Cancelled(Exception):
        pass

    def look(what: str) -> None:
        raise Cancelled

    with pytest.raises(Cancelled):
        ask_in(folder, "SELECT 1", [], look)


def test_the_guide_is_that_of_the_tables() -> None:
    assert analysts.GUIDE.read_text() == analysts.guide()
