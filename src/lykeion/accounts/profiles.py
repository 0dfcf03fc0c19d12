"""What others see of a person."""

from __future__ import annotations

from datetime import date

from lykeion.accounts.models import User
from lykeion.accounts.types import Profile

ADULT_ENOUGH = 13


def is_too_young(year_of_birth: int | None, today: date) -> bool:
    """Whether somebody may be under 13 (no year given: yes; birthdays count as not yet had this year).

    Source: Open edX ``UserProfile.requires_parental_consent``.
    """
    return year_of_birth is None or today.year - year_of_birth - 1 < ADULT_ENOUGH


def profile(user: User, viewer_id: int | None, today: date) -> Profile:
    """The profile of ``user`` as ``viewer_id`` sees it; the whole of it for themselves."""
    own = viewer_id == user.pk
    forced = is_too_young(user.year_of_birth, today)
    open_to_all = user.profile_visibility == "all_users" and not forced and viewer_id is not None
    if not own and not open_to_all:
        return Profile(user.username, own=False, limited=True, forced=forced)
    return Profile(
        username=user.username,
        own=own,
        limited=not open_to_all,
        forced=forced,
        full_name=user.full_name,
        bio=user.bio,
        country=user.country,
        joined=user.date_joined.date(),
    )
