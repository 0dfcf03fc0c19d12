"""The simulator and the netlist are TypeScript; their tests are too, and run in Node."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

HERE = Path(__file__).parent
ROOT = HERE.parents[4]
NODE = Path(sys.executable).parent / "node"
ESBUILD = ROOT / "node_modules" / ".bin" / "esbuild"


@pytest.mark.parametrize("name", sorted(path.name for path in HERE.glob("*.test.ts")))
def test_in_node(name: str, tmp_path: Path) -> None:
    bundle = tmp_path / "test.mjs"
    path = {"PATH": f"{NODE.parent}{os.pathsep}{os.environ['PATH']}"}
    options = ["--bundle", "--platform=node", "--format=esm", "--log-level=warning", f"--outfile={bundle}"]
    subprocess.run([ESBUILD, HERE / name, *options], check=True, env={**os.environ, **path}, timeout=60)

    run = subprocess.run([NODE, "--test", bundle], capture_output=True, text=True, check=False, timeout=120)

    assert run.returncode == 0, run.stdout + run.stderr
