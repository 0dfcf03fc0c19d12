"""A video: files or YouTube, with a transcript to read along, search and follow."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from datetime import timedelta
from typing import Any

from web_fragments.fragment import Fragment
from webob import Request, Response
from xblock.completable import CompletableXBlockMixin
from xblock.core import XBlock
from xblock.exceptions import JsonHandlerError
from xblock.fields import RelativeTime

from lykeion.blocks.builtin.video import page, transcripts
from lykeion.blocks.builtin.video.fields import VideoFields
from lykeion.content.types import Json
from lykeion.core.lru import WeightedCache

SPEEDS = (0.25, 3.0)  # slowest and fastest that is remembered
FORMATS: dict[str, tuple[Callable[[tuple[transcripts.Cue, ...]], str], str]] = {
    "srt": (transcripts.as_srt, "application/x-subrip"),
    "txt": (transcripts.as_text, "text/plain"),
    "vtt": (transcripts.as_vtt, "text/vtt"),
}

Cues = tuple[transcripts.Cue, ...]
_CUES: WeightedCache[tuple[str, str], Cues] = WeightedCache(8 << 20, lambda cues: 200 + sum(map(_weight, cues)))


def _weight(cue: transcripts.Cue) -> int:
    return 150 + len(cue.text)


def cues_of(files: Any, name: str) -> Cues:
    """The transcript in the course file ``name``; nothing when that is not there, or none. Remembered by content, so
    that the file is read once."""
    version = files.version(name)
    if version is None:
        return ()
    key = (version, name.rpartition(".")[2])
    found = _CUES.get(key)
    if found is None:
        found = _read(name, files.read(name) or b"")
        _CUES.put(key, found)
    return found


def _read(name: str, data: bytes) -> Cues:
    try:
        return transcripts.read_transcript(name, data)
    except transcripts.BadTranscript:
        return ()


@XBlock.wants("course_files")
class VideoBlock(VideoFields, CompletableXBlockMixin, XBlock):  # type: ignore[misc]
    """Complete at 95 %; remembers position, speed and language. Nothing comes from YouTube before it is started."""

    balanced = True
    icon_class = "video"

    @XBlock.supports("multi_device")  # type: ignore[untyped-decorator]
    def student_view(self, context: Mapping[str, Any] | None = None) -> Fragment:
        """The player."""
        return Fragment(page.video_html(self, self._state()))

    def public_view(self, context: Mapping[str, Any] | None = None) -> Fragment:
        """The player, which remembers nothing."""
        return Fragment(page.video_html(self, self._state()))

    # What the player asks and tells

    @XBlock.handler  # type: ignore[untyped-decorator]
    def transcript(self, request: Request, suffix: str = "") -> Response:
        """``available_translations``, ``translation/LANGUAGE`` (sjson), ``download/LANGUAGE.srt`` (.txt, .vtt)."""
        action, _, rest = suffix.strip("/").partition("/")
        if action == "available_translations":
            return _answer(json.dumps(self.languages()), "application/json")
        language, _, form = rest.rpartition(".") if action == "download" else (rest, "", "json")
        cues = self._cues(language) if form in FORMATS or form == "json" else None
        if cues is None:
            return Response(status=404, text="There is no such transcript.", content_type="text/plain")
        if form == "json":
            return _answer(json.dumps(transcripts.as_sjson(cues), ensure_ascii=False), "application/json")
        write, kind = FORMATS[form]
        answer = _answer(write(cues), kind)
        if request.GET.get("save"):
            answer.content_disposition = f'attachment; filename="transcript-{_word(language)}.{form}"'
        return answer

    @XBlock.json_handler  # type: ignore[untyped-decorator]
    def save_user_state(self, data: Mapping[str, Json], suffix: str = "") -> dict[str, Json]:
        """Remembers what ``data`` holds of: saved_video_position (HH:MM:SS), speed, transcript_language."""
        try:
            if "saved_video_position" in data:
                self.saved_video_position = RelativeTime.isotime_to_timedelta(str(data["saved_video_position"]))
            if "speed" in data:
                self.speed = self.global_speed = min(max(float(str(data["speed"])), SPEEDS[0]), SPEEDS[1])
        except ValueError as error:
            raise JsonHandlerError(400, str(error)) from error
        if data.get("transcript_language") in self.languages():
            self.transcript_language = data["transcript_language"]
        return {"success": True}

    @XBlock.json_handler  # type: ignore[untyped-decorator]
    def publish_completion(self, data: Mapping[str, Json], suffix: str = "") -> dict[str, Json]:
        """Completes the video; the player says when."""
        completion = data.get("completion")
        if not isinstance(completion, int | float) or not 0 <= completion <= 1:
            raise JsonHandlerError(400, "completion must be a number between 0 and 1")
        self.emit_completion(float(completion))
        return {"result": "ok"}

    # What it is made of

    def languages(self) -> list[str]:
        """The languages there are transcripts in, English (``sub``) first."""
        named = [str(language) for language, name in (self.transcripts or {}).items() if name]
        return list(dict.fromkeys((["en"] if self.sub else []) + named))

    def _language(self) -> str:
        """What the learner chose, else what the author did."""
        chosen = self.fields["transcript_language"].is_set_on(self)
        return str(self.transcript_language if chosen or not self.default_transcript else self.default_transcript)

    def _cues(self, language: str) -> Cues | None:
        files = self.runtime.service(self, "course_files")
        if files is None or language not in self.languages():
            return None
        found = (cues_of(files, name) for name in self._files(language))
        return next((cues for cues in found if cues), None)

    def _files(self, language: str) -> list[str]:
        given = (self.transcripts or {}).get(language)
        return transcripts.places(
            language, given, sub=self.sub, youtube=self.youtube_id_1_0, edx_video_id=self.edx_video_id
        )

    def _state(self) -> dict[str, Json]:
        return {
            "position": _seconds(self.saved_video_position),
            "speed": self.speed or self.global_speed or 1.0,
            "language": self._language(),
            "remember": self.scope_ids.user_id is not None,
        }


def _answer(text: str, kind: str) -> Response:
    answer = Response(text=text, content_type=kind, charset="utf-8")
    answer.headers["Cache-Control"] = "private, max-age=300"
    return answer


def _seconds(time: timedelta | None) -> float:
    return time.total_seconds() if time else 0


def _word(text: str) -> str:
    return "".join(letter for letter in text if letter.isalnum() or letter == "-")
