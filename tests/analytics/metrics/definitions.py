"""What each metric is, in plain Python, slowly: a learner, a day, a second at a time (analytics.md §1)."""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Sequence
from datetime import date, datetime, timedelta
from itertools import groupby
from statistics import fmean, median
from typing import Any

from lykeion.analytics.columnar import sort_out
from lykeion.analytics.kinds import KINDS

Row = dict[str, Any]
DAY = timedelta(days=1)


def rows_of(lines: Sequence[bytes]) -> list[Row]:
    """The events, in the order of time, each with its ``kind``."""
    rows, _aside, _count = sort_out(lines)
    found = [
        {"kind": kind, **dict(zip([name for name, _type in KINDS[kind]], row, strict=True))}
        for (kind, _day), several in rows.items()
        for row in several
    ]
    return sorted(found, key=lambda row: (row["time"], row["event_type"], row["event_id"]))


def by(rows: Iterable[Row], *names: str) -> list[tuple[tuple[Any, ...], list[Row]]]:
    """Rows that are alike in these columns, in their order."""
    groups: dict[tuple[Any, ...], list[Row]] = defaultdict(list)
    for row in rows:
        groups[tuple(row[name] for name in names)].append(row)
    return list(groups.items())


def monday(day: date) -> date:
    return day - timedelta(days=day.weekday())


def days(first: date, end: date) -> list[date]:
    return [first + DAY * number for number in range((end - first).days)]


# Enrolment


def end_of_days(lines: Sequence[bytes], end: date) -> list[Row]:
    """Each learner on each day since their first event: whether they are enrolled at its end, and in which mode."""
    found = []
    told = [row for row in rows_of(lines) if row["kind"] == "enrol" and row["time"].date() < end]
    for (course, user), events in by(told, "course_id", "user_id"):
        for day in days(events[0]["time"].date(), end):
            enrolled, mode = 0, ""
            for event in events:
                if event["time"].date() <= day:
                    mode = _track(event["mode"])
                    what = event["event_type"].rpartition(".")[2]
                    enrolled = {"activated": 1, "deactivated": 0}.get(what, enrolled)
            found.append({"course_id": course, "user_id": user, "day": day, "mode": mode, "enrolled": enrolled})
    return found


def enrolment(lines: Sequence[bytes], end: date) -> list[Row]:
    return [
        {
            "course_id": course,
            "day": day,
            "mode": mode,
            "count": sum(row["enrolled"] for row in rows),
            "cumulative": len(rows),
        }
        for (course, day, mode), rows in by(end_of_days(lines, end), "course_id", "day", "mode")
    ]


TRAITS = ("gender", "birth_year", "education", "country")
EDUCATION = ("none", "el", "jhs", "hs", "a", "b", "m", "p", "other")


def traits(people: Sequence[Row], user: int) -> Row:
    """What somebody told of themselves, '' for what they did not or what is no code."""
    told = next((one for one in people if one["user_id"] == user), {})
    education = told.get("education") or ""
    education = "p" if education in ("p_se", "p_oth") else education
    return {
        "gender": told.get("gender") if told.get("gender") in ("f", "m", "o") else "",
        "birth_year": str(told.get("year_of_birth") or ""),
        "education": education if education in EDUCATION else "",
        "country": told.get("country") or "",
    }


def enrolment_by_gender(lines: Sequence[bytes], end: date, people: Sequence[Row]) -> list[Row]:
    each = [{**row, "gender": traits(people, row["user_id"])["gender"]} for row in end_of_days(lines, end)]
    return [
        {
            "course_id": course,
            "day": day,
            "gender": gender,
            "count": sum(row["enrolled"] for row in rows),
            "cumulative": len(rows),
        }
        for (course, day, gender), rows in by(each, "course_id", "day", "gender")
    ]


