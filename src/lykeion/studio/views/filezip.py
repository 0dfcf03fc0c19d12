"""All files of a draft as one archive, written while it is sent."""

from __future__ import annotations

import zipfile
from collections.abc import Iterable, Iterator

from django.http import HttpRequest, HttpResponseBase, StreamingHttpResponse
from django.views.decorators.http import require_safe

from lykeion.authoring.types import Author
from lykeion.content import api as content
from lykeion.content.types import StoredFile
from lykeion.core.keys import plain_name
from lykeion.studio.guards import in_course

PIECE = 256 * 1024
PACKED = ("text/", "application/json", "application/xml", "image/svg")  # others are packed already


@require_safe
@in_course(libraries=True)
def download(_request: HttpRequest, author: Author) -> HttpResponseBase:
    """The files of the draft as ZIP."""
    stored = sorted(content.files(author.root).values(), key=lambda file: file.path)
    response = StreamingHttpResponse(zipped(stored), content_type="application/zip")
    name = f"{plain_name(author.run)}-files.zip"
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


def zipped(files: Iterable[StoredFile]) -> Iterator[bytes]:
    """The bytes of a ZIP archive of ``files``; memory does not grow with their size."""
    out = _Passing()
    with zipfile.ZipFile(out, "w") as archive:  # type: ignore[call-overload]  # only written to
        for file in files:
            method = zipfile.ZIP_DEFLATED if file.content_type.startswith(PACKED) else zipfile.ZIP_STORED
            info = zipfile.ZipInfo(file.path)
            info.compress_type = method
            with content.open_file(file) as source, archive.open(info, "w", force_zip64=file.size > 1 << 31) as target:
                while piece := source.read(PIECE):
                    target.write(piece)
                    yield from out.passed()
            yield from out.passed()
    yield from out.passed()


class _Passing:
    """Takes what the archive writes and hands it on. It cannot seek, so sizes follow after each file."""

    def __init__(self) -> None:
        self._waiting: list[bytes] = []

    def write(self, data: bytes) -> int:
        """Keeps ``data`` until it is handed on."""
        self._waiting.append(bytes(data))
        return len(data)

    def flush(self) -> None:
        """Nothing to do."""

    def passed(self) -> Iterator[bytes]:
        """What was written since."""
        pieces, self._waiting = self._waiting, []
        yield from pieces
