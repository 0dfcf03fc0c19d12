"""``lykeion capa grade``, and how far we agree with Open edX's engine on the reference cases."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

EXPLAINED = {
    "mc.basic-032#1",  # a choicegroup inside a div: there it can never be right
    "custom.inline-005#0",  # `correct[0] = True` is a truth value there and the word True here; both earn nothing
    "custom.inline-005#1",
    "custom.errors-028",  # `from __future__ import ...` is an error there, since other code stands before the script
    "script.errors-012",
}
"""Submissions and problems judged otherwise, on purpose (docs/decisions/0007-differences-from-the-reference.md)."""


@pytest.mark.parametrize("name", ["made", "real"])
def test_problems_are_graded_as_open_edx_does(shared: Path, name: str) -> None:
    cases = (shared / f"capa/{name}.cases.jsonl").read_text(encoding="utf-8")

    results = {row["id"]: row for row in map(json.loads, _graded(cases))}

    expected = map(json.loads, (shared / f"capa/{name}.expected.jsonl").read_text(encoding="utf-8").splitlines())
    differing = {place for row in expected for place in _differences(row, results[row["id"]])}
    assert differing <= EXPLAINED


def test_results_come_in_the_order_of_the_cases_and_are_counted_on_stderr() -> None:
    xml = "<problem><numericalresponse answer='$n'><textline/></numericalresponse><script>n = seed</script></problem>"
    cases = [json.dumps({"id": n, "xml": xml, "seed": n, "submissions": [{"2_1": "7"}]}) for n in range(30)]

    done = subprocess.run(
        [sys.executable, "-m", "lykeion", "capa", "grade"], input="\n".join(cases), capture_output=True, text=True
    )

    rows = [json.loads(line) for line in done.stdout.splitlines()]
    assert [row["id"] for row in rows] == list(range(30))
    assert [row["id"] for row in rows if row["results"][0]["score"]] == [7]
    assert "30" in done.stderr


def _graded(cases: str) -> list[str]:
    command = [sys.executable, "-m", "lykeion", "capa", "grade"]
    done = subprocess.run(
        command, input=cases, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True, check=True
    )
    return done.stdout.splitlines()


def _differences(expected: dict[str, Any], found: dict[str, Any]) -> Iterator[str]:
    """Where score or correctness differ. Where Open edX itself crashed, there is no verdict to agree with."""
    if _crashed(expected):
        return
    if "error" in expected or "error" in found:
        if not ("error" in expected and "error" in found):
            yield expected["id"]
        return
    for number, pair in enumerate(zip(expected["results"], found["results"], strict=True)):
        if not _crashed(pair[0]) and not _agree(*pair):
            yield f"{expected['id']}#{number}"


def _crashed(row: dict[str, Any]) -> bool:
    error = row.get("error")
    return isinstance(error, dict) and error["class"] == "crash"


def _agree(expected: dict[str, Any], found: dict[str, Any]) -> bool:
    if "error" in expected or "error" in found:
        return "error" in expected and "error" in found
    verdicts = [{key: item["correctness"] for key, item in row["correct_map"].items()} for row in (expected, found)]
    scores = [float(row["score"]) for row in (expected, found)]  # an infinite one is written as a word there
    return verdicts[0] == verdicts[1] and (scores[0] == scores[1] or abs(scores[0] - scores[1]) < 1e-9)
