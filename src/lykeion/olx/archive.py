"""Archives in and out: unpacking what strangers send, packing what others unpack."""

import gzip
import io
import os
import shutil
import stat
import tarfile
import tempfile
import zipfile
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Final, Protocol, Self

from lykeion.olx.headers import more_entries_than
from lykeion.olx.types import Limits, OlxError

_PIECE: Final = 1 << 18
_HEADERS: Final = 1 << 20  # bytes of names and headers between two files of a tar
_MANY: Final = 10_000  # entries; creating files is slow, so from here on those to come are counted first
_LIMITS: Final = Limits()


def unpack(archive: Path, into: Path, limits: Limits = _LIMITS) -> Path:
    """Unpack a course archive (.tar.gz, .tar or .zip, told by its first bytes) as the new folder `into`; returns it.

    Only plain files and folders come out, with no rights or owners of the archive. All or nothing: the folder is
    there when everything was unpacked, and on any error nothing is left behind.

    Raises `OlxError`, naming the entry, for: absolute paths, `..`, links, devices, sparse files, encrypted files, two
    entries of one name, names that are not UTF-8 or hold control characters, folders nested too deep, more entries or
    bytes than `limits` allow, a suspicious ratio of compression, a truncated or damaged archive, any other format.
    """
    if into.exists():
        raise OlxError("the folder to unpack into is already there", str(into))
    into.parent.mkdir(parents=True, exist_ok=True)
    work = Path(tempfile.mkdtemp(prefix=".unpacking-", dir=into.parent))
    try:
        with _readable(archive):
            _unpack(archive, _Target(work, archive, limits))
        work.rename(into)
    except BaseException:
        shutil.rmtree(work, ignore_errors=True)
        raise
    into.chmod(0o755)
    return into


@contextmanager
def _readable(archive: Path) -> Iterator[None]:
    """Say in one way that an archive is damaged, whatever the library below calls it."""
    try:
        yield
    except (tarfile.TarError, zipfile.BadZipFile, zlib.error, EOFError, gzip.BadGzipFile, NotImplementedError) as error:
        raise OlxError(f"the archive is damaged or cut short ({error})", archive.name) from error
    except (OSError, ValueError, UnicodeError) as error:
        raise OlxError(f"the archive cannot be unpacked ({error})", archive.name) from error


class _Target:
    """The folder that files go to, and the count of what came so far.

    A bomb is refused as soon as it shows: by the sizes its headers announce, before anything of that size is written,
    and by what came out against what was read so far (`consumed`), however large the archive is.
    """

    def __init__(self, folder: Path, archive: Path, limits: Limits) -> None:
        self.folder, self.archive, self.limits = folder, archive, limits
        self.packed = archive.stat().st_size
        self.consumed: Callable[[], int] = lambda: self.packed
        self.entries = self.bytes = self.announced = 0
        self.counted = False
        """Whether the format told the number of entries beforehand."""
        self._made: set[Path] = set()

    def announce(self, name: str, size: int) -> None:
        """Take note that `size` bytes are to come. Raises `OlxError` when they would be too many."""
        self.announced += size
        self._bound(name, self.announced, self.packed)

    def place(self, name: str, is_folder: bool) -> Path | None:
        """Where an entry goes, or None for the folder itself. Raises `OlxError` when it may not go anywhere."""
        self.entries += 1
        if self.entries > self.limits.archive_entries or (self.entries == _MANY and self._has_too_many()):
            raise OlxError(f"more than {self.limits.archive_entries:,} entries", self.archive.name)
        parts = [part for part in _checked(name, self.limits).split("/") if part not in ("", ".")]
        if not parts:
            return None
        path = self.folder.joinpath(*parts)
        self._make(path if is_folder else path.parent)
        return path

    def _has_too_many(self) -> bool:
        return not self.counted and more_entries_than(self.limits.archive_entries, self.archive)

    def _make(self, folder: Path) -> None:
        if folder not in self._made:
            try:
                folder.mkdir(parents=True, exist_ok=True)
            except (FileExistsError, NotADirectoryError) as error:
                raise OlxError("this is a file and a folder at once", str(folder.relative_to(self.folder))) from error
            self._made.add(folder)

    def fill(self, name: str, source: IO[bytes], size: int) -> None:
        """Write one file, counting what really comes out."""
        path = self.place(name, is_folder=False)
        if path is None:
            raise OlxError("an entry without a name", self.archive.name)
        try:
            stream = path.open("xb")
        except (FileExistsError, IsADirectoryError) as error:
            raise OlxError("two entries have this name", name) from error
        with stream:
            self._copy(name, source, stream, size)

    def _copy(self, name: str, source: IO[bytes], stream: IO[bytes], size: int) -> None:
        left = size
        while left > 0:
            piece = source.read(min(_PIECE, left))
            if not piece:
                raise OlxError("the archive is cut short in this file", name)
            left -= len(piece)
            self._weigh(name, len(piece))
            stream.write(piece)

    def _weigh(self, name: str, size: int) -> None:
        self.bytes += size
        self._bound(name, self.bytes, self.consumed())

    def _bound(self, name: str, size: int, packed: int) -> None:
        limits = self.limits
        if size > limits.archive_bytes:
            raise OlxError(f"unpacked, the archive is larger than {limits.archive_bytes:,} bytes", name)
        if size > limits.ratio_from and size > limits.archive_ratio * packed:
            raise OlxError(f"the archive grows more than {limits.archive_ratio} times when unpacked", name)


