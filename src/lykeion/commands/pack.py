"""``lykeion lake pack``: this Python, Lykeion and all that it needs in one archive, for Spark that a service starts.

    environment.tar.gz    bin/python, and below lib what it imports
    job.py                what the service runs: ``job.py measure …`` is ``lykeion lake measure …``

The interpreter comes along, so which one a service has does not matter; the system's libraries do not.
"""

from __future__ import annotations

import os
import platform
import sys
import tarfile
from collections.abc import Iterator
from importlib.metadata import Distribution, PackageNotFoundError, distribution
from pathlib import Path
from typing import Any, Final

import lykeion
from lykeion.core.errors import LykeionError

_LIB: Final = f"lib/{Path(os.__file__).parent.name}"
_WANTED: Final = "lykeion[driver]"
_WANTING: Final = "What Spark needs is not installed: .venv/bin/uv pip install -e '.[driver]' in Lykeion's folder."
_LEFT_OUT: Final = frozenset(
    {"__pycache__", "ensurepip", "idlelib", "test", "tests", "turtledemo", "site-packages", "dist-packages"}
)
"""Of what Python brings itself."""
JOB: Final = '''"""What a managed Spark runs, in the environment that lies beside it: a command of `lykeion lake`."""

import os
import sys
import tempfile

os.environ.setdefault("LYKEION_HOME", tempfile.mkdtemp(prefix="lykeion-"))

from lykeion.__main__ import main

sys.exit(main(["lake", *sys.argv[1:]]))
'''


def pack(out: Path) -> int:
    """``lykeion lake pack``: writes both files into the folder ``out``."""
    files = [*_python(), *_packages(), *_below(Path(lykeion.__file__).parent, f"{_LIB}/lykeion")]
    try:
        out.mkdir(parents=True, exist_ok=True)
        (out / "job.py").write_text(JOB)
        with tarfile.open(out / "environment.tar.gz", "w:gz", compresslevel=1, dereference=True) as archive:
            for source, name in files:
                archive.add(source, name, recursive=False)
    except OSError as error:
        raise LykeionError(f"{out} cannot be written ({error.strerror}): name another folder.") from error
    size = (out / "environment.tar.gz").stat().st_size / 1e6
    made = f"Python {platform.python_version()}, {' '.join(platform.libc_ver())}"
    print(f"environment.tar.gz ({size:.0f} MB) and job.py in {out}: {made}")
    return 0


def _python() -> Iterator[tuple[Path, str]]:
    """Each file of Python itself, and its name in the archive."""
    own = Path(os.__file__).parent
    yield Path(sys.executable).resolve(), "bin/python"
    for library in sorted(Path(sys.base_prefix, "lib").glob(f"lib{own.name}*.so*")):
        yield library, f"lib/{library.name}"
    yield from _below(own, _LIB)


def _packages() -> Iterator[tuple[Path, str]]:
    """Each file of the packages that Lykeion needs, and its name: among Python's own modules, where every Python looks
    (Debian's has no site-packages)."""
    for package in needed():
        for file in package.files or ():
            if file.parts[0] not in ("..", "/", "__pycache__"):
                yield Path(str(file.locate())), f"{_LIB}/{file}"


def needed() -> list[Distribution]:
    """The packages of :data:`_WANTED`, and those that they ask for."""
    try:
        from packaging.requirements import Requirement  # of the extra itself

        known: dict[tuple[str, frozenset[str]], Distribution] = {}
        asked = [Requirement(_WANTED)]
        while asked:
            one = asked.pop()
            key = one.name.lower(), frozenset(one.extras)
            if key not in known:
                known[key] = distribution(one.name)
                further = map(Requirement, known[key].requires or ())
                extras = ({"extra": extra} for extra in (*one.extras, ""))
                asked += _that_hold(further, list(extras))
    except (ImportError, PackageNotFoundError) as error:
        raise LykeionError(_WANTING) from error
    return list({package.name: package for package in known.values()}.values())


def _that_hold(requirements: Iterator[Any], extras: list[dict[str, str]]) -> list[Any]:
    return [one for one in requirements if one.marker is None or any(map(one.marker.evaluate, extras))]


def _below(path: Path, name: str) -> Iterator[tuple[Path, str]]:
    """All files at a path, which may be one itself; no libraries to link with."""
    if path.is_file():
        if path.suffix != ".a":
            yield path, name
    elif path.is_dir() and path.name not in _LEFT_OUT:
        for one in sorted(path.iterdir()):
            yield from _below(one, f"{name}/{one.name}")
