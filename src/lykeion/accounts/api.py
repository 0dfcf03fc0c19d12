"""The door of ``accounts``: people, their roles, their anonymous ids."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from dataclasses import fields
from datetime import datetime
from uuid import UUID

from allauth.account.adapter import get_adapter
from allauth.account.models import EmailAddress
from django.contrib.auth.models import AnonymousUser
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Q
from django.http import HttpRequest
from django.utils.translation import gettext as _

from lykeion.accounts import signals, standins
from lykeion.accounts.lookup import called, ids_addressed, ids_named, owners
from lykeion.accounts.mailing import addressees, inactive, unconfirmed
from lykeion.accounts.models import RoleGrant, User
from lykeion.accounts.names import check_email, check_username
from lykeion.accounts.posting import password_link, send_mail
from lykeion.accounts.retirement import retire
from lykeion.accounts.rows import PERSON_COLUMNS, person_in, person_of
from lykeion.accounts.teams import end_role, holders, holders_page, roles_among
from lykeion.accounts.types import AccountError, Grant, Person, Record, Role, Traits
from lykeion.core.clock import now
from lykeion.core.keys import CourseLocator
from lykeion.core.prepared import Prepared

__all__ = [
    "addressees",
    "anonymous_id",
    "called",
    "check_password",
    "create_person",
    "end_role",
    "external_id",
    "find_people",
    "find_person",
    "grant_role",
    "grants",
    "has_confirmed",
    "holders",
    "holders_page",
    "ids_addressed",
    "ids_named",
    "inactive",
    "members",
    "owners",
    "password_link",
    "password_stamp",
    "people",
    "person",
    "records",
    "replace_roles",
    "retire",
    "retired",
    "revoke_role",
    "roles",
    "roles_among",
    "roles_of",
    "send_mail",
    "team",
    "traits",
    "unconfirmed",
    "whose_external_id",
    "whose_id",
]

_ROLES = Prepared(
    RoleGrant,
    lambda rows, user, org, run: rows.filter(
        Q(run=run) | Q(run="", org=org) | Q(run="", org=""), user_id=user
    ).values_list("role"),
)
_PEOPLE = Prepared(User, lambda rows, user_ids: rows.filter(pk__in=user_ids).values_list(*PERSON_COLUMNS))
_RECORD = tuple(one.name for one in fields(Record))
_IMPLIED: dict[Role, frozenset[Role]] = {Role.INSTRUCTOR: frozenset({Role.STAFF})}


def person(user: User | AnonymousUser) -> Person | None:
    """The value of whoever made a request; None for a visitor. No query beyond loading the user."""
    if not isinstance(user, User) or not user.is_active:
        return None
    return person_of(user)


def find_person(name: str) -> Person | None:
    """The active person with this username or e-mail address, whatever its case."""
    key = name.strip().lower()
    user = User.objects.filter(Q(email=key) if "@" in key else Q(username_key=key), is_active=True).first()
    return None if user is None else person_of(user)


def find_people(names: Iterable[str]) -> dict[str, Person]:
    """The active people with these usernames or e-mail addresses, by the lower-case name that was asked for; two
    queries for every 500 names."""
    wanted = sorted({name.strip().lower() for name in names} - {""})
    found: dict[str, Person] = {}
    for start in range(0, len(wanted), 500):
        part = wanted[start : start + 500]
        for user in User.objects.filter(email__in=[one for one in part if "@" in one], is_active=True):
            found[user.email.lower()] = person_of(user)
        for user in User.objects.filter(username_key__in=[one for one in part if "@" not in one], is_active=True):
            found[user.username_key] = person_of(user)
    return found


def people(user_ids: Iterable[int]) -> dict[int, Person]:
    """The people with these ids, by id; one query at most, unknown ids are left out."""
    wanted = set(user_ids)
    return {row[0]: person_in(row) for row in _PEOPLE(wanted)} if wanted else {}


def retired(user_ids: Collection[int]) -> frozenset[int]:
    """Those of these numbers whose account was deleted; one query."""
    return frozenset(User.objects.filter(pk__in=user_ids, retired_at__isnull=False).values_list("pk", flat=True))


def create_person(
    *,
    username: str,
    email: str,
    password: str | None,
    full_name: str = "",
    confirmed: bool = False,
    is_staff: bool = False,
    is_superuser: bool = False,
    strict_password: bool = False,
    at: datetime | None = None,
) -> Person:
    """Makes an account, with its e-mail address already ``confirmed`` or not; no mail is sent.

    ``password`` None: nobody can log in with a password. ``strict_password``: by the rules of the sign-up page.
    Raises :class:`AccountError` when a name is bad or taken, or the password too weak.
    """
    check_username(username)
    check_email(email)
    user = User(username=username, email=email, full_name=full_name, is_staff=is_staff, is_superuser=is_superuser)
    if password is not None and strict_password:
        _check_password(password, user)
    user.set_password(password)
    with transaction.atomic():
        user.save()
        EmailAddress.objects.create(user=user, email=user.email, verified=confirmed, primary=True)
        announce(user, confirmed=confirmed, at=at or now())
    return person_of(user)


def announce(user: User, *, confirmed: bool, at: datetime) -> None:
    """Tells the house about a new account (and its confirmed address); part of the transaction that made it."""
    value = person_of(user)
    signals.person_created.send(sender=User, person=value, at=at)
    if confirmed:
        signals.email_confirmed.send(sender=User, person=value, email=user.email, at=at)


def has_confirmed(user_id: int, email: str) -> bool:
    """Whether this person proved that ``email`` is theirs."""
    return bool(EmailAddress.objects.filter(user_id=user_id, email=email.lower(), verified=True).exists())


def check_password(request: HttpRequest, username: str, password: str) -> Person | None:
    """The active person with this name and password; None for anybody else, and after too many wrong passwords
    (those of the sign-in page count too). Signs nobody in."""
    try:
        user = get_adapter(request).authenticate(request, username=username, password=password)
    except ValidationError:
        return None
    return person(user) if isinstance(user, User) else None


def password_stamp(user_id: int) -> str | None:
    """What changes when the password of an active account does; None when there is no such account. For sessions that
    are none of the sign-in page's."""
    user = User.objects.filter(pk=user_id, is_active=True).first()
    return None if user is None else str(user.get_session_auth_hash())


