"""Tools that hosts run, as modules: tests call what is in them."""

from __future__ import annotations

import importlib.machinery
import importlib.util
import sys
from pathlib import Path
from types import ModuleType


def loaded(tool: Path) -> ModuleType:
    """The module of a tool, whose file has no ending."""
    loader = importlib.machinery.SourceFileLoader(tool.name.replace("-", "_"), str(tool))
    spec = importlib.util.spec_from_loader(loader.name, loader)
    assert spec is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[loader.name] = module  # dataclasses look themselves up
    loader.exec_module(module)
    return module
