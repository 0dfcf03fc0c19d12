"""Taking a list of people out of the course. Their work stays; invitations are withdrawn."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from lykeion.catalog import api as catalog
from lykeion.teaching.models import PeopleLine
from lykeion.teaching.people.kinds import Done, Kind, Work, find_anybody, unknown, whose
from lykeion.teaching.people.mail import tell, tell_person
from lykeion.teaching.types import Capability


def _plan(work: Work, lines: Sequence[PeopleLine]) -> None:
    enrolments = catalog.enrolments_among(work.run.id, {line.user_id for line in lines if line.user_id})
    invited = catalog.invited_among(work.run.id, {line.entry.lower() for line in lines})
    for line in lines:
        taken = enrolments.get(line.user_id) if line.user_id else None
        if taken is not None and taken.is_active:
            line.plan = "unenrol"
        elif line.entry.lower() in invited:
            line.plan = "uninvite"
        else:
            line.plan = "not_enrolled" if line.user_id else unknown(line) or "nobody"


def _do(work: Work, line: PeopleLine) -> Done:
    user_id = line.user_id
    taken = catalog.enrolments_among(work.run.id, [user_id]).get(user_id) if user_id else None
    if user_id and taken is not None and taken.is_active:
        catalog.unenrol(user_id, work.run.key, at=work.at, by=work.by)
        work.record("unenrol", user_id)
        if work.options.get("notify"):
            tell_person("unenrolled", user_id, work.run)
        return Done("unenrolled", {"mode": taken.mode})
    invitation = catalog.withdraw(work.run.id, line.entry)
    if invitation is not None:
        work.record("uninvite", None)
        if work.options.get("notify"):
            tell("uninvited", line.entry, work.run)
        return Done("uninvited", {"auto_enrol": invitation.auto_enroll, "mode": invitation.mode})
    return Done("not_enrolled" if user_id else unknown(line) or "nobody")


def _undo(work: Work, line: PeopleLine) -> None:
    if line.outcome == "uninvited":
        was = line.before
        catalog.allow(line.entry, work.run.key, at=work.at, auto_enroll=was["auto_enrol"], mode=was["mode"])
        work.record("invite", None)
        return
    user_id = whose(line)
    catalog.enrol(user_id, work.run.key, at=work.at, by=work.by)  # in the track they had
    work.record("enrol", user_id, mode=line.before["mode"])


KIND: Final = Kind(
    "unenrol",
    Capability.ENROL,
    ("username", "email"),
    find_anybody,
    _plan,
    _do,
    _undo,
    frozenset({"unenrolled", "uninvited"}),
)
