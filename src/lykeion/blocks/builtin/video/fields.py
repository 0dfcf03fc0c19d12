"""The fields of a video, under the names and with the defaults of Open edX (``video_xfields.py``)."""

from __future__ import annotations

from datetime import timedelta

from xblock.fields import Boolean, Dict, Float, List, RelativeTime, Scope, String

NOTHING = timedelta(0)


class VideoFields:
    """Settings of the author, and what is remembered of the learner."""

    display_name = String(default="Video", scope=Scope.settings)
    youtube_id_1_0 = String(default="", scope=Scope.settings)
    youtube_id_0_75 = String(default="", scope=Scope.settings)
    youtube_id_1_25 = String(default="", scope=Scope.settings)
    youtube_id_1_5 = String(default="", scope=Scope.settings)
    html5_sources = List(default=[], scope=Scope.settings)
    source = String(default="", scope=Scope.settings)
    start_time = RelativeTime(default=NOTHING, scope=Scope.settings)
    end_time = RelativeTime(default=NOTHING, scope=Scope.settings)
    download_video = Boolean(default=False, scope=Scope.settings)
    download_track = Boolean(default=False, scope=Scope.settings)
    show_captions = Boolean(default=True, scope=Scope.settings)
    sub = String(default="", scope=Scope.settings)
    track = String(default="", scope=Scope.settings)
    transcripts = Dict(default={}, scope=Scope.settings)
    default_transcript = String(default="", scope=Scope.settings)  # ours: the language for who chose none
    handout = String(default="", scope=Scope.settings)
    edx_video_id = String(default="", scope=Scope.settings)
    only_on_web = Boolean(default=False, scope=Scope.settings)
    public_access = Boolean(default=False, scope=Scope.settings)
    license = String(default=None, scope=Scope.settings)
    thumbnail = String(default="", scope=Scope.settings)

    saved_video_position = RelativeTime(default=NOTHING, scope=Scope.user_state)
    speed = Float(default=None, scope=Scope.user_state)
    global_speed = Float(default=1.0, scope=Scope.preferences)
    auto_advance = Boolean(default=False, scope=Scope.preferences)
    transcript_language = String(default="en", scope=Scope.preferences)
    transcript_download_format = String(default="srt", scope=Scope.preferences)
