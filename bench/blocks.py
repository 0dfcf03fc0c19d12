"""A unit with blocks of others: on our pages, and under the original workbench runtime (xblock-sdk), in one run.

    python -m bench.blocks --blocks .venv-blocks/bin/python --workbench PYTHON [--rounds 200] [--print]

``--blocks`` is the Python of an environment with Lykeion and the blocks, ``--workbench`` one with xblock-sdk, the same
blocks and the same Django. Both sides build whole pages in one process, without a server, on SQLite; charged is the
processor time of that process. A unit without such blocks is measured in our two environments: having blocks of others
installed must not make it slower. Writes ``bench/BLOCKS.md``.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import subprocess
import sys
import tempfile
from datetime import UTC, datetime
from pathlib import Path

HERE = Path(__file__).resolve().parent
BLOCKS = """<done/><poll/><survey/><feedback/><drag-and-drop-v2/>"""


def main() -> None:
    """Measures and reports."""
    parser = argparse.ArgumentParser(description="Measure a unit with blocks of others beside the workbench.")
    parser.add_argument("--blocks", default=".venv-blocks/bin/python", help="Python with Lykeion and the blocks")
    parser.add_argument("--workbench", help="Python with xblock-sdk and the same blocks")
    parser.add_argument("--rounds", type=int, default=200)
    parser.add_argument("--print", action="store_true", help="only print, do not write BLOCKS.md")
    options = parser.parse_args()
    ours = _measured(options.blocks, "bench.blocks_ours", options.rounds)
    alone = _measured(sys.executable, "bench.blocks_ours", options.rounds, "plain")
    theirs = (
        _measured(options.workbench, str(HERE / "blocks_workbench.py"), options.rounds) if options.workbench else {}
    )
    text = _report(options, ours, alone, theirs)
    print(text)
    if not options.print:
        (HERE / "BLOCKS.md").write_text(text)


def _measured(python: str, program: str, rounds: int, *what: str) -> dict[str, float]:
    """What ``program`` printed: milliseconds of processor time by what was measured."""
    module = [program] if program.endswith(".py") else ["-m", program]
    with tempfile.TemporaryDirectory(prefix="lykeion-bench-") as folder:
        environ = {**os.environ, "LYKEION_HOME": f"{folder}/var", "BENCH_FOLDER": folder}
        done = subprocess.run(
            [python, *module, str(rounds), BLOCKS, *what], env=environ, check=True, stdout=subprocess.PIPE, timeout=900
        )
    found: dict[str, float] = json.loads(done.stdout.splitlines()[-1])
    return found


def _report(
    options: argparse.Namespace, ours: dict[str, float], alone: dict[str, float], theirs: dict[str, float]
) -> str:
    unit, plain, without = ours["unit"], ours["plain"], alone["plain"]
    workbench = f"{theirs['unit']:.2f} | {theirs['unit'] / unit:.1f}" if theirs else "not measured | "
    return f"""# Blocks of others

{datetime.now(UTC):%Y-%m-%d}, {platform.machine()}, {os.cpu_count()} processors, Python {platform.python_version()}, \
{options.rounds} pages a row. See `bench/blocks.py`.

| page | Lykeion, ms | workbench, ms | times quicker |
|---|---|---|---|
| unit with {BLOCKS.count("<")} blocks of others | {unit:.2f} | {workbench} |

| page without such blocks | none installed, ms | all installed, ms | ratio |
|---|---|---|---|
| unit | {without:.2f} | {plain:.2f} | {plain / without:.2f} |
"""


if __name__ == "__main__":
    main()
