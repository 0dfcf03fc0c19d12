"""One process for one run: it waits for a request, locks itself in, runs it, answers and ends."""

from __future__ import annotations

import json
import os
import resource
import signal
import socket
import traceback
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final, NoReturn

from lykeion.sandbox.jail import execute, isolate, kernel, wire
from lykeion.sandbox.jail.plan import MB, Plan

_MOST_DESCRIPTORS: Final = 1 << 20


@dataclass(frozen=True, slots=True)
class Cell:
    """What every run has in common. ``mapped``: bytes of address space in use before any of them; ``nowhere``: an
    open /dev/null, for what authors print."""

    listener: socket.socket
    walls: isolate.Walls
    modules: Mapping[str, Any]
    mapped: int
    nowhere: int

    def serve_one(self, box: str, busy: int) -> NoReturn:
        """Takes one request; tells the nursery by a byte on ``busy`` that its time runs now. Never returns."""
        status = 1
        try:
            _keep_open(self.listener.fileno(), busy, self.nowhere)
            kernel.end_with_parent(signal.SIGKILL)
            self.walls.enter(box)
            connection, _ = self.listener.accept()
            self.listener.close()
            os.write(busy, b"!")
            os.close(busy)
            self._run(connection, box)
            status = 0
        except (wire.Broken, ConnectionError):
            status = 0  # a client that went away
        except BaseException:  # noqa: BLE001 - the process ends here, whatever it was
            traceback.print_exc()
        finally:
            os._exit(status)

    def _run(self, connection: socket.socket, box: str) -> None:
        plan = self.walls.plan
        request, files = wire.receive(connection, plan.request_mb * MB)
        self._limit(plan)
        _keep_open(connection.fileno(), self.nowhere)
        self.walls.lock(box)
        for stream in range(3):
            os.dup2(self.nowhere, stream)
        os.close(self.nowhere)
        reply = execute.answer(request, files, self.modules)
        signal.signal(signal.SIGXCPU, signal.SIG_DFL)
        if len(json.dumps(reply)) > plan.reply_mb * MB:
            reply = {"error": execute.told("MemoryError", f"The values left are more than {plan.reply_mb} MB.")}
        wire.send(connection, {**reply, "level": self.walls.level})

    def _limit(self, plan: Plan) -> None:
        signal.signal(signal.SIGXCPU, _out_of_time)
        memory = self.mapped + plan.memory_mb * MB
        for kind, soft, hard in (
            (resource.RLIMIT_CPU, plan.cpu_seconds, plan.cpu_seconds + 1),
            (resource.RLIMIT_AS, memory, memory),
            (resource.RLIMIT_FSIZE, plan.disk_mb * MB, plan.disk_mb * MB),
            (resource.RLIMIT_NOFILE, 64, 64),
            (resource.RLIMIT_CORE, 0, 0),
        ):
            resource.setrlimit(kind, (soft, hard))


def _keep_open(*kept: int) -> None:
    """Closes every other descriptor but the standard ones: what came from the nursery belongs to it and to others."""
    passed = 2
    for descriptor in sorted(kept):
        os.closerange(passed + 1, descriptor)
        passed = descriptor
    os.closerange(passed + 1, _MOST_DESCRIPTORS)


def _out_of_time(number: int, frame: object) -> NoReturn:
    raise execute.TookTooLong("The code used more processor time than it may.")
