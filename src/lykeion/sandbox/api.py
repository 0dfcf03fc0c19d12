"""The door of the sandbox: authors' Python, run where it can do no harm.

with private_sandbox() as sandbox:
    sandbox.run(["x = random.randrange(6)"], seed=1, want=["x"]).values
"""

from __future__ import annotations

import hashlib
from pathlib import Path

from lykeion.sandbox.client import Sandbox
from lykeion.sandbox.process import command, environment, private_sandbox
from lykeion.sandbox.runner import Cache, Library, SandboxRunner
from lykeion.sandbox.types import CodeFailed, Left, SandboxError, Stopped, Unavailable

__all__ = [
    "Cache",
    "CodeFailed",
    "Left",
    "Library",
    "Sandbox",
    "SandboxError",
    "SandboxRunner",
    "Stopped",
    "Unavailable",
    "command",
    "environment",
    "library_file",
    "private_sandbox",
]


def library_file(path: Path) -> Library:
    """A `python_lib.zip` on the disk. Raises OSError."""
    content = path.read_bytes()
    return Library(hashlib.blake2b(content).hexdigest(), lambda: content)
