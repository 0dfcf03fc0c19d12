"""Who is the way in, as Prometheus is told; and how long nginx keeps what a balancer keeps open."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import jinja2
import pytest
import yaml

ROLES = Path(__file__).resolve().parent.parent / "ansible" / "roles"


def made(template: str, **given: Any) -> str:
    environment = jinja2.Environment(undefined=jinja2.StrictUndefined, trim_blocks=True, autoescape=False)  # no HTML
    return environment.from_string((ROLES / template).read_text()).render(ansible_managed="made", **given)


def settings(balancer: bool = False, **groups: list[str]) -> dict[str, Any]:
    """What Prometheus is told. ``balancer``: whether a cloud's is before the web hosts."""
    hosts = [host for group in groups.values() for host in group]
    told: dict[str, Any] = yaml.safe_load(
        made(
            "monitoring/templates/prometheus.yml.j2",
            groups={"all": hosts, **groups},
            lykeion_addresses={host: f"10.0.0.{number}" for number, host in enumerate(hosts)},
            lykeion_releases_target="cloud:files/releases",
            lykeion_balancer=balancer,
            lykeion_site_url="https://learn.example.org/",
            lykeion_host="learn.example.org",
            **{f"lykeion_{one}_mode": "external" for one in ("mysql", "redis", "rabbitmq")},
        )
    )
    return told


def probed(**groups: list[str]) -> tuple[dict[str, str | None], bool]:
    """Hosts and their label ``way_in``; whether all that is probed gets one."""
    (page,) = (job for job in settings(**groups)["scrape_configs"] if job["job_name"] == "page")
    labels = [one["labels"] for one in page["static_configs"]]
    every = {"target_label": "way_in", "replacement": "yes"} in page["relabel_configs"]
    return {one["host"]: one.get("way_in") for one in labels}, every


def test_balancers_are_the_way_in() -> None:
    assert probed(lb=["lb1", "lb2"], web=["web1"]) == ({"lb1": "yes", "lb2": "yes", "web1": None}, False)


def test_web_hosts_are_the_way_in_where_no_balancer_is_ours() -> None:
    assert probed(web=["web1", "web2"]) == ({"web1": None, "web2": None}, True)


def test_the_sites_name_is_the_way_in_behind_a_balancer_of_a_cloud() -> None:
    told = settings(balancer=True, web=["web1"])
    jobs = {job["job_name"]: job for job in told["scrape_configs"]}
    modules = yaml.safe_load(
        made("monitoring/templates/blackbox.yml.j2", lykeion_host="learn.example.org", lykeion_tls_mode="selfsigned")
    )["modules"]

    assert jobs["site"]["params"] == {"module": ["site"], "target": ["https://learn.example.org/heartbeat"]}
    assert [one["labels"]["way_in"] for one in jobs["site"]["static_configs"]] == ["yes"]
    assert not [one for one in jobs["page"]["relabel_configs"] if one["target_label"] == "way_in"]
    assert "tls_config" not in modules["site"]["http"]  # the certificate that people see is checked
    assert "site" not in {job["job_name"] for job in settings(web=["web1"])["scrape_configs"]}


def test_backups_are_missed_only_where_some_are_made() -> None:
    rules = {path.name: path.read_text() for path in (ROLES / "monitoring/files").glob("lykeion-rules*.yml")}

    assert settings(web=["web1"])["rule_files"] == ["/etc/prometheus/lykeion-rules.yml"]
    with_backups = settings(web=["web1"], backup=["worker1"])["rule_files"]
    assert {Path(file).name for file in with_backups} == set(rules)
    assert "lykeion_backup" not in rules["lykeion-rules.yml"]


@pytest.mark.parametrize(("networks", "kept"), [([], False), (["10.20.0.0/16"], True)])
def test_nginx_keeps_open_what_a_balancer_of_a_cloud_keeps_open(networks: list[str], kept: bool) -> None:
    told = made(
        "nginx/templates/site.conf.j2",
        groups={},
        lykeion_balancer_networks=networks,
        lykeion_proofs=[],
        nginx_certificate={"stat": {"exists": True}},
        lykeion_site_url="https://learn.example.org",
        lykeion_host="learn.example.org",
        lykeion_tls_path="/tls",
        lykeion_settings={},
    )

    assert ("keepalive_timeout 620s;" in told) is kept


@pytest.mark.parametrize(
    ("name", "others"),
    [("box", ""), ("web1", ""), ("vps7", "127.0.1.1 vps7"), ("ip-10-0-0-1", "127.0.1.1 ip-10-0-0-1")],
)
def test_a_host_knows_its_own_name_whatever_the_inventory_calls_it(name: str, others: str) -> None:
    """Else every sudo on it asks a server of names first, and waits."""
    several = made(
        "common/templates/hosts.j2",
        inventory_hostname="web1",
        lykeion_addresses={"web1": "10.0.0.1", "box": "10.0.0.2"},
        ansible_facts={"nodename": name},
    )
    alone = made(
        "common/templates/hosts.j2",
        inventory_hostname="box",
        lykeion_addresses={"box": "127.0.0.1"},
        ansible_facts={"nodename": name},
    )

    assert several.splitlines()[2:] == ["10.0.0.1 web1", "10.0.0.2 box", *([others] if others else [])]
    assert alone.splitlines()[2:] == [f"127.0.1.1 box {name}" if name != "box" else "127.0.1.1 box"]