def enrolments(lines: Sequence[bytes], end: date) -> list[Row]:
    """A state machine for each learner."""
    found = []
    told = [row for row in rows_of(lines) if row["kind"] == "enrol" and row["time"].date() < end]
    for (course, user), events in by(told, "course_id", "user_id"):
        row: Row = dict.fromkeys(("mode", "first_mode", "first_at", "last_left", "first_verified", "first_credit"))
        enrolled = 0
        for event in events:
            what, mode, at = event["event_type"].rpartition(".")[2], _track(event["mode"]), event["time"]
            came = what == "activated" and not enrolled
            if came and row["first_at"] is None:
                row |= {"first_mode": mode, "first_at": at}
            if what == "deactivated" and enrolled:
                row["last_left"] = at
            if came or (what == "mode_changed" and enrolled):
                row["mode"] = mode
                if mode in ("verified", "credit") and row[f"first_{mode}"] is None:
                    row[f"first_{mode}"] = at
            enrolled = {"activated": 1, "deactivated": 0}.get(what, enrolled)
        if row["first_at"]:
            found.append({"course_id": course, "user_id": user, "enrolled": enrolled, **row})
    return found


def _track(mode: str) -> str:
    """One track has two names."""
    return "professional" if mode == "no-id-professional" else mode


def standing(lines: Sequence[bytes], end: date) -> list[Row]:
    return [row for row in end_of_days(lines, end) if row["day"] == end - DAY]


def demography(lines: Sequence[bytes], end: date, people: Sequence[Row]) -> list[Row]:
    each = [
        {**row, "trait": trait, "value": traits(people, row["user_id"])[trait]}
        for row in standing(lines, end)
        for trait in TRAITS
    ]
    return [
        {
            "course_id": course,
            "trait": trait,
            "value": value,
            "count": sum(row["enrolled"] for row in rows),
            "cumulative": len(rows),
        }
        for (course, trait, value), rows in by(each, "course_id", "trait", "value")
    ]


def summary(lines: Sequence[bytes], end: date) -> list[Row]:
    daily = {(row["course_id"], row["mode"], row["day"]): row for row in enrolment(lines, end)}
    graded = grades(lines, end)
    passing = Counter(
        (row["course_id"], row["mode"])
        for row in standing(lines, end)
        if graded.get((row["course_id"], row["user_id"]), (None, False))[1]
    )
    return [
        {
            "course_id": course,
            "mode": mode,
            "count": row["count"],
            "cumulative": row["cumulative"],
            "change": row["count"] - daily.get((course, mode, end - 8 * DAY), {"count": 0})["count"],
            "passing": passing[course, mode],
        }
        for (course, mode, day), row in daily.items()
        if day == end - DAY
    ]


# Activity


def visits(lines: Sequence[bytes], end: date) -> list[Row]:
    asked: dict[Any, list[int]] = defaultdict(list)
    for row in rows_of(lines):
        if row["kind"] == "page" and row["event_source"] == "server" and row["course_id"] and row["user_id"]:
            parts = [*row["event_type"].split("/"), "", "", "", ""]
            is_unit = parts[1] == "courses" and parts[3] == "courseware" and parts[4] and parts[5]
            if is_unit and row["time"].date() < end:
                asked[row["course_id"], parts[4], parts[5]].append(row["user_id"])
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


def active(lines: Sequence[bytes], end: date) -> list[Row]:
    """The events that are somebody's activity in a course."""
    return [
        row
        for row in rows_of(lines)
        if not row["event_type"].startswith("edx.course.enrollment.")
        and row["course_id"]
        and row["user_id"]
        and row["event_source"] != "task"
        if row["time"].date() < end
    ]


LABELS: dict[str, Callable[[Row], bool]] = {
    "any": lambda row: True,
    "attempted": lambda row: row["event_source"] == "server" and row["event_type"] == "problem_check",
    "played": lambda row: row["event_source"] in ("browser", "mobile") and row["event_type"] == "play_video",
    "posted": lambda row: (
        row["event_source"] == "server"
        and row["event_type"].startswith("edx.forum.")
        and row["event_type"].endswith(".created")
    ),
}