def _checked(name: str, limits: Limits) -> str:
    """The name of an entry, if it is one that a file may have."""
    if any(ord(character) < 32 or 0xD800 <= ord(character) <= 0xDFFF for character in name):
        raise OlxError("the name of an entry is not UTF-8 or holds control characters", repr(name))
    if name.startswith("/") or name[1:3] in (":\\", ":/"):
        raise OlxError("an absolute path is refused", name)
    parts = name.replace("\\", "/").split("/")
    if ".." in parts:
        raise OlxError("a path that leaves the archive ('..') is refused", name)
    if len(parts) > limits.path_depth or len(name.encode()) > limits.path_bytes:
        raise OlxError(f"a path longer or deeper than {limits.path_depth} folders is refused", name[:200])
    if any(len(part.encode()) > limits.name_bytes for part in parts):
        raise OlxError(f"a name longer than {limits.name_bytes} bytes is refused", name[:200])
    return name


def _unpack(archive: Path, target: _Target) -> None:
    with archive.open("rb") as stream:
        head = stream.read(512)
        stream.seek(0)
        if head.startswith(b"\x1f\x8b"):
            target.consumed = stream.tell
            with gzip.GzipFile(fileobj=stream) as plain:
                _unpack_tar(plain, target)
        elif head.startswith(b"PK\x03\x04"):
            _unpack_zip(stream, target)
        elif head[257:262] == b"ustar" or _is_old_tar(head):
            _unpack_tar(stream, target)
        else:
            raise OlxError("not a .tar.gz, .tar or .zip archive", archive.name)


def _is_old_tar(head: bytes) -> bool:
    try:
        tarfile.TarInfo.frombuf(head, "utf-8", "surrogateescape")
    except tarfile.TarError:
        return False
    return True


class _Source(Protocol):
    """What a packed stream can do at least; `GzipFile` and open files both can."""

    def read(self, size: int = -1, /) -> bytes: ...


class _StrictHeader(tarfile.TarInfo):
    """The library takes a damaged header in the middle of an archive for its end; here it is an error."""

    @classmethod
    def frombuf(cls, buf: bytes | bytearray, encoding: str, errors: str) -> Self:
        """Read one header block."""
        try:
            return super().frombuf(buf, encoding, errors)
        except (tarfile.EmptyHeaderError, tarfile.TruncatedHeaderError, tarfile.InvalidHeaderError) as error:  # type: ignore[attr-defined]
            raise OlxError(f"the archive is damaged or cut short ({error})") from error


class _Metered(io.RawIOBase):
    """A stream that lets only so much through between two files: a header cannot claim gigabytes for a name."""

    def __init__(self, stream: _Source, archive: str) -> None:
        self._stream, self._archive = stream, archive
        self._left: int | None = _HEADERS

    def allow(self, size: int | None) -> None:
        """Let `size` more bytes through, or any number."""
        self._left = size

    def read(self, size: int = -1) -> bytes:
        piece = self._stream.read(size)
        if self._left is not None:
            self._left -= len(piece)
            if self._left < 0:
                raise OlxError("a header of the archive is too large", self._archive)
        return piece


