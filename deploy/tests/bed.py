"""What the steps of the ladder are made of: test hosts, playbooks on them, and a crowd of visitors."""

from __future__ import annotations

import json
import os
import re
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from hashlib import sha256
from pathlib import Path

from visitors import COURSE, Visitor

TESTS = Path(__file__).resolve().parent
DEPLOY = TESTS.parent
ROOT = DEPLOY.parent
BIN = DEPLOY / ".venv" / "bin"
ANSIBLE = DEPLOY / "ansible"
STATE = Path(os.environ.get("TEST_CLUSTER", "/var/tmp/lykeion-cluster"))
WORK = STATE / "ladder"
PASSWORD = WORK / "vault-password"
SITE = "https://learn.example.org"
A_CROWD = 200  # requests; fewer show nothing
NETWORK = os.environ.get("TEST_CLUSTER_NETWORK", "10.99.0")
GATEWAY = f"{NETWORK}.1"  # of the test hosts: this machine
_PLACES = {"lb1": 10, "web1": 11, "web2": 12, "worker1": 20, "data1": 31, "data2": 32, "data3": 33}
WEB3 = {"web3": f"{NETWORK}.13"}
MANY = {host: f"{NETWORK}.{place}" for host, place in _PLACES.items()}
BOX = {"box": f"{NETWORK}.40"}
COMMON = f"""---
ansible_ssh_private_key_file: {STATE}/id_ed25519
ansible_ssh_common_args: -o StrictHostKeyChecking=no -o UserKnownHostsFile=/dev/null
lykeion_site_url: {SITE}
lykeion_mongodb_install: archive
lykeion_mongodb_archive: {STATE}/mongod.tar.gz
lykeion_tls_mode: selfsigned
lykeion_admin_networks: [{NETWORK}.0/24]
"""
SHARED = """lykeion_files_mode: provided
lykeion_files_path: /srv/shared
lykeion_backup_target: /srv/offsite
lykeion_tracking_target: /srv/shared/tracking
lykeion_releases_target: /srv/shared/releases
"""


class Wrong(Exception):
    """What is not as it should be, as a sentence."""


def run(*command: str | Path, cwd: Path = ROOT, good: tuple[int, ...] = (0,), **environ: str) -> str:
    """What a command printed. Raises :class:`Wrong` with its last words."""
    words = [str(word) for word in command]
    done = subprocess.run(
        words,
        cwd=cwd,
        env={**os.environ, **environ},
        stdin=subprocess.DEVNULL,
        text=True,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        check=False,
    )
    if done.returncode not in good:
        raise Wrong(f"`{' '.join(words)[:160]}` ended with {done.returncode}: {done.stdout.strip()[-1500:]}")
    return done.stdout


def play(inventory: str, playbook: str, *extra: str, good: tuple[int, ...] = (0,)) -> str:
    """The output of a playbook, which is kept in WORK too."""
    log = WORK / f"{inventory}-{playbook}-{int(time.time())}.log"
    try:
        said = run(
            BIN / "ansible-playbook", "-i", WORK / inventory / "hosts.yml", playbook, *extra, cwd=ANSIBLE, good=good,
            ANSIBLE_VAULT_PASSWORD_FILE=str(PASSWORD), ANSIBLE_NOCOLOR="1", PATH=f"{BIN}:{os.environ['PATH']}",
        )  # fmt: skip
    except Wrong as error:
        log.write_text(str(error))
        raise
    log.write_text(said)
    return said


def changes(said: str) -> dict[str, int]:
    """How much each host says it changed."""
    return {host: int(number) for host, number in re.findall(r"^(\S+)\s+: ok=\d+\s+changed=(\d+)", said, re.M)}


def cluster(*words: str) -> str:
    return run(DEPLOY / "bin" / "cluster", *words)


def host_folder(host: str) -> Path:
    """Where the files of a test host lie."""
    return STATE / "hosts" / host / "root"


def at(host: str, command: str, good: tuple[int, ...] = (0,)) -> str:
    """What a command says on a test host."""
    address = {**MANY, **WEB3, **BOX}[host]
    options = ("StrictHostKeyChecking=no", "UserKnownHostsFile=/dev/null", "LogLevel=ERROR", "ConnectTimeout=10")
    return run(
        "ssh",
        "-i",
        STATE / "id_ed25519",
        *(word for one in options for word in ("-o", one)),
        f"root@{address}",
        command,
        good=good,
    ).strip()


def lykeion(host: str, words: str) -> str:
    return at(host, f"lykeion-admin {words}")


