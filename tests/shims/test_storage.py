"""Files that blocks of others keep: what arrives whole, and which addresses a learner may bring files to."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from django.core.files.base import ContentFile, File

from lykeion.shims.storage import BlockFiles
from lykeion.shims.views import TooLarge, is_file_key

STUDENT, RUN = "0f" * 16, "course-v1:Lykeion+T1+now"
USAGE = "block-v1:Lykeion+T1+now+type@openassessment+block@essay"


class Endless(File):  # type: ignore[type-arg]  # is no generic at run time
    """More than may be."""

    def chunks(self, chunk_size: int | None = None) -> Iterator[bytes]:
        yield b"much"
        raise TooLarge


def test_a_file_that_breaks_off_leaves_what_was_there_and_nothing_else(tmp_path: Path) -> None:
    files = BlockFiles(location=tmp_path)
    files.replace("essays/1", ContentFile(b"first"))

    with pytest.raises(TooLarge):
        files.replace("essays/1", Endless(None))

    assert [(path.name, path.read_bytes()) for path in (tmp_path / "essays").iterdir()] == [("1", b"first")]
    files.replace("essays/1", ContentFile(b"second"))
    assert [(path.name, path.read_bytes()) for path in (tmp_path / "essays").iterdir()] == [("1", b"second")]


@pytest.mark.parametrize("more", ["", "/1", "/19"])
def test_a_response_has_twenty_files(more: str) -> None:
    assert is_file_key(f"{STUDENT}/{RUN}/{USAGE}{more}", STUDENT, RUN, USAGE)


@pytest.mark.parametrize("more", ["/0", "/20", "/01", "/1/", "/", "//1", "/1/2", "/\uff11", "/-1", "/x"])
def test_no_file_has_a_second_key(more: str) -> None:
    assert not is_file_key(f"{STUDENT}/{RUN}/{USAGE}{more}", STUDENT, RUN, USAGE)
