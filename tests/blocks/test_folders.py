from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace

import pytest
from xblock.fields import Scope, ScopeIds, String

from lykeion.blocks.folders import CourseFolder, Folders

FIELD = String(scope=Scope.user_state_summary)
FIELD.__name__ = "pictures"  # as a block class gives it


def block(usage: str, *, masked: bool = False) -> SimpleNamespace:
    visit = SimpleNamespace(services={"masked": masked})
    runtime = SimpleNamespace(visit=visit)
    return SimpleNamespace(scope_ids=ScopeIds("1", "recommender", usage, usage), runtime=runtime)


def folders(root: Path) -> Folders:
    return Folders(root, "secret", lambda name, path: f"/{name}/{path}")


@pytest.mark.filterwarnings("ignore")  # PyFilesystem leans on pkg_resources
def test_each_field_has_a_folder_of_its_own_whose_files_have_addresses(tmp_path: Path) -> None:
    lent = folders(tmp_path)
    folder = lent.load(FIELD, block("a"))
    with folder.open("leaf.txt", "w") as file:
        file.write("green")
    _, name, path = folder.get_url("leaf.txt", 60).split("/")
    found = lent.file(name, path)

    assert found is not None
    assert found.read_text() == "green"
    assert folders(tmp_path).load(FIELD, block("a")).exists("leaf.txt")
    assert not lent.load(FIELD, block("b")).exists("leaf.txt")


@pytest.mark.filterwarnings("ignore")  # PyFilesystem leans on pkg_resources
def test_who_looks_as_a_learner_reads_their_files_and_changes_none(tmp_path: Path) -> None:
    from fs.errors import ResourceReadOnly

    lent = folders(tmp_path)
    lent.load(FIELD, block("a")).writetext("leaf.txt", "green")

    seen = lent.load(FIELD, block("a", masked=True))

    assert seen.readtext("leaf.txt") == "green"
    with pytest.raises(ResourceReadOnly):
        seen.remove("leaf.txt")


@pytest.mark.parametrize(
    ("name", "path"), [("..", "secret"), ("a", "../b/x"), ("a/../..", "secret"), ("a", "."), ("", "a/x")]
)
def test_no_other_file_has_an_address(tmp_path: Path, name: str, path: str) -> None:
    root = tmp_path / "root"
    (root / "a").mkdir(parents=True)
    (root / "b").mkdir()
    (root / "a" / "x").write_text("a")
    (root / "b" / "x").write_text("b")
    (tmp_path / "secret").write_text("s")

    assert folders(root).file(name, path) is None


def test_a_block_reads_the_second_file_of_its_definition_and_no_other() -> None:
    files = {"markdown/a.md": b"leaf", "html/a.html": b"other", "markdown/deep/a.md": b"deep"}
    folder = CourseFolder("markdown", files.get)

    assert folder.used is False
    assert folder.open("markdown/a.md", encoding="utf-8").read() == "leaf"
    assert folder.open("/markdown/a.md", "rb").read() == b"leaf"
    assert folder.used is True
    assert [folder.exists(name) for name in ("markdown/a.md", "html/a.html", "markdown/deep/a.md")] == [
        True,
        False,
        False,
    ]
    assert folder.listdir("/") == []
    with pytest.raises(FileNotFoundError):
        folder.open("markdown/../html/a.html")


def test_where_there_is_no_folder_nothing_is_in_it() -> None:
    assert CourseFolder().exists("a") is False