def weekly_activity(lines: Sequence[bytes], end: date) -> list[Row]:
    seen = [{**row, "week": monday(row["time"].date())} for row in active(lines, end)]
    return [
        {
            "course_id": course,
            "week": week,
            **{label: len({row["user_id"] for row in rows if is_one(row)}) for label, is_one in LABELS.items()},
        }
        for (course, week), rows in by(seen, "course_id", "week")
    ]


def retention(lines: Sequence[bytes], end: date) -> list[Row]:
    first: dict[Any, date] = {}
    for row in rows_of(lines):
        if row["event_type"] == "edx.course.enrollment.activated" and row["time"].date() < end:
            first.setdefault((row["course_id"], row["user_id"]), monday(row["time"].date()))
    seen: dict[Any, set[int]] = defaultdict(set)
    for row in active(lines, end):
        cohort = first.get((row["course_id"], row["user_id"]))
        if cohort and monday(row["time"].date()) >= cohort:
            since = (monday(row["time"].date()) - cohort).days // 7
            seen[row["course_id"], cohort, since].add(row["user_id"])
    sizes = Counter((course, cohort) for (course, _user), cohort in first.items())
    return [
        {"course_id": course, "cohort": cohort, "since": since, "active": len(who), "size": sizes[course, cohort]}
        for (course, cohort, since), who in seen.items()
    ]


# Problems


def submissions(lines: Sequence[bytes], end: date) -> list[tuple[tuple[Any, ...], list[Row]]]:
    told = [row for row in rows_of(lines) if row["event_type"] == "problem_check" and row["kind"] == "problem"]
    told = [row for row in told if row["user_id"] and row["course_id"] and row["parts"] and row["time"].date() < end]
    return by(told, "course_id", "problem_id", "user_id")


def answers(lines: Sequence[bytes], end: date) -> list[Row]:
    given: dict[Any, list[Any]] = defaultdict(list)
    for (course, problem, _user), sent in submissions(lines, end):
        for place, event in enumerate((sent[0], sent[-1])):
            for part in event["parts"]:
                key = (course, problem, part[0], part[2] or part[1], part[7])
                given[key].append((event["time"], place, part))
    return [
        {
            "course_id": course,
            "problem_id": problem,
            "part_id": part_id,
            "value": value,
            "variant": variant,
            "answer": max(found)[2][1],
            "correct": max(found)[2][3],
            "first_count": sum(place == 0 for _at, place, _part in found),
            "last_count": sum(place == 1 for _at, place, _part in found),
        }
        for (course, problem, part_id, value, variant), found in given.items()
    ]


def scores(lines: Sequence[bytes], end: date) -> list[Row]:
    counts = Counter(
        (course, problem, sent[-1]["grade"], sent[-1]["max_grade"])
        for (course, problem, _user), sent in submissions(lines, end)
        if sent[-1]["grade"] is not None
    )
    names = ("course_id", "problem_id", "grade", "max_grade")
    return [{**dict(zip(names, key, strict=True)), "learners": count} for key, count in counts.items()]


def items(lines: Sequence[bytes], end: date) -> list[Row]:
    right: dict[Any, dict[Any, bool]] = defaultdict(dict)
    first: Counter[Any] = Counter()
    sent_in_all: Counter[Any] = Counter()
    for (course, problem, user), sent in submissions(lines, end):
        for part in sent[-1]["parts"]:
            right[course, problem, part[0]][user] = bool(part[3])
            sent_in_all[course, problem, part[0]] += len(sent)
        for part in sent[0]["parts"]:
            first[course, problem, part[0]] += bool(part[3])
    total: Counter[Any] = Counter()
    for (course, _problem, _part), found in right.items():
        for user, well in found.items():
            total[course, user] += well
    return [
        {
            "course_id": course,
            "problem_id": problem,
            "part_id": part_id,
            "learners": len(found),
            "submissions": sent_in_all[course, problem, part_id],
            "right_first": first[course, problem, part_id],
            "right_last": sum(found.values()),
            "discrimination": correlation([(well, total[course, user] - well) for user, well in found.items()]),
        }
        for (course, problem, part_id), found in right.items()
    ]


