"""What makes a replica set of a site's hosts of MongoDB: three servers here, none of which knows another."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest

from tests.processes import free_port
from tests.servers import ROOT, Missing, mongod_program

pymongo = pytest.importorskip("pymongo")
TOOL = ROOT / "deploy/ansible/roles/app/files/mongotool"
ADMIN = "a-password-of-the-administrator"


class Member:
    """A mongod with accounts, whose files are its own."""

    def __init__(self, program: Path, folder: Path) -> None:
        self.port = free_port()
        self.folder = folder / str(self.port)
        self.process: subprocess.Popen[bytes] | None = None
        self._command = [
            str(program), "--dbpath", str(self.folder), "--port", str(self.port), "--bind_ip", "127.0.0.1", "--quiet",
            "--replSet", "lykeion", "--keyFile", str(folder / "key"), "--wiredTigerCacheSizeGB", "0.25",
            "--unixSocketPrefix", str(folder),
        ]  # fmt: skip

    @property
    def host(self) -> str:
        return f"127.0.0.1:{self.port}"

    def start(self) -> None:
        self.folder.mkdir()
        self.process = subprocess.Popen(self._command, stdout=subprocess.DEVNULL)
        with pymongo.MongoClient(self.host, directConnection=True, serverSelectionTimeoutMS=60_000) as client:
            client.admin.command("ping")

    def stop(self) -> None:
        assert self.process is not None
        self.process.terminate()
        self.process.wait()

    def start_again(self) -> None:
        self.process = subprocess.Popen(self._command, stdout=subprocess.DEVNULL)

    def is_killed(self) -> None:
        assert self.process is not None
        self.process.kill()
        self.process.wait()

    def is_lost(self, renamed: str) -> None:
        """It is killed, and so is what it had."""
        self.is_killed()
        self.folder.rename(self.folder.with_name(renamed))


@pytest.fixture
def members(tmp_path: Path) -> Iterator[list[Member]]:
    try:
        program = mongod_program()
    except Missing as missing:
        pytest.skip(str(missing))
    (tmp_path / "key").write_text("k" * 64)
    (tmp_path / "key").chmod(0o600)
    found = [Member(program, tmp_path) for _ in range(3)]
    for member in found:
        member.start()
    yield list(found)  # a test may put another one in the place of one
    for member in found:
        member.is_killed()


@pytest.fixture
def elsewhere(members: list[Member], tmp_path: Path) -> Iterator[Member]:
    """One with nothing on it, at an address that none of the others had."""
    member = Member(mongod_program(), tmp_path)
    member.start()
    yield member
    member.is_killed()


def run(word: str, members: list[Member]) -> subprocess.CompletedProcess[str]:
    hosts = [member.host for member in members]
    told = {"members": hosts, "admin_password": ADMIN, "password": "a-password-of-the-site", "database": "lykeion"}
    return subprocess.run([sys.executable, TOOL, word], input=json.dumps(told), capture_output=True, text=True)


def setup(members: list[Member]) -> str:
    done = run("setup", members)
    assert done.stderr == ""
    return done.stdout.strip()


def back(member: Member) -> subprocess.CompletedProcess[str]:
    told = json.dumps({"member": member.host})
    tool = member.folder.parent / "mongotool"
    tool.write_text(TOOL.read_text().replace("PATIENCE = 180", "PATIENCE = 20"))
    return subprocess.run([sys.executable, tool, "back"], input=told, capture_output=True, text=True)


def states(members: list[Member]) -> list[str]:
    """Of each, once all have a vote, one is the primary and the others copy it. Nobody else is in the set."""
    asked = ",".join(member.host for member in members)
    until = time.monotonic() + 60
    found: list[str] = []
    with pymongo.MongoClient(f"mongodb://admin:{ADMIN}@{asked}/?replicaSet=lykeion") as client:
        while found != ["PRIMARY", "SECONDARY", "SECONDARY"] and time.monotonic() < until:
            with suppress(pymongo.errors.PyMongoError):
                told = client.admin.command("replSetGetStatus")
                votes = told["votingMembersCount"] == len(told["members"])  # a new one, once it has copied all
                found = sorted(member["stateStr"] for member in told["members"]) if votes else []
            time.sleep(0.5)
        there = client.admin.command("replSetGetConfig")["config"]["members"]
    assert sorted(member["host"] for member in there) == sorted(member.host for member in members)
    return found


def test_hosts_become_one_set_and_the_first_comes_back_into_it(members: list[Member]) -> None:
    assert setup(members) == "changed"
    assert states(members) == ["PRIMARY", "SECONDARY", "SECONDARY"]
    assert setup(members) == "as it should be"

    members[0].is_lost("lost")
    members[0].start()

    assert setup(members) == "as it should be"
    assert states(members) == ["PRIMARY", "SECONDARY", "SECONDARY"]


def test_a_setup_that_was_cut_off_before_the_first_account_goes_on(members: list[Member]) -> None:
    with pymongo.MongoClient(members[0].host, directConnection=True) as alone:
        begun = {"_id": "lykeion", "members": [{"_id": 0, "host": members[0].host}]}
        alone.admin.command("replSetInitiate", begun)

    assert setup(members) == "changed"
    assert states(members) == ["PRIMARY", "SECONDARY", "SECONDARY"]


def test_a_member_that_was_restarted_is_waited_for(members: list[Member]) -> None:
    first = members[0]
    assert back(first).returncode == 0  # it is in no set yet
    setup(members)
    states(members)

    first.stop()
    missed = back(first)
    first.start_again()
    waited = back(first)

    assert (missed.returncode, f"{first.host} does not answer" in missed.stderr) == (1, True)
    assert (waited.returncode, waited.stderr) == (0, "")
    with pymongo.MongoClient(first.host, directConnection=True) as alone:
        said = alone.admin.command("hello")
    assert said["isWritablePrimary"] or said["secondary"]


def test_a_member_whose_set_knows_it_by_another_address_is_not_waited_for(members: list[Member]) -> None:
    """It comes back only when the others are told its new address, which is for later."""
    setup(members)
    assert states(members) == ["PRIMARY", "SECONDARY", "SECONDARY"]
    with pymongo.MongoClient(members[0].host, replicaSet="lykeion", username="admin", password=ADMIN) as client:
        config = client.admin.command("replSetGetConfig")["config"]
        gone = next(one for one in members if one.port != client.primary[1])
        config["members"] = [one for one in config["members"] if one["host"] != gone.host]
        config["version"] += 1
        client.admin.command("replSetReconfig", config)
    gone.stop()
    gone.start_again()

    assert back(gone).returncode == 0


@pytest.mark.parametrize("place", [0, 2])
def test_a_lost_host_that_comes_back_at_another_address_takes_its_place(
    members: list[Member], elsewhere: Member, place: int
) -> None:
    setup(members)
    states(members)
    members[place].is_killed()
    members[place] = elsewhere

    assert setup(members) == "changed"
    assert states(members) == ["PRIMARY", "SECONDARY", "SECONDARY"]
    assert setup(members) == "as it should be"


def test_a_host_that_lives_leaves_when_another_one_has_what_it_has(members: list[Member], elsewhere: Member) -> None:
    setup(members)
    states(members)
    with pymongo.MongoClient(members[0].host, directConnection=True) as asked:
        primary = asked.admin.command("hello")["primary"]
    places = [member.host for member in members]
    old, members[places.index(primary)] = members[places.index(primary)], elsewhere

    assert setup(members) == "changed"
    assert old.process is not None and old.process.poll() is None
    assert states(members) == ["PRIMARY", "SECONDARY", "SECONDARY"]


def test_no_set_is_begun_while_a_host_is_silent_that_may_be_in_one(members: list[Member]) -> None:
    members[1].is_killed()

    done = run("setup", members)

    assert done.returncode == 1
    assert f"{members[1].host} does not answer, and may be in a replica set" in done.stderr
    with pymongo.MongoClient(members[0].host, directConnection=True) as alone:
        assert "setName" not in alone.admin.command("hello")


def test_a_member_that_is_stopped_is_told_of_by_the_others_even_when_nobody_names_it(members: list[Member]) -> None:
    setup(members)
    states(members)
    members[2].is_killed()

    told = run("figures", members[:1]).stdout

    wanted = {member.host: 1 for member in members} | {members[2].host: 0}
    assert told.splitlines() == [f'lykeion_mongodb_member{{member="{host}"}} {wanted[host]}' for host in sorted(wanted)]
