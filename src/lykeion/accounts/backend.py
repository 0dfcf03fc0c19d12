"""Who is it? Reads by indexed columns: password checks whatever the case of the name, and the person of a session."""

from __future__ import annotations

from allauth.account.auth_backends import AuthenticationBackend
from django.contrib.auth.base_user import AbstractBaseUser
from django.db import router

from lykeion.accounts.models import User
from lykeion.core.prepared import Prepared

_COLUMNS = [field.attname for field in User._meta.concrete_fields]
_BY_ID = Prepared(User, lambda rows, user_id: rows.filter(pk=user_id).values_list(*_COLUMNS))


class Backend(AuthenticationBackend):  # type: ignore[misc]
    """allauth's backend; its own search by username would read the whole table."""

    def _authenticate_by_username(self, username: str, password: str) -> AbstractBaseUser | None:
        found = User.objects.filter(username_key=username.lower()).first()
        checked: AbstractBaseUser | None = self._check_password(found, password)
        return checked

    def get_user(self, user_id: int | str) -> User | None:
        """The person of a session, if they may still sign in: one read, in every request."""
        for row in _BY_ID(int(user_id)):
            person: User = User.from_db(router.db_for_read(User), _COLUMNS, row)
            return person if self.user_can_authenticate(person) else None
        return None
