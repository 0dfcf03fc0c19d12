"""The door of the sandbox: authors' Python, run where it can do no harm.

with private_sandbox() as sandbox:
    sandbox.run(["x = random.randrange(6)"], seed=1, want=["x"]).values
"""

from __future__ import annotations

import hashlib
from pathlib import Path

from lykeion.sandbox.client import Sandbox, fits_a_socket
from lykeion.sandbox.confining import confine
from lykeion.sandbox.jail.plan import LEVELS, Plan
from lykeion.sandbox.process import command, environment, private_sandbox
from lykeion.sandbox.runner import Cache, Library, SandboxRunner, no_library
from lykeion.sandbox.types import CodeFailed, Left, SandboxError, Stopped, Unavailable

__all__ = [
    "LEVELS",
    "Cache",
    "CodeFailed",
    "Left",
    "Library",
    "Plan",
    "Sandbox",
    "SandboxError",
    "SandboxRunner",
    "Stopped",
    "Unavailable",
    "command",
    "confine",
    "environment",
    "fits_a_socket",
    "library_file",
    "no_library",
    "private_sandbox",
]


def library_file(path: Path) -> Library:
    """A `python_lib.zip` on the disk. Raises OSError."""
    content = path.read_bytes()
    return Library(hashlib.blake2b(content).hexdigest(), lambda: content)