def tags(lines: Sequence[bytes], end: date) -> list[Row]:
    sent = [row for row in rows_of(lines) if row["event_type"] == "problem_check" and row["course_id"]]
    return [
        {
            "course_id": course,
            "problem_id": problem,
            "name": name,
            "value": value,
            "submissions": len(rows),
            "correct": sum(row["success"] == "correct" for row in rows),
        }
        for (course, problem), rows in by([row for row in sent if row["time"].date() < end], "course_id", "problem_id")
        for name, value in rows[-1]["tags"]
    ]


def correlation(pairs: Sequence[tuple[float, float]]) -> float | None:
    """Pearson's, by its definition; none where one of both does not vary."""
    n = len(pairs)
    middle = [sum(pair[side] for pair in pairs) / n for side in (0, 1)]
    off = [(x - middle[0], y - middle[1]) for x, y in pairs]
    spread = math.sqrt(sum(x * x for x, _ in off) * sum(y * y for _, y in off))
    return round(sum(x * y for x, y in off) / spread, 9) if spread > 1e-9 else None


# Videos

TOGETHER = timedelta(hours=12)


def viewings(lines: Sequence[bytes], end: date) -> list[Row]:
    """A state machine for each learner and video."""
    found: list[Row] = []
    kinds = ("play_video", "pause_video", "seek_video", "stop_video")
    told = [row for row in rows_of(lines) if row["kind"] == "video" and row["event_type"] in kinds]
    told = [row for row in told if row["course_id"] and row["user_id"]]
    for (course, video, user), events in by(told, "course_id", "video_id", "user_id"):
        playing: tuple[float, float | None, datetime] | None = None
        sought: tuple[float, datetime] | None = None
        for event in events:
            what, at, before, now = event["event_type"], event["position"], event["old_position"], event["time"]
            if what == "pause_video" and at is None:
                at = 0.0
            places = (at, before) if what == "seek_video" else (at,)
            if not all(place is not None and 0 <= place <= 36_000 for place in places):
                continue
            if what == "play_video":
                is_sought = sought is not None and now - sought[1] <= TOGETHER
                playing = (sought[0] if sought and is_sought else at, event["duration"] or None, now)
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
        told = [one["length"] for one in seen if one["length"]]
        duration = max(told) if told else (_drop_off({s: len(who) for s, who in users.items()}) + 1) * 5 - 1.0
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


def _saw_all(users: dict[int, set[int]], segments: int) -> int:
    """How many saw at least 95 in 100 of the segments."""
    seen = Counter(user for segment, who in users.items() if segment < segments for user in who)
    return sum(count * 100 >= segments * 95 for count in seen.values())


def _drop_off(users: dict[int, int]) -> int:
    for segment in sorted(users, reverse=True):
        if segment + 1 in users and users[segment + 1] <= 0.05 * users[segment]:
            return segment
    return max(users)


# Learners


def engagement(lines: Sequence[bytes], end: date) -> list[Row]:
    start = end - timedelta(days=7)
    told = [row for row in rows_of(lines) if start <= row["time"].date() < end and row["user_id"] and row["course_id"]]
    told = [row for row in told if _entity(row)]
    return [_engaged(course, user, rows) for (course, user), rows in by(told, "course_id", "user_id")]


def _entity(row: Row) -> str | None:
    if row["event_type"] == "problem_check" and row["kind"] == "problem":
        return "problem"
    return "video" if row["event_type"] == "play_video" else "forum" if row["kind"] == "forum" else None


