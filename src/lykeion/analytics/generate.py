"""Tracking logs as a site of any size would write them: seeded, so that the same words give the same bytes.

Learners have an ability and a liking for work; they enrol, come on some days, read, watch, answer, ask, drop out. Some
lines are spoilt on purpose as they are in real logs: cut off, twice, without a person.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any, Final

import orjson

_START: Final = date(2026, 1, 5)
_PROBLEMS, _VIDEOS, _UNITS = 24, 12, 30
_TYPES: Final = ("multiplechoiceresponse", "choiceresponse", "numericalresponse", "stringresponse")
_AGENT: Final = "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36"
_MODES: Final = ("audit", "audit", "audit", "verified")


@dataclass(frozen=True, slots=True)
class Plan:
    """How many learners, over how many days from ``start``, from which seed."""

    learners: int
    days: int
    seed: int = 0
    start: date = _START


@dataclass(frozen=True, slots=True)
class Learner:
    """One learner: their number, their course, and what kind of person they are (0 to 1)."""

    id: int
    course: str
    mode: str
    enrolled: int
    ability: float
    zeal: float
    stays: int


def generate(plan: Plan, folder: Path) -> int:
    """Writes ``tracking-DAY.log`` for each day into ``folder``; how many lines. What is in
    memory does not grow with either."""
    folder.mkdir(parents=True, exist_ok=True)
    return sum(_write_day(plan, day, folder) for day in range(plan.days))


def _write_day(plan: Plan, day: int, folder: Path) -> int:
    count = 0
    path = folder / f"tracking-{plan.start + timedelta(days=day)}.log"
    aside = path.with_suffix(".part")
    with aside.open("wb") as out:
        for line in lines_of_day(plan, day):
            out.write(line)
            count += 1
    aside.replace(path)
    return count


def lines_of_day(plan: Plan, day: int) -> Iterator[bytes]:
    """The lines of one day, learner by learner."""
    for number in range(1, plan.learners + 1):
        learner = learner_of(plan, number)
        chance = random.Random(f"{plan.seed}:{number}:{day}")  # noqa: S311  # made-up learners keep no secrets
        for event in _day_of(learner, plan, day, chance):
            yield from _spoilt(orjson.dumps(event), chance)


def learner_of(plan: Plan, number: int) -> Learner:
    """Learner ``number`` of a plan."""
    chance = random.Random(f"{plan.seed}:{number}")  # noqa: S311  # see above
    courses = max(1, plan.learners // 400)
    course = min(int(chance.paretovariate(1.2)) - 1, courses - 1)
    return Learner(
        id=number,
        course=f"course-v1:Gen+C{course:03}+2026",
        mode=chance.choice(_MODES),
        enrolled=min(int(chance.expovariate(0.25)), plan.days - 1),
        ability=chance.betavariate(3, 2),
        zeal=chance.betavariate(2, 3),
        stays=1 + int(chance.expovariate(1 / 20)),
    )


def _day_of(learner: Learner, plan: Plan, day: int, chance: random.Random) -> Iterator[dict[str, Any]]:
    age = day - learner.enrolled
    if age < 0:
        return
    midnight = datetime.combine(plan.start + timedelta(days=day), datetime.min.time())
    session = _Session(learner, midnight + timedelta(seconds=chance.randrange(6 * 3600, 21 * 3600)), chance)
    if age == 0:
        yield session.server("edx.course.enrollment.activated", session.who(mode=learner.mode))
    elif age == learner.stays and chance.random() < 0.4:
        yield session.server("edx.course.enrollment.deactivated", session.who(mode=learner.mode))
        return
    if age < learner.stays and chance.random() < 0.25 + 0.6 * learner.zeal:
        for _ in range(1 + int(chance.expovariate(0.5))):
            yield from _unit(session, min(age, _UNITS - 1))


def _unit(session: _Session, reached: int) -> Iterator[dict[str, Any]]:
    """A visit of a unit: the page, what is on it, on to the next."""
    chance = session.chance
    unit = max(0, reached - int(chance.expovariate(0.7)))
    course = session.learner.course
    yield session.page(f"/courses/{course}/courseware/week{unit // 5}/lesson{unit}/")
    yield session.browser(
        "edx.ui.lms.sequence.next_selected",
        {"id": session.usage("sequential", unit), "current_tab": 1, "tab_count": 3, "widget_placement": "top"},
    )
    if chance.random() < 0.6:
        yield from _video(session, unit % _VIDEOS)
    for problem in range(unit % _PROBLEMS, min(unit % _PROBLEMS + 1 + int(chance.expovariate(1)), _PROBLEMS)):
        yield from _problem(session, problem)
    if chance.random() < 0.08:
        yield from _talk(session, unit)
    if chance.random() < 0.05:
        yield session.browser("textbook.pdf.page.navigated", {"chapter": "/static/book.pdf", "page": 2 + unit})
    yield session.server(
        "edx.completion.block_completion.changed",
        session.who(block_id=session.usage("html", unit), block_type="html", completion=1.0, is_new=True),
    )


def _talk(session: _Session, unit: int) -> Iterator[dict[str, Any]]:
    """A question, or an answer to one, and a vote for one; numbers of questions repeat, so that votes find theirs."""
    chance = session.chance
    post = {"id": f"{chance.randrange(200):024x}", "body": "Why is it so?", "commentable_id": f"topic{unit}"}
    if chance.random() < 0.5:
        yield session.server("edx.forum.thread.created", {**post, "title": "A question", "thread_type": "question"})
    else:
        yield session.server(
            "edx.forum.response.created", {**post, "discussion": {"id": f"{chance.randrange(200):024x}"}}
        )
    voted = {"id": f"{chance.randrange(200):024x}", "vote_value": chance.choice(("up", "up", "down"))}
    yield session.server("edx.forum.thread.voted", {**voted, "undo_vote": chance.random() < 0.1})


def _video(session: _Session, number: int) -> Iterator[dict[str, Any]]:
    chance = session.chance
    length, at = 120.0 + 37 * number, 0.0
    base: dict[str, Any] = {"id": f"video{number}", "code": "html5", "duration": length}
    yield session.browser("load_video", base)
    while at < length:
        yield session.browser("play_video", {**base, "currentTime": round(at, 3)})
        until = min(length, at + chance.expovariate(1 / 60))
        session.wait(until - at)
        way = chance.random()
        if until >= length:
            yield session.browser("stop_video", {**base, "currentTime": length})
            return
        if way < 0.3:
            new = max(0.0, min(length, until + chance.uniform(-60, 40)))
            yield session.browser(
                "seek_video", {**base, "old_time": round(until, 3), "new_time": round(new, 3), "type": "onSlideSeek"}
            )
            at = new
        else:
            yield session.browser("pause_video", {**base, "currentTime": round(until, 3)})
            at = until
            if way > 0.8:
                return


def hard_of(number: int) -> float:
    """How hard a problem is, 0 to 1."""
    return 0.15 + 0.7 * ((number * 7) % _PROBLEMS) / _PROBLEMS


def _problem(session: _Session, number: int) -> Iterator[dict[str, Any]]:
    chance = session.chance
    for attempt in range(1, 4):
        well = chance.random() < 1 / (1 + 10 ** (2 * (hard_of(number) - session.learner.ability)))
        yield from _check(session, number, attempt, well)
        session.wait(chance.expovariate(1 / 40))
        if well or chance.random() < 0.35:
            return


def _check(session: _Session, number: int, attempt: int, well: bool) -> Iterator[dict[str, Any]]:
    """Both events of a click on Submit, and the grade it gives."""
    usage, kind = session.usage("problem", number), _TYPES[number % len(_TYPES)]
    parts = [f"problem{number}_{part + 2}_1" for part in range(1 + number % 3)]
    choice = {part: "choice_0" if well else f"choice_{session.chance.randrange(1, 4)}" for part in parts}
    submission = {
        part: {
            "question": f"Question {number}?",
            "answer": f"Answer {value[-1]}",
            "response_type": kind,
            "input_type": "choicegroup",
            "correct": well,
            "variant": "",
            "group_label": "",
        }
        for part, value in choice.items()
    }
    correct = "correct" if well else "incorrect"
    correct_map = {
        part: {
            "correctness": correct,
            "npoints": None,
            "msg": "",
            "hint": "",
            "hintmode": None,
            "queuestate": None,
            "answervariable": None,
        }
        for part in parts
    }
    state = {
        "seed": 1,
        "student_answers": choice,
        "correct_map": correct_map,
        "done": True,
        "input_state": {part: {} for part in parts},
    }
    payload = {
        "problem_id": usage,
        "answers": choice,
        "attempts": attempt,
        "correct_map": correct_map,
        "grade": len(parts) * well,
        "max_grade": len(parts),
        "state": state,
        "submission": submission,
        "success": correct,
    }
    yield session.browser("problem_check", "&".join(f"input_{part}={value}" for part, value in choice.items()))
    module = {"display_name": f"Problem {number}", "usage_key": usage}
    tags = {"Difficulty": "hard" if hard_of(number) > 0.5 else "easy", "Topic": [f"topic{number % 5}"]}
    asides = {"tagging_aside": {"saved_tags": tags if number % 3 else {}}}
    yield session.server("problem_check", payload, context={"module": module, "asides": asides}, page="x_module")
    earned = session.who(problem_id=usage, weighted_earned=len(parts) * well, weighted_possible=len(parts))
    yield session.server("edx.grades.problem.submitted", earned)
    percent = round(session.learner.ability * (0.5 + session.chance.random() / 2), 2)
    graded = session.who(percent_grade=percent, letter_grade="Pass" if percent >= 0.5 else "")
    yield session.server("edx.grades.course.grade_calculated", graded)


class _Session:
    """A learner at a machine: makes events, one after the other."""

    def __init__(self, learner: Learner, at: datetime, chance: random.Random) -> None:
        self.learner = learner
        self.chance = chance
        self._at = at
        self._key = f"{chance.getrandbits(128):032x}"

    def wait(self, seconds: float) -> None:
        """Lets time pass."""
        self._at += timedelta(seconds=seconds)

    def usage(self, kind: str, number: int) -> str:
        """The key of a block of the course."""
        return f"{self.learner.course.replace('course-v1', 'block-v1')}+type@{kind}+block@{kind}{number}"

    def who(self, **more: Any) -> dict[str, Any]:
        """What many payloads begin with."""
        return {"course_id": self.learner.course, "user_id": self.learner.id, **more}

    def server(
        self, name: str, payload: Any, *, context: dict[str, Any] | None = None, page: str | None = None
    ) -> dict[str, Any]:
        """An event of the server."""
        return self._event(name, "server", payload, page, context or {})

    def browser(self, name: str, payload: Any) -> dict[str, Any]:
        """An event of a page."""
        text = payload if isinstance(payload, str) else orjson.dumps(payload).decode()
        return self._event(name, "browser", text, f"http://learn.example/courses/{self.learner.course}/courseware/", {})

    def page(self, path: str) -> dict[str, Any]:
        """The implicit event of a request."""
        return self._event(path, "server", '{"GET": {}, "POST": {}}', None, {})

    def _event(self, name: str, source: str, payload: Any, page: str | None, context: dict[str, Any]) -> dict[str, Any]:
        self.wait(self.chance.uniform(0.5, 12))
        learner = self.learner
        known = {"course_id": learner.course, "org_id": "Gen", "user_id": learner.id, "course_user_tags": {}}
        return {
            "name": name,
            "event_type": name,
            "event_source": source,
            "time": f"{self._at.isoformat(timespec='microseconds')}+00:00",
            "username": f"learner{learner.id}",
            "context": {**known, "path": "/event", **context},
            "session": self._key,
            "ip": f"10.{learner.id >> 16 & 255}.{learner.id >> 8 & 255}.{learner.id & 255}",
            "agent": _AGENT,
            "host": "learn.example",
            "referer": "http://learn.example/dashboard",
            "accept_language": "en",
            "page": page,
            "event": payload,
        }


def _spoilt(line: bytes, chance: random.Random) -> Iterator[bytes]:
    """The line as a real log holds it."""
    fate = chance.random()
    if fate < 0.0005:
        yield line[: len(line) * 2 // 3] + b"\n"
        return
    if fate < 0.001:
        line = line.replace(b'"user_id":', b'"user_id":"",  "was":', 1)
    yield line + b"\n"
    if fate > 0.998:
        yield line + b"\n"
