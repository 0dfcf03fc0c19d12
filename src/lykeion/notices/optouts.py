"""Who wants no mail of a course's team, and whose address does not work."""

from __future__ import annotations

from datetime import datetime

from lykeion.notices import tokens
from lykeion.notices.models import OptOut, Suppressed


def wants_mail(user_id: int, run_id: int) -> bool:
    """Whether a person gets the mail of a run's team; one read."""
    return not OptOut.objects.filter(user_id=user_id, run_id=run_id).exists()


def set_wants_mail(user_id: int, run_id: int, wants: bool, *, at: datetime) -> None:
    """Takes mail of a run's team, or takes none; saying it twice changes nothing."""
    if wants:
        OptOut.objects.filter(user_id=user_id, run_id=run_id).delete()
    else:
        OptOut.objects.get_or_create(user_id=user_id, run_id=run_id, defaults={"at": at})


def read_link(token: str) -> tuple[int, int] | None:
    """The ids of the person and the run of a link in a mail; None when it was not made here."""
    return tokens.read_unsubscribe(token)


def came_back(user_id: int) -> bool:
    """Whether mail to a person came back for good."""
    return Suppressed.objects.filter(user_id=user_id).exists()


def restore(user_id: int) -> bool:
    """Lets mail go to a person's address again; whether none went."""
    return bool(Suppressed.objects.filter(user_id=user_id).delete()[0])


def suppressed() -> list[tuple[int, str, datetime]]:
    """Whose address does not work (user id, words of the mail server, since when), newest first."""
    return list(Suppressed.objects.order_by("-at", "-pk").values_list("user_id", "words", "at"))


def forget(user_id: int) -> None:
    """Somebody deleted their account."""
    OptOut.objects.filter(user_id=user_id).delete()
    Suppressed.objects.filter(user_id=user_id).delete()
