"""Problems: ours beside Open edX's engine and beside a fresh interpreter, in one run; writes ``bench/PROBLEMS.md``.

    python -m bench.problems [--reference PYTHON --tools FOLDER] [--rounds 100] [--print]

``--reference`` is the Python of an environment with Open edX's engine, ``--tools`` the folder of its driver
``capa_oracle.py``; without them the comparison with it is left out, and said to be.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from lykeion.capa.api import parse
from lykeion.sandbox.api import Sandbox, SandboxRunner, private_sandbox

HERE = Path(__file__).resolve().parent
AT_ONCE = 200
KINDS = {
    "multiple choice": ("<multiplechoiceresponse><choicegroup>{}</choicegroup></multiplechoiceresponse>", "choice_1"),
    "checkboxes": ("<choiceresponse><checkboxgroup>{}</checkboxgroup></choiceresponse>", ["choice_1"]),
    "dropdown": ("<optionresponse><optioninput options=\"('a','b')\" correct=\"a\"/></optionresponse>", "a"),
    "numerical": (
        '<numericalresponse answer="9.81"><responseparam type="tolerance" default="2%"/>'
        "<formulaequationinput/></numericalresponse>",
        "9.8",
    ),
    "text": ('<stringresponse answer="Athens" type="ci"><textline/></stringresponse>', "athens"),
    "formula": ('<formularesponse answer="x*y+1" samples="x,y@1,1:3,5#10"><textline/></formularesponse>', "1+y*x"),
}
CHOICES = "".join(f'<choice correct="{str(n == 1).lower()}">choice {n}</choice>' for n in range(4))
SCRIPT = """
def check(expect, ans):
    values = numpy.linspace(0, 1, 100) ** 2
    return bool(numpy.isclose(float(ans), values.sum()))
"""
FRESH = "import json, sys, numpy, scipy, sympy\n{script}\nprint(json.dumps(check(None, sys.argv[1])))"


def main() -> None:
    """Measures and reports."""
    parser = argparse.ArgumentParser(description="Measure how quickly problems are graded.")
    parser.add_argument("--reference", help="Python of an environment with Open edX's engine")
    parser.add_argument("--tools", help="folder of capa_oracle.py")
    parser.add_argument("--rounds", type=int, default=100)
    parser.add_argument("--print", action="store_true", help="only print, do not write PROBLEMS.md")
    options = parser.parse_args()
    with private_sandbox(running=max(4, 2 * (os.cpu_count() or 1))) as sandbox:
        text = "\n".join([_conditions(options), _kinds(options), _scripts(sandbox), _crowd(sandbox)])
    print(text)
    if not options.print:
        (HERE / "PROBLEMS.md").write_text(text)


def _kinds(options: argparse.Namespace) -> str:
    cases = [_case(kind, xml, answer) for kind, (xml, answer) in KINDS.items()]
    theirs = _reference(cases, options) if options.reference else {}
    lines = ["| parse and grade | ms | Open edX, ms | times quicker |", "|---|---|---|---|"]
    for case in cases:
        own, other = _own(case, options.rounds) * 1e3, theirs.get(case["id"])
        compared = f"{other * 1e3:.2f} | {other * 1e3 / own:.1f}" if other else "not measured | "
        lines.append(f"| {case['id']} | {own:.3f} | {compared} |")
    return (
        "\n".join(lines)
        + "\n\nProcessor time of one process; nothing is kept between rounds. Target: 5 times quicker.\n"
    )


def _case(kind: str, xml: str, answer: Any) -> dict[str, Any]:
    text = f"<problem><p>A question of some words.</p>{xml.format(CHOICES)}<solution><p>Why.</p></solution></problem>"
    key = "2_1[]" if isinstance(answer, list) else "2_1"
    return {"id": kind, "xml": text, "seed": 1, "submissions": [{key: answer}]}


def _own(case: dict[str, Any], rounds: int) -> float:
    answers = {f"p_{key.removesuffix('[]')}": value for key, value in case["submissions"][0].items()}

    def once() -> None:
        grading = parse(case["xml"], problem_id="p", seed=1).grade(answers)
        assert grading.score == 1, case["id"]

    once()
    began = time.process_time()
    for _ in range(rounds):
        once()
    return (time.process_time() - began) / rounds


def _reference(cases: list[dict[str, Any]], options: argparse.Namespace) -> dict[str, float]:
    command = [options.reference, str(HERE / "reference.py"), options.tools, str(options.rounds)]
    told = "\n".join(json.dumps(case) for case in cases)
    done = subprocess.run(command, input=told, stdout=subprocess.PIPE, text=True, check=True)
    return json.loads(done.stdout)  # type: ignore[no-any-return]


def _scripts(sandbox: Sandbox) -> str:
    xml = f'<problem><script>{SCRIPT}</script><customresponse cfn="check"><textline/></customresponse></problem>'
    answers = {"p_2_1": "33.6700336700"}
    problem = parse(xml, problem_id="p", seed=1, runner=SandboxRunner(sandbox))
    code = FRESH.format(script=SCRIPT)
    fresh = [sys.executable, "-c", code, "33.67003367"]
    own = _wall(lambda: problem.grade(answers), 40)
    other = _wall(lambda: subprocess.run(fresh, check=True, stdout=subprocess.DEVNULL), 3)
    return (
        "| grade with an author's function that uses numpy | ms, median |\n|---|---|\n"
        f"| in the sandbox | {own * 1e3:.1f} |\n| in a fresh interpreter without walls | {other * 1e3:.0f} |\n\n"
        f"{other / own:.0f} times quicker; target 10.\n"
    )


def _wall(act: Callable[[], object], rounds: int) -> float:
    seconds = []
    for _ in range(rounds):
        began = time.monotonic()
        act()
        seconds.append(time.monotonic() - began)
    return statistics.median(seconds)


def _crowd(sandbox: Sandbox) -> str:
    def one(number: int) -> float:
        began = time.monotonic()
        left = sandbox.run([SCRIPT, f"x = {number} + int(check(None, '1'))"], seed=number, want=["x"])
        assert left.values == {"x": number}
        return time.monotonic() - began

    began = time.monotonic()
    with ThreadPoolExecutor(AT_ONCE) as pool:
        waits = sorted(pool.map(one, range(AT_ONCE)))
    took = time.monotonic() - began
    return (
        f"{AT_ONCE} submissions at once: all graded, none refused, in {took:.1f} s "
        f"({AT_ONCE / took:.0f} a second; half within {waits[AT_ONCE // 2]:.1f} s, the last after {waits[-1]:.1f} s).\n"
    )


def _conditions(options: argparse.Namespace) -> str:
    return (
        "# Problems\n\nWritten by `python -m bench.problems`; compare figures only within one run.\n\n"
        f"{datetime.now(UTC):%Y-%m-%d}, {platform.system()} on {platform.machine()}, {os.cpu_count()} cores, "
        f"Python {platform.python_version()}; {options.rounds} rounds.\n"
    )


if __name__ == "__main__":
    main()