def _engaged(course: str, user: int, rows: Sequence[Row]) -> Row:
    problems = [row for row in rows if _entity(row) == "problem"]
    completed = {row["problem_id"] for row in problems if row["success"] == "correct"}
    created = [row for row in rows if _posted(row)]
    return {
        "course_id": course,
        "user_id": user,
        "problem_attempts": len(problems),
        "problems_attempted": len({row["problem_id"] for row in problems}),
        "problems_completed": len(completed),
        "videos_viewed": len({row["video_id"] for row in rows if _entity(row) == "video"}),
        "discussion_contributions": len(created),
        "days_active": len({row["time"].date() for row in rows}),
        "attempts_per_completed": len(problems) / max(len(completed), 1) if problems else None,
    }


def _posted(row: Row) -> str | None:
    """What somebody wrote: a thread, a response, a comment."""
    names = {f"edx.forum.{what}.created": what for what in ("thread", "response", "comment")}
    return names.get(row["event_type"]) if row["kind"] == "forum" else None


def engagement_report(lines: Sequence[bytes], end: date, span: str) -> list[Row]:
    """What each learner did in each day (``day``), week (``week``), or at all."""
    told = [row for row in rows_of(lines) if row["time"].date() < end and row["course_id"]]
    did: dict[Any, list[Row]] = defaultdict(list)
    authors: dict[Any, int] = {}
    for row in told:
        if _posted(row) and row["user_id"]:
            key = (row["course_id"], row["post_id"])
            authors[key] = min(row["user_id"], authors.get(key, row["user_id"]))

    def when(row: Row) -> tuple[date, ...]:
        day = row["time"].date()
        return {"day": (day,), "week": (monday(day),), "": ()}[span]

    for row in told:
        if row["user_id"] and (_entity(row) or row["event_type"] == "book" or _subsection(row)):
            did[(row["course_id"], row["user_id"], *when(row))].append(row)
        author = authors.get((row["course_id"], row.get("post_id")))
        if row.get("vote") and author:
            did[(row["course_id"], author, *when(row))].append({"got": row["vote"], "change": row["change"]})
    names = ("course_id", "user_id", *([span] if span else []))
    return [{**dict(zip(names, key, strict=True)), **_reported(rows)} for key, rows in did.items()]


def _subsection(row: Row) -> str | None:
    parts = [*row["event_type"].split("/"), "", "", "", ""]
    is_one = row["kind"] == "page" and row["event_source"] == "server" and parts[1] == "courses"
    return f"{parts[4]}/{parts[5]}" if is_one and parts[3] == "courseware" and parts[4] and parts[5] else None


def _reported(rows: Sequence[Row]) -> Row:
    own, got = [row for row in rows if "got" not in row], [row for row in rows if "got" in row]
    problems = [row for row in own if _entity(row) == "problem"]
    votes = [row for row in own if row.get("vote")]
    opened = [(row["time"], _subsection(row)) for row in own if _subsection(row)]
    return {
        "days_active": len({row["time"].date() for row in own}),
        "problems_attempted": len({row["problem_id"] for row in problems}),
        "problem_attempts": len(problems),
        "problems_correct": len({row["problem_id"] for row in problems if row["success"] == "correct"}),
        "videos_played": len({row["video_id"] for row in own if _entity(row) == "video"}),
        **{f"forum_{what}s": sum(_posted(row) == kind for row in own)
           for what, kind in (("post", "thread"), ("response", "response"), ("comment", "comment"))},
        **{f"{way}votes_given": sum(row["change"] for row in votes if row["vote"] == way) for way in ("up", "down")},
        **{f"{way}votes_received": sum(row["change"] for row in got if row["got"] == way) for way in ("up", "down")},
        "textbook_pages": sum(row["event_type"] == "book" for row in own),
        "last_subsection_viewed": max(opened)[1] if opened else None,
    }  # fmt: skip


def engagement_ever(lines: Sequence[bytes], end: date) -> list[Row]:
    told = [row for row in rows_of(lines) if row["time"].date() < end and row["user_id"] and row["course_id"]]
    told = [row for row in told if _entity(row)]
    found = [_engaged(course, user, rows) for (course, user), rows in by(told, "course_id", "user_id")]
    return [{name: value for name, value in row.items() if name != "attempts_per_completed"} for row in found]


