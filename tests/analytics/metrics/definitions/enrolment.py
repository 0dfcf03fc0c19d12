"""Who is enrolled on which day, and what they told of themselves."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import date

from tests.analytics.metrics.definitions.events import DAY, Row, by, days, rows_of
from tests.analytics.metrics.definitions.grades import grades


def switches(lines: Sequence[bytes], end: date) -> list[Row]:
    """Events of enrolments that are somebody's."""
    return [row for row in rows_of(lines) if row["kind"] == "enrol" and row["user_id"] and row["time"].date() < end]


def end_of_days(lines: Sequence[bytes], end: date) -> list[Row]:
    """Each learner on each day since their first event: whether they are enrolled at its end, and in which mode."""
    found = []
    told = switches(lines, end)
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
    told = switches(lines, end)
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


def _is_told(day: date, count: int, end: date) -> bool:
    """Tracks of the last day, and those that had anybody a week before."""
    return day == end - DAY or (day == end - 8 * DAY and count > 0)


def summary(lines: Sequence[bytes], end: date) -> list[Row]:
    daily = {(row["course_id"], row["mode"], row["day"]): row for row in enrolment(lines, end)}
    graded = grades(lines, end)
    passing = Counter(
        (row["course_id"], row["mode"])
        for row in standing(lines, end)
        if graded.get((row["course_id"], row["user_id"]), (None, False))[1]
    )
    nobody = {"count": 0, "cumulative": 0}
    return [
        {
            "course_id": course,
            "mode": mode,
            "count": row["count"],
            "cumulative": row["cumulative"],
            "change": row["count"] - before["count"],
            "passing": passing[course, mode],
        }
        for course, mode in {key[:2] for key, row in daily.items() if _is_told(key[2], row["count"], end)}
        for row, before in [[daily.get((course, mode, end - days * DAY), nobody) for days in (1, 8)]]
    ]
