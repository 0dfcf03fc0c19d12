"""The libraries that authors find imported already, as in Open edX (codejail's requirements and lazy imports)."""

from __future__ import annotations

import importlib
from typing import Any, Final

from lykeion.sandbox.jail.correctmap import CorrectMap

NAMES: Final = {
    "math": "math",
    "numpy": "numpy",
    "scipy": "scipy",
    "calc": "calc",
    "eia": "eia",
    "chemcalc": "chem.chemcalc",
    "chemtools": "chem.chemtools",
    "miller": "chem.miller",
    "draganddrop": "verifiers.draganddrop",
}
"""Global names of every script, and the modules behind them (safe_exec.py:ASSUMED_IMPORTS)."""

_ALSO: Final = (
    "random2", "sympy", "symmath", "loncapa", "scipy.stats", "scipy.optimize", "scipy.linalg", "scipy.integrate",
    "scipy.interpolate", "networkx", "lxml.etree", "pyparsing", "json", "re", "string", "datetime", "decimal",
    "fractions", "itertools", "functools", "collections", "copy", "textwrap", "operator", "cmath", "statistics",
    "traceback", "warnings", "tempfile", "zipimport", "abc", "typing", "inspect", "types", "unicodedata",
)  # fmt: skip


def load() -> tuple[dict[str, Any], tuple[str, ...]]:
    """Imports everything; the global names, and the modules that this interpreter does not have."""
    missing = tuple(name for name in (*NAMES.values(), *_ALSO) if not _import(name))
    modules = {name: importlib.import_module(module) for name, module in NAMES.items() if module not in missing}
    return {**modules, "CorrectMap": CorrectMap}, missing


def _import(name: str) -> bool:
    try:
        importlib.import_module(name)
    except ImportError:
        return False
    return True
