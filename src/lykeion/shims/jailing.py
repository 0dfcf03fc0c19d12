"""Open edX's ``codejail`` for packages of others: what it is to run runs in the site's sandbox."""

from __future__ import annotations

import io
import secrets
import sys
import zipfile
from collections.abc import Iterable, Iterator, MutableMapping
from pathlib import Path
from typing import Any

from codejail import jail_code, safe_exec
from django.conf import settings

from lykeion.sandbox.api import Sandbox, SandboxError


def take_over() -> None:
    """From now on, whoever imports ``codejail.safe_exec.safe_exec`` gets ours; and it is set up."""
    safe_exec.safe_exec = run_safely
    jail_code.is_configured = lambda command: command == "python"


def run_safely(
    code: str,
    globals_dict: MutableMapping[str, Any],
    files: Iterable[str] | None = None,
    python_path: Iterable[str] | None = None,
    limit_overrides_context: str | None = None,
    slug: str | None = None,
    extra_files: Iterable[tuple[str, bytes]] | None = None,
) -> None:
    """As ``codejail.safe_exec.safe_exec`` (edx-codejail 4): runs ``code`` with ``globals_dict``, which has afterwards
    what it left there. What is installed here can be imported without ``python_path``. The limits are the sandbox's.

    Raises ``SafeExecException`` for code that fails or is ended, and where no sandbox runs.
    """
    modules = dict(_importable(python_path or ()))
    given = dict(file for name in files or () for file in _beside(Path(name)))
    paths = [f"import sys; sys.path += {sorted(modules)!r}"] if modules else []
    try:
        left = Sandbox(settings.LYKEION_SANDBOX_SOCKET).run(
            [*paths, code],
            seed=secrets.randbits(32),
            variables=safe_exec.json_safe(globals_dict),
            files={**given, **modules, **dict(extra_files or ())},
        )
    except SandboxError as error:
        raise safe_exec.SafeExecException(str(error)) from error
    globals_dict.update(left.values)


def _beside(path: Path) -> Iterator[tuple[str, bytes]]:
    """A file, or all files of a folder, as they are to lie in the folder where the code runs."""
    for file in [path] if path.is_file() else sorted(one for one in path.rglob("*") if one.is_file()):
        yield str(file.relative_to(path.parent)), file.read_bytes()


def _importable(paths: Iterable[str]) -> Iterator[tuple[str, bytes]]:
    """Archives of modules, and folders of such as archives; folders that are importable anyway are left out."""
    for path in map(Path, paths):
        if path.is_file():
            yield path.name, path.read_bytes()
        elif str(path.resolve()) not in {str(Path(one).resolve()) for one in sys.path}:
            yield f"{path.name}.zip", _packed(path)


def _packed(folder: Path) -> bytes:
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w") as packed:
        for file in sorted(folder.rglob("*.py")):
            packed.write(file, file.relative_to(folder))
    return archive.getvalue()
