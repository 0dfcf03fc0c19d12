"""The door of ``accounts``: people, their roles, their anonymous ids."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from allauth.account.adapter import get_adapter
from allauth.account.models import EmailAddress
from django.contrib.auth.models import AnonymousUser
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Q
from django.http import HttpRequest
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext as _

from lykeion.accounts import signals
from lykeion.accounts.models import RoleGrant, User
from lykeion.accounts.names import check_email, check_username
from lykeion.accounts.retirement import retire
from lykeion.accounts.types import AccountError, Grant, Person, Role
from lykeion.core.clock import now
from lykeion.core.keys import CourseLocator
from lykeion.core.prepared import Prepared

__all__ = [
    "anonymous_id",
    "check_password",
    "create_person",
    "find_person",
    "grant_role",
    "grants",
    "has_confirmed",
    "members",
    "password_stamp",
    "people",
    "person",
    "retire",
    "revoke_role",
    "roles",
]

_ROLES = Prepared(
    RoleGrant,
    lambda rows, user, org, run: rows.filter(
        Q(run=run) | Q(run="", org=org) | Q(run="", org=""), user_id=user
    ).values_list("role"),
)
_IMPLIED: dict[Role, frozenset[Role]] = {Role.INSTRUCTOR: frozenset({Role.STAFF})}


def person(user: User | AnonymousUser) -> Person | None:
    """The value of whoever made a request; None for a visitor. No query beyond loading the user."""
    if not isinstance(user, User) or not user.is_active:
        return None
    return _person(user)


def find_person(name: str) -> Person | None:
    """The active person with this username or e-mail address, whatever its case."""
    key = name.strip().lower()
    user = User.objects.filter(Q(email=key) if "@" in key else Q(username_key=key), is_active=True).first()
    return None if user is None else _person(user)


def people(user_ids: Iterable[int]) -> dict[int, Person]:
    """The people with these ids, by id; one query, unknown ids are left out."""
    return {user.pk: _person(user) for user in User.objects.filter(pk__in=list(user_ids))}


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
    return _person(user)


def announce(user: User, *, confirmed: bool, at: datetime) -> None:
    """Tells the house about a new account (and its confirmed address); part of the transaction that made it."""
    value = _person(user)
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


def anonymous_id(user_id: int, run_key: CourseLocator | str | None) -> str:
    """32 hex digits that stand for a person in one run (None: on the whole site) towards blocks and outside tools.

    A keyed hash: the same for ever under the same secret key, no query, no way back to the person.
    """
    return salted_hmac("lykeion.accounts.anonymous", f"{user_id}|{run_key or ''}", algorithm="sha256").hexdigest()[:32]


def _person(user: User) -> Person:
    return Person(
        id=user.pk,
        username=user.username,
        email=user.email,
        full_name=user.full_name,
        is_active=user.is_active,
        is_staff=user.is_staff or user.is_superuser,
        language=user.language,
        time_zone=user.time_zone,
    )


def _closure(names: Iterable[str]) -> frozenset[Role]:
    direct = {Role(name) for name in names}
    return frozenset(direct.union(*(_IMPLIED.get(role, frozenset()) for role in direct)))


def _check_password(password: str, user: User) -> None:
    try:
        validate_password(password, user)
    except ValidationError as error:
        raise AccountError(_("This password cannot be used: %(why)s") % {"why": " ".join(error.messages)}) from error
