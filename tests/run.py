"""``make test``: all tests on the embedded column, then on the real servers, as far as this machine has them.

Further arguments go to pytest and replace the choice of tests: ``make test ARGS="tests/olx -x"``.
"""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from tests.servers import ROOT, Servers, running

REAL = {
    "LYKEION_TEST_MYSQL_URL": "LYKEION_DATABASE_URL",
    "LYKEION_TEST_MONGO_URL": "LYKEION_CONTENT_URL",
    "LYKEION_TEST_REDIS_URL": "LYKEION_CACHE_URL",
}
# No service is in these:
SAME_ON_EVERY_COLUMN = ("tests/olx", "tests/capa", "tests/core", "tests/ui", "tests/blocks", "tests/sandbox")


def main() -> int:
    """Runs both columns; the exit code is that of the first that failed."""
    with running() as servers:
        for sentence in servers.missing:
            print(f"tests: {sentence}", file=sys.stderr)
        if servers.missing and os.environ.get("CI"):
            print("tests: nothing may be left out in CI", file=sys.stderr)
            return 1
        codes = [_embedded(servers), _real(servers)]
    return next((code for code in codes if code), 0)


def _embedded(servers: Servers) -> int:
    return _pytest("embedded defaults", servers.environ, [])


def _real(servers: Servers) -> int:
    environ = {REAL[name]: url for name, url in servers.environ.items()}
    if not environ:
        return 0
    left_out = [f"--ignore={folder}" for folder in SAME_ON_EVERY_COLUMN]
    return _pytest("real servers", {**servers.environ, **environ}, left_out)


def _pytest(column: str, environ: dict[str, str], options: list[str]) -> int:
    print(f"tests: {column}", file=sys.stderr, flush=True)
    command = [sys.executable, "-m", "pytest", *options, *(sys.argv[1:] or ["-n", "2", "--dist", "loadgroup"])]
    return subprocess.run(command, cwd=ROOT, env={**os.environ, **environ}, check=False).returncode


if __name__ == "__main__":
    sys.exit(main())
