"""``lykeion seed``: the demo course and its people."""

from __future__ import annotations

import sys
from pathlib import Path

from lykeion.commands.start import start
from lykeion.core.clock import now
from lykeion.core.errors import LykeionError
from lykeion.core.keys import run_of

DEMO = Path(__file__).resolve().parents[3] / "demo" / "course"
ORG = "Lykeion"
DEMO_RUN = run_of(ORG, "LEARN1", "demo")


def seed() -> int:
    """Adds what is missing of the demo; a second run changes nothing. Refuses outside a development home."""
    start()
    from django.conf import settings  # settings exist only after start()

    if not settings.LYKEION_DEVELOPMENT:
        raise LykeionError(
            f"{settings.SITE_URL} is not a development site: the demo's people have passwords that everybody knows. "
            "Seed a home whose LYKEION_SITE_URL is a loopback address."
        )
    from lykeion.commands.serve import migrate

    migrate()
    _course()
    _people()
    return 0


def _course() -> None:
    from lykeion.content import api as content  # models exist only after start()
    from lykeion.content.types import RunMissing

    if not DEMO.is_dir():
        raise LykeionError(
            "The demo course comes with a checkout of Lykeion, not with the installed package; import a course."
        )
    try:
        content.head(DEMO_RUN, "published")
    except RunMissing:
        print("Adding the demo course", file=sys.stderr)
        content.import_course(DEMO, run=DEMO_RUN, author="lykeion", at=now(), progress=lambda *_: None)


def _people() -> None:
    """Alice learns, Bob teaches, Carol writes, Dan is a stranger, root may do anything; password = user name."""
    from lykeion.accounts import api as accounts  # models exist only after start()
    from lykeion.accounts.types import Role
    from lykeion.catalog import api as catalog

    names = {"alice": "Alice Abel", "bob": "Bob Berg", "carol": "Carol Cruz", "dan": "Dan Dietz", "root": "Root"}
    ids = {}
    for username, full_name in names.items():
        person = accounts.find_person(username) or accounts.create_person(
            username=username,
            email=f"{username}@example.com",
            password=username,
            full_name=full_name,
            confirmed=True,
            is_staff=username == "root",
            is_superuser=username == "root",
        )
        ids[username] = person.id
    accounts.grant_role(ids["bob"], Role.INSTRUCTOR, org=ORG, run=str(DEMO_RUN))
    accounts.grant_role(ids["carol"], Role.AUTHOR, org=ORG)  # of all courses there, and of those she makes
    catalog.enrol(ids["alice"], DEMO_RUN, at=now())
