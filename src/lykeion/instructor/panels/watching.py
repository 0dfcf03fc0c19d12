"""What of videos was watched (analytics.md §1.4)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from lykeion.analytics import api as analytics
from lykeion.analytics.types import Row
from lykeion.content import api as content
from lykeion.instructor import charts
from lykeion.instructor.panels.panel import Panel
from lykeion.teaching.types import Teacher

_MOST_PARTS: Final = 240  # of a video's strip
SEGMENT: Final = 5  # seconds


@dataclass(frozen=True, slots=True)
class Video:
    """A video that anybody watched; ``complete``: of those at its start, or its end if more, who saw the end;
    ``whole``: learners who saw nearly all; ``heat``: a picture of how many learners saw each part."""

    id: str
    title: str
    duration: str
    viewers: int
    start: int
    end: int
    complete: float
    whole: int
    heat: SafeString


def videos(teacher: Teacher) -> list[Video]:
    """The videos that anybody watched, in the order of the course."""
    outline = content.outline(teacher.run.key)
    found = {row["video_id"]: row for row in analytics.figures(teacher.run.id, "videos")}
    seen = analytics.figures_of(teacher.run.id, "timeline")
    films = [film for film in (analytics.player(outline, video) for video in found) if film]
    films.sort(key=lambda film: film.index)
    return [_video(film.title, found[film.id], seen.get(film.id, [])) for film in films]


def _video(title: str, row: Row, seen: list[Row]) -> Video:
    start, end = row["users_at_start"], row["users_at_end"]
    share = end / (max(start, end) or 1)
    return Video(
        row["video_id"],
        title,
        clock(row["duration"]),
        row["viewers"],
        start,
        end,
        share,
        row["users_of_all"],
        _heat(title, seen),
    )


def _heat(title: str, seen: list[Row]) -> SafeString:
    """The learners of every five seconds; of long videos the most in each of so many parts."""
    users = {row["segment"]: row["users"] for row in seen}
    segments = max(users, default=-1) + 1
    width = -(-segments // _MOST_PARTS) or 1
    parts = [range(start, min(start + width, segments)) for start in range(0, segments, width)]
    most = [max(users.get(segment, 0) for segment in part) for part in parts]
    peak = most.index(max(most)) * width * SEGMENT if most else 0
    about = _("{title}: most learners at {time}").format(title=title, time=clock(peak))
    return charts.heat(about, most)


def timeline(teacher: Teacher, video: str) -> Panel:
    """What of a video was watched, and watched again."""
    rows = analytics.figures(teacher.run.id, "timeline", video)
    labels = [clock(row["segment"] * SEGMENT) for row in rows]
    series = {
        _("Learners"): [row["users"] for row in rows],
        _("Replays"): [row["views"] - row["users"] for row in rows],
    }
    title = _("What was watched")
    chart = (
        charts.areas("timeline", _("Learners and replays for every five seconds"), labels, series)
        if rows
        else SafeString()
    )
    lines = [(label, row["users"], row["views"] - row["users"]) for label, row in zip(labels, rows, strict=True)]
    about = _("For every five seconds of the video: how many learners saw them, and how often they were seen again.")
    return Panel("timeline", title, about, chart, (_("From"), _("Learners"), _("Replays")), lines, "timeline", video)


def clock(seconds: float) -> str:
    """Minutes and seconds, as players show them."""
    return f"{int(seconds) // 60}:{int(seconds) % 60:02}"
