"""Who is it? Password checks by indexed columns, whatever the case of the name."""

from __future__ import annotations

from allauth.account.auth_backends import AuthenticationBackend
from django.contrib.auth.base_user import AbstractBaseUser

from lykeion.accounts.models import User


class Backend(AuthenticationBackend):  # type: ignore[misc]
    """allauth's backend; its own search by username would read the whole table."""

    def _authenticate_by_username(self, username: str, password: str) -> AbstractBaseUser | None:
        found = User.objects.filter(username_key=username.lower()).first()
        checked: AbstractBaseUser | None = self._check_password(found, password)
        return checked
