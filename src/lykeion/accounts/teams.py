"""Roles of many people at once, and taking one role without leaving a run to nobody."""

from __future__ import annotations

from collections.abc import Collection

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from lykeion.accounts.models import RoleGrant
from lykeion.accounts.types import AccountError, Role
from lykeion.core.keys import CourseLocator
from lykeion.core.prepared import Ids, Prepared

_AMONG = Prepared(
    RoleGrant,
    lambda rows, org, run, users: rows.filter(
        Q(run=run) | Q(run="", org=org) | Q(run="", org=""), user_id__in=users
    ).values_list("user_id", "role"),
)


def holders(org: str, run: CourseLocator | str, role: Role) -> Ids:
    """The ids of those who have a role in a run, its organisation or the site, for another query."""
    return Ids(RoleGrant, _holding, (org, str(run), role.value))


def _holding(org: str, run: str, role: str) -> QuerySet[RoleGrant, int]:
    here = Q(run=run) | Q(run="", org=org) | Q(run="", org="")
    return RoleGrant.objects.filter(here, role=role).values_list("user_id", flat=True)


def roles_among(org: str, run: CourseLocator | str, user_ids: Collection[int]) -> dict[int, frozenset[Role]]:
    """The roles that some people have in a run, its organisation or the site; who has none is left out. One query."""
    found: dict[int, set[Role]] = {}
    for user_id, role in _AMONG(org, str(run), user_ids) if user_ids else ():
        found.setdefault(user_id, set()).add(Role(role))
    return {user_id: frozenset(roles) for user_id, roles in found.items()}


def holders_page(run: CourseLocator | str, role: Role, *, after: int, limit: int) -> tuple[list[int], bool]:
    """The ids of those with a role in this very run past the id ``after``, and whether there are more. One query."""
    rows = RoleGrant.objects.filter(run=str(run), role=role.value, user__is_active=True, user_id__gt=after)
    found = list(rows.order_by("user_id").values_list("user_id", flat=True)[: limit + 1])
    return found[:limit], len(found) > limit


def end_role(user_id: int, role: Role, *, run: CourseLocator | str, keep: Role) -> bool:
    """Takes a role in this very run from somebody; whether they had it.

    Raises :class:`AccountError`, with nothing changed, when nobody in the run would have the role ``keep`` any more.
    """
    with transaction.atomic():
        rows = RoleGrant.objects.select_for_update().filter(run=str(run), role=role.value)
        if role is keep and {row.user_id for row in rows.filter(user__is_active=True)} == {user_id}:
            raise AccountError(_("Somebody in this course must keep this role."))
        gone, _rows = rows.filter(user_id=user_id).delete()
    return bool(gone)
