"""Visitors of a site that is deployed on test hosts: they read pages, sign up, answer, and count what fails.

    python deploy/tests/visitors.py https://learn.example.org 10.99.0.10 --visitors 6 --seconds 300 --until FILE

With --trusted FILE they take certificates of the site's name by that authority only, as browsers do.
Bounded in time; ends early when FILE appears. Prints one line of JSON: requests, failures (with the first ones, the
seconds from the first to the last, and those since the last), those sent again, p99.
Standard library only. A request has failed when the connection broke or the answer is 500 or above. One that was sent
just as the server closed the idle connection is sent again, once, as browsers do: nobody saw it.
"""

from __future__ import annotations

import argparse
import http.client
import json
import re
import secrets
import socket
import ssl
import sys
import threading
import time
from pathlib import Path
from urllib.parse import urlencode, urlsplit

COURSE = "course-v1:Lykeion+LEARN1+demo"
PASSWORD = "a long enough sentence"
MOST = 100_000  # requests; then a run ends whatever the clock says

CLOSED = (ConnectionResetError, BrokenPipeError, ssl.SSLEOFError, ssl.SSLZeroReturnError)  # before a byte of an answer


class NotIn(Exception):
    """A visitor could not come in, or did not find what everybody finds."""


def checked(trusted: Path | None) -> ssl.SSLContext:
    """How certificates are checked: by an authority, or not at all, for most test hosts sign their own."""
    context = ssl.create_default_context(cafile=trusted)
    if trusted is None:
        context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    return context


class Connection(http.client.HTTPSConnection):
    """To a site's name, at the address of a test host."""

    def __init__(self, name: str, address: str, tls: ssl.SSLContext) -> None:
        super().__init__(name, 443, timeout=60)
        self._address, self._tls = address, tls

    def connect(self) -> None:
        wire = socket.create_connection((self._address, 443), self.timeout)
        wire.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.sock = self._tls.wrap_socket(wire, server_hostname=self.host)


class Visitor:
    """A browser with cookies, that does not follow where it is sent."""

    def __init__(self, site: str, address: str, trusted: Path | None = None) -> None:
        self._site, self._name, self._address = site, urlsplit(site).hostname or "", address
        self._cookies: dict[str, str] = {}
        self._connection = Connection(self._name, address, checked(trusted))
        self.sent_again = 0

    def ask(self, path: str, form: dict[str, str] | None = None) -> tuple[int, str, str]:
        """Status, text and where it leads. ``form``: sent by POST, with the site's own token."""
        headers = {"Cookie": "; ".join(f"{name}={value}" for name, value in self._cookies.items())}
        body = None
        if form is not None:
            body = urlencode({"csrfmiddlewaretoken": self._cookies.get("csrftoken", ""), **form})
            headers |= {"Content-Type": "application/x-www-form-urlencoded", "Referer": f"{self._site}{path}"}
        headers["X-CSRFToken"] = self._cookies.get("csrftoken", "")
        try:
            answer = self._send("GET" if form is None else "POST", path, body, headers)
            text = answer.read().decode(errors="replace")
        except (OSError, http.client.HTTPException):
            self._connection.close()
            raise
        for cookie in answer.headers.get_all("Set-Cookie") or []:
            name, _, value = cookie.partition(";")[0].partition("=")
            self._cookies[name.strip()] = value
        return answer.status, text, answer.headers.get("Location", "")

    def _send(self, method: str, path: str, body: str | None, headers: dict[str, str]) -> http.client.HTTPResponse:
        is_reused = self._connection.sock is not None
        try:
            self._connection.request(method, path, body, headers)
            return self._connection.getresponse()
        except CLOSED:
            if not is_reused:
                raise
        self._connection.close()
        self.sent_again += 1
        self._connection.request(method, path, body, headers)
        return self._connection.getresponse()

    def sign_up(self, name: str) -> None:
        self.ask("/account/signup/")
        form = {"full_name": "Eva Ernst", "username": name, "email": f"{name}@example.com"}
        status, text, _ = self.ask("/account/signup/", {**form, "password1": PASSWORD})
        if status != 302:
            said = " ".join(re.findall("(?s)error[^<]*<", text))[:300]
            raise NotIn(f"{name} could not sign up ({status}): {said}")

    def sign_in(self, name: str) -> None:
        self.ask("/account/login/")
        status, _, _ = self.ask("/account/login/", {"login": name, "password": PASSWORD})
        if status != 302:
            raise NotIn(f"{name} could not sign in ({status})")

    def enrol(self) -> None:
        about = f"/courses/{COURSE}/about"
        _, text, _ = self.ask(about)
        action = re.search(r'<form[^>]*action="([^"]*enrol[^"]*)"', text)
        if action is None:
            raise NotIn(f"{about} has no form to enrol")
        status, _, _ = self.ask(action[1], {})
        if status != 302:
            raise NotIn(f"enrolling answered {status}")

    def answer(self, unit: str, value: str) -> str:
        """Answers the first problem of a unit in the demo course; the text that comes back."""
        _, _, where = self.ask(f"/courses/{COURSE}/jump_to_id/{unit}")
        _, text, _ = self.ask(urlsplit(where).path)
        usage = re.search(r'(block-v1:[^"/]*type@problem[^"/]*)', text)
        field = re.search(r'name="(input_[^"\[]*)', text)
        if usage is None or field is None:
            raise NotIn(f"no problem was found in the unit {unit} ({where})")
        handler = f"/courses/{COURSE}/xblock/{usage[1]}/handler/xmodule_handler/problem_check"
        status, answer, _ = self.ask(handler, {field[1]: value})
        if status >= 400:
            raise NotIn(f"an answer was taken by {status}")
        return answer


