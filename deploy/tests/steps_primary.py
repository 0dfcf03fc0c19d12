"""Steps in which another host becomes the primary of MariaDB: because the one that was is lost, and as planned."""

from __future__ import annotations

import http.client
import json
import secrets
import threading
import time
from typing import Any

from bed import (
    MANY,
    SITE,
    WORK,
    Wrong,
    at,
    changes,
    changes_nothing,
    cluster,
    is_well,
    play,
    visited,
    wait,
    what_is_there,
)
from visitors import NotIn, Visitor

PAUSE = 1  # second between two sign-ups; the site lets 120 people a minute sign up from one address
LEARNER = "of-before"
LOST = "ladder_lost"  # a table that the primary made when its copy did not hear of it any more
MORE = 15  # seconds that visitors go on afterwards


def the_primary_is_lost(address: str) -> str:
    """data1 dies under load; it held Redis too, and a third of MongoDB and RabbitMQ."""
    (WORK / "many/group_vars/all/takeover.yml").unlink(missing_ok=True)
    before = seen_before(address)
    said = play("many", "promote.yml", "-e", "to=data2", good=(2,))
    if "planned=yes" not in said or servers()["data1"]["mine"]["writable"] is not True:
        raise Wrong("promote.yml did not refuse to take over from a primary that serves")
    wait("the copy", hears)
    newcomers = Newcomers(address)
    with visited(address) as told:
        at("data2", "mariadb -e 'STOP SLAVE IO_THREAD'")
        at("data1", f"mariadb -e 'CREATE TABLE lykeion.{LOST} (id INT)'")
        cluster("kill", "data1")
        newcomers.start()
        began = time.monotonic()
        said = play("many", "promote.yml", "-e", "to=data2")
        took = time.monotonic() - began
        time.sleep(MORE)
    came = newcomers.are_all_known()
    if "what data1 took after that is lost" not in said:
        raise Wrong("promote.yml did not say what is lost")
    if told["last_failure_s"] < MORE / 2:
        raise Wrong(f"requests failed after promote.yml had ended: {told}")
    again = changes(play("many", "promote.yml", "-e", "to=data2"))
    if any(again.values()):
        raise Wrong(f"promote.yml changed something when it was run again: {again}")
    after = what_is_there(address, new=False, learner=LEARNER)
    if after != before:
        raise Wrong(f"a learner's state was {before}, and is {after}")
    said = f"by promote.yml in {took:.0f} s, which changed nothing when run again; a learner's state is there"
    return f"{said}; {came}; {failures(told)}"


def seen_before(address: str) -> dict[str, str]:
    """A learner's state; she may be there from an earlier run on the same hosts."""
    try:
        return what_is_there(address, new=True, learner=LEARNER)
    except NotIn:
        return what_is_there(address, new=False, learner=LEARNER)


def the_old_primary_returns() -> str:
    cluster("start", "data1")
    wait("MariaDB on data1", lambda: at("data1", "systemctl is-active mariadb", good=(0, 3)) == "active")
    for _ in range(10):
        if at("data1", "mariadb -N -e 'SELECT @@read_only'") != "1":
            raise Wrong("the old primary let itself be written to")
        time.sleep(1)
    who_was_not_told_cannot_write()
    stale = ("-e", "lykeion_release=t1", "-e", "lykeion_mysql_primary=data1", "--limit", "data1")
    said = play("many", "site.yml", *stale, good=(2,))
    if "data2 is the primary of MariaDB" not in said:
        raise Wrong("site.yml did not refuse an inventory of before")
    site = play("many", "site.yml", "-e", "lykeion_release=t1")
    if "transactions were lost" not in site or LOST not in at("data1", "cat /var/backups/lykeion-lost/*"):
        raise Wrong("what the old primary had, and nobody else, was not put aside")
    if at("data1", f"mariadb -N -e 'SHOW TABLES IN lykeion LIKE \"{LOST}\"'"):
        raise Wrong("the old primary still has what nobody else has")
    mine = servers()["data1"]["mine"]
    if mine["follows"] != MANY["data2"] or mine["writable"]:
        raise Wrong(f"the old primary is no copy of the new one: {mine}")
    nothing = changes_nothing("many")
    is_well("many")
    return f"it took no write; `site.yml` put aside what only it had, and made it a copy; again: {nothing}; smoke green"


