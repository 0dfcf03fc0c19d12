"""``lykeion capa grade``: problems graded in bulk."""

from __future__ import annotations

import sys

from lykeion.capa.bulk import grade_lines


def grade() -> int:
    """Reads cases (JSON lines) from standard input and writes one result line for each."""
    for line in grade_lines(sys.stdin):
        sys.stdout.write(line.rstrip("\n") + "\n")
    return 0
