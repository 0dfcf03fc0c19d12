"""``lykeion django``: Django's own commands, for developers."""

from __future__ import annotations

from django.core.management import execute_from_command_line


def run(arguments: list[str]) -> int:
    """Runs ``arguments`` as ``manage.py`` would."""
    execute_from_command_line(["lykeion django", *arguments])
    return 0