def _unpack_tar(stream: _Source, target: _Target) -> None:
    metered = _Metered(stream, target.archive.name)
    with tarfile.open(fileobj=metered, mode="r|", bufsize=1 << 16, tarinfo=_StrictHeader, encoding="utf-8") as tar:
        while (member := tar.next()) is not None:
            metered.allow(None)
            _member(tar, member, target)
            tar.members = []  # type: ignore[attr-defined]  # the library keeps every header it has seen
            metered.allow(_HEADERS)
    metered.allow(_HEADERS * 64)
    while metered.read(_PIECE):  # to the end, so that a cut or a wrong checksum is seen
        pass


def _member(tar: tarfile.TarFile, member: tarfile.TarInfo, target: _Target) -> None:
    if member.isdir():
        target.place(member.name, is_folder=True)
        return
    if member.issym() or member.islnk():
        raise OlxError(f"a link (to {member.linkname!r}) is refused", member.name)
    if member.type not in (tarfile.REGTYPE, tarfile.AREGTYPE) or member.sparse is not None:
        raise OlxError("only plain files and folders are accepted, no devices or sparse files", member.name)
    target.announce(member.name, member.size)
    source = tar.extractfile(member)
    if source is None:
        raise OlxError("the entry cannot be read", member.name)
    target.fill(member.name, source, member.size)


def _unpack_zip(stream: IO[bytes], target: _Target) -> None:
    with zipfile.ZipFile(stream) as packed:
        entries = packed.infolist()
        target.counted = True
        if len(entries) > target.limits.archive_entries:
            raise OlxError(f"more than {target.limits.archive_entries:,} entries", target.archive.name)
        for entry in entries:
            target.announce(entry.filename, entry.file_size)
        for entry in entries:
            _zip_entry(packed, entry, target)


def _zip_entry(packed: zipfile.ZipFile, entry: zipfile.ZipInfo, target: _Target) -> None:
    kind = stat.S_IFMT(entry.external_attr >> 16)
    if kind not in (0, stat.S_IFREG, stat.S_IFDIR):
        raise OlxError("only plain files and folders are accepted, no links or devices", entry.filename)
    if entry.flag_bits & 1:
        raise OlxError("an encrypted file cannot be read", entry.filename)
    if entry.is_dir():
        target.place(entry.filename, is_folder=True)
        return
    with packed.open(entry) as source:
        target.fill(entry.filename, source, entry.file_size)


def pack(folder: Path, archive: Path, *, top: str = "course") -> Path:
    """Pack a folder as .tar.gz with one folder `top` inside, as Open edX expects it; returns the archive.

    The same files give the same bytes: entries are sorted and carry no times, owners or rights of their own. An
    archive of that name is replaced, in one step.
    """
    with new_archive(archive) as tar:
        for path in sorted(folder.rglob("*")):
            if path.is_symlink() or not path.is_file():
                continue
            with path.open("rb") as source:
                tar.addfile(header(f"{top}/{path.relative_to(folder).as_posix()}", path.stat().st_size), source)
    return archive


@contextmanager
def new_archive(archive: Path) -> Iterator[tarfile.TarFile]:
    """A .tar.gz to add files to. It takes its name when it is whole; until then, or on an error, an old one stays."""
    work = archive.with_name(f".{archive.name}.{os.getpid()}")
    try:
        with (
            work.open("wb") as raw,
            gzip.GzipFile(filename="", mode="wb", fileobj=raw, mtime=0, compresslevel=6) as packed,
            tarfile.open(fileobj=packed, mode="w|", format=tarfile.PAX_FORMAT) as tar,
        ):
            yield tar
        work.replace(archive)
    finally:
        work.unlink(missing_ok=True)


def header(path: str, size: int) -> tarfile.TarInfo:
    """The header of a plain file without time, owner or rights of its own."""
    entry = tarfile.TarInfo(path)
    entry.size, entry.mode = size, 0o644
    return entry