def roles(user_id: int | None, org: str, run_key: CourseLocator | str) -> frozenset[Role]:
    """Every role a person has in a run: its own, its organisation's and the site's; instructor includes staff.

    One query (none for a visitor). Source: openedx.md §2.4.
    """
    if user_id is None:
        return frozenset()
    return _closure(row[0] for row in _ROLES(user_id, org, str(run_key)))


def roles_of(user_ids: Collection[int], org: str, run_key: CourseLocator | str) -> dict[int, frozenset[Role]]:
    """As :func:`roles`, for many people by id; who has none is left out. One query."""
    return {user_id: _closure(found) for user_id, found in roles_among(org, run_key, user_ids).items()}


def records(user_ids: Iterable[int]) -> dict[int, Record]:
    """What the site holds of these people, for reports to their course's team; one query, unknown ids are left out."""
    rows = User.objects.filter(pk__in=list(user_ids)).values_list(*_RECORD)
    return {row[0]: Record(*row) for row in rows}


def traits(user_ids: Iterable[int]) -> Iterator[Traits]:
    """What these people told of themselves that courses are counted by; those who told nothing are left out. One query
    for every 500."""
    wanted = sorted(set(user_ids))
    told = User.objects.exclude(gender="", year_of_birth=None, education="", country="")
    for start in range(0, len(wanted), 500):
        rows = told.filter(pk__in=wanted[start : start + 500])
        yield from (Traits(*row) for row in rows.values_list("pk", "gender", "year_of_birth", "education", "country"))


def grants(user_id: int | None) -> tuple[Grant, ...]:
    """Every role of a person with where it holds; one query (none for a visitor)."""
    if user_id is None:
        return ()
    rows = RoleGrant.objects.filter(user_id=user_id).values_list("role", "org", "run")
    return tuple(Grant(Role(role), org, run) for role, org, run in rows)