@contextmanager
def visited(address: str, visitors: int = 5, trusted: Path | None = None) -> Iterator[dict]:
    """A crowd on the site while the block runs; the dictionary holds what became of its requests afterwards.

    ``trusted``: of which authority the site's certificates have to be.
    """
    told: dict = {}
    until = WORK / "visitors.stop"
    until.unlink(missing_ok=True)
    command = [
        sys.executable,
        TESTS / "visitors.py",
        SITE,
        address,
        "--visitors",
        str(visitors),
        "--seconds",
        "900",
        "--until",
        until,
        *(("--trusted", trusted) if trusted else ()),
    ]
    crowd = subprocess.Popen([str(word) for word in command], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    time.sleep(8)  # they have signed up and begun to read
    try:
        yield told
    finally:
        until.touch()
        out, error = crowd.communicate(timeout=120)
        if not out:
            raise Wrong(f"the visitors did not come in: {error[-600:]}")
        told |= json.loads(out)


def none_failed(told: dict, sent_again: int = 0) -> str:
    """``sent_again``: how many connections may have been closed just as a visitor sent the next request on them."""
    if told["requests"] < A_CROWD:
        raise Wrong(f"there were only {told['requests']} requests, too few to show anything: {told['first']}")
    if told["failures"]:
        raise Wrong(f"{told['failures']} of {told['requests']} requests failed, first {told['first'][:3]}")
    if told["sent_again"] > sent_again:
        raise Wrong(f"{told['sent_again']} requests had to be sent again, on another connection")
    again = f", {told['sent_again']} sent again as nginx closed idle connections" if told["sent_again"] else ""
    return f"{told['requests']} requests, 0 failed{again}, p99 {told['p99_ms']} ms"


def wait(what: str, is_so: Callable[[], bool], seconds: float = 90) -> None:
    until = time.monotonic() + seconds
    while not is_so():
        if time.monotonic() > until:
            raise Wrong(f"{what} did not come within {seconds:.0f} s")
        time.sleep(1)


def begin(name: Path, *command: str | Path, **environ: str) -> None:
    """Starts a server that outlives this run, until :func:`end`; what it says is in NAME.log."""
    with name.with_suffix(".log").open("w") as log:
        process = subprocess.Popen(
            [str(word) for word in command],
            stdout=log,
            stderr=log,
            env={**os.environ, **environ},
            start_new_session=True,
        )
    name.with_suffix(".pid").write_text(str(process.pid))


def end(name: Path, program: str) -> None:
    """Ends what :func:`begin` started, when it is still that program: ids are used again."""
    file = name.with_suffix(".pid")
    process = Path("/proc", file.read_text() if file.exists() else "none", "comm")
    if process.exists() and program in process.read_text():
        os.kill(int(file.read_text()), signal.SIGTERM)
        wait(
            f"the end of {program}",
            lambda: not process.exists() or "State:\tZ" in process.with_name("status").read_text(),
        )
    file.unlink(missing_ok=True)


def signed_by_ours(folder: Path, address: str) -> None:
    """server.pem and server.key for a server at this address, and ca.pem, who signed it."""
    ca, key = folder / "ca.pem", folder / "ca.key"
    short = ("-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "30")
    run("openssl", "req", "-x509", *short, "-subj", "/CN=ladder", "-keyout", key, "-out", ca)
    signed = ("-CA", ca, "-CAkey", key, "-addext", f"subjectAltName=IP:{address}")
    leaf = ("-addext", "basicConstraints=critical,CA:FALSE")
    to = ("-keyout", folder / "server.key", "-out", folder / "server.pem")
    run("openssl", "req", "-x509", *short, "-subj", "/CN=server", *signed, *leaf, *to)


def inventory(name: str, source: str, addresses: dict[str, str], more: str = "", user: str = "root") -> None:
    """An inventory of test hosts, made from one of those that are shipped. ``user``: as whom playbooks come."""
    folder = WORK / name
    shutil.rmtree(folder, ignore_errors=True)
    (folder / "group_vars/all").mkdir(parents=True)
    text = (ANSIBLE / "inventories" / source / "hosts.yml").read_text()
    for host, address in addresses.items():
        pattern = rf"({host}:\s*(?:\{{\s*)?ansible_host: )[\d.]+"
        text = re.sub(pattern, rf"\g<1>{address}", text)
    text = re.sub(r"(private_address: )10\.0\.0\.", rf"\g<1>{NETWORK}.", text)
    (folder / "hosts.yml").write_text(text.replace("ansible_user: root", f"ansible_user: {user}"))
    (folder / "group_vars/all/main.yml").write_text(COMMON + more)
    run(DEPLOY / "bin/new-site", folder, "--password-file", PASSWORD)


def boot(hosts: dict[str, str]) -> str:
    cluster("up", *(f"{name}:{address}" for name, address in hosts.items()))
    return f"{len(hosts)} hosts of Debian 12, by systemd-nspawn"


def installs(inventory_name: str, release: str = "t1") -> str:
    said = changes(play(inventory_name, "site.yml", "-e", f"lykeion_release={release}"))
    return f"{sum(said.values())} changes on {len(said)} hosts"


def changes_nothing(inventory_name: str, release: str = "t1") -> str:
    said = changes(play(inventory_name, "site.yml", "-e", f"lykeion_release={release}"))
    if any(said.values()) or not said:
        raise Wrong(f"a second run changed something: {said}")
    return f"changed=0 on {len(said)} hosts"


def is_well(inventory_name: str) -> str:
    play(inventory_name, "smoke.yml")
    return "TLS, every page, every unit, every service"


def what_is_there(address: str, new: bool, learner: str = "drill") -> dict[str, str]:
    """A learner's state, a course and a file, as a browser sees them. ``new``: who signs up and answers first."""
    visitor = Visitor(SITE, address)
    if new:
        visitor.sign_up(learner)
        visitor.enrol()
        visitor.answer("hw1b", "e^(-4/4)")
    else:
        visitor.sign_in(learner)
    _, _, where = visitor.ask(f"/courses/{COURSE}/jump_to_id/hw1b")
    _, unit, _ = visitor.ask(where.removeprefix(SITE))
    _, progress, _ = visitor.ask(f"/courses/{COURSE}/progress")
    _, outline, _ = visitor.ask(f"/courses/{COURSE}/course/")
    picture = min(path.name for path in (ROOT / "demo/course/static").glob("*.svg"))
    file = f"/asset-v1:{COURSE.removeprefix('course-v1:')}+type@asset+block@{picture}"
    status, content, _ = visitor.ask(file)
    return {
        "answer": " ".join(re.findall(r'value="(e\^\(-4/4\))"', unit)),
        "score": " ".join(re.findall(r"\d+(?:\.\d+)?\s?%", progress)),
        "course": " ".join(re.findall(r">([^<>]{3,80})</a>", outline)),
        "file": f"{status} {sha256(content.encode()).hexdigest()}",
    }
