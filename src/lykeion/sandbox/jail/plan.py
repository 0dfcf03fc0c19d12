"""What the jail is told when it starts. It comes as JSON on the command line and holds no secret."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from typing import Final

MB: Final = 2**20
LEVELS: Final = ("none", "limits", "filtered", "namespaces")
"""How far authors' code is kept apart, weakest first.

``limits``: time and memory only. ``filtered``: also no network, no processes, no files but the library and its own
folder (seccomp and Landlock). ``namespaces``: also a file system, network and process table of its own.
"""


@dataclass(frozen=True, slots=True)
class Plan:
    """Where the jail listens and what one run may use.

    Times in seconds, sizes in MB; ``running`` is how many stand ready, and so how many run at once. After
    ``idle_seconds`` without work the prepared process goes away until it is needed again. One that is killed is there
    again at once. One that says why it cannot work, or ends within ``pause_seconds`` of its start, is tried again after
    as many; until then everybody is told why.
    """

    socket: str
    scratch: str
    minimum: str = "filtered"
    strongest: str = "namespaces"
    cpu_seconds: int = 4
    wall_seconds: int = 10
    memory_mb: int = 512
    disk_mb: int = 16
    request_mb: int = 32
    reply_mb: int = 2
    running: int = 4
    idle_seconds: int = 600
    pause_seconds: float = 5.0

    def text(self) -> str:
        """As it goes over the command line."""
        return json.dumps(asdict(self))


def read(text: str) -> Plan:
    """The plan in a text made by :meth:`Plan.text`."""
    return Plan(**json.loads(text))
