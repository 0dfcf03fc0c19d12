"""A mail server on this machine, for tests: takes mail, and has moods. RFC 5321 as far as a client needs it."""

from __future__ import annotations

import socketserver
import threading
import time
from types import TracebackType
from typing import Self


class MailServer(socketserver.ThreadingTCPServer):
    """``delivered``: recipients whose mail was taken. ``refuse``: answers to RCPT by address. ``busy``: 421 at once.
    ``hang_up_after_text``: so many mails are taken, but their sender never hears of it. ``answers_after``: seconds."""

    allow_reuse_address = True
    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Session)
        self.delivered: list[str] = []
        self.texts: list[str] = []
        self.refuse: dict[str, str] = {}
        self.connections = 0
        self.busy = False
        self.hang_up_after_text = 0
        self.answers_after = 0.0

    @property
    def port(self) -> int:
        """Where it listens."""
        port: int = self.server_address[1]
        return port

    def __enter__(self) -> Self:
        threading.Thread(target=self.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.shutdown()
        self.server_close()

    def take(self, recipient: str, text: str) -> None:
        """A mail is here."""
        self.delivered.append(recipient)
        self.texts.append(text)
        time.sleep(self.answers_after)


class _Session(socketserver.StreamRequestHandler):
    server: MailServer

    def handle(self) -> None:
        self.server.connections += 1
        if self.server.busy:
            self._say("421 4.3.2 come again later")
            return
        self._say("220 test")
        recipient = ""
        while line := self.rfile.readline().decode().strip():
            verb = line.upper()[:4]
            if verb == "QUIT":
                self._say("221 bye")
                return
            if verb == "RCPT":
                recipient = line.split("<")[1].split(">")[0]
                self._say(self.server.refuse.get(recipient, "250 ok"))
            elif verb == "DATA":
                self._say("354 go on")
                self.server.take(recipient, self._text())
                if self.server.hang_up_after_text:
                    self.server.hang_up_after_text -= 1
                    return
                self._say("250 taken")
            else:
                self._say("250 ok")

    def _text(self) -> str:
        lines = []
        while (line := self.rfile.readline()) not in (b".\r\n", b""):
            lines.append(line.decode())
        return "".join(lines)

    def _say(self, words: str) -> None:
        self.wfile.write(f"{words}\r\n".encode())
