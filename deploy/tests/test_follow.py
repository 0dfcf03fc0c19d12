"""Hosts that come with the load: they serve the release that was published, and Prometheus is told where they are."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from pathlib import Path

import jinja2
import pytest

ROLES = Path(__file__).resolve().parent.parent / "ansible" / "roles"
TOOLS = {"lykeion-follow": "follow", "lykeion-publish": "follow", "lykeion-scaled": "monitoring"}
RCLONE = """#!/bin/bash
# A folder instead of a store; the option for its settings is passed over.
set -euo pipefail
args=()
while [ $# -gt 0 ]; do
  case $1 in --config | --retries | --format) shift 2 ;; *) args+=("$1"); shift ;; esac
done
set -- "${args[@]}"
[ ! -e "$(dirname "$0")/unreachable" ] || exit 1
case $1 in
  cat) cat "$2" ;;
  rcat) mkdir -p "$(dirname "$2")"; cat > "$2" ;;
  copyto) mkdir -p "$(dirname "$3")"; cp "$2" "$3" ;;
  deletefile) rm "$2" ;;
  lsf) [ -d "$2" ] || exit 3; ls -p "$2" | while read -r one; do echo "$one"; sleep 0.01; done ;;
esac
"""


class Host:
    """A host with the tools, and a store beside it that is a folder."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.store = folder / "store"
        self.root = folder / "root"
        self.tools = folder / "tools"
        for one in (self.store, self.root / "releases", self.tools, folder / "scaled", folder / "run"):
            one.mkdir(parents=True)
        self.tool("rclone", RCLONE)
        self.tool("hostname", "#!/bin/sh\necho 10.20.64.7 fe80::1\n")
        link = f'ln -sfn "releases/$1" {self.root}/current'
        self.tool("lykeion-roll", f'#!/bin/sh\necho "$1" >> {folder}/rolled\n{link}\n')
        self.tool("install-release", '#!/bin/sh\nmkdir -p "$1/releases/$2" && touch "$1/releases/$2/READY"\n')
        self.tool("forget-releases", (ROLES / "app" / "files" / "forget-releases").read_text())
        for name, role in TOOLS.items():
            self.tool(name, self.made(ROLES / role / "templates" / f"{name}.j2"))

    def tool(self, name: str, text: str) -> None:
        (self.tools / name).write_text(text)
        (self.tools / name).chmod(0o700)

    def made(self, template: Path) -> str:
        environment = jinja2.Environment(undefined=jinja2.StrictUndefined, autoescape=False)  # no HTML
        environment.filters["quote"] = lambda text: f"'{text}'"
        text = environment.from_string(template.read_text()).render(
            ansible_managed="made",
            lykeion_root=self.root,
            lykeion_etc=self.folder,
            lykeion_releases_target=f"{self.store}/",
            lykeion_releases_kept=2,
        )
        for folder in ("/usr/local/lib/lykeion", "/usr/local/sbin"):
            text = text.replace(folder, str(self.tools))
        text = text.replace("/run/lykeion", str(self.folder / "run"))
        return text.replace("/var/lib/prometheus/scaled", str(self.folder / "scaled"))

    def run(self, *words: str) -> subprocess.CompletedProcess[str]:
        environ = {"PATH": f"{self.tools}:{Path(sys.executable).parent}:{os.environ['PATH']}"}
        return subprocess.run([str(self.tools / words[0]), *words[1:]], env=environ, capture_output=True, text=True)

    def publish(self, version: str) -> subprocess.CompletedProcess[str]:
        archive = self.folder / f"{version}.tar.gz"
        archive.write_text(version)
        return self.run("lykeion-publish", version, str(archive))


@pytest.fixture
def host(tmp_path: Path) -> Host:
    return Host(tmp_path)


def test_a_host_serves_what_was_published_and_says_that_it_is_there(host: Host) -> None:
    host.publish("1.0")

    done = host.run("lykeion-follow")

    assert (done.returncode, done.stderr) == (0, "")
    assert (host.folder / "rolled").read_text() == "1.0\n"
    assert list((host.root / "releases").iterdir()) == [host.root / "releases" / "1.0"]  # the archive is gone
    assert abs(int((host.store / "hosts" / "10.20.64.7").read_text()) - time.time()) < 60


def test_a_release_that_is_here_is_not_fetched_again(host: Host) -> None:
    host.publish("1.0")
    host.run("lykeion-follow")
    (host.store / "lykeion-1.0.tar.gz").unlink()

    assert host.run("lykeion-follow").returncode == 0
    assert (host.folder / "rolled").read_text() == "1.0\n1.0\n"


def test_hosts_take_another_release_one_after_the_other(host: Host) -> None:
    host.publish("1.0")
    host.run("lykeion-follow")
    for other in ("10.20.64.3", "10.20.64.5", "10.20.64.9"):
        (host.store / "hosts" / other).write_text("0")
    (host.store / "hosts" / "10.20.64.7").unlink()
    host.publish("1.1")

    assert host.run("lykeion-follow").returncode == 0
    assert (host.folder / "rolled").read_text() == "1.0\n"
    version, at = (host.folder / "run" / "turn").read_text().split()
    assert (version, abs(int(at) - time.time() - 120) < 20) == ("1.1", True)  # two are before it, a minute each
    assert (host.root / "releases" / "1.1" / "READY").exists()
    assert (host.store / "hosts" / "10.20.64.7").exists()  # it is measured while it waits

    (host.folder / "run" / "turn").write_text(f"1.1 {int(time.time()) - 1}\n")
    assert host.run("lykeion-follow").returncode == 0
    assert (host.folder / "rolled").read_text() == "1.0\n1.1\n"
    assert not (host.folder / "run" / "turn").exists()  # a turn is for once


