"""``lykeion settings``: each setting with its value, where it comes from, and what it does."""

from __future__ import annotations

import os
import sys

from rich.console import Console
from rich.table import Table

from lykeion.core.env import Setting
from lykeion.settings import ENV, TABLE


def show() -> int:
    """Prints the table of settings; secrets are not shown."""
    table = Table("Setting", "Value", "From", "What it does", box=None, pad_edge=False)
    for setting in TABLE:
        table.add_row(setting.name, _value(setting), _source(setting), setting.help)
    Console(width=None if sys.stdout.isatty() else 200).print(table)
    return 0


def _value(setting: Setting) -> str:
    value = ENV[setting.name]
    if setting.secret and value:
        return "(hidden)"
    return ", ".join(value) if isinstance(value, tuple) else str(value)


def _source(setting: Setting) -> str:
    return "environment" if setting.name in os.environ else "default"
