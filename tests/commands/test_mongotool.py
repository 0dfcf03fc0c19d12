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

    def is_lost(self, renamed: str) -> None:
        """It is killed, and so is what it had."""
        assert self.process is not None
        self.process.kill()
        self.process.wait()
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
    yield found
    for member in found:
        assert member.process is not None
        member.process.kill()
        member.process.wait()


def setup(members: list[Member]) -> str:
    hosts = [member.host for member in members]
    told = {"members": hosts, "admin_password": ADMIN, "password": "a-password-of-the-site", "database": "lykeion"}
    done = subprocess.run([sys.executable, TOOL, "setup"], input=json.dumps(told), capture_output=True, text=True)
    assert done.stderr == ""
    return done.stdout.strip()


def back(member: Member) -> subprocess.CompletedProcess[str]:
    told = json.dumps({"member": member.host})
    tool = member.folder.parent / "mongotool"
    tool.write_text(TOOL.read_text().replace("PATIENCE = 180", "PATIENCE = 20"))
    return subprocess.run([sys.executable, tool, "back"], input=told, capture_output=True, text=True)


def states(members: list[Member]) -> list[str]:
    """Of each member, once one of them is the primary and the others copy it."""
    asked = ",".join(member.host for member in members)
    until = time.monotonic() + 60
    found: list[str] = []
    with pymongo.MongoClient(f"mongodb://admin:{ADMIN}@{asked}/?replicaSet=lykeion") as client:
        while found != ["PRIMARY", "SECONDARY", "SECONDARY"] and time.monotonic() < until:
            with suppress(pymongo.errors.PyMongoError):
                told = client.admin.command("replSetGetStatus")["members"]
                found = sorted(member["stateStr"] for member in told)
            time.sleep(0.5)
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
