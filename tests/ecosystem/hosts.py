"""A site with a course in which every block of others has a unit of its own, and what people leave behind there.

Each file of ``units/`` holds one ``<vertical url_name="NAME">``, NAME being the file's name without its ending; it
becomes the only unit of a graded subsection, which is an exam of an hour where the name ends with ``_timed``. Files of
``static/`` become the files of the course.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
import shutil
import sqlite3
import subprocess
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, BrowserContext, Page

from tests.browser.sites import PATIENCE, serving
from tests.homes import LYKEION

HERE = Path(__file__).parent
RUN = "course-v1:Eco+Blocks+2026"
SUBSECTION = (
    '<sequential url_name="of-{name}" display_name="{name}" graded="true" format="Homework"{exam}>{unit}</sequential>'
)
EXAM = ' is_time_limited="true" default_time_limit_minutes="60"'
COURSE = """<course url_name="2026" org="Eco" course="Blocks" display_name="Blocks of others"
  start="2020-01-01T00:00:00Z" {settings}>
  <chapter url_name="chapter" display_name="Blocks">{subsections}</chapter></course>"""
IMPORT = """
from pathlib import Path
from lykeion.content import api as content
from lykeion.core.clock import now
content.import_course(Path({folder!r}), author="bob", at=now())
"""
PEOPLE = f"""
from lykeion.accounts import api as accounts
from lykeion.accounts.types import Role
from lykeion.catalog import api as catalog
from lykeion.core.clock import now
for name in ("alice", "carol", "dan"):
    catalog.enrol(accounts.find_person(name).id, "{RUN}", at=now(), by=1)
hal = accounts.create_person(username="hal", email="hal@example.com", password="hal", confirmed=True)
accounts.grant_role(hal.id, Role.STAFF, org="Eco", run="{RUN}")
accounts.grant_role(accounts.find_person("bob").id, Role.INSTRUCTOR, org="Eco", run="{RUN}")
"""


@dataclass(frozen=True)
class Site:
    """A running site with the course ``RUN``: Alice, Carol and Dan take it, Bob teaches it, Hal is of its staff."""

    address: str
    home: Path

    def unit(self, name: str) -> str:
        """The address that leads to the unit ``name``."""
        return f"{self.address}/courses/{RUN}/jump_to_id/{name}"

    def handler(self, ref: str, handler: str, suffix: str = "") -> str:
        """The address of a handler of the block ``type@id``."""
        block_type, _, block_id = ref.partition("@")
        usage = f"block-v1:Eco+Blocks+2026+type@{block_type}+block@{block_id}"
        return f"{self.address}/courses/{RUN}/xblock/{usage}/handler/{handler}/{suffix}".removesuffix("/")

    def state(self, username: str, ref: str) -> dict[str, Any]:
        """The learner's fields of the block ``type@id``; empty when nothing is kept."""
        rows = self._rows("state", "courseware_learnerstate", username, ref)
        return json.loads(rows[0][0]) if rows and rows[0][0] else {}

    def completion(self, username: str, ref: str) -> float | None:
        """How much of the block is done, 0 to 1; None when nothing says."""
        rows = self._rows("completion", "courseware_learnerstate", username, ref)
        return rows[0][0] if rows else None

    def score(self, username: str, ref: str) -> tuple[float, float] | None:
        """Raw points and how many there are; None when nothing was earned yet."""
        rows = self._rows("raw_earned, raw_possible", "grades_blockscore", username, ref)
        return tuple(rows[0]) if rows else None

    def shared(self, kind: str, name: str) -> dict[str, Any]:
        """The fields that all learners share: ``kind`` is usage, definition, type or all; ``name`` ends so."""
        query = "SELECT document FROM courseware_scopedstate WHERE user_id = 0 AND kind = ? AND name LIKE ?"
        rows = self.rows(query, kind, f"%{name}")
        return json.loads(rows[0][0]) if rows else {}

    def run(self, *command: str) -> str:
        """What ``lykeion COMMAND`` prints for this site."""
        environ = {name: value for name, value in os.environ.items() if name != "DJANGO_SETTINGS_MODULE"}
        environ |= {"LYKEION_HOME": str(self.home / "var"), "LYKEION_SITE_URL": self.address}
        done = subprocess.run([*LYKEION, *command], env=environ, check=True, timeout=240, stdout=subprocess.PIPE)
        return done.stdout.decode()

    def python(self, code: str) -> str:
        """What ``code`` prints, run as a shell on this site."""
        return self.run("django", "shell", "-v", "0", "-c", code)

    def publish(self, units: Mapping[str, str]) -> None:
        """Makes ``units`` the next version of the course, next to what it is made of anyway."""
        (self.home / "course" / "course.xml").write_text(course_xml({**all_units(), **units}))
        self.run("import", str(self.home / "course"))

    def events(self, name: str, username: str = "") -> list[dict[str, Any]]:
        """The lines of the tracking log of that name, oldest first; those of one person if given."""
        log = self.home / "var" / "log" / "tracking.log"
        lines = [json.loads(line) for line in log.read_text().splitlines()] if log.exists() else []
        return [line for line in lines if line["name"] == name and username in {"", line["username"]}]

    def rows(self, query: str, *values: Any) -> list[tuple[Any, ...]]:
        """What the site's database answers."""
        database = sqlite3.connect(f"file:{self.home / 'var' / 'lykeion.sqlite3'}?mode=ro", uri=True)
        try:
            return database.execute(query, values).fetchall()
        finally:
            database.close()

    def _rows(self, columns: str, table: str, username: str, ref: str) -> list[tuple[Any, ...]]:
        query = f"SELECT {columns} FROM {table} JOIN accounts_user ON accounts_user.id = {table}.user_id"
        return self.rows(f"{query} WHERE username = ? AND ref = ?", username, ref)


