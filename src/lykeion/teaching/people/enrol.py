"""Enrolling a list of people: who has an account at once, addresses without one by an invitation."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from django.utils.translation import gettext as _

from lykeion.catalog import api as catalog
from lykeion.catalog.types import Enrolment
from lykeion.teaching.models import PeopleLine
from lykeion.teaching.people.kinds import Done, Kind, Work, find_owners, unknown, whose
from lykeion.teaching.people.mail import tell, tell_person
from lykeion.teaching.types import Capability, TeachingError


def track_of(work: Work, line: PeopleLine) -> str:
    """The track of a line: its own, else that of the list; '' for what the course does by itself."""
    return str(line.details.get("mode") or work.options.get("mode") or "")


def plan(work: Work, lines: Sequence[PeopleLine]) -> None:
    """Says what would become of each line. Four queries."""
    enrolments = catalog.enrolments_among(work.run.id, {line.user_id for line in lines if line.user_id})
    invited = catalog.invited_among(work.run.id, {line.entry.lower() for line in lines if not line.user_id})
    for line in lines:
        line.plan = _planned(work, line, enrolments, invited)


def plan_for(work: Work, line: PeopleLine, taken: Enrolment | None) -> str:
    """What would become of somebody with an account, who takes (or took, or never took) the course."""
    track = track_of(work, line)
    if taken is None or not taken.is_active:
        return "enrol" if taken is None else "reenrol"
    return "track" if track and track != taken.mode else "already"


def enrol(work: Work, line: PeopleLine, user_id: int) -> Done:
    """Enrols somebody with an account, or changes their track."""
    before = catalog.enrolments_among(work.run.id, [user_id]).get(user_id)
    planned = plan_for(work, line, before)
    if planned == "already":
        return Done("already")
    after = catalog.enrol(user_id, work.run.key, at=work.at, mode=track_of(work, line) or None, by=work.by)
    was = {"mode": before.mode, "active": before.is_active} if before else {}
    if planned == "track":
        work.record("track", user_id, was=was["mode"], mode=after.mode)
        return Done("track", was)
    work.record("enrol", user_id, mode=after.mode)
    return Done("enrolled", was)


def _do(work: Work, line: PeopleLine) -> Done:
    user_id = line.user_id
    if user_id is None:
        return _invite(work, line)
    done = enrol(work, line, user_id)
    if work.options.get("notify") and done.outcome == "enrolled":
        tell_person("enrolled", user_id, work.run)
    return done


def _invite(work: Work, line: PeopleLine) -> Done:
    wrong = unknown(line)
    if wrong:
        return Done(wrong)
    is_new = not catalog.invited_among(work.run.id, [line.entry.lower()])
    auto = bool(work.options.get("auto_enrol"))
    catalog.allow(line.entry, work.run.key, at=work.at, auto_enroll=auto, mode=track_of(work, line))
    work.record("invite", None, auto_enrol=auto)
    if work.options.get("notify"):
        tell("invited", line.entry, work.run, email=line.entry, auto_enrol=auto)
    return Done("invited" if is_new else "reinvited")


def _undo(work: Work, line: PeopleLine) -> None:
    """Back to what was: out of the course, in the track before, without the invitation."""
    if line.outcome == "invited":
        if catalog.withdraw(work.run.id, line.entry) is None:
            raise TeachingError(_("The invitation was used or withdrawn in between."))
        work.record("uninvite", None)
        return
    user_id = whose(line)
    if line.before.get("mode"):
        catalog.enrol(user_id, work.run.key, at=work.at, mode=line.before["mode"], by=work.by)
    if line.outcome == "track":
        work.record("track", user_id, mode=line.before["mode"])
        return
    catalog.unenrol(user_id, work.run.key, at=work.at, by=work.by)
    work.record("unenrol", line.user_id)


def _planned(work: Work, line: PeopleLine, enrolments: dict[int, Enrolment], invited: frozenset[str]) -> str:
    track = track_of(work, line)
    if track and track not in work.tracks:
        return "no_track"
    if line.user_id is not None:
        return plan_for(work, line, enrolments.get(line.user_id))
    return unknown(line) or ("reinvite" if line.entry.lower() in invited else "invite")


KIND: Final = Kind(
    "enrol",
    Capability.ENROL,
    ("username", "email", "mode"),
    find_owners,
    plan,
    _do,
    _undo,
    frozenset({"enrolled", "track", "invited"}),
)
