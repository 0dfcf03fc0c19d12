"""How a request and its reply travel: a length, that many bytes of JSON, then the files that the JSON names."""

from __future__ import annotations

import json
import os
import socket
import struct
from collections.abc import Mapping
from typing import Any, Final

_LENGTH: Final = struct.Struct("!I")
_FILES: Final = "files"


class Broken(Exception):
    """The other side went away, or sent what is no message or too much."""


def send(connection: socket.socket, message: Mapping[str, Any], files: Mapping[str, bytes] | None = None) -> None:
    """Sends one message. Raises OSError."""
    sizes = [[name, len(content)] for name, content in (files or {}).items()]
    text = json.dumps({**message, _FILES: sizes} if sizes else message).encode()
    for content in (_LENGTH.pack(len(text)), text, *(files or {}).values()):
        _write(connection.fileno(), content)


def _write(descriptor: int, content: bytes) -> None:
    """By `write`, which a locked process still may, and not by a call for sockets."""
    view = memoryview(content)
    while view:
        view = view[os.write(descriptor, view) :]


def receive(connection: socket.socket, most: int) -> tuple[dict[str, Any], dict[str, bytes]]:
    """One message of at most ``most`` bytes, and its files of at most as many together. Raises Broken, OSError."""
    (length,) = _LENGTH.unpack(_exactly(connection, _LENGTH.size, most))
    try:
        message = json.loads(_exactly(connection, length, most))
        if not isinstance(message, dict):
            raise Broken("The message is no object.")
        files, left = {}, most
        for name, size in message.pop(_FILES, ()):
            files[name] = _exactly(connection, size, left)
            left -= size
    except (ValueError, TypeError, RecursionError) as error:
        raise Broken(f"The message cannot be read: {error}") from error
    return message, files


def _exactly(connection: socket.socket, size: int, most: int) -> bytes:
    if not 0 <= size <= most:
        raise Broken(f"A message of {size} bytes is too long; {most} are allowed.")
    buffer = bytearray(size)
    view, filled = memoryview(buffer), 0
    while filled < size:
        received = connection.recv_into(view[filled:])
        if not received:
            raise Broken("The connection ended before the message did.")
        filled += received
    return bytes(buffer)