@contextmanager
def hosting(home: Path, *, units: Mapping[str, str], course: str = "", **settings: str) -> Iterator[Site]:
    """A site on which a course of ``units`` (name to OLX) runs; ``course`` are further attributes of the course."""
    folder = home / "course"
    folder.mkdir(parents=True)
    (folder / "course.xml").write_text(course_xml(units, course))
    if (HERE / "static").is_dir():
        shutil.copytree(HERE / "static", folder / "static")
    commands = [["seed"], ["django", "shell", "-v", "0", "-c", IMPORT.format(folder=str(folder)) + PEOPLE]]
    patient = {"LYKEION_BLOCK_SECONDS": "60"}  # the first page with such a block imports its package, among other tests
    made_of = repr((sorted(units.items()), course, sorted(settings.items())))
    once = f"hosted-{hashlib.sha256(made_of.encode()).hexdigest()[:16]}"
    with serving(home, before=commands, once=once, **{**patient, **settings}) as address:
        yield Site(address, home)


def all_units() -> dict[str, str]:
    """The units of every block of others."""
    return {file.stem: file.read_text() for file in sorted((HERE / "units").glob("*.xml"))}


def course_xml(units: Mapping[str, str], settings: str = "") -> str:
    """A course with one subsection for each unit."""
    exams = {name: EXAM if name.endswith("_timed") else "" for name in units}
    subsections = "".join(SUBSECTION.format(name=one, unit=unit, exam=exams[one]) for one, unit in units.items())
    return COURSE.format(settings=settings, subsections=subsections)


class Cast:
    """People who are logged in on a site, each in a browser of their own. Use within ``with``."""

    def __init__(self, browser: Browser, site: Site, also: tuple[str, ...] = ()) -> None:
        self.browser = browser
        self.site = site
        self.reached = (site.address, *also)
        self.errors: list[str] = []
        self._logins: dict[str, Any] = {}
        self._open: list[BrowserContext] = []

    def page(self, username: str, **options: Any) -> Page:
        """A page of ``username``; nothing is fetched from elsewhere, and script errors are collected in ``errors``."""
        context = self._context(storage_state=self._login(username), **options)
        page = context.new_page()
        page.on("pageerror", lambda error: self.errors.append(f"{page.url}: {error}\n{error.stack or ''}"))
        return page

    def close(self) -> None:
        """Closes every page, and forgets the errors."""
        while self._open:
            self._open.pop().close()
        self.errors.clear()

    def _context(self, **options: Any) -> BrowserContext:
        context = self.browser.new_context(base_url=self.site.address, **options)
        context.set_default_timeout(PATIENCE)
        context.set_default_navigation_timeout(60_000)  # some packages take long to be imported
        context.route(lambda url: not url.startswith(self.reached), lambda route: route.abort())
        self._open.append(context)
        return context

    def _login(self, username: str) -> Any:
        if username not in self._logins:
            context = self._context()
            page = context.new_page()
            page.goto("/account/login/")
            page.get_by_label(re.compile("username", re.IGNORECASE)).fill(username)
            page.get_by_label("Password", exact=True).fill(username)
            page.get_by_role("button", name="Sign in").click()
            page.wait_for_url("**/dashboard*")
            self._logins[username] = context.storage_state()
        return self._logins[username]
