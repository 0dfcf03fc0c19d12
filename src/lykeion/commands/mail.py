"""``lykeion mail``: mail that came back, and addresses that get none any more."""

from __future__ import annotations

import json as to_json
import sys
from typing import Any

from lykeion.commands.start import start
from lykeion.core.errors import LykeionError


class NoSuchAddress(LykeionError):
    """Nobody has the name or address that was given, or mail goes to it already."""


def bounces() -> int:
    """``lykeion mail bounces < MESSAGE``: takes one mail that came to the address for bounces.

    Ends well whatever the mail was: a mail server that runs it must not send it back.
    """
    notices, _accounts = _started()
    from lykeion.core.clock import now  # settings are read by now

    bounce = notices.take_bounce(sys.stdin.buffer.read(notices.LARGEST_BOUNCE), at=now())
    print(" ".join(part for part in (bounce.outcome, bounce.username, bounce.words) if part))
    return 0


def suppressed(json: bool) -> int:
    """``lykeion mail suppressed``: whose address mail came back from, newest first."""
    notices, accounts = _started()
    rows = notices.suppressed()
    people = accounts.people([user_id for user_id, _words, _at in rows])
    found = [
        {"username": people[user_id].username, "email": people[user_id].email, "since": at.isoformat(), "words": words}
        for user_id, words, at in rows
        if user_id in people
    ]
    if json:
        print(to_json.dumps(found, ensure_ascii=False))
        return 0
    for one in found:
        print("  ".join(one.values()))
    return 0


def restore(user: str) -> int:
    """``lykeion mail restore USER``: lets mail go to somebody's address again."""
    notices, accounts = _started()
    person = accounts.find_person(user)
    if person is None or not notices.restore(person.id):
        raise NoSuchAddress(
            f"{user!r} is nobody whose mail came back; `lykeion mail suppressed` lists those there are."
        )
    print(f"mail goes to {person.username} again")
    return 0


def _started() -> tuple[Any, Any]:
    """The doors of ``notices`` and ``accounts``, once there are models."""
    start()
    from lykeion.accounts import api as accounts
    from lykeion.notices import api as notices

    return notices, accounts
