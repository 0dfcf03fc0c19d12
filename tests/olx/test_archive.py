from __future__ import annotations

import gzip
import io
import random
import shutil
import struct
import tarfile
import zipfile
from collections.abc import Callable
from pathlib import Path

import psutil
import pytest

from lykeion.olx.api import pack, read_course, unpack, write_archive, write_course
from lykeion.olx.headers import more_entries_than
from lykeion.olx.types import Limits, OlxError
from tests.olx.making import unit_course, write_files


def entry(name: str, content: bytes = b"x", **attributes: object) -> tuple[tarfile.TarInfo, bytes]:
    info = tarfile.TarInfo(name)
    info.size = len(content)
    for key, value in attributes.items():
        setattr(info, key, value)
    return info, content


def tar(path: Path, *entries: tuple[tarfile.TarInfo, bytes], mode: str = "w:gz") -> Path:
    with tarfile.open(path, mode) as archive:  # type: ignore[call-overload]
        for info, content in entries:
            archive.addfile(info, io.BytesIO(content) if info.isreg() else None)
    return path


def names(folder: Path) -> list[str]:
    return sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file())


def refusal(archive: Path, limits: Limits | None = None) -> str:
    """Why an archive is refused, after a look that nothing was left behind."""
    into = archive.parent / "into"
    with pytest.raises(OlxError) as refused:
        unpack(archive, into, limits or Limits())
    assert [path for path in archive.parent.iterdir() if path != archive] == []
    return str(refused.value)


@pytest.mark.parametrize("mode", ["w:gz", "w"])
def test_a_tar_is_unpacked_without_rights_and_owners(tmp_path: Path, mode: str) -> None:
    archive = tar(
        tmp_path / "course.tar.gz",
        entry("course", type=tarfile.DIRTYPE, size=0),
        entry("course/course.xml", b"<course/>", mode=0o4777, uid=99),
        entry("./course/static/ä.txt", b"ok"),
        mode=mode,
    )

    into = unpack(archive, tmp_path / "into")

    assert names(into) == ["course/course.xml", "course/static/ä.txt"]
    assert (into / "course/course.xml").read_bytes() == b"<course/>"
    assert (into / "course/course.xml").stat().st_mode & 0o7777 & ~0o666 == 0


