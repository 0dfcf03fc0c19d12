"""The design of a course's certificate, stored in the field ``certificates`` as Open edX has it: one design is used."""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from django.utils.translation import gettext as _

from lykeion.authoring.api.courses import require
from lykeion.authoring.codecs import entries
from lykeion.authoring.saving import COURSE, check, course_fields, edited, field_of, version
from lykeion.authoring.types import Author, AuthoringError, Capability, FieldError
from lykeion.catalog import api as catalog
from lykeion.catalog.types import Run
from lykeion.certificates.types import EARNING
from lykeion.content.api import Draft
from lykeion.content.types import Edited, Json, RunMissing

__all__ = ["Design", "Signatory", "activate", "design", "eligible_modes", "make", "remove", "save_design"]

MOST_SIGNATORIES: Final = 10
_VERSION: Final = 1


@dataclass(frozen=True, slots=True)
class Signatory:
    """Somebody who signs. ``image`` is the path of a course file with their signature; ``id`` None: a new one."""

    name: str
    title: str
    organization: str
    image: str
    id: int | None = None


@dataclass(frozen=True, slots=True)
class Design:
    """``course_title`` stands in the place of the course's name where it is given."""

    name: str
    description: str
    course_title: str
    active: bool
    signatories: tuple[Signatory, ...]
    base: str


def design(author: Author) -> Design | None:
    """The design of the draft, or None. Of several (from elsewhere) the active one, else the first."""
    found = _listed(course_fields(author.root).get("certificates"))
    return _design(found[_chosen(found)]) if found else None


def eligible_modes(run: Run | None) -> list[str]:
    """The modes of a run in which learners can earn a certificate; none means that nobody gets one."""
    return [] if run is None else [mode for mode, _end in catalog.modes(run) if mode in EARNING]


def offered(author: Author) -> Run | None:
    """The run as the catalog has it, None while it was never published."""
    try:
        return catalog.run(author.run)
    except RunMissing:
        return None


def make(author: Author, *, at: datetime) -> Edited[None]:
    """A first design, not active. Raises :class:`AuthoringError` when there is one."""
    require(author, Capability.SETTINGS)
    new = {
        "id": random.randrange(100, 2**31 - 1),  # noqa: S311  a number that no other design has, as in Open edX
        "name": "Name of the certificate",
        "description": "Description of the certificate",
        "course_title": "",
        "is_active": False,
        "signatories": [],
        "version": _VERSION,
        "editing": False,
    }

    def change(draft: Draft) -> None:
        if _listed(field_of(draft, "certificates")):
            raise AuthoringError(_("There is a certificate already."))
        _set(draft, [new])

    return edited(author, change, at=at, why="Changed settings: certificates")


def save_design(
    author: Author, *, course_title: str, signatories: Sequence[Signatory], base: str, at: datetime
) -> Edited[None]:
    """Gives the design its title and who signs. Raises :class:`FieldError`, ``ChangedMeanwhile``."""
    require(author, Capability.SETTINGS)
    named = [one for one in signatories if any((one.name, one.title, one.organization, one.image))]
    if len(named) > MOST_SIGNATORIES:
        raise FieldError(_("At most 10 people can sign."), "signatory_name-0")
    for place, one in enumerate(named):
        if not one.name.strip():
            raise FieldError(_("Say who signs."), f"signatory_name-{place}")

    def changed(found: dict[str, Any]) -> dict[str, Any]:
        known = {one.get("id"): one for one in entries(found.get("signatories"))}
        new = {
            **found,
            "course_title": course_title.strip(),
            "signatories": [_stored(one, known.get(one.id, {})) for one in named],
        }
        if new != found:
            check(COURSE, "certificates", found, base)
        return new

    return _change(author, changed, at)


def activate(author: Author, active: bool, *, at: datetime) -> Edited[None]:
    """Lets certificates be given out by the design, or stops it."""
    require(author, Capability.SETTINGS)

    def changed(found: dict[str, Any]) -> dict[str, Any]:
        if active and not entries(found.get("signatories")):
            raise AuthoringError(_("Nobody signs the certificate yet. Add somebody, save, then activate it."))
        return {**found, "is_active": active}

    return _change(author, changed, at)


def remove(author: Author, *, at: datetime) -> Edited[None]:
    """Takes the design out. ``settings.take_back`` brings it back."""
    require(author, Capability.SETTINGS)
    return edited(author, lambda draft: _set(draft, []), at=at, why="Changed settings: certificates")


def _change(author: Author, changed: Any, at: datetime) -> Edited[None]:
    def change(draft: Draft) -> None:
        found = _listed(field_of(draft, "certificates"))
        if not found:
            raise AuthoringError(_("There is no certificate any more."))
        place = _chosen(found)
        new = changed(found[place])
        others = [{**one, "is_active": False} for one in found[:place]], found[place + 1 :]
        _set(draft, [*others[0], new, *others[1]])

    return edited(author, change, at=at, why="Changed settings: certificates")


def _listed(stored: Json) -> list[dict[str, Any]]:
    found = stored.get("certificates") if isinstance(stored, Mapping) else None
    return [dict(one) for one in entries(found)]


def _chosen(found: list[dict[str, Any]]) -> int:
    return next((place for place, one in enumerate(found) if one.get("is_active") is True), 0)


def _set(draft: Draft, found: list[dict[str, Any]]) -> None:
    stored = field_of(draft, "certificates")
    rest = dict(stored) if isinstance(stored, Mapping) else {}
    draft.update(COURSE, {"certificates": {**rest, "certificates": found}})


def _design(found: Mapping[str, Any]) -> Design:
    people = tuple(
        Signatory(
            str(one.get("name") or ""),
            str(one.get("title") or ""),
            str(one.get("organization") or ""),
            str(one.get("signature_image_path") or ""),
            one.get("id") if isinstance(one.get("id"), int) else None,
        )
        for one in entries(found.get("signatories"))
    )
    return Design(
        str(found.get("name") or ""),
        str(found.get("description") or ""),
        str(found.get("course_title") or ""),
        found.get("is_active") is True,
        people,
        version(dict(found)),
    )


def _stored(one: Signatory, known: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "id": one.id or random.randrange(100, 2**31 - 1),  # noqa: S311  as above
        "certificate": None,
        **known,
        "name": one.name.strip(),
        "title": one.title.strip(),
        "organization": one.organization.strip(),
        "signature_image_path": one.image.strip(),
    }