def module_engagement(lines: Sequence[bytes], end: date) -> list[Row]:
    counts: Counter[Any] = Counter()
    for row in rows_of(lines):
        if row["time"].date() < end and row["user_id"] and row["course_id"]:
            for entity in _used(row):
                counts[(row["course_id"], row["user_id"], row["time"].date(), *entity)] += 1
    names = ("course_id", "user_id", "day", "entity_type", "entity_id", "event")
    return [{**dict(zip(names, key, strict=True)), "count": count} for key, count in counts.items()]


def _used(row: Row) -> Iterable[tuple[str, str, str]]:
    what = _entity(row)
    if what == "problem":
        yield "problem", row["problem_id"], "attempted"
        if row["success"] == "correct":
            yield "problem", row["problem_id"], "completed"
    elif what == "video":
        yield "video", row["video_id"], "viewed"
    elif what == "forum" and _posted(row):
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


def averages(lines: Sequence[bytes], end: date) -> list[Row]:
    found: dict[str, list[tuple[float, bool]]] = defaultdict(list)
    for (course, _user), (percent, passed) in grades(lines, end).items():
        if percent is not None:
            found[course].append((percent, passed))
    return [
        {
            "course_id": course,
            "learners": len(each),
            "passed": sum(passed for _percent, passed in each),
            "average": fmean(percent for percent, _passed in each),
            "median": median(percent for percent, _passed in each),
        }
        for course, each in found.items()
    ]


RANGED = (
    "problem_attempts",
    "problems_attempted",
    "problems_completed",
    "videos_viewed",
    "discussion_contributions",
    "attempts_per_completed",
)


def percentile(values: Sequence[float], share: float) -> float | None:
    """With what lies between two values in proportion, as numpy does it."""
    if not values:
        return None
    ordered = sorted(values)
    place = (len(ordered) - 1) * share
    below, above = ordered[math.floor(place)], ordered[math.ceil(place)]
    return below + (above - below) * (place - math.floor(place))


def ranges(lines: Sequence[bytes], end: date) -> list[Row]:
    found = []
    for (course,), rows in by(engagement(lines, end), "course_id"):
        bounds: Row = {"course_id": course}
        for name in RANGED:
            values = [float(row[name]) for row in rows if row[name] is not None]
            bounds |= {f"{name}_low": percentile(values, 0.15), f"{name}_high": percentile(values, 0.85)}
        found.append(bounds)
    return found


def grades(lines: Sequence[bytes], end: date) -> dict[tuple[str, int], tuple[float | None, bool]]:
    """Each learner's latest grade and whether it is a pass."""
    found: dict[tuple[str, int], tuple[float | None, bool, bool | None]] = {}
    for row in rows_of(lines):
        if row["kind"] != "grade" or row["time"].date() >= end:
            continue
        key = (row["course_id"], row["user_id"])
        percent, lettered, word = found.get(key, (None, False, None))
        if row["event_type"] == "edx.grades.course.grade_calculated":
            found[key] = (row["percent"], bool(row["letter"]), word)
        elif row["event_type"].startswith("edx.course.grade.now_"):
            found[key] = (percent, lettered, row["event_type"].endswith("passed"))
    return {key: (percent, lettered if word is None else word) for key, (percent, lettered, word) in found.items()}


def grade_distribution(lines: Sequence[bytes], end: date) -> list[Row]:
    tenths: dict[Any, list[bool]] = defaultdict(list)
    for (course, _user), (percent, passed) in grades(lines, end).items():
        if percent is not None:
            tenths[course, min(int(percent * 10), 9)].append(passed)
    return [
        {"course_id": course, "tenth": tenth, "learners": len(found), "passed": sum(found)}
        for (course, tenth), found in tenths.items()
    ]


