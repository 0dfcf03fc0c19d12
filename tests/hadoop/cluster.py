"""A Hadoop of five processes on this machine: a name node, a data node, a resource manager, two node managers.

The servers come from Maven Central (``pom.xml``); all listen on the loopback address alone.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from pathlib import Path
from xml.sax.saxutils import escape

import psutil

HERE = Path(__file__).resolve().parent
JARS = Path(sys.prefix) / "hadoop"
LOOPBACK = "127.0.0.1"
NODES = 2
NODE_MB = 6144
_PATIENCE = 240


class Cluster:
    """What runs: ``url`` of HDFS, ``environ`` for clients, and the processes by name (``node1`` and so on)."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.ports = dict(
            zip(("namenode", "http", "scheduler", "tracker", "rm", "admin", "web"), free_ports(7), strict=True)
        )
        self.url = f"hdfs://{LOOPBACK}:{self.ports['namenode']}"
        self.processes: dict[str, subprocess.Popen[bytes]] = {}
        self.conf = self.configure("client")
        self.environ = {"HADOOP_CONF_DIR": str(self.conf), "HADOOP_USER_NAME": "root"}

    def configure(self, name: str) -> Path:
        """Writes what a process needs to know; the folder."""
        conf = self.folder / "conf" / name
        conf.mkdir(parents=True)
        work = self.folder / name
        write_xml(conf / "core-site.xml", {"fs.defaultFS": self.url, "hadoop.tmp.dir": str(work)})
        write_xml(conf / "hdfs-site.xml", self._hdfs())
        write_xml(conf / "yarn-site.xml", self._yarn(work))
        write_xml(conf / "capacity-scheduler.xml", SCHEDULER)
        (conf / "log4j.properties").write_text(LOGGING)
        for page in (
            "hdfs",
            "datanode",
            "static",
        ):  # pages of HDFS, which are not in its jars; it looks for the folders
            (conf / "webapps" / page).mkdir(parents=True)
        return conf

    def _hdfs(self) -> dict[str, str]:
        return {
            "dfs.replication": "1",
            "dfs.namenode.http-address": f"{LOOPBACK}:{self.ports['http']}",
            "dfs.namenode.rpc-bind-host": LOOPBACK,
            "dfs.namenode.safemode.extension": "0",
            "dfs.datanode.address": f"{LOOPBACK}:0",
            "dfs.datanode.http.address": f"{LOOPBACK}:0",
            "dfs.datanode.ipc.address": f"{LOOPBACK}:0",
            "dfs.datanode.hostname": LOOPBACK,
        }

    def _yarn(self, work: Path) -> dict[str, str]:
        names = {
            "scheduler": "scheduler.",
            "tracker": "resource-tracker.",
            "rm": "",
            "admin": "admin.",
            "web": "webapp.",
        }
        return {
            "yarn.resourcemanager.hostname": LOOPBACK,
            **{f"yarn.resourcemanager.{word}address": f"{LOOPBACK}:{self.ports[name]}" for name, word in names.items()},
            "yarn.nm.liveness-monitor.expiry-interval-ms": "10000",
            "yarn.nodemanager.hostname": LOOPBACK,
            "yarn.nodemanager.address": f"{LOOPBACK}:0",
            "yarn.nodemanager.localizer.address": f"{LOOPBACK}:0",
            "yarn.nodemanager.webapp.address": f"{LOOPBACK}:0",
            "yarn.nodemanager.local-dirs": str(work / "local"),
            "yarn.nodemanager.log-dirs": str(work / "logs"),
            "yarn.nodemanager.resource.memory-mb": str(NODE_MB),
            "yarn.nodemanager.resource.cpu-vcores": "2",
            "yarn.nodemanager.vmem-check-enabled": "false",
            "yarn.nodemanager.disk-health-checker.enable": "false",
            "yarn.scheduler.minimum-allocation-mb": "256",
        }

    def start(self, name: str, main: str, megabytes: int) -> None:
        """Starts a process of the cluster."""
        self.processes[name] = self._java(self.configure(name), name, main, megabytes)

    def start_namenode(self) -> None:
        """Makes an empty HDFS, and starts the process that knows what is in it."""
        conf, main = self.configure("namenode"), "org.apache.hadoop.hdfs.server.namenode.NameNode"
        if self._java(conf, "format", main, 256, "-format", "-nonInteractive").wait(_PATIENCE) != 0:
            raise RuntimeError(self.words_of("format"))
        self.processes["namenode"] = self._java(conf, "namenode", main, 384)

    def _java(self, conf: Path, name: str, main: str, megabytes: int, *arguments: str) -> subprocess.Popen[bytes]:
        log = (self.folder / f"{name}.log").open("wb")
        command = ["java", f"-Xmx{megabytes}m", "-XX:+UseSerialGC", "-Djava.net.preferIPv4Stack=true"]
        environ = {**os.environ, **self.environ, "HADOOP_CONF_DIR": str(conf), "JAVA_HOME": java_home()}
        return subprocess.Popen(
            [*command, "-cp", f"{conf}:{JARS}/*", main, *arguments],
            env=environ, stdout=log, stderr=subprocess.STDOUT, cwd=self.folder,
        )  # fmt: skip

    def words_of(self, name: str) -> str:
        """The end of what a process said."""
        return f"{name}: ...{(self.folder / f'{name}.log').read_text(errors='replace')[-3000:]}"

    def await_line(self, name: str, text: str) -> None:
        """Waits until a process said something. Raises ``RuntimeError`` when it ends before, or never does."""
        until = time.monotonic() + _PATIENCE
        while text not in (self.folder / f"{name}.log").read_text(errors="replace"):
            if self.processes[name].poll() is not None or time.monotonic() > until:
                raise RuntimeError(f"No {text!r} from {self.words_of(name)}")
            time.sleep(0.2)

    def words_of_containers(self) -> str:
        """The end of what each container wrote, driver and executors."""
        logs = sorted(self.folder.glob("node*/logs/*/*/std*"), key=lambda one: one.stat().st_mtime)
        return "\n".join(f"{one.parent.name} {one.name}: ...{one.read_text()[-3000:]}" for one in logs)

    def executors(self, node: str) -> list[psutil.Process]:
        """Spark's executors on a node."""
        return [one for one in self._below(node) if "CoarseGrainedExecutorBackend" in " ".join(words(one))]

    def has_master(self, node: str) -> bool:
        """Whether the master of an application runs on a node."""
        return any("ExecutorLauncher" in " ".join(words(one)) for one in self._below(node))

    def _below(self, node: str) -> list[psutil.Process]:
        return psutil.Process(self.processes[node].pid).children(recursive=True)

    def kill_node(self, node: str) -> None:
        """A machine is lost: its node manager and all that it started, at once."""
        gone = [psutil.Process(self.processes[node].pid), *self._below(node)]
        for one in gone:
            _kill(one)
        self.processes[node].wait()

    def stop(self) -> None:
        """Ends all processes, and what they started."""
        for name, process in self.processes.items():
            if process.poll() is None and name.startswith("node"):
                for one in self._below(name):
                    _kill(one)
        for process in self.processes.values():
            process.terminate()
        for process in self.processes.values():
            try:
                process.wait(20)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()


