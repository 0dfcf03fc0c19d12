"""Where logs and lakes lie: folders, HDFS, S3, Google Cloud Storage, Azure. One URL says which; no Django."""

from __future__ import annotations

import os
from functools import lru_cache
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlsplit, urlunsplit

from pyarrow import fs

from lykeion.core.errors import LykeionError

_SCHEMES: Final = frozenset({"hdfs", "s3", "gs", "gcs", "abfs", "abfss", "file"})
_SPARK_SCHEMES: Final = {"s3": "s3a"}


class PlaceError(LykeionError):
    """A place cannot be reached, or its URL says nothing."""


def opened(url: str) -> tuple[fs.FileSystem, str]:
    """What opens files at ``url`` (a path of this machine without ``://``), and the path that it knows them by.

    Raises :class:`PlaceError`. With HDFS talks hdfs-native, which reads ``HADOOP_CONF_DIR`` and needs neither Java nor
    libhdfs; with the others Arrow itself.
    """
    if "://" not in url:
        return fs.LocalFileSystem(), str(Path(url).expanduser().resolve())
    parts = urlsplit(url)
    try:
        if parts.scheme == "hdfs":
            return _hdfs(parts.hostname, parts.port, os.getpid()), parts.path.rstrip("/")
        found: tuple[fs.FileSystem, str] = fs.FileSystem.from_uri(url)
    except (OSError, ValueError) as error:
        if parts.scheme not in _SCHEMES:
            words = "a place is a folder, or begins with hdfs://, s3://, gs://, abfs:// or abfss://"
            raise PlaceError(f"{told(url)} cannot be opened: {words}.") from None
        words = str(error).replace(url, told(url))
        raise PlaceError(f"{told(url)} cannot be opened ({words}).") from None  # that one's words hold the URL
    return found[0], found[1].rstrip("/")


def address(url: str, path: str) -> str:
    """How Spark calls ``path`` (as :func:`opened` knows it) of the place at ``url``."""
    if "://" not in url:
        return f"file://{path}"
    parts = urlsplit(url)
    if parts.scheme in ("s3", "gs"):  # the bucket is in the path
        return f"{_SPARK_SCHEMES.get(parts.scheme, parts.scheme)}://{path}"
    if parts.scheme in ("abfs", "abfss"):
        return f"{parts.scheme}://{parts.netloc}/{path.removeprefix(f'{parts.username}/')}"
    return f"{parts.scheme}://{parts.netloc}{path}"


def told(url: str) -> str:
    """The URL without the secrets that may be in it, also where they are written as no URL takes them (``/``)."""
    if "://" not in url:
        return url
    scheme, rest = url.partition("?")[0].split("://", 1)
    return f"{scheme}://{rest.rpartition('@')[2]}"


def below(url: str, rest: str) -> str:
    """The URL of what lies at ``rest`` (which begins with ``/``) below ``url``."""
    parts = urlsplit(url)
    return urlunsplit(parts._replace(path=f"{parts.path.rstrip('/')}{rest}"))


@lru_cache(16)
def _hdfs(host: str | None, port: int | None, process: int) -> fs.FileSystem:
    """Each process has its own: a client does not outlive a fork."""
    try:
        from hdfs_native.fsspec import HdfsFileSystem  # of an extra
    except ImportError as error:
        raise PlaceError(
            "For hdfs:// install what it needs: .venv/bin/uv pip install -e '.[hdfs]' in Lykeion's folder."
        ) from error
    return fs.PyFileSystem(_Hdfs(HdfsFileSystem(host, port)))


class _Hdfs(fs.FSSpecHandler):  # type: ignore[misc]  # Arrow names no types
    """As Arrow asks for it: when files changed, and moves that replace what is there in one step."""

    def _create_file_info(self, path: str, info: dict[str, Any]) -> fs.FileInfo:
        is_file = info["type"] == "file"
        return fs.FileInfo(
            path,
            fs.FileType.File if is_file else fs.FileType.Directory,
            size=info["size"] if is_file else None,
            mtime_ns=info["modification_time"] * 1_000_000,
        )

    def move(self, src: str, dest: str) -> None:
        self.fs.mv(src, dest, overwrite=True)
