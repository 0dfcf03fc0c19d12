"""What learners handed in to open responses, as a ZIP: their texts, their files, and a list of them.

Source: ``OraDownloadData`` of edx-ora2 (``openassessment/data.py``) for the names of folders, files and columns.
Learners name their files, so names are made harmless: no path leaves the folder into which somebody unpacks.
"""

from __future__ import annotations

import re
import shutil
import tempfile
from collections import Counter
from collections.abc import Iterator
from pathlib import PurePosixPath
from typing import IO, BinaryIO, Final, cast
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from lykeion.accounts import api as accounts
from lykeion.content import api as content
from lykeion.content.types import Outline, OutlineBlock
from lykeion.core.keys import usage_text
from lykeion.shims import api as shims
from lykeion.shims.api import HandedIn
from lykeion.teaching.reports.types import Archive, Asked, Row, text_columns
from lykeion.teaching.reports.writing import Csv

COLUMNS: Final = text_columns(
    "course_id", "block_id", "student_id", "key", "name", "type", "description", "size", "file_path", "file_found"
)
_GONE: Final = ("Removed from course", "x")
_LONGEST: Final = 200  # bytes of a name, with room for a number behind it
_ODD: Final = re.compile(r"[\x00-\x1f\x7f/\\\\:*?\"<>|]")
_PIECE: Final = 1 << 20
Places = dict[str, tuple[str, str]]
"""By usage key: the folder of a block, and its number among those of its unit."""


def archive(asked: Asked) -> Archive:
    """All that was handed in. Packing it holds the texts of a hundred responses and a piece of one file."""
    return Archive(lambda file: _pack(asked, file))


def _pack(asked: Asked, file: BinaryIO) -> int:
    with tempfile.TemporaryFile() as listed, ZipFile(file, "w", ZIP_DEFLATED) as packed:
        rows = Csv(cast(BinaryIO, listed), COLUMNS)
        count = 0
        for row in _packed(asked, packed):
            rows.add([row])
            count += 1
        rows.close()
        listed.seek(0)
        _add(packed, "submissions.csv", listed)
    return count


def _packed(asked: Asked, archive: ZipFile) -> Iterator[Row]:
    places, taken = places_of(content.outline(asked.run.key)), Counter[str]()
    total = shims.count_handed_in(asked.run.key)
    for done, response in enumerate(shims.handed_in(asked.run.key), 1):
        for one in response:
            user_id = accounts.whose_id(one.student, asked.run.key)
            person = accounts.people([user_id]).get(user_id) if user_id else None
            if person is None:
                continue  # an account that is gone, or an author's trial
            path = path_of(places.get(one.block, _GONE), person.username, one.name, taken)
            found = _added(archive, path, one)
            kind = "attachment" if one.key else "text"
            about: Row = [str(asked.run.key), one.block, one.student, one.key, one.name, kind, one.description]
            yield [*about, one.size, path, str(found)]
        asked.told(min(done, total), total)


def _added(archive: ZipFile, path: str, one: HandedIn) -> bool:
    if not one.key:
        archive.writestr(path, one.text)
        return True
    stream = shims.open_handed_in(one.key)
    if stream is None:
        return False
    with stream:
        _add(archive, path, stream)
    return True


def _add(archive: ZipFile, path: str, stream: IO[bytes]) -> None:
    about = ZipInfo(path)
    about.compress_type = ZIP_DEFLATED
    with archive.open(about, "w", force_zip64=True) as there:
        shutil.copyfileobj(stream, there, _PIECE)


def places_of(outline: Outline) -> Places:
    """Where the open responses of a course stand: ``[1]Section, [2]Subsection, [1]Unit``, and their number there."""
    found: Places = {}
    seen: Counter[str] = Counter()
    for block in outline.blocks:
        if block.type != "openassessment":
            continue
        way = outline.ancestors(block)[1:4]
        folder = ", ".join(f"[{_number(outline, one)}]{harmless_name(one.title, _LONGEST // 3)}" for one in way)
        seen[folder] += 1
        found[usage_text(outline.run, block.ref)] = (folder, str(seen[folder]))
    return found


def path_of(place: tuple[str, str], username: str, name: str, taken: Counter[str]) -> str:
    """The path in the archive of something that ``username`` handed in; no path twice."""
    folder, number = place
    whole = PurePosixPath(harmless_name(name, _LONGEST))
    path = f"{folder}/[{number}] - {username} - {whole.stem}"
    taken[f"{path}{whole.suffix}"] += 1
    again = taken[f"{path}{whole.suffix}"]
    return f"{path} ({again}){whole.suffix}" if again > 1 else f"{path}{whole.suffix}"


def harmless_name(name: str, longest: int) -> str:
    """``name`` as a name of a file on any system: without separators and odd signs, no longer than ``longest`` bytes;
    its ending stays."""
    clean = _ODD.sub("_", name).strip(" .") or "_"
    ending = PurePosixPath(clean).suffix.encode()[: longest // 2].decode(errors="ignore")
    begin = clean[: len(clean) - len(ending)] if ending else clean
    return begin.encode()[: longest - len(ending.encode())].decode(errors="ignore") + ending


def _number(outline: Outline, block: OutlineBlock) -> int:
    return outline.blocks[block.parent].children.index(block.index) + 1
