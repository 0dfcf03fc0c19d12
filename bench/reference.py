"""Parses and grades each case with Open edX's own engine; run by the Python of its environment (see bench/problems.py).

    PYTHON bench/reference.py TOOLS ROUNDS < cases.jsonl

TOOLS is the folder of `capa_oracle.py`. Prints seconds a case for parse and grade, the mean of ROUNDS rounds, as JSON.
"""

import contextlib
import json
import sys
import time


def main() -> None:
    tools, rounds = sys.argv[1], int(sys.argv[2])
    sys.path.insert(0, tools)
    import capa_oracle as engine

    cases = [json.loads(line) for line in sys.stdin]
    with contextlib.redirect_stdout(sys.stderr):
        problems = engine.setup()
        seconds = {case["id"]: _seconds(engine, problems, case, rounds) for case in cases}
    print(json.dumps(seconds))


def _seconds(engine, problems, case, rounds: int) -> float:  # type: ignore[no-untyped-def]
    answers = engine.norm_answers(case["submissions"][0])
    _once(engine, problems, case, answers)
    began = time.process_time()
    for _ in range(rounds):
        _once(engine, problems, case, answers)
    return (time.process_time() - began) / rounds


def _once(engine, problems, case, answers) -> None:  # type: ignore[no-untyped-def]
    problem, block = engine.make_problem(problems, case)
    engine.submit(problem, block, answers)


if __name__ == "__main__":
    main()
