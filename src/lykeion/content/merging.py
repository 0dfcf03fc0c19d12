"""Merging of three by field: a copy, what it was taken from, and what that is now. Pure functions."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Final

from lykeion.content.types import LINKS, FieldComparison, Json

Fields = Mapping[str, Json]
SYNCED: Final = LINKS
"""Fields of a copy about its item; an item has none of them."""
_MISSING: Final = object()


def is_own(name: str, here: Fields, base: Fields | None) -> bool:
    """Whether the field of a copy is not as its item had it; without ``base`` whether it is noted as changed."""
    if base is None:
        noted = here.get("downstream_customized")
        return isinstance(noted, list) and name in noted
    return bool(here.get(name, _MISSING) != base.get(name, _MISSING))


def merged(
    here: Fields, base: Fields | None, there: Fields, keep: Collection[str] | None
) -> tuple[dict[str, Json], tuple[str, ...]]:
    """The fields of a copy that follows its item, and the names of those that stay as they are here."""
    fields: dict[str, Json] = {name: value for name, value in here.items() if name in SYNCED}
    kept = []
    for name in sorted({*here, *(base or ()), *there} - SYNCED):
        own = name in keep if keep is not None else is_own(name, here, base)
        value = (here if own else there).get(name, _MISSING)
        if value is not _MISSING:
            fields[name] = value
        if own and value != there.get(name, _MISSING):
            kept.append(name)
    fields.pop("upstream_version_declined", None)
    fields.pop("downstream_customized", None)
    if kept:
        fields["downstream_customized"] = kept
    return fields, tuple(kept)


def compared(here: Fields, base: Fields | None, there: Fields) -> tuple[FieldComparison, ...]:
    """The fields that are not the same in all, by name."""
    names = sorted({*here, *(base or ()), *there} - SYNCED)
    was = there if base is None else base
    return tuple(
        FieldComparison(
            name,
            was.get(name),
            here.get(name),
            there.get(name),
            is_own(name, here, base),
            bool(there.get(name, _MISSING) != was.get(name, _MISSING)),
        )
        for name in names
        if not here.get(name, _MISSING) == was.get(name, _MISSING) == there.get(name, _MISSING)
    )


def reordered(present: Sequence[str], wanted: Sequence[str]) -> list[str]:
    """``present`` with those of ``wanted`` in that order, in the places that they have; the others stay."""
    queue = iter(wanted)
    return [next(queue) if one in wanted else one for one in present]
