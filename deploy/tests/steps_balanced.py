"""Steps in which several web hosts get certificates by ACME behind a balancer that hands on connections as they are.

As Azure's does: HAProxy on a host that no playbook knows stands in for it. It asks /ready for port 443, and on port 80
only whether somebody listens.
"""

from __future__ import annotations

import json
import time

from bed import (
    MANY,
    WEB3,
    WORK,
    Wrong,
    at,
    boot,
    changes,
    changes_nothing,
    cluster,
    installs,
    inventory,
    is_well,
    none_failed,
    play,
    visited,
    wait,
)
from steps_acme import FOLDER, RELOADS, by_acme, served

ROOT_OF_PEBBLE = FOLDER / "root.pem"
WEB = {**{host: MANY[host] for host in ("web1", "web2")}, **WEB3}
TWO = ["web1", "web2"]
THREE = ["web1", "web2", "web3"]
WAY_IN = MANY["lb1"]
HAPROXY = """defaults
    mode tcp
    balance roundrobin
    timeout connect 3s
    timeout client 600s
    timeout server 600s
listen plain
    bind :80
    default-server check inter 5s fall 2 rise 2
{servers[80]}
listen tls
    bind :443
    option httpchk GET /ready
    default-server check check-ssl verify none inter 5s fall 2 rise 2
{servers[443]}
"""


def hosts_and_a_balancer_boot() -> str:
    """The balancer knows all three web hosts from the beginning; the third is not there yet."""
    said = boot({host: MANY[host] for host in ("lb1", *TWO)})
    lines = {port: "\n".join(f"    server {host} {WEB[host]}:{port}" for host in THREE) for port in (80, 443)}
    at("lb1", "apt-get update -qq && apt-get install -y -qq --no-install-recommends haproxy >/dev/null")
    at("lb1", f"cat > /etc/haproxy/haproxy.cfg <<'END'\n{HAPROXY.format(servers=lines)}END\nsystemctl restart haproxy")
    return f"{said}; one of them is the balancer"


def known_to_playbooks(web: list[str]) -> None:
    """An inventory of these web hosts; the first is everything else too."""
    hosts = {host: {"ansible_host": WEB[host], "private_address": WEB[host]} for host in web}
    others = ("workers", "beat", "mysql", "mongodb", "rabbitmq", "redis")
    groups = {"web": {"hosts": dict.fromkeys(web)}, **{group: {"hosts": {"web1": None}} for group in others}}
    told = {"all": {"hosts": hosts, "vars": {"ansible_user": "root"}, "children": groups}}
    (WORK / "balanced/hosts.yml").write_text(json.dumps(told))  # which is YAML too


def first_certificates() -> str:
    """Both begin with nothing, at once."""
    inventory("balanced", "small", {})
    shared = "lykeion_files_mode: provided\nlykeion_files_path: /srv/shared\nlykeion_drain_seconds: 12\n"
    (WORK / "balanced/group_vars/all/main.yml").write_text(by_acme() + shared)
    known_to_playbooks(TWO)
    said = installs("balanced")
    is_well("balanced")
    return f"{said}; {each_has_its_own(TWO)}; smoke green; {who_was_asked(TWO)}"


def each_has_its_own(web: list[str]) -> str:
    """By the balancer's address people get the certificate of each web host, and no other."""
    own = {served(WEB[host]) for host in web}
    wait("every web host behind the balancer", lambda: {served(WAY_IN) for _ in range(2 * len(web))} == own)
    if len(own) != len(web):
        raise Wrong(f"{len(web)} web hosts serve {len(own)} certificates")
    return f"{len(own)} certificates, all seen through the balancer"


def who_was_asked(web: list[str]) -> str:
    """Proofs that one host gave to another, for the balancer had led to the wrong one."""
    found = "grep -h acme-challenge /var/log/nginx/access.log | grep ' 200 ' | cut -d' ' -f1"
    askers = [line for host in web for line in at(host, found, good=(0, 1)).split()]
    by_others = [line for line in askers if line in WEB.values()]
    if not by_others:
        raise Wrong(f"no web host asked another for a proof, so nothing was shown; asked: {askers}")
    return f"{len(by_others)} proofs came from another web host than the one that was asked"


def are_renewed() -> str:
    """As certbot's timer does it, but at once and on all hosts together."""
    before = {host: served(WEB[host]) for host in TWO}
    with visited(WAY_IN, visitors=3, trusted=ROOT_OF_PEBBLE) as crowd:
        renew = "systemd-run --quiet certbot renew --force-renewal --no-random-sleep-on-renew"
        for host in TWO:
            at(host, renew)
        for host in TWO:
            wait(f"the new certificate of {host}", lambda host=host: served(WEB[host]) != before[host])
        time.sleep(5)
    for host in TWO:
        if at(host, "systemctl is-active certbot.timer", good=(0, 3)) != "active":
            raise Wrong(f"nothing renews the certificate of {host} by itself: certbot.timer does not run")
    return f"{each_has_its_own(TWO)}; {none_failed(crowd, RELOADS)}; `site.yml`: {changes_nothing('balanced')}"


def a_web_host_joins() -> str:
    """Visitors take certificates of Pebble only: nobody is sent to the new host before it has one."""
    boot(WEB3)
    known_to_playbooks(THREE)
    with visited(WAY_IN, visitors=3, trusted=ROOT_OF_PEBBLE) as crowd:
        changed = changes(play("balanced", "site.yml", "-e", "lykeion_release=t1"))
        has = each_has_its_own(THREE)
    return f"{changed} changes; {has}; {none_failed(crowd, RELOADS)}; again: {changes_nothing('balanced')}"


def a_web_host_is_replaced() -> str:
    """Lost with its disk; an empty host comes at its address."""
    lost = served(WEB["web2"])
    cluster("down", "web2")
    time.sleep(15)  # the balancer has seen it
    boot({"web2": WEB["web2"]})
    with visited(WAY_IN, visitors=3, trusted=ROOT_OF_PEBBLE) as crowd:
        play("balanced", "site.yml", "-e", "lykeion_release=t1")
        has = each_has_its_own(THREE)
    if served(WEB["web2"]) == lost:
        raise Wrong("web2 has the certificate that was lost with it")
    is_well("balanced")
    return f"{has}; {none_failed(crowd, RELOADS)}; smoke green"