class Crowd:
    """Visitors at once, and what became of their requests."""

    def __init__(self, site: str, address: str, trusted: Path | None, until: Path | None, seconds: float) -> None:
        self._site, self._address, self._trusted, self._until = site, address, trusted, until
        self._end = time.monotonic() + seconds
        self._lock = threading.Lock()
        self.took: list[float] = []
        self.failures: list[str] = []
        self.failed_at: list[float] = []
        self.sent_again = 0

    def visit(self, number: int) -> None:
        visitor = Visitor(self._site, self._address, self._trusted)
        try:
            visitor.sign_up(f"v{secrets.token_hex(5)}")
            visitor.enrol()
        except (NotIn, OSError, http.client.HTTPException) as error:
            with self._lock:
                self.failures.append(f"a visitor did not come in: {error!r}")
            return
        paths = ["/", "/courses", f"/courses/{COURSE}/about", "/dashboard", f"/courses/{COURSE}/progress", "/studio/"]
        turn = number
        while not self._over():
            turn += 1
            if turn % 7 == 0:
                self._count(f"POST answer {turn}", lambda: (200, visitor.answer("hw1b", "e^(-4/4)"), ""))
            else:
                path = paths[turn % len(paths)]
                self._count(path, lambda path=path: visitor.ask(path))
        with self._lock:
            self.sent_again += visitor.sent_again

    def _over(self) -> bool:
        ended = self._until is not None and self._until.exists()
        return ended or time.monotonic() > self._end or len(self.took) > MOST

    def _count(self, what: str, deed) -> None:
        began = time.monotonic()
        try:
            status, text, _ = deed()
            wrong = f"{status} {text[:80]!r}" if status >= 500 else ""
        except (NotIn, OSError, http.client.HTTPException) as error:
            wrong = repr(error)
        with self._lock:
            self.took.append(time.monotonic() - began)
            if wrong:
                self.failures.append(f"{time.strftime('%H:%M:%S')} {what}: {wrong}")
                self.failed_at.append(time.monotonic())
        if wrong:
            time.sleep(1)  # people look at what went wrong before they try again


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("site")
    parser.add_argument("address")
    parser.add_argument("--visitors", type=int, default=6)
    parser.add_argument("--seconds", type=float, default=300)
    parser.add_argument("--trusted", type=Path)
    parser.add_argument("--until", type=Path)
    asked = parser.parse_args()
    crowd = Crowd(asked.site, asked.address, asked.trusted, asked.until, min(asked.seconds, 900))
    threads = [threading.Thread(target=crowd.visit, args=(number,)) for number in range(min(asked.visitors, 32))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    took = sorted(crowd.took)
    p99 = took[int(len(took) * 0.99)] if took else 0
    ended = time.monotonic()
    first, last = (crowd.failed_at[0], crowd.failed_at[-1]) if crowd.failed_at else (ended, ended)
    said = {
        "failing_s": round(last - first),
        "last_failure_s": round(ended - last) if crowd.failed_at else 9999,
        "requests": len(took),
        "failures": len(crowd.failures),
        "sent_again": crowd.sent_again,
        "p99_ms": round(p99 * 1000),
        "first": crowd.failures[:10],
    }
    print(json.dumps(said))
    return 1 if crowd.failures or not took else 0


if __name__ == "__main__":
    sys.exit(main())
