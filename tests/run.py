"""``make test``: all tests on the embedded column, then on the real servers, as far as this machine has them; then
those of the tools that deploy; then ``tests/ecosystem`` in an environment with blocks of others, so that the tests of
the product itself know none, and ``tests/spark`` in one with Spark, which is large.

A few tests that failed are run once more, one after the other: what passes then failed by chance, is told by name, and
is a fault of the test or of the product that somebody has to find, but keeps nobody from working.

Further arguments go to pytest and replace the choice of tests: ``make test ARGS="tests/olx -x"``.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from tests.servers import ROOT, Servers, running

REAL = {
    "LYKEION_TEST_MYSQL_URL": "LYKEION_DATABASE_URL",
    "LYKEION_TEST_MONGO_URL": "LYKEION_CONTENT_URL",
    "LYKEION_TEST_REDIS_URL": "LYKEION_CACHE_URL",
    "LYKEION_TEST_BROKER_URL": "LYKEION_BROKER_URL",
}
# No service is in these, or they go through all of them by themselves; and faces have neither tables nor rules: what
# they call is tested on every column.
SAME_ON_EVERY_COLUMN = (
    *("tests/olx", "tests/capa", "tests/core", "tests/ui", "tests/blocks", "tests/sandbox"),
    *("tests/learn", "tests/studio", "tests/instructor", "tests/architecture"),
    *("tests/analytics/metrics", "tests/analytics/test_ingest.py", "tests/analytics/test_parse.py"),
    "tests/analytics/test_settling.py",
    *("tests/commands/test_capa.py", "tests/commands/test_check.py", "tests/commands/test_serve.py"),
    "tests/commands/test_mongotool.py",
    *("tests/courseware/test_concurrency.py", "tests/jobs/test_worker.py", "tests/jobs/test_broker.py"),
    "tests/jobs/test_limits.py",  # its limits would hold for the threads of MongoDB's driver, too
    *("tests/content/test_authors.py", "tests/content/test_kill.py", "tests/content/test_outline.py"),
    "tests/notices/test_kill.py",
    *("tests/content/test_renewing.py", "tests/content/test_transplant.py", "tests/content/test_damaged_courses.py"),
    *("tests/courseware/test_nothing_more.py", "tests/courseware/test_shared_courses.py"),
)

# The tests of a file share a worker; in the order of the folders, so that not all browsers come last.
BY_FILE = ("--dist", "loadfile", "--no-loadscope-reorder")

# So many failures can be chance; more are not.
FEW = 5

# These have an environment of their own:
ELSEWHERE = ("--ignore=tests/ecosystem", "--ignore=tests/spark")

# What a browser does is the same too; the way from sign-up to a passed grade (test_term.py) is walked on both:
IN_A_BROWSER_ONCE = ("--ignore-glob=tests/browser/test_[!t]*", "--ignore=tests/browser/inputs")


def main() -> int:
    """Runs all columns; the exit code is that of the first that failed."""
    with running() as servers:
        for sentence in servers.missing:
            print(f"tests: {sentence}", file=sys.stderr)
        if servers.missing and os.environ.get("CI"):
            print("tests: nothing may be left out in CI", file=sys.stderr)
            return 1
        codes = [_embedded(servers), _real(servers)]
        if not sys.argv[1:]:
            codes += [_deploying(servers)]
            codes += [_beside(servers, "blocks", "blocks of others", "tests/ecosystem")]
            codes += [_beside(servers, "spark", "Spark", "tests/spark")]
    return next((code for code in codes if code), 0)


def _embedded(servers: Servers) -> int:
    return _pytest("embedded defaults", servers.environ, [*ELSEWHERE])


def _real(servers: Servers) -> int:
    environ = {REAL[name]: url for name, url in servers.environ.items()}
    if not environ:
        return 0
    same = (f"--ignore={folder}" for folder in SAME_ON_EVERY_COLUMN)
    left_out = [*ELSEWHERE, *same, *IN_A_BROWSER_ONCE]
    return _pytest("real servers", {**servers.environ, **environ}, left_out)


def _deploying(servers: Servers) -> int:
    """The tools that deploy are tests of this environment, but ask Ansible's, which stands beside it."""
    made = subprocess.run([sys.executable, "bin/setup", "--deploy"], cwd=ROOT, check=False).returncode
    return made or _pytest("tools of deployment", servers.environ, ["deploy/tests"])


def _beside(servers: Servers, environment: str, column: str, tests: str) -> int:
    """Tests that have an environment of their own."""
    made = subprocess.run([sys.executable, "bin/setup", f"--{environment}"], cwd=ROOT, check=False).returncode
    python = ROOT / f".venv-{environment}" / "bin" / "python"
    return made or _pytest(column, servers.environ, [tests], python=str(python))


def _pytest(column: str, environ: dict[str, str], options: list[str], *, python: str = sys.executable) -> int:
    print(f"tests: {column}", file=sys.stderr, flush=True)
    workers = 1 + (os.cpu_count() or 1)  # browsers and servers wait a good deal
    whole = ["-n", str(workers), *BY_FILE]
    with tempfile.TemporaryDirectory(prefix="lykeion-homes-") as homes:
        command = [python, "-m", "pytest", *options, "-o", f"cache_dir={homes}/cache"]
        environ = {**os.environ, **environ, "LYKEION_TEST_HOMES": homes}
        code = subprocess.run([*command, *(sys.argv[1:] or whole)], cwd=ROOT, env=environ, check=False).returncode
        failed = _failed(Path(homes, "cache"))
        if sys.argv[1:] or code != pytest.ExitCode.TESTS_FAILED or not 0 < len(failed) <= FEW:
            return code
        print(f"tests: {column}: once more what failed", file=sys.stderr, flush=True)
        code = subprocess.run([*command, "--last-failed"], cwd=ROOT, env=environ, check=False).returncode
        for name in set(failed) - set(_failed(Path(homes, "cache"))):
            print(f"tests: {column}: passed only the second time: {name}", file=sys.stderr, flush=True)
        return code


def _failed(cache: Path) -> list[str]:
    """The tests that failed in the last run, by pytest's own record."""
    record = cache / "v" / "cache" / "lastfailed"
    return list(json.loads(record.read_text())) if record.exists() else []


if __name__ == "__main__":
    sys.exit(main())
