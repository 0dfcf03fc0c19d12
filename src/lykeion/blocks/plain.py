"""Field values as plain JSON."""

from __future__ import annotations

import json
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from opaque_keys import OpaqueKey

from lykeion.content.types import Json

_AS_THEY_ARE = frozenset({str, int, float, bool, type(None)})


class Kept(list[Any]):
    """A list of JSON values that is never changed in place: it grows by being replaced (:meth:`plus`).

    So nobody needs a copy of it: XBlock copies every list that a block looks at, and hundreds of attempts are long.
    """

    def __deepcopy__(self, memo: object) -> Kept:
        return self

    def plus(self, item: Any, *, most: int) -> Kept:
        """This and one thing more. Past ``most`` letters of JSON the oldest go, except for the very first."""
        items = [*self, plain(item)]
        sizes = [len(json.dumps(one)) for one in items]
        too_much, gone = sum(sizes) - most, 0
        while too_much > 0 and gone < len(items) - 2:
            gone += 1
            too_much -= sizes[gone]
        return Kept([*items[:1], *items[1 + gone :]])

    def with_last(self, item: Any, *, most: int) -> Kept:
        """This with ``item`` in the place of its last thing, within ``most`` letters as :meth:`plus`."""
        return Kept(self[:-1]).plus(item, most=most)


def copied(value: Any) -> Any:
    """``value`` with lists and dicts of its own, so that whoever changes it changes nothing else."""
    kind = type(value)
    if kind is dict:
        return {name: copied(item) for name, item in value.items()}
    if kind is list:
        return [copied(item) for item in value]
    return value


def plain(value: Any) -> Json:
    """``value`` as JSON would give it back, with namedtuples as objects.

    The rules are simplejson's, which the blocks of Open edX were written against: the standard library would turn a
    ``Score`` into a list that the field then refuses to load. Raises :class:`TypeError` naming what cannot be stored.
    """
    kind = type(value)
    if kind in _AS_THEY_ARE or kind is Kept:
        return value
    if isinstance(value, Mapping):
        return {_name(key): plain(item) for key, item in value.items()}
    if hasattr(value, "_asdict"):
        return {name: plain(item) for name, item in value._asdict().items()}
    if isinstance(value, list | tuple):
        return [plain(item) for item in value]
    if isinstance(value, set | frozenset):
        return sorted((plain(item) for item in value), key=str)
    return _scalar(value)


def _scalar(value: Any) -> Json:
    if isinstance(value, str):
        return "".join((value,))  # str() of marked-safe text is marked-safe text
    for base in (bool, int, float):
        if isinstance(value, base):
            return base(value)
    if isinstance(value, Decimal):
        return float(value)
    if isinstance(value, OpaqueKey):
        return str(value)
    if hasattr(value, "__html__") or hasattr(value, "_proxy____cast"):  # markup, and texts translated late
        return str(value)
    raise TypeError(f"{value!r} ({type(value).__name__}) cannot be kept as JSON")


def _name(key: Any) -> str:
    if isinstance(key, str):
        return str(key)
    if key is None or isinstance(key, bool):
        return {None: "null", True: "true", False: "false"}[key]
    return str(key)
