"""Which seconds of a video were watched: a state machine for each learner."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence
from datetime import date, datetime, timedelta
from itertools import pairwise
from math import ceil

from tests.analytics.metrics.definitions.events import Row, by, rows_of

TOGETHER = timedelta(hours=12)


def viewings(lines: Sequence[bytes], end: date) -> list[Row]:
    """A state machine for each learner and video."""
    found: list[Row] = []
    kinds = ("play_video", "pause_video", "seek_video", "stop_video")
    told = [row for row in rows_of(lines) if row["kind"] == "video" and row["event_type"] in kinds]
    told = [row for row in told if row["course_id"] and row["user_id"]]
    told.sort(key=lambda row: (row["time"], row["event_type"] == "play_video"))  # at one moment what closes comes first
    for (course, video, user), events in by(told, "course_id", "video_id", "user_id"):
        playing: tuple[float, float | None, datetime] | None = None
        sought: tuple[float, datetime] | None = None
        for event in events:
            what, at, before, now = event["event_type"], event["position"], event["old_position"], event["time"]
            places = (at, before) if what == "seek_video" else (at,)
            if not all(place is not None and 0 <= place <= 36_000 for place in places):
                continue
            if what == "play_video":
                is_sought = sought is not None and now - sought[1] <= TOGETHER
                playing = (sought[0] if sought and is_sought else at, _length(event["duration"]), now)
                sought = None
            elif playing:
                start, length, began = playing
                stop = before if what == "seek_video" else at
                is_near = now - began <= TOGETHER
                if is_near and (length is None or stop <= length + 1) and stop - start >= 0.25:
                    about = {"course_id": course, "video_id": video, "user_id": user, "length": length}
                    found.append({**about, "day": began.date(), "first": int(start) // 5, "last": int(stop) // 5})
                playing, sought = None, (at, now) if what == "seek_video" and is_near else None
    return [one for one in found if one["day"] < end]


def watched(lines: Sequence[bytes], end: date) -> list[tuple[Row, list[Row]]]:
    """Each video with its figures, and its segments."""
    found = []
    for (course, video), seen in by(viewings(lines, end), "course_id", "video_id"):
        views: Counter[int] = Counter()
        users: dict[int, set[int]] = defaultdict(set)
        for one in seen:
            for segment in range(one["first"], one["last"] + 1):
                views[segment] += 1
                users[segment].add(one["user_id"])
        told = {user: max(one["length"] or 0 for one in own) for (user,), own in by(seen, "user_id")}
        lengths = [length for length in told.values() if length]
        duration = (
            _length_of_all(lengths) if lengths else (_drop_off({s: len(who) for s, who in users.items()}) + 1) * 5 - 1.0
        )
        about = {"course_id": course, "video_id": video}
        kept = sorted(segment for segment in views if segment <= int(duration) // 5)
        credits = int(max(duration - 30, 0.95 * duration)) // 5
        figures = {
            **about,
            "duration": duration,
            "viewers": len({one["user_id"] for one in seen}),
            "users_at_start": len(users[0]),
            "users_at_end": len(users[credits]),
            "users_of_all": _saw_all(users, int(duration) // 5 + 1),
        }
        rows = [{**about, "segment": one, "users": len(users[one]), "views": views[one]} for one in kept]
        found.append((figures, rows))
    return found


def _length(duration: float | None) -> float | None:
    return duration if duration and 0 < duration <= 36_000 else None


def _length_of_all(lengths: Sequence[float]) -> float:
    """The longest that a twentieth of the learners were told, at least two of them if there are."""
    enough = min(len(lengths), max(2, ceil(len(lengths) / 20)))
    return max(one for one in lengths if sum(other >= one for other in lengths) >= enough)


def _saw_all(users: dict[int, set[int]], segments: int) -> int:
    """How many saw at least 95 in 100 of the segments."""
    seen = Counter(user for segment, who in users.items() if segment < segments for user in who)
    return sum(count * 100 >= segments * 95 for count in seen.values())


def _drop_off(users: dict[int, int]) -> int:
    for after, segment in pairwise(sorted(users, reverse=True)):
        if users[after] <= 0.05 * users[segment]:
            return segment
    return max(users)
