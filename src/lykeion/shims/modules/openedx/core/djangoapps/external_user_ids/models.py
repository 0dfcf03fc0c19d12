"""Stand-in for Open edX's module of this name: ids of people for outside systems. They are enciphered, not stored."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from django.contrib.auth import get_user_model
from django.core.exceptions import ObjectDoesNotExist, ValidationError

from lykeion.accounts import api as accounts


class _Ids:
    def get(self, *, external_user_id: object, external_id_type__name: str) -> ExternalId:
        """The id, with its person. Raises :class:`ExternalId.DoesNotExist`; ``ValidationError`` for what is no UUID."""
        try:
            external = UUID(str(external_user_id))
        except ValueError as error:
            raise ValidationError(f"{str(external_user_id)[:60]!r} is not a UUID.") from error
        user_id = accounts.whose_external_id(external, external_id_type__name)
        user = get_user_model().objects.filter(pk=user_id, is_active=True).first() if user_id is not None else None
        if user is None:
            raise ExternalId.DoesNotExist(f"{external} is nobody's.")
        return ExternalId(user, external)


class ExternalId:
    """A person's id for systems of one type."""

    class DoesNotExist(ObjectDoesNotExist):
        """Nobody has this id."""

    objects = _Ids()

    def __init__(self, user: Any, external_user_id: UUID) -> None:
        self.user = user
        self.external_user_id = external_user_id

    @classmethod
    def add_new_user_id(cls, user: Any, type_name: str) -> tuple[ExternalId, bool]:
        """The id of ``user``; it was always there."""
        return cls(user, accounts.external_id(user.pk, type_name)), False

    @classmethod
    def batch_get_or_create_user_ids(cls, users: Iterable[Any], type_name: str) -> dict[int, ExternalId]:
        """The ids of ``users``, by their numbers."""
        return {user.pk: cls.add_new_user_id(user, type_name)[0] for user in users}