def members(org: str, run_key: CourseLocator | str, among: Iterable[Role] = Role) -> frozenset[int]:
    """The ids of those who have one of the roles ``among`` in a run, directly or through its organisation."""
    here = Q(run=str(run_key)) | Q(run="", org=org) | Q(run="", org="")
    wanted = [role.value for role in among]
    return frozenset(RoleGrant.objects.filter(here, role__in=wanted).values_list("user_id", flat=True))


def grant_role(user_id: int, role: Role, *, org: str = "", run: CourseLocator | str = "") -> None:
    """Gives a role in ``run``, else in ``org``, else on the whole site; giving it twice changes nothing."""
    RoleGrant.objects.get_or_create(user_id=user_id, role=role.value, org=org, run=str(run))


def revoke_role(user_id: int, role: Role, *, org: str = "", run: CourseLocator | str = "") -> None:
    """Takes back exactly what :func:`grant_role` gave; nothing to take is fine."""
    RoleGrant.objects.filter(user_id=user_id, role=role.value, org=org, run=str(run)).delete()


def team(org: str, run: CourseLocator | str, among: Iterable[Role] = Role) -> tuple[tuple[Person, Grant], ...]:
    """Everybody who is active and has one of the roles ``among`` in a run, in its organisation or on the whole site,
    with each of those grants; one query."""
    here = Q(run=str(run)) | Q(run="", org=org) | Q(run="", org="")
    rows = (
        RoleGrant.objects.filter(here, role__in=[role.value for role in among], user__is_active=True)
        .select_related("user")
        .order_by("user_id", "role")
    )
    return tuple((person_of(row.user), Grant(Role(row.role), row.org, row.run)) for row in rows)


def replace_roles(
    user_id: int, grant: Grant | None, *, org: str, run: CourseLocator | str, keep: Role
) -> frozenset[Role]:
    """Gives a person ``grant`` in place of all roles they have in this very run (None: none at all); what they had.

    Raises :class:`AccountError`, with nothing changed, when nobody in the run would have the role ``keep`` any more.
    """
    with transaction.atomic():
        rows = RoleGrant.objects.select_for_update().filter(run=str(run))
        keepers = {row.user_id for row in rows.filter(role=keep.value, user__is_active=True)}
        if keepers == {user_id} and (grant is None or grant.role is not keep):
            raise AccountError(_("Somebody in this course must keep this role."))
        own = rows.filter(user_id=user_id)
        before = frozenset(Role(row.role) for row in own)
        own.delete()
        if grant is not None:
            grant_role(user_id, grant.role, org=org, run=run)
    return before


def anonymous_id(user_id: int, run_key: CourseLocator | str | None) -> str:
    """32 hex digits that stand for a person in one run (None: on the whole site) towards blocks and outside tools.

    The same for ever under the same secret key; no query. Only :func:`whose_id` finds the way back.
    """
    return standins.stand_in(user_id, str(run_key or ""))


def whose_id(anonymous: str, run_key: CourseLocator | str | None = None) -> int | None:
    """Whom :func:`anonymous_id` stands for, in ``run_key`` (None: in whatever run); None for nobody. No query."""
    return standins.read(anonymous, None if run_key is None else str(run_key))


def external_id(user_id: int, kind: str) -> UUID:
    """The id of a person for outside systems of a ``kind`` (lti, xapi, ...), the same in every run. No query."""
    return UUID(standins.stand_in(user_id, f"external:{kind}"))


def whose_external_id(external: UUID, kind: str) -> int | None:
    """Whom :func:`external_id` stands for; None for nobody. No query."""
    return standins.read(external.hex, f"external:{kind}")


def _closure(names: Iterable[str]) -> frozenset[Role]:
    direct = {Role(name) for name in names}
    return frozenset(direct.union(*(_IMPLIED.get(role, frozenset()) for role in direct)))


def _check_password(password: str, user: User) -> None:
    try:
        validate_password(password, user)
    except ValidationError as error:
        raise AccountError(_("This password cannot be used: %(why)s") % {"why": " ".join(error.messages)}) from error