def who_was_not_told_cannot_write() -> None:
    """A web host that was off meanwhile, and asks the old primary with the site's account, is refused."""
    write = "from django.contrib.auth import get_user_model as m; print(m().objects.update(is_active=True))"
    asks_data1 = f"LYKEION_DATABASE_URL=${{LYKEION_DATABASE_URL/{MANY['data2']}/{MANY['data1']}}}"
    site = f"set -a; . /etc/lykeion/lykeion.env; {asks_data1}; cd /srv/lykeion/home; runuser -u lykeion --"
    said = at("web1", f'{site} /srv/lykeion/current/venv/bin/lykeion django shell -c "{write}"', good=(0, 1))
    if "read-only" not in said:
        raise Wrong(f"a write to the old primary was answered with {said[-300:]}")


def the_primary_moves_as_planned(address: str) -> str:
    before = what_is_there(address, new=False, learner=LEARNER)
    newcomers = Newcomers(address)
    with visited(address) as told:
        newcomers.start()
        said = play("many", "promote.yml", "-e", "to=data1", "-e", "planned=yes")
        time.sleep(MORE)
    came = newcomers.are_all_known()
    told_of = servers()
    if (
        "Nothing is lost" not in said
        or not told_of["data1"]["mine"]["writable"]
        or told_of["data2"]["mine"]["writable"]
    ):
        raise Wrong(f"data1 should take writes, and data2 not: {told_of}")
    if told["last_failure_s"] < MORE / 2:
        raise Wrong(f"requests failed after promote.yml had ended: {told}")
    after = what_is_there(address, new=False, learner=LEARNER)
    if after != before:
        raise Wrong(f"a learner's state was {before}, and is {after}")
    nothing = changes_nothing("many")
    is_well("many")
    return f"back to data1; {came}; {failures(told)}; `site.yml`: {nothing}; smoke green"


class Newcomers(threading.Thread):
    """People who sign up, one after the other: each is a write, of which visitors who read make few."""

    def __init__(self, address: str) -> None:
        super().__init__(daemon=True)
        self._address, self._end = address, threading.Event()
        self.came: list[str] = []
        self.failed: list[float] = []

    def run(self) -> None:
        while not self._end.wait(PAUSE):
            name = f"n{secrets.token_hex(5)}"
            try:
                Visitor(SITE, self._address).sign_up(name)
                self.came.append(name)
            except (NotIn, OSError, http.client.HTTPException):
                self.failed.append(time.monotonic())

    def are_all_known(self) -> str:
        """Ends, and asks the database for each who was told that she is in. Says how many could not come in."""
        self._end.set()
        self.join()
        there = at("web1", "lykeion-admin django shell -c \"from django.contrib.auth import get_user_model as m; "
                   "print(m().objects.filter(username__startswith='n').count())\"")  # fmt: skip
        if int(there.split()[-1]) < len(self.came):
            raise Wrong(f"{len(self.came)} people were told that they had signed up, {there} are known")
        within = self.failed[-1] - self.failed[0] if self.failed else 0
        return f"{len(self.came)} people signed up and are known, {len(self.failed)} could not, within {within:.0f} s"


def failures(told: dict[str, Any]) -> str:
    return f"{told['requests']} requests, {told['failures']} failed, within {told['failing_s']} s"


def hears() -> bool:
    """Whether the copy received what the primary wrote. A deaf one, too, says that it is 0 seconds behind."""
    wrote, received = servers()["data1"]["mine"]["wrote"], servers()["data2"]["mine"]["received"]
    return int(received.rpartition("-")[2] or 0) >= int(wrote.rpartition("-")[2])


def servers() -> dict[str, Any]:
    """What each server of MariaDB says."""
    return {host: json.loads(at(host, "lykeion-primary status")) for host in ("data1", "data2")}
