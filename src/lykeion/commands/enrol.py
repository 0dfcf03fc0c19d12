"""``lykeion enrol``: who takes a course. Results go to stdout, one line a person."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from lykeion.commands.start import start
from lykeion.core.clock import now
from lykeion.core.errors import LykeionError


class BadNames(LykeionError):
    """Names that nobody has."""


def enrol(run_key: str, people: Sequence[str], mode: str | None = None, unenrol: bool = False) -> int:
    """``lykeion enrol``: has people take a course (in the track ``mode``), or takes them out of it; their work is kept.

    All of them or nobody. The rules for learners (dates, invitations, seats) do not apply, as for a course team.
    """
    if unenrol and mode is not None:
        raise LykeionError("Say --mode to enrol, or --unenrol to take people out, not both.")
    start()
    from django.db import transaction  # settings are read by now

    from lykeion.catalog import api as catalog

    run = catalog.run(run_key)
    found = _people(people)
    with transaction.atomic():
        said = [_leave(run, one) if unenrol else _join(run, one, mode) for one in found]
    print("\n".join(said))
    return 0


def _people(names: Sequence[str]) -> list[Any]:
    from lykeion.accounts import api as accounts

    found = {name: accounts.find_person(name) for name in names}
    unknown = [name for name, person in found.items() if person is None]
    if unknown:
        raise BadNames(
            f"Nobody has the user name or e-mail address {', '.join(unknown)}. Nobody was enrolled or removed."
        )
    return list({person.id: person for person in found.values() if person is not None}.values())


def _join(run: Any, person: Any, mode: str | None) -> str:
    from lykeion.catalog import api as catalog

    before = catalog.run_and_enrolment(run.key, person.id)[1]
    after = catalog.enrol(person.id, run.key, mode=mode, at=now(), by=person.id)
    again = before is not None and before.is_active and before.mode == after.mode
    return f"{person.username} takes {run.key} in the track {after.mode}{' already' if again else ''}"


def _leave(run: Any, person: Any) -> str:
    from lykeion.catalog import api as catalog

    before = catalog.run_and_enrolment(run.key, person.id)[1]
    catalog.unenrol(person.id, run.key, at=now(), by=person.id)
    did = before is not None and before.is_active
    return f"{person.username} {'no longer takes' if did else 'did not take'} {run.key}"