def learners(lines: Sequence[bytes], end: date) -> list[Row]:
    week = {(row["course_id"], row["user_id"]): row for row in engagement(lines, end)}
    before = {(row["course_id"], row["user_id"]): row for row in engagement_ever(lines, end)}
    bounds = {row["course_id"]: row for row in ranges(lines, end)}
    graded = grades(lines, end)
    since: dict[Any, date] = {}
    for row in rows_of(lines):
        if row["event_type"] == "edx.course.enrollment.activated" and row["time"].date() < end:
            since.setdefault((row["course_id"], row["user_id"]), row["time"].date())
    found = []
    for row in end_of_days(lines, end):
        if row["day"] == end - DAY and row["enrolled"]:
            key = (row["course_id"], row["user_id"])
            own = [one for one in active(lines, end) if (one["course_id"], one["user_id"]) == key]
            done = week.get(key) or {**_engaged(*key, []), "days_active": 0}
            told = _told(own, done, bounds.get(key[0], {}), graded.get(key, (None, False)), end)
            all_of_it = before.get(key) or {**_engaged(*key, []), "days_active": 0}
            ever = {f"{name}_ever": all_of_it[name] for name in (*RANGED[:5], "days_active")}
            found.append({**done, **ever, "mode": row["mode"], "enrolled_on": since[key], **told})
    return found


def _told(own: Sequence[Row], week: Row, bounds: Row, grade: tuple[float | None, bool], end: date) -> Row:
    last: datetime | None = max((row["time"] for row in own), default=None)
    here = any(end - timedelta(days=7) <= row["time"].date() for row in own)
    before = any(end - timedelta(days=14) <= row["time"].date() < end - timedelta(days=7) for row in own)

    def is_high(name: str) -> bool:
        low, high = bounds.get(f"{name}_low"), bounds.get(f"{name}_high")
        value = week[name]
        return value is not None and low is not None and high is not None and high > low and value >= high

    return {
        "last": last,
        "percent": grade[0],
        "passed": grade[1],
        "highly_engaged": any(is_high(name) for name in RANGED[1:5]),
        "struggling": is_high("attempts_per_completed") and week["attempts_per_completed"] > 1,
        "disengaging": not here and before,
        "inactive": not here and not before,
        "at_risk": not grade[1] and not here and last is not None,
    }


def reach(lines: Sequence[bytes], end: date, places: Sequence[Row]) -> list[Row]:
    there: dict[Any, set[str]] = defaultdict(set)
    for row in places:
        there[row["course_id"], row["part_id"], row["kind"]].add(row["entity"])
    done: dict[Any, set[str]] = defaultdict(set)
    for row in rows_of(lines):
        if row["time"].date() < end and row["user_id"] and row["course_id"]:
            what = _entity(row)
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
    place, parts = _subsection(row), [*row["event_type"].split("/"), ""]
    return f"{place}/{parts[6]}" if place else None


# Completion


def done(lines: Sequence[bytes], end: date) -> set[tuple[str, int, str]]:
    latest: dict[Any, float] = {}
    for row in rows_of(lines):
        if row["kind"] == "completion" and row["user_id"] and row["course_id"] and row["time"].date() < end:
            latest[row["course_id"], row["user_id"], row["block_id"]] = row["completion"]
    return {key for key, value in latest.items() if value >= 1}


def completion(lines: Sequence[bytes], end: date) -> list[Row]:
    counts = Counter((course, block) for course, _user, block in done(lines, end))
    return [{"course_id": course, "block_id": block, "learners": count} for (course, block), count in counts.items()]


def funnel(lines: Sequence[bytes], end: date, outline: Sequence[Row]) -> list[Row]:
    found = []
    finished = done(lines, end)
    for (course, part), blocks in groupby(outline, key=lambda row: (row["course_id"], row["part_id"])):
        names = {row["block_id"] for row in blocks}
        each: dict[int, set[str]] = defaultdict(set)
        for of, user, block in finished:
            if of == course and block in names:
                each[user].add(block)
        if each:
            complete = sum(blocks_done == names for blocks_done in each.values())
            found.append({"course_id": course, "part_id": part, "started": len(each), "finished": complete})
    return found
