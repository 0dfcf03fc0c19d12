"""Objects in canonical form: one node, one text, one id.

The canonical form is JSON with sorted keys and no blanks, as orjson writes it; the id of an object is the BLAKE2b
hash (24 bytes, in hexadecimal) of those bytes. A change of either would give every course new ids: it needs a
migration of the store.
"""

from __future__ import annotations

import zlib
from collections.abc import Iterable
from hashlib import blake2b
from typing import Final

import orjson

from lykeion.content.types import ContentError, Node, ObjectId, ObjectMissing

MAX_CANONICAL: Final = 32 << 20
MAX_STORED: Final = 7 << 20  # doubled by SQL escaping it still fits MariaDB's packet of 16 MB, and MongoDB's document
_WORTH_PACKING: Final = 400
_STRICT: Final = orjson.OPT_SORT_KEYS | orjson.OPT_PASSTHROUGH_DATACLASS | orjson.OPT_PASSTHROUGH_DATETIME
_DIGEST: Final = 24


def canonical(node: Node) -> bytes:
    """The bytes that ``node`` is hashed by. Raises :class:`ContentError` for values that JSON cannot hold."""
    form = {"children": node.children, "fields": dict(node.fields), "type": node.type}
    try:
        data = orjson.dumps(form, option=_STRICT)
    except TypeError as error:  # orjson.JSONEncodeError is one
        raise ContentError(f"A {node.type} block has a field that cannot be stored: {error}.") from error
    if len(data) > MAX_CANONICAL:
        raise ContentError(f"A {node.type} block is {_megabytes(data)}; at most 32 MB fit in one block.")
    return data


def id_of(data: bytes) -> ObjectId:
    """The id of the object with canonical form ``data``: 48 hexadecimal digits."""
    return ObjectId(blake2b(data, digest_size=_DIGEST).hexdigest())


def pack(data: bytes) -> bytes:
    """Canonical bytes as stores keep them: zlib where that helps. Canonical ones start with ``{``, zlib's never do."""
    packed = zlib.compress(data, 1) if len(data) > _WORTH_PACKING else data
    smaller = packed if len(packed) < len(data) else data
    if len(smaller) > MAX_STORED:
        raise ContentError(f"A block is {_megabytes(smaller)} when packed; at most 7 MB fit. Put images into files.")
    return smaller


def unpack(object_id: ObjectId, stored: bytes) -> bytes:
    """Canonical bytes of what a store keeps. Raises :class:`ObjectMissing` when they are not those of ``object_id``."""
    try:
        data = stored if stored[:1] == b"{" else zlib.decompress(stored)
    except zlib.error as error:
        raise ObjectMissing(f"Object {object_id} is damaged in the store: {error}.") from error
    if id_of(data) != object_id:
        raise ObjectMissing(f"Object {object_id} is damaged in the store; restore it from a backup.")
    return data


def node_of(data: bytes) -> Node:
    """The node with canonical form ``data``."""
    form = orjson.loads(data)
    return Node(form["type"], form["fields"], tuple((name, child) for name, child in form["children"]))


def packed(nodes: Iterable[Node]) -> list[tuple[ObjectId, bytes]]:
    """``(id, stored bytes)`` of each node, in order."""
    forms = [canonical(node) for node in nodes]
    return [(id_of(data), pack(data)) for data in forms]


def _megabytes(data: bytes) -> str:
    return f"{len(data) / (1 << 20):.0f} MB"
