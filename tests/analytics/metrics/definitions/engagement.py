"""What was used, by whom, and how much of it."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from itertools import pairwise
from typing import Any

from tests.analytics.metrics.definitions.enrolment import standing
from tests.analytics.metrics.definitions.events import Row, by, monday, rows_of


def visits(lines: Sequence[bytes], end: date) -> list[Row]:
    asked: dict[Any, list[int]] = defaultdict(list)
    for row in _but_redirects(rows_of(lines)):
        place = _subsection(row)
        if place and row["course_id"] and row["user_id"] and row["time"].date() < end:
            section, subsection = place.split("/")
            asked[row["course_id"], section, subsection].append(row["user_id"])
    return [
        {
            "course_id": course,
            "section": section,
            "subsection": subsection,
            "learners": len(set(who)),
            "views": len(who),
        }
        for (course, section, subsection), who in asked.items()
    ]


def _but_redirects(rows: Sequence[Row]) -> list[Row]:
    """Without pages after which the same learner came to one below it within ten seconds of the day."""
    pages = [row for row in rows if _subsection(row)]
    led = []
    for _whose, own in by(pages, "course_id", "user_id"):
        for row, then in pairwise(own):
            place = row["event_type"].rstrip("/") + "/"
            is_longer = then["event_type"] != row["event_type"] and then["event_type"].startswith(place)
            is_soon = then["time"] - row["time"] <= timedelta(seconds=10)
            if is_longer and is_soon and then["time"].date() == row["time"].date():
                led.append(row["event_id"])
    return [row for row in rows if row["event_id"] not in led]


def kind_used(row: Row) -> str | None:
    if row["event_type"] == "problem_check" and row["kind"] == "problem":
        return "problem"
    return "video" if row["event_type"] == "play_video" else "forum" if row["kind"] == "forum" else None


def posted(row: Row) -> str | None:
    """What somebody wrote: a thread, a response, a comment."""
    names = {f"edx.forum.{what}.created": what for what in ("thread", "response", "comment")}
    return names.get(row["event_type"]) if row["kind"] == "forum" else None


LEAFS = ("book", "textbook.pdf.page.navigated")


def engagement_report(lines: Sequence[bytes], end: date, span: str) -> list[Row]:
    """What each learner did in each day (``day``), week (``week``), or at all."""
    told = [row for row in _but_redirects(rows_of(lines)) if row["time"].date() < end and row["course_id"]]
    did: dict[Any, list[Row]] = defaultdict(list)
    authors: dict[Any, int] = {}
    for row in told:
        if posted(row) and row["user_id"]:
            key = (row["course_id"], row["post_id"])
            authors[key] = min(row["user_id"], authors.get(key, row["user_id"]))

    def when(row: Row) -> tuple[date, ...]:
        day = row["time"].date()
        return {"day": (day,), "week": (monday(day),), "": ()}[span]

    for row in told:
        if row["user_id"] and (kind_used(row) or row["event_type"] in LEAFS or _subsection(row)):
            did[(row["course_id"], row["user_id"], *when(row))].append(row)
        author = authors.get((row["course_id"], row.get("post_id")))
        if row.get("vote") and author:
            did[(row["course_id"], author, *when(row))].append({"got": row["vote"], "change": row["change"]})
    names = ("course_id", "user_id", *([span] if span else []))
    return [{**dict(zip(names, key, strict=True)), **_reported(rows)} for key, rows in did.items()]


def _subsection(row: Row) -> str | None:
    parts = _parts(row)
    is_one = row["kind"] == "page" and row["event_source"] == "server" and parts[1] == "courses"
    return f"{parts[4]}/{parts[5]}" if is_one and parts[3] == "courseware" and parts[4] and parts[5] else None


def _parts(row: Row) -> list[str]:
    """The words of an address, the key of a course being one of them, and some that are empty."""
    words = row["event_type"].split("/")
    if not row["event_type"].startswith("/courses/course-v1:") and words[5:6] == ["courseware"]:
        words[2:5] = ["-"]
    return [*words, "", "", "", ""]


def _reported(rows: Sequence[Row]) -> Row:
    own, got = [row for row in rows if "got" not in row], [row for row in rows if "got" in row]
    problems = [row for row in own if kind_used(row) == "problem"]
    votes = [row for row in own if row.get("vote")]
    opened = [(row["time"], _subsection(row)) for row in own if _subsection(row)]
    return {
        "days_active": len({row["time"].date() for row in own}),
        "problems_attempted": len({row["problem_id"] for row in problems}),
        "problem_attempts": len(problems),
        "problems_correct": len({row["problem_id"] for row in problems if row["success"] == "correct"}),
        "videos_played": len({row["video_id"] for row in own if kind_used(row) == "video"}),
        **{f"forum_{what}s": sum(posted(row) == kind for row in own)
           for what, kind in (("post", "thread"), ("response", "response"), ("comment", "comment"))},
        **{f"{way}votes_given": sum(row["change"] for row in votes if row["vote"] == way) for way in ("up", "down")},
        **{f"{way}votes_received": sum(row["change"] for row in got if row["got"] == way) for way in ("up", "down")},
        "textbook_pages": sum(row["event_type"] in LEAFS for row in own),
        "last_subsection_viewed": max(opened)[1] if opened else None,
    }  # fmt: skip


def module_engagement(lines: Sequence[bytes], end: date) -> list[Row]:
    counts: Counter[Any] = Counter()
    for row in rows_of(lines):
        if row["time"].date() < end and row["user_id"] and row["course_id"]:
            for entity in _used(row):
                counts[(row["course_id"], row["user_id"], row["time"].date(), *entity)] += 1
    names = ("course_id", "user_id", "day", "entity_type", "entity_id", "event")
    return [{**dict(zip(names, key, strict=True)), "count": count} for key, count in counts.items()]


def _used(row: Row) -> Iterable[tuple[str, str, str]]:
    what = kind_used(row)
    if what == "problem":
        yield "problem", row["problem_id"], "attempted"
        if row["success"] == "correct":
            yield "problem", row["problem_id"], "completed"
    elif what == "video":
        yield "video", row["video_id"], "viewed"
    elif what == "forum" and posted(row):
        yield "discussion", row["topic_id"] or "", "contributed"


def modules(lines: Sequence[bytes], end: date) -> list[Row]:
    used = [row for row in module_engagement(lines, end) if row["event"] != "completed"]
    found = []
    for (course, kind, entity), rows in by(used, "course_id", "entity_type", "entity_id"):
        week = [row for row in rows if row["day"] >= end - timedelta(days=7)]
        found.append(
            {
                "course_id": course,
                "entity_type": kind,
                "entity_id": entity,
                "learners": len({row["user_id"] for row in rows}),
                "events": sum(row["count"] for row in rows),
                "week_learners": len({row["user_id"] for row in week}),
                "week_events": sum(row["count"] for row in week),
            }
        )
    return found


def reach(lines: Sequence[bytes], end: date, places: Sequence[Row]) -> list[Row]:
    there: dict[Any, set[str]] = defaultdict(set)
    for row in places:
        there[row["course_id"], row["part_id"], row["kind"]].add(row["entity"])
    done: dict[Any, set[str]] = defaultdict(set)
    enrolled = {(row["course_id"], row["user_id"]) for row in standing(lines, end) if row["enrolled"]}
    for row in rows_of(lines):
        if row["time"].date() < end and (row["course_id"], row["user_id"]) in enrolled:
            what = kind_used(row)
            name = {"problem": row.get("problem_id"), "video": row.get("video_id")}.get(what or "", _page(row))
            for key, names in there.items():
                if key[0] == row["course_id"] and key[2] == (what or "page") and name in names:
                    done[(*key, row["user_id"])].add(name)
    found = []
    for (course, part, kind), names in there.items():
        each = [seen for key, seen in done.items() if key[:3] == (course, part, kind)]
        if each:
            about = {"course_id": course, "part_id": part, "kind": kind, "there": len(names)}
            found.append({**about, "some": len(each), "every": sum(seen == names for seen in each)})
    return found


def _page(row: Row) -> str | None:
    place, parts = _subsection(row), _parts(row)
    return f"{place}/{parts[6]}" if place else None
