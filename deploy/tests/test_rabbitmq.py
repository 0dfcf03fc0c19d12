"""Members of RabbitMQ meet: one cluster at first, and hosts that were made anew come back into it."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

TOOL = Path(__file__).resolve().parent.parent / "ansible/roles/rabbitmq/files/join-cluster"
GROUP = ["rabbit@data1", "rabbit@data2", "rabbit@data3"]
RABBITMQCTL = """#!{python} -IS
# Keeps what each member that runs believes, {{node: [members]}}, in a file, and refuses what RabbitMQ refuses. What the
# site has in a member is in another one; a reset takes it away.
import json, pathlib, sys
file = pathlib.Path(__file__).with_name("members.json")
known = json.loads(file.read_text())
queues = file.with_name("queues.json")
used = json.loads(queues.read_text())
node, (word, *more) = sys.argv[3], sys.argv[4:]
if node not in known:
    sys.exit("unable to connect")
others = [one for one in known if one != node and one in known[node]]
with pathlib.Path(__file__).with_name("said").open("a") as said:
    if word not in ("cluster_status", "list_vhosts", "start_app", "stop_app"):
        print(node.removeprefix("rabbit@"), word, *(one.removeprefix("rabbit@") for one in more), file=said)
match word:
    case "cluster_status":
        print(json.dumps({{"disk_nodes": known[node], "running_nodes": [node, *others]}}))
    case "list_vhosts":
        print(json.dumps([{{"name": "/"}}, *({{"name": "lykeion"}} for one in used if one in known[node])]))
    case "forget_cluster_node":
        for one in [node, *others]:
            known[one].remove(more[0])
    case "reset":
        for one in others:
            known[one].remove(node)
        known[node] = [node]
        used = [one for one in used if one != node]
    case "join_cluster":
        if more[0] not in known:
            sys.exit("cannot contact " + more[0])
        if node in known[more[0]]:
            sys.exit("inconsistent_cluster")
        together = [*known[more[0]], node]
        known |= {{one: together for one in together if one in known}}
file.write_text(json.dumps(known))
queues.write_text(json.dumps(used))
"""


class Members:
    """What members believe, and the tool that each runs in its turn."""

    def __init__(self, folder: Path, **known: list[int]) -> None:
        self.folder = folder
        (folder / "rabbitmqctl").write_text(RABBITMQCTL.format(python=sys.executable))
        (folder / "rabbitmqctl").chmod(0o700)
        told = {f"rabbit@{host}": [f"rabbit@data{number}" for number in members] for host, members in known.items()}
        (folder / "members.json").write_text(json.dumps(told))
        self.has_queues()
        (folder / "said").touch()

    def has_queues(self, *hosts: int) -> None:
        """The site's are in these."""
        (self.folder / "queues.json").write_text(json.dumps([f"rabbit@data{host}" for host in hosts]))

    def queues(self) -> list[str]:
        """Which hosts have the site's still; those that join one have what it has."""
        return [host.removeprefix("rabbit@") for host in json.loads((self.folder / "queues.json").read_text())]

    def run(self, *hosts: int) -> list[str]:
        """What was changed when these hosts ran the tool."""
        for host in hosts:
            words = [sys.executable, "-IS", str(TOOL), f"rabbit@data{host}", *GROUP]
            environ = {"PATH": f"{self.folder}:{os.environ['PATH']}"}
            subprocess.run(words, env=environ, check=True, capture_output=True, text=True)
        said = (self.folder / "said").read_text().splitlines()
        (self.folder / "said").write_text("")
        return said

    def clusters(self) -> set[tuple[str, ...]]:
        return {tuple(sorted(members)) for members in json.loads((self.folder / "members.json").read_text()).values()}


@pytest.mark.parametrize("order", [(1, 2, 3), (3, 2, 1)])
def test_new_hosts_become_one_cluster_around_the_first_and_a_second_run_changes_nothing(
    tmp_path: Path, order: tuple[int, ...]
) -> None:
    members = Members(tmp_path, data1=[1], data2=[2], data3=[3])

    assert "data1 reset" not in members.run(*order)
    assert members.clusters() == {tuple(GROUP)}
    assert members.run(*order) == []


@pytest.mark.parametrize(("lost", "seed"), [(1, 2), (3, 1)])
def test_a_host_that_was_made_anew_joins_the_cluster_that_forgets_the_lost_one(
    tmp_path: Path, lost: int, seed: int
) -> None:
    known = {f"data{host}": [lost] if host == lost else [1, 2, 3] for host in (1, 2, 3)}
    members = Members(tmp_path, **known)

    assert members.run(1, 2, 3) == [
        f"data{seed} forget_cluster_node data{lost}",
        f"data{lost} reset",
        f"data{lost} join_cluster data{seed}",
    ]
    assert members.clusters() == {tuple(GROUP)}


def test_hosts_that_join_one_leave_it_what_it_has(tmp_path: Path) -> None:
    members = Members(tmp_path, data1=[1, 2], data2=[1, 2], data3=[3])

    assert members.run(1, 2, 3) == ["data3 reset", "data3 join_cluster data1"]


def test_a_host_does_not_begin_a_cluster_of_its_own_while_others_are_silent(tmp_path: Path) -> None:
    members = Members(tmp_path, data1=[1], data3=[3])

    with pytest.raises(subprocess.CalledProcessError) as refused:
        members.run(1)

    assert "rabbit@data1 is alone, and rabbit@data2 does not answer" in refused.value.stderr
    assert members.clusters() == {("rabbit@data1",), ("rabbit@data3",)}


@pytest.mark.parametrize("order", [(1, 2, 3), (3, 1, 2)])
def test_the_only_host_that_has_queues_keeps_them_wherever_it_stands_in_the_group(
    tmp_path: Path, order: tuple[int, ...]
) -> None:
    members = Members(tmp_path, data1=[1], data2=[2], data3=[3])
    members.has_queues(3)

    said = members.run(*order)

    assert said == ["data1 reset", "data1 join_cluster data3", "data2 reset", "data2 join_cluster data1"]
    assert (members.clusters(), members.queues()) == ({tuple(GROUP)}, ["data3"])


def test_a_host_with_queues_of_its_own_does_not_give_them_up_for_a_cluster_that_has_others(tmp_path: Path) -> None:
    members = Members(tmp_path, data1=[1, 2], data2=[1, 2], data3=[3])
    members.has_queues(1, 3)

    with pytest.raises(subprocess.CalledProcessError) as refused:
        members.run(3)

    assert "rabbit@data3 has queues of the site, and is not in a cluster with rabbit@data1" in refused.value.stderr
    assert members.queues() == ["data1", "data3"]
