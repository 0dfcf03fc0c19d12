"""Taking back for ten minutes what was done by mistake: signed notes that only the same person can use.

Whoever left a course may come in again, whatever its dates say; whoever shifted their dates may have the old ones.
"""

from __future__ import annotations

from datetime import datetime

from django.core import signing

from lykeion.courseware.types import Shifted

TEN_MINUTES = 600
_SALT = "lykeion.learn.left"
_SHIFTED = "lykeion.learn.shifted"


def way_back_token(user_id: int, run_id: int) -> str:
    """A note for a form that only ``user_id`` can use, for ``run_id`` only."""
    return signing.dumps([user_id, run_id], salt=_SALT)


def may_return(token: str, user_id: int, run_id: int) -> bool:
    """Whether ``token`` is such a note of less than ten minutes ago."""
    if not token:
        return False
    try:
        return bool(signing.loads(token, salt=_SALT, max_age=TEN_MINUTES) == [user_id, run_id])
    except signing.BadSignature:
        return False


def shift_token(user_id: int, run_id: int, shifted: Shifted) -> str:
    """A note of what a shift of ``user_id`` in ``run_id`` changed."""
    was = shifted.was and shifted.was.isoformat()
    return signing.dumps([user_id, run_id, was, shifted.to.isoformat()], salt=_SHIFTED)


def read_shift(token: str, user_id: int, run_id: int) -> Shifted | None:
    """What :func:`shift_token` noted for this person and run less than ten minutes ago; None for anything else."""
    try:
        whose, where, was, to = signing.loads(token, salt=_SHIFTED, max_age=TEN_MINUTES)
    except signing.BadSignature:
        return None
    if [whose, where] != [user_id, run_id]:
        return None
    return Shifted(was and datetime.fromisoformat(was), datetime.fromisoformat(to))