def words(process: psutil.Process) -> list[str]:
    """The command line of a process; none when it is gone."""
    try:
        return process.cmdline()
    except psutil.Error:
        return []


def _kill(process: psutil.Process) -> None:
    try:
        process.kill()
    except psutil.NoSuchProcess:
        return  # it was quicker


@contextmanager
def running(folder: Path) -> Iterator[Cluster]:
    """HDFS and YARN, ready for work; ended afterwards."""
    fetch()
    cluster = Cluster(folder)
    with ExitStack() as stack:
        stack.callback(cluster.stop)
        cluster.start_namenode()
        cluster.start("datanode", "org.apache.hadoop.hdfs.server.datanode.DataNode", 256)
        cluster.start("manager", "org.apache.hadoop.yarn.server.resourcemanager.ResourceManager", 384)
        cluster.await_line("manager", "Transitioned to active state")
        for number in range(1, NODES + 1):
            cluster.start(f"node{number}", "org.apache.hadoop.yarn.server.nodemanager.NodeManager", 256)
        cluster.await_line("datanode", "successfully registered with NN")
        for number in range(1, NODES + 1):
            cluster.await_line(f"node{number}", "Registered with ResourceManager")
        yield cluster


def fetch() -> None:
    """The servers' jars, from Maven Central unless they are there."""
    stamp, word = JARS / "stamp", hashlib.sha256((HERE / "pom.xml").read_bytes()).hexdigest()
    if stamp.exists() and stamp.read_text() == word:
        return
    if shutil.which("mvn") is None or shutil.which("java") is None:
        raise SystemExit("test-hadoop needs Maven and Java 17: on Debian apt install maven openjdk-17-jre-headless")
    copy = ["mvn", "-q", "-B", "-f", str(HERE / "pom.xml"), "dependency:copy-dependencies", "-DincludeScope=runtime"]
    subprocess.run([*copy, f"-DoutputDirectory={JARS}"], check=True)
    stamp.write_text(word)


def java_home() -> str:
    """Where Java is."""
    return os.environ.get("JAVA_HOME") or str(Path(shutil.which("java") or "java").resolve().parent.parent)


def free_ports(count: int) -> list[int]:
    """Ports that nobody listens on now."""
    with ExitStack() as stack:
        found = [stack.enter_context(socket.socket()) for _ in range(count)]
        for one in found:
            one.bind((LOOPBACK, 0))
        return [int(one.getsockname()[1]) for one in found]


def write_xml(path: Path, values: Mapping[str, str]) -> None:
    """A file of settings as Hadoop reads them."""
    rows = "".join(
        f"<property><name>{name}</name><value>{escape(value)}</value></property>\n" for name, value in values.items()
    )
    path.write_text(f"<configuration>\n{rows}</configuration>\n")


def until(holds: Callable[[], bool], seconds: float, what: str, *, going: Callable[[], bool]) -> None:
    """Waits until something holds. Raises ``RuntimeError`` when it does not in time, or ``going`` ends before."""
    end = time.monotonic() + seconds
    while not holds():
        if not going() or time.monotonic() > end:
            raise RuntimeError(f"It never happened: {what}.")
        time.sleep(0.3)


SCHEDULER = {
    "yarn.scheduler.capacity.root.queues": "default",
    "yarn.scheduler.capacity.root.default.capacity": "100",
    "yarn.scheduler.capacity.root.default.maximum-capacity": "100",
    "yarn.scheduler.capacity.root.default.state": "RUNNING",
    "yarn.scheduler.capacity.root.default.user-limit-factor": "1",
    "yarn.scheduler.capacity.maximum-am-resource-percent": "0.5",
}
LOGGING = """log4j.rootLogger=INFO,console
log4j.appender.console=org.apache.log4j.ConsoleAppender
log4j.appender.console.layout=org.apache.log4j.PatternLayout
log4j.appender.console.layout.ConversionPattern=%d %p %c: %m%n
"""