def test_the_last_of_many_hosts_goes_within_a_quarter_of_an_hour(host: Host) -> None:
    host.publish("1.0")
    host.run("lykeion-follow")
    for number in range(100):
        (host.store / "hosts" / f"10.20.10.{number}").write_text("0")
    host.publish("1.1")

    host.run("lykeion-follow")

    at = int((host.folder / "run" / "turn").read_text().split()[1])
    assert 780 < at - time.time() < 900


def test_a_host_that_serves_nobody_yet_waits_for_no_turn(host: Host) -> None:
    host.publish("1.0")
    host.run("lykeion-follow")
    (host.store / "hosts" / "10.20.64.3").write_text("0")
    host.publish("1.1")
    (host.folder / "run" / "drain").touch()

    assert host.run("lykeion-follow").returncode == 0
    assert (host.folder / "rolled").read_text() == "1.0\n1.1\n"


def test_the_release_that_served_before_is_kept_however_old(host: Host) -> None:
    for version in ("1.0", "1.1", "1.0", "1.2"):
        host.publish(version)
        assert host.run("lykeion-follow").returncode == 0

    assert {path.name for path in (host.root / "releases").iterdir()} == {"1.0", "1.1", "1.2"}
    assert (host.root / "before").read_text() == "1.0\n"


def test_a_host_that_reaches_nothing_stays_as_it_is(host: Host) -> None:
    (host.tools / "unreachable").touch()

    assert host.run("lykeion-follow").returncode != 0
    assert not (host.folder / "rolled").exists()


def test_a_host_that_fails_says_that_it_is_there(host: Host) -> None:
    host.publish("1.0")
    host.tool("lykeion-roll", "#!/bin/sh\nexit 1\n")

    assert host.run("lykeion-follow").returncode == 1
    assert abs(int((host.store / "hosts" / "10.20.64.7").read_text()) - time.time()) < 60


def test_a_host_that_takes_long_says_so_again_and_again_until_it_is_done(host: Host) -> None:
    host.publish("1.0")
    there = host.store / "hosts" / "10.20.64.7"
    forgotten = f"#!/bin/bash\nfor _ in 1 2; do rm {there}; until [ -e {there} ]; do sleep 0.05; done; done\n"
    host.tool("lykeion-roll", forgotten)
    host.tool("lykeion-follow", (host.tools / "lykeion-follow").read_text().replace("sleep 60", "sleep 0.1"))

    assert host.run("lykeion-follow").returncode == 0
    time.sleep(0.5)
    there.unlink()
    time.sleep(0.5)
    assert not there.exists()


@pytest.mark.parametrize("version", ["../../etc", "", "1.0; reboot", "-rf"])
def test_what_is_no_name_of_a_release_is_refused(host: Host, version: str) -> None:
    (host.store / "current").write_text(version)

    done = host.run("lykeion-follow")

    assert (done.returncode, "names no release" in done.stderr) == (1, True)
    assert not (host.folder / "rolled").exists()


def test_a_listing_that_goes_on_after_the_release_is_read_to_its_end(host: Host) -> None:
    host.publish("1.0")
    for number in range(9):
        (host.store / f"other-{number}").touch()

    assert "published already" in host.run("lykeion-publish", "1.0").stdout


def test_publishing_twice_changes_nothing_and_an_archive_has_to_be_there(host: Host) -> None:
    assert host.run("lykeion-publish", "1.0").returncode == 3
    assert not (host.store / "current").exists()

    assert host.publish("1.0").returncode == 0
    assert "published already" in host.run("lykeion-publish", "1.0").stdout


def test_rolling_back_publishes_what_is_still_there(host: Host) -> None:
    host.publish("1.0")
    host.publish("1.1")

    done = host.run("lykeion-publish", "1.0")

    assert (done.returncode, (host.store / "current").read_text()) == (0, "1.0\n")


def test_prometheus_is_told_of_hosts_that_were_heard_of_lately(host: Host) -> None:
    assert host.run("lykeion-scaled").returncode == 0
    assert json.loads((host.folder / "scaled" / "node.json").read_text()) == []
    now = int(time.time())
    (host.store / "hosts").mkdir()
    for address, at in (("10.20.64.7", now), ("10.20.64.8", now - 600), ("10.20.64.9", now - 100_000)):
        (host.store / "hosts" / address).write_text(str(at))

    done = host.run("lykeion-scaled")

    assert (done.returncode, done.stderr) == (0, "")
    told = {job: json.loads((host.folder / "scaled" / f"{job}.json").read_text()) for job in ("node", "nginx", "page")}
    labels = {"host": "at-10-20-64-7", "scaled": "yes"}
    assert told["node"] == [{"targets": ["10.20.64.7:9100"], "labels": labels}]
    assert told["page"] == [{"targets": ["https://10.20.64.7/heartbeat"], "labels": labels}]
    assert sorted(path.name for path in (host.store / "hosts").iterdir()) == ["10.20.64.7", "10.20.64.8"]


def test_a_host_that_ends_is_not_looked_for(host: Host) -> None:
    host.publish("1.0")
    host.run("lykeion-follow")

    assert host.run("lykeion-follow", "gone").returncode == 0
    assert list((host.store / "hosts").iterdir()) == []