def test_a_zip_is_unpacked(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "course.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("course/course.xml", "<course/>")
        archive.writestr("course/static/", "")

    assert names(unpack(tmp_path / "course.zip", tmp_path / "into")) == ["course/course.xml"]


@pytest.mark.parametrize(
    ("bad", "reason"),
    [
        (entry("../evil"), "leaves the archive"),
        (entry("course/../../evil"), "leaves the archive"),
        (entry("course\\..\\..\\evil"), "leaves the archive"),
        (entry("/etc/evil"), "absolute path"),
        (entry("C:\\evil"), "absolute path"),
        (entry("a\nb"), "control characters"),
        (entry("link", type=tarfile.SYMTYPE, size=0, linkname="/etc/passwd"), "a link (to '/etc/passwd') is refused"),
        (entry("link", type=tarfile.LNKTYPE, size=0, linkname="course.xml"), "a link (to 'course.xml') is refused"),
        (entry("device", type=tarfile.CHRTYPE, size=0), "no devices"),
        (entry("pipe", type=tarfile.FIFOTYPE, size=0), "no devices"),
        (entry("block", type=tarfile.BLKTYPE, size=0), "no devices"),
        (entry("course.xml", b"second"), "two entries have this name"),
        (entry("course.xml/inside"), "course.xml: this is a file and a folder at once"),
        (entry("é" * 128), "a name longer than 255 bytes"),
        (entry("/".join("d" * 40)), "deeper than 32"),
        (entry("n" * 2000), "longer or deeper"),
    ],
)
def test_a_hostile_entry_is_refused_by_name_and_leaves_nothing(
    tmp_path: Path, bad: tuple[tarfile.TarInfo, bytes], reason: str
) -> None:
    archive = tar(tmp_path / "course.tar.gz", entry("course.xml"), bad)

    assert reason in refusal(archive)


def test_a_name_that_is_not_utf8_is_refused(tmp_path: Path) -> None:
    with tarfile.open(tmp_path / "a.tar", "w", format=tarfile.GNU_FORMAT, encoding="latin-1") as archive:
        archive.addfile(entry("café.txt", b"")[0])

    assert "not UTF-8" in refusal(tmp_path / "a.tar")


@pytest.mark.parametrize("kept", [0.3, 0.6, 0.95])
def test_an_archive_cut_short_is_refused(tmp_path: Path, kept: float) -> None:
    whole = tar(tmp_path / "whole.tar.gz", *(entry(f"f{n}", bytes(range(256)) * n) for n in range(40))).read_bytes()
    (tmp_path / "whole.tar.gz").unlink()
    (tmp_path / "cut.tar.gz").write_bytes(whole[: int(len(whole) * kept)])

    assert "damaged or cut short" in refusal(tmp_path / "cut.tar.gz")


@pytest.mark.parametrize("blocks", [2, 3, 4])
def test_a_plain_tar_cut_between_files_is_refused_too(tmp_path: Path, blocks: int) -> None:
    whole = tar(tmp_path / "whole.tar", entry("a"), entry("b"), entry("c"), mode="w").read_bytes()
    (tmp_path / "whole.tar").unlink()
    (tmp_path / "cut.tar").write_bytes(whole[: 512 * blocks])

    assert "cut short" in refusal(tmp_path / "cut.tar")


def test_a_changed_byte_is_noticed(tmp_path: Path) -> None:
    archive = tar(tmp_path / "a.tar.gz", entry("a", bytes(range(256)) * 50))
    data = bytearray(archive.read_bytes())
    data[-6] ^= 1
    archive.write_bytes(bytes(data))

    assert "damaged" in refusal(archive)


def test_a_damaged_header_in_the_middle_is_noticed(tmp_path: Path) -> None:
    archive = tar(tmp_path / "a.tar", entry("a"), entry("b"), entry("c"), mode="w")
    data = bytearray(archive.read_bytes())
    data[1024 + 3] ^= 1
    archive.write_bytes(bytes(data))

    assert "damaged" in refusal(archive)


def test_bombs_are_refused_while_they_unpack(tmp_path: Path) -> None:
    archive = tar(tmp_path / "bomb.tar.gz", entry("zeros", bytes(20_000_000)))

    assert "grows more than 50 times" in refusal(archive, Limits(archive_ratio=50, ratio_from=1_000_000))
    assert "larger than 1,000,000 bytes" in refusal(archive, Limits(archive_bytes=1_000_000))


@pytest.mark.parametrize("kind", ["tar", "zip"])
def test_a_bomb_is_refused_by_the_size_it_announces_before_any_of_it_is_unpacked(tmp_path: Path, kind: str) -> None:
    if kind == "tar":
        archive = tar(tmp_path / "bomb.tar.gz", entry("zeros", bytes(200_000_000)))
    else:
        archive = tmp_path / "bomb.zip"
        with zipfile.ZipFile(archive, "w", zipfile.ZIP_DEFLATED) as packed:
            packed.writestr("small", "x")
            packed.writestr("zeros", bytes(200_000_000))

    written = _written_while(lambda: refusal(archive))

    assert "grows more than 200 times" in refusal(archive)
    assert written < 1_000_000


def test_a_bomb_in_a_large_archive_is_refused_where_it_starts(tmp_path: Path) -> None:
    zeros, noise = entry("zeros", bytes(20_000_000)), entry("zz-noise", random.Random(1).randbytes(2_000_000))
    limits = Limits(archive_ratio=20, ratio_from=2_000_000)

    archive = tar(tmp_path / "bomb.tar.gz", zeros, noise)

    assert refusal(archive, limits).startswith("zeros")
    assert _written_while(lambda: refusal(archive, limits)) < 4_000_000


@pytest.mark.parametrize("mode", ["w:gz", "w"])
@pytest.mark.parametrize("form", [tarfile.PAX_FORMAT, tarfile.GNU_FORMAT])
def test_entries_are_counted_before_they_are_unpacked(tmp_path: Path, mode: str, form: int) -> None:
    archive = tmp_path / "many.tar.gz"
    with tarfile.open(archive, mode, format=form) as packed:  # type: ignore[call-overload]
        for name, size in [("ä" * 120, 0), ("b", 1), ("c", 512), ("d", 700_000), ("e", 513)]:
            packed.addfile(*entry_of(name, size))

    assert [more_entries_than(limit, archive) for limit in (3, 4, 5, 6)] == [True, True, False, False]


def test_an_archive_that_cannot_be_read_is_not_counted(tmp_path: Path) -> None:
    for content in (b"", b"\x1f\x8bno", b"x" * 700, gzip.compress(b"y" * 700)[:-9]):
        (tmp_path / "a").write_bytes(content)

        assert more_entries_than(0, tmp_path / "a") is False


def test_a_bomb_of_empty_files_is_refused_after_a_few_of_them(tmp_path: Path) -> None:
    archive = tar(tmp_path / "many.tar.gz", *(entry(f"f{n}", b"") for n in range(10_500)))
    unpack(archive, tmp_path / "into", Limits(archive_entries=10_500))
    shutil.rmtree(tmp_path / "into")

    with pytest.raises(OlxError, match="more than 10,400 entries") as refused:
        unpack(archive, tmp_path / "into", Limits(archive_entries=10_400))

    places = [frame.locals["self"].entries for frame in refused.traceback if frame.name == "place"]
    assert places == [10_000]


def entry_of(name: str, size: int) -> tuple[tarfile.TarInfo, io.BytesIO]:
    info, content = entry(name, bytes(size))
    return info, io.BytesIO(content)


def _written_while(act: Callable[[], object]) -> int:
    """The bytes that this process handed to the system to write meanwhile."""
    before = psutil.Process().io_counters().write_chars
    act()
    return int(psutil.Process().io_counters().write_chars - before)


def test_a_huge_header_is_refused_before_it_fills_the_memory(tmp_path: Path) -> None:
    header = tarfile.TarInfo("././@LongLink")
    header.type, header.size = tarfile.GNUTYPE_LONGNAME, 3_000_000_000
    with gzip.open(tmp_path / "a.tar.gz", "wb") as stream:
        stream.write(header.tobuf(tarfile.GNU_FORMAT))
        for _ in range(40):
            stream.write(b"n" * 1_000_000)

    assert "a header of the archive is too large" in refusal(tmp_path / "a.tar.gz")


def test_a_bomb_behind_the_end_is_refused(tmp_path: Path) -> None:
    archive = tar(tmp_path / "a.tar", entry("a"), mode="w").read_bytes()
    (tmp_path / "a.tar").unlink()
    (tmp_path / "a.tar.gz").write_bytes(gzip.compress(archive + bytes(80_000_000)))

    assert "too large" in refusal(tmp_path / "a.tar.gz")


def test_too_many_entries_are_refused(tmp_path: Path) -> None:
    archive = tar(tmp_path / "many.tar.gz", *(entry(f"f{n}") for n in range(11)))

    assert "more than 10 entries" in refusal(archive, Limits(archive_entries=10))


def test_a_zip_with_a_link_or_a_password_or_a_way_out_is_refused(tmp_path: Path) -> None:
    for name, attributes, flag, reason in [
        ("link", 0o120777 << 16, 0, "no links or devices"),
        ("secret", 0, 1, "encrypted"),
        ("../evil", 0, 0, "leaves the archive"),
    ]:
        info = zipfile.ZipInfo(name)
        info.external_attr = attributes
        with zipfile.ZipFile(tmp_path / "a.zip", "w") as archive:
            archive.writestr(info, "target")
        data = (tmp_path / "a.zip").read_bytes()
        directory = data.index(b"PK\x01\x02")
        marked = data[: directory + 8] + struct.pack("<H", flag) + data[directory + 10 :]
        (tmp_path / "a.zip").write_bytes(marked)

        assert reason in refusal(tmp_path / "a.zip")


@pytest.mark.parametrize("content", [b"", b"hello", b"Rar!\x1a\x07" + bytes(600)])
def test_any_other_file_is_refused(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "course.bin").write_bytes(content)

    assert refusal(tmp_path / "course.bin") == "course.bin: not a .tar.gz, .tar or .zip archive"


def test_a_folder_that_is_there_is_never_written_into(tmp_path: Path) -> None:
    archive = tar(tmp_path / "a.tar.gz", entry("a"))
    (tmp_path / "into").mkdir()

    with pytest.raises(OlxError, match="already there"):
        unpack(archive, tmp_path / "into")


def test_packing_gives_the_same_bytes_for_the_same_files(tmp_path: Path) -> None:
    one = write_files(tmp_path / "one", {"static/b.txt": "b", "static/a.txt": "a"})
    two = write_files(tmp_path / "two", {"static/a.txt": "a", "static/b.txt": "b"})

    first = pack(one, tmp_path / "first.tar.gz")
    second = pack(two, tmp_path / "second.tar.gz")

    assert first.read_bytes() == second.read_bytes()
    into = unpack(first, tmp_path / "into")
    assert names(into) == ["course/" + name for name in names(one)]
    assert sorted(path.name for path in tmp_path.iterdir()) == ["first.tar.gz", "into", "one", "second.tar.gz", "two"]


def test_an_export_straight_into_an_archive_holds_what_a_folder_would(tmp_path: Path) -> None:
    course = read_course(
        unit_course(tmp_path / "in", "<html>x</html><poll a='1'/>", {"static/a.txt": "a", "tags.csv": "t"})
    )

    warnings = write_archive(course, tmp_path / "course.tar.gz")

    write_course(course, tmp_path / "out")
    into = unpack(tmp_path / "course.tar.gz", tmp_path / "into") / "course"
    assert {name: (into / name).read_bytes() for name in names(into)} == {
        name: (tmp_path / "out" / name).read_bytes() for name in names(tmp_path / "out")
    }
    assert warnings == ()
    assert write_archive(course, tmp_path / "second.tar.gz") == ()
    assert (tmp_path / "second.tar.gz").read_bytes() == (tmp_path / "course.tar.gz").read_bytes()


def test_an_export_that_fails_leaves_the_old_archive(tmp_path: Path) -> None:
    course = read_course(unit_course(tmp_path / "in", "<html>x</html>", {"static/a.txt": "a"}))
    (tmp_path / "course.tar.gz").write_text("old")
    (tmp_path / "in/static/a.txt").unlink()

    with pytest.raises(FileNotFoundError):
        write_archive(course, tmp_path / "course.tar.gz")

    assert (tmp_path / "course.tar.gz").read_text() == "old"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["course.tar.gz", "in"]
