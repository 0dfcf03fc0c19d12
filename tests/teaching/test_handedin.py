"""Names that learners gave, in an archive that a teacher unpacks."""

from __future__ import annotations

from collections import Counter

import pytest

from lykeion.teaching.reports.handedin import harmless_name, path_of


@pytest.mark.parametrize(
    ("name", "harmless"),
    [
        ("essay.pdf", "essay.pdf"),
        ("../../etc/passwd", "_.._etc_passwd"),
        ("C:\\Windows\\a.exe", "C__Windows_a.exe"),
        ("a\x00b\n.txt", "a_b_.txt"),
        ("..", "_"),
        ("", "_"),
        (" .hidden ", "hidden"),
    ],
)
def test_a_name_leads_nowhere_else(name: str, harmless: str) -> None:
    assert harmless_name(name, 200) == harmless


def test_a_long_name_keeps_its_ending_and_whole_letters() -> None:
    name = harmless_name("水" * 100 + ".pdf", 100)

    assert (name, len(name.encode()) <= 100) == ("水" * 32 + ".pdf", True)
    assert len(harmless_name("a." + "b" * 500, 100).encode()) <= 100


def test_no_path_is_there_twice() -> None:
    taken: Counter[str] = Counter()

    paths = [path_of(("[1]A", "2"), "alice", "a.txt", taken) for _time in range(2)]

    assert paths == ["[1]A/[2] - alice - a.txt", "[1]A/[2] - alice - a (2).txt"]
