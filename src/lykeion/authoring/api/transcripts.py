"""Transcripts of videos: brought as files, written cue by cue, kept as course files in SRT.

Each change touches one language, so that two people can work on two of them. The file is always the video's own
(``ID-LANGUAGE.srt``): another video, or an older version, that names the one before keeps it as it is.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final

from django.conf.locale import LANG_INFO
from django.utils.translation import get_language_info
from django.utils.translation import gettext as _

from lykeion.authoring import working
from lykeion.authoring.api.courses import require
from lykeion.authoring.api.files import Bytes
from lykeion.authoring.filenames import clean_path
from lykeion.authoring.types import Author, AuthoringError, Capability
from lykeion.blocks import api as blocks
from lykeion.content import api as content
from lykeion.content.api import Draft
from lykeion.content.types import ChangedMeanwhile, Json, ObjectId, StoredFile
from lykeion.core.keys import split_ref

__all__ = ["Cue", "Transcript", "cues", "language_name", "languages", "listed", "remove", "upload", "write"]

Cue = blocks.transcripts.Cue
MOST: Final = 20_000  # cues
LONGEST: Final = 2_000  # characters of one
_LANGUAGE: Final = re.compile(r"[A-Za-z]{2,3}([-_][A-Za-z0-9]{2,8})*\Z")


@dataclass(frozen=True, slots=True)
class Transcript:
    """The transcript of one language. ``version`` names its content; empty, with no cues, when its file is missing or
    cannot be read, which ``problem`` says."""

    language: str
    name: str
    path: str = ""
    version: str = ""
    cues: tuple[Cue, ...] = ()
    problem: str = ""


def listed(author: Author, ref: str) -> list[Transcript]:
    """The transcripts of video ``ref``, by the names of their languages. Reads each file once."""
    fields = _fields(author, ref)
    named = [str(language) for language, name in _table(fields).items() if name]
    found = dict.fromkeys(["en", *named] if fields.get("sub") else named)
    return sorted((_read(author, fields, language) for language in found), key=lambda one: one.name.casefold())


def cues(author: Author, ref: str, language: str) -> Transcript:
    """The transcript of video ``ref`` in ``language``; one without a path for a language that has none."""
    _check_language(language)
    fields = _fields(author, ref)
    known = language in _table(fields) or (language == "en" and fields.get("sub"))
    return _read(author, fields, language) if known else Transcript(language, language_name(language))


def upload(author: Author, ref: str, language: str, name: str, data: bytes, *, at: datetime) -> ObjectId:
    """Takes the file ``name`` (SRT, WebVTT or sjson) as the transcript of ``language``, in place of one there is.

    The version the video then has. Raises :class:`AuthoringError` with every line that is wrong.
    """
    if len(data) > blocks.transcripts.MAX_BYTES:
        raise AuthoringError(_("{name} is larger than a transcript can be (8 MB).").format(name=name))
    try:
        found = blocks.read_checked(name, data)
    except blocks.Unreadable as error:
        raise AuthoringError(str(error)) from error
    return write(author, ref, language, found, version=None, at=at)


def write(
    author: Author, ref: str, language: str, found: Sequence[Cue], *, version: str | None, at: datetime
) -> ObjectId:
    """Makes ``found`` the transcript of ``language``; the version the video then has.

    ``version`` is the content that the author saw (empty: none; None: whatever it is). Raises :class:`AuthoringError`
    for cues that cannot be, :class:`~lykeion.content.types.ChangedMeanwhile` for a transcript that somebody changed.
    """
    require(author, Capability.EDIT)
    _check_language(language)
    ordered = tuple(sorted(_checked(found), key=lambda cue: cue.start))
    path = clean_path(f"{split_ref(ref)[1]}-{language}.srt")
    stored = content.store_file(path, Bytes(blocks.transcripts.as_srt(ordered).encode()))

    def change(draft: Draft) -> None:
        fields = draft.node(ref).fields
        there = _file(draft.file, fields, language)
        present = there.hash if there else ""
        if version not in (None, present, stored.hash):
            words = _("Somebody else changed this transcript meanwhile.")
            raise ChangedMeanwhile(words, ref, ("transcripts",), None)
        is_locked = any(file.locked for file in (there, draft.file(path)) if file)
        draft.set_file(path, replace(stored, locked=is_locked))
        draft.update(ref, {"transcripts": {**_table(fields), language: path}})

    return _edit(author, ref, change, at)


def remove(author: Author, ref: str, language: str, *, at: datetime) -> ObjectId:
    """Takes the transcript of ``language`` away from the video; its file stays, so that an undo brings all back."""
    require(author, Capability.EDIT)

    def change(draft: Draft) -> None:
        fields = draft.node(ref).fields
        left = {name: path for name, path in _table(fields).items() if name != language}
        gone = ["sub"] if language == "en" and fields.get("sub") else []
        gone += [] if left else ["transcripts"]
        gone += ["default_transcript"] if fields.get("default_transcript") == language else []
        draft.update(ref, {"transcripts": left} if left else {}, unset=gone)

    return _edit(author, ref, change, at)


def languages() -> list[tuple[str, str]]:
    """Codes and names of languages to choose from, by name."""
    named = [(code, language_name(code)) for code, info in LANG_INFO.items() if "name_local" in info]
    return sorted(named, key=lambda one: one[1].casefold())


def language_name(code: str) -> str:
    """A language in the language of the page, and in its own; the code of one that nobody has named."""
    try:
        info = get_language_info(code.lower().replace("_", "-"))
    except KeyError:
        return code
    named, local = str(info["name_translated"]), str(info["name_local"])
    return named if named.casefold() == local.casefold() else f"{named} ({local})"


def _edit(author: Author, ref: str, change: Callable[[Draft], None], at: datetime) -> ObjectId:
    working.require_inside(ref)
    done = working.edit(author, change, f"Edited: {ref}", at)
    return content.way(done.new, ref)[-1].object_id


def _fields(author: Author, ref: str) -> Mapping[str, Json]:
    object_id = content.way(author.root, ref)[-1].object_id
    return content.nodes([object_id])[object_id].fields


def _table(fields: Mapping[str, Json]) -> dict[str, Json]:
    table = fields.get("transcripts")
    return dict(table) if isinstance(table, dict) else {}


def _file(find: Callable[[str], StoredFile | None], fields: Mapping[str, Json], language: str) -> StoredFile | None:
    places = blocks.transcripts.places(
        language,
        _table(fields).get(language),
        sub=str(fields.get("sub") or ""),
        youtube=str(fields.get("youtube_id_1_0") or ""),
        edx_video_id=str(fields.get("edx_video_id") or ""),
    )
    return next((file for path in places if (file := find(path))), None)


def _read(author: Author, fields: Mapping[str, Json], language: str) -> Transcript:
    name = language_name(language)
    file = _file(lambda path: content.file(author.root, path), fields, language)
    if file is None:
        missing = str(_table(fields).get(language) or fields.get("sub") or "")
        return Transcript(language, name, missing, problem=_("The file {path} is missing.").format(path=missing))
    with content.open_file(file) as stream:
        data = stream.read(blocks.transcripts.MAX_BYTES + 1)
    try:
        found = blocks.transcripts.read_transcript(file.path, data)
    except ValueError as error:
        return Transcript(language, name, file.path, file.hash, problem=str(error))
    return Transcript(language, name, file.path, file.hash, found)


def _check_language(language: str) -> None:
    if not _LANGUAGE.match(language) or len(language) > 20:
        words = _("“{language}” is no code of a language; one looks like de or pt-br.")
        raise AuthoringError(words.format(language=language[:40]))


def _checked(found: Sequence[Cue]) -> list[Cue]:
    if len(found) > MOST:
        raise AuthoringError(_("A transcript has {most} cues at most.").format(most=MOST))
    kept = [(number, cue) for number, cue in enumerate(found, 1) if cue.text.strip()]
    if not kept:
        raise AuthoringError(_("A transcript needs at least one cue with words."))
    for number, cue in kept:
        _check_cue(number, cue)
    return [cue for _number, cue in kept]


def _check_cue(number: int, cue: Cue) -> None:
    said = {"number": number, "start": blocks.transcripts.clock(cue.start), "end": blocks.transcripts.clock(cue.end)}
    if cue.start < 0 or cue.end <= cue.start:
        raise AuthoringError(_("Cue {number} ends ({end}) before it begins ({start}).").format(**said))
    if len(cue.text) > LONGEST:
        raise AuthoringError(_("Cue {number} is too long: split it.").format(**said))
