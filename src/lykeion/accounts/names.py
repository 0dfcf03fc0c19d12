"""The rules for usernames and e-mail addresses (Open edX: ``accounts/__init__.py``, ``student/models/user.py``)."""

from __future__ import annotations

import re
from datetime import datetime

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext as _

from lykeion.accounts.models import RetiredName, User
from lykeion.accounts.types import AccountError

USERNAME_MIN, USERNAME_MAX = 2, 30
_USERNAME = re.compile(r"[A-Za-z0-9_-]{2,30}\Z")
_RETIRED_PREFIX = "retired__user_"


def check_username(username: str) -> None:
    """Raises :class:`AccountError` in words for the person when ``username`` breaks a rule or is not free."""
    if not USERNAME_MIN <= len(username) <= USERNAME_MAX:
        raise AccountError(_("A username has 2 to 30 characters; this one has %(count)d.") % {"count": len(username)})
    if not _USERNAME.match(username):
        raise AccountError(_("A username may hold the letters A to Z, digits, “_” and “-” only."))
    taken = username.lower().startswith(_RETIRED_PREFIX) or is_retired(username)
    if taken or User.objects.filter(username_key=username.lower()).exists():
        raise AccountError(_("The username “%(name)s” is taken. Please choose another one.") % {"name": username})


def check_email(email: str) -> None:
    """Raises :class:`AccountError` when ``email`` is no address or belongs (or belonged) to somebody."""
    try:
        validate_email(email)
    except ValidationError as error:
        raise AccountError(_("“%(email)s” is not an e-mail address.") % {"email": email}) from error
    if is_retired(email) or User.objects.filter(email=email.lower()).exists():
        raise AccountError(_("There is an account with the e-mail address %(email)s already.") % {"email": email})


def is_retired(name: str) -> bool:
    """Whether ``name`` (a username or an address) belonged to an account that was deleted."""
    secrets = [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]
    return RetiredName.objects.filter(digest__in=[_digest(name, secret) for secret in secrets]).exists()


def retire_name(name: str, at: datetime) -> str:
    """Makes sure nobody can take ``name`` again; returns the keyed hash that is kept of it."""
    digest = _digest(name, settings.SECRET_KEY)
    RetiredName.objects.get_or_create(digest=digest, defaults={"retired_at": at})
    return digest


def retired_username(digest: str) -> str:
    """The username of a retired account: says nothing, cannot be chosen by anybody."""
    return f"{_RETIRED_PREFIX}{digest[:32]}"


def _digest(name: str, secret: str | bytes) -> str:
    return salted_hmac("lykeion.accounts.retired", name.lower(), secret=secret, algorithm="sha256").hexdigest()
