"""Who gets a mail: groups of a course's people, and who of them is left out. Source: openedx.md §2.1.

Who is in several groups gets one mail; the team is not among the learners. Left out, the first that holds: accounts
that nobody uses, addresses that nobody proved, addresses that mail came back from, and those who want no mail of the
course.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection
from dataclasses import dataclass
from typing import Any, Final

from django.utils.translation import gettext as _

from lykeion.accounts import api as accounts
from lykeion.accounts.types import Person, Role
from lykeion.catalog import api as catalog
from lykeion.catalog.types import Run, Takers
from lykeion.notices.models import OptOut, Suppressed
from lykeion.notices.types import COHORT, LEARNERS, MYSELF, STAFF, TRACK, MailError, MailState, Reach, Why

WRITERS: Final = frozenset({Role.INSTRUCTOR, Role.STAFF, Role.LIMITED_STAFF})
"""The roles that are the team to a mail, and may write one (as ``teaching`` has it; a test holds them together)."""
_SMALL: Final = "small"


@dataclass(frozen=True, slots=True)
class Audience:
    """The people of some groups: ``few``, known one by one, and ``takers`` of the run (None: nobody else)."""

    few: frozenset[int]
    takers: Takers | None


def groups_of(run: Run) -> tuple[tuple[str, str], ...]:
    """The groups of a run with their names, as a teacher chooses from them; two reads."""
    named = catalog.cohort_choices(run.id)
    cohorts = tuple((f"{COHORT}{number}", _("Cohort: %(name)s") % {"name": name}) for number, name in named)
    modes = sorted({mode for mode, _until in catalog.modes(run)} | set(catalog.enrolled_by_mode(run.id)))
    tracks = tuple((f"{TRACK}{mode}", _("Track: %(name)s") % {"name": mode}) for mode in modes)
    first = ((MYSELF, _("Myself")), (STAFF, _("Staff and admins")), (LEARNERS, _("All learners")))
    return first + cohorts + (tracks if len(tracks) > 1 else ())


def check(run: Run, groups: Collection[str]) -> None:
    """Raises :class:`MailError` when no group is chosen, or one that the run does not have."""
    if not groups:
        raise MailError(_("Choose who gets the mail."), "groups")
    unknown = set(groups) - {value for value, _name in groups_of(run)}
    if unknown:
        raise MailError(_("One of the groups is gone. Choose again who gets the mail."), "groups")


def audience(run: Run, groups: Collection[str], by_id: int) -> Audience:
    """Whom ``groups`` name, for a mail of the teacher ``by_id``. One read at most."""
    team = _team(run) if {STAFF, LEARNERS} & set(groups) else frozenset()
    few = (frozenset({by_id}) if MYSELF in groups else frozenset()) | (team if STAFF in groups else frozenset())
    cohorts = frozenset(int(one.removeprefix(COHORT)) for one in groups if one.startswith(COHORT))
    modes = frozenset(one.removeprefix(TRACK) for one in groups if one.startswith(TRACK))
    everybody = team if LEARNERS in groups else None
    takers = Takers(everybody, cohorts, modes) if cohorts or modes or everybody is not None else None
    return Audience(few, takers)


def reach(run: Run, groups: Collection[str], by_id: int) -> Reach:
    """How many get a mail to ``groups`` if it goes out now, and who does not. Learners are counted by one aggregate."""
    chosen = audience(run, groups, by_id)
    counts: Counter[str] = Counter(why or "" for _person, why in judge(run.id, chosen.few).values())
    if chosen.takers is not None:
        counts.update(catalog.tally(run.id, chosen.takers, {_SMALL: chosen.few, **_apart(run.id)}))
    left_out = {why: counts[why] for why in Why if counts[why]}
    return Reach(counts[""], left_out)


def judge(run_id: int, user_ids: Collection[int]) -> dict[int, tuple[Person | None, Why | None]]:
    """Each of ``user_ids`` with their account, and why they get no mail (None: they do). Three reads."""
    if not user_ids:
        return {}
    found = accounts.addressees(user_ids)
    bounced = set(Suppressed.objects.filter(user_id__in=user_ids).values_list("user_id", flat=True))
    unwilling = set(OptOut.objects.filter(run_id=run_id, user_id__in=user_ids).values_list("user_id", flat=True))

    def why(user_id: int) -> Why | None:
        one = found.get(user_id)
        if one is None or not one.person.is_active:
            return Why.INACTIVE
        if not one.confirmed:
            return Why.UNCONFIRMED
        if user_id in bounced:
            return Why.BOUNCED
        return Why.OPTED_OUT if user_id in unwilling else None

    return {one: (found[one].person if one in found else None, why(one)) for one in user_ids}


def silenced(run: Run, by_id: int) -> MailState | None:
    """What becomes of a mail that ``by_id`` ordered and that is due now; None: it goes out. Two reads."""
    author = accounts.people([by_id]).get(by_id)
    if author is None or not author.is_active:
        return MailState.DEACTIVATED
    if author.is_staff or WRITERS & accounts.roles(by_id, run.org, run.key):
        return None
    return MailState.ROLE_LOST


def first_of(run: Run, groups: Collection[str], by_id: int) -> Person | None:
    """Somebody whom a mail to ``groups`` reaches, to look at it as they will; None when it reaches nobody."""
    chosen = audience(run, groups, by_id)
    page = catalog.takers(run.id, chosen.takers, after=0, limit=20) if chosen.takers is not None else []
    judged = judge(run.id, [user_id for _place, user_id in page] + sorted(chosen.few))
    return next((person for person, why in judged.values() if why is None), None)


def _team(run: Run) -> frozenset[int]:
    people = accounts.team(run.org, run.key)
    return frozenset(person.id for person, grant in people if grant.run and grant.role in WRITERS)


def _apart(run_id: int) -> dict[str, Any]:
    return {
        Why.INACTIVE: accounts.inactive(),
        Why.UNCONFIRMED: accounts.unconfirmed(),
        Why.BOUNCED: Suppressed.objects.values("user_id"),
        Why.OPTED_OUT: OptOut.objects.filter(run_id=run_id).values("user_id"),
    }
