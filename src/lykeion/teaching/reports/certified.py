"""What the reports say about certificates: the one place where they ask for them."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import Final

from lykeion.catalog.types import Run
from lykeion.certificates import api as certificates


@dataclass(frozen=True, slots=True)
class Certified:
    """One learner's cells. ``eligible`` and ``delivered`` are ``Y`` or ``N``; ``type`` is the mode of the certificate
    (``verified``, ``honor`` ...) or ``N/A`` (Open edX: certificate_info_for_user)."""

    eligible: str = "N"
    delivered: str = "N"
    type: str = "N/A"


NONE: Final = Certified()


def certified(run: Run, user_ids: Collection[int]) -> dict[int, Certified]:
    """The cells of those of these learners about whom there is anything to say, in a fixed number of reads."""
    found = certificates.standing(user_ids, run.id)
    return {
        user_id: Certified(_yes(one.eligible), _yes(one.delivered), one.mode or "N/A")
        for user_id, one in found.items()
        if one.eligible or one.delivered or one.mode
    }


def issued(run: Run) -> Iterable[tuple[str, int]]:
    """How many good certificates of each type (mode) the run has issued. One read."""
    return sorted(certificates.issued_by_mode(run.id).items())


def _yes(is_so: bool) -> str:
    return "Y" if is_so else "N"
