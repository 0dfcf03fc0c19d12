"""Steps in which a host gets its certificate by ACME, from Pebble: the server that Let's Encrypt's makers test with.

Pebble comes from the proxy of Go's modules, checked by Go's database of hashes; it is kept with the test hosts only.
"""

from __future__ import annotations

import json
import shutil
import time

from bed import (
    BOX,
    COMMON,
    GATEWAY,
    SITE,
    STATE,
    WORK,
    Wrong,
    at,
    begin,
    changes,
    changes_nothing,
    end,
    is_well,
    none_failed,
    play,
    run,
    signed_by_ours,
    visited,
    wait,
)

PEBBLE = "github.com/letsencrypt/pebble/v2/cmd"
VERSION = "v2.9.0"
FOLDER = WORK / "acme"
SERVER = f"https://{GATEWAY}:14000/dir"
NAME = SITE.removeprefix("https://")
RELOADS = 10  # idle connections that nginx closes when it is reloaded, twice: one for each of the five visitors


def an_acme_server_runs(address: str) -> str:
    """Pebble, with a name server that says where the site is; both end with :func:`acme_server_ends`."""
    acme_server_ends()
    shutil.rmtree(FOLDER, ignore_errors=True)
    FOLDER.mkdir(parents=True)
    programs = STATE / "go"
    for name in ("pebble", "pebble-challtestsrv"):
        if not (programs / name).exists():
            if not shutil.which("go"):
                raise Wrong("Pebble is built by Go (1.23 or newer), which is not there")
            run("go", "install", f"{PEBBLE}/{name}@{VERSION}", GOBIN=str(programs))
    signed_by_ours(FOLDER, GATEWAY)
    settings()
    names = ("-defaultIPv4", address, "-defaultIPv6", "", "-dns01", f"{GATEWAY}:8053")
    else_none = ("-management", f"{GATEWAY}:8055", "-http01", "", "-https01", "", "-tlsalpn01", "", "-doh", "")
    begin(FOLDER / "names", programs / "pebble-challtestsrv", *names, *else_none)
    quick = {"PEBBLE_VA_NOSLEEP": "1", "PEBBLE_WFE_NONCEREJECT": "0"}  # it tries its clients by waiting and refusing
    told = ("-config", FOLDER / "pebble.json", "-dnsserver", f"{GATEWAY}:8053")
    begin(FOLDER / "pebble", programs / "pebble", *told, **quick)
    wait("Pebble", lambda: "newOrder" in asked(SERVER), 20)
    (FOLDER / "root.pem").write_text(asked(f"https://{GATEWAY}:15000/roots/0"))
    return f"Pebble {VERSION}, with an authority of its own"


def settings() -> None:
    told = {
        "listenAddress": f"{GATEWAY}:14000", "managementListenAddress": f"{GATEWAY}:15000",
        "certificate": str(FOLDER / "server.pem"), "privateKey": str(FOLDER / "server.key"),
        "httpPort": 80, "tlsPort": 443, "keyAlgorithm": "ecdsa", "retryAfter": {"authz": 1, "order": 1},
        "profiles": {"default": {"description": "thirty days", "validityPeriod": 30 * 86400}},
    }  # fmt: skip
    (FOLDER / "pebble.json").write_text(json.dumps({"pebble": told}))


def acme_server_ends() -> None:
    for name in ("names", "pebble"):
        end(FOLDER / name, "pebble")


def asked(address: str) -> str:
    return run("curl", "-s", "--cacert", FOLDER / "ca.pem", "--max-time", "5", address, good=(0, 7, 28, 35))


def by_acme() -> str:
    """What an inventory says that has its certificates from this server."""
    trusted = "".join((FOLDER / name).read_text() for name in ("ca.pem", "root.pem"))
    return COMMON.replace("lykeion_tls_mode: selfsigned", "lykeion_tls_mode: acme") + (
        f"lykeion_tls_email: webmaster@example.org\nlykeion_acme_server: {SERVER}\nlykeion_trusted_ca: |\n"
        + "".join(f"  {line}\n" for line in trusted.splitlines())
    )


def goes_over_to_acme() -> str:
    """The box has a certificate of its own making, and nginx the port."""
    (WORK / "box/group_vars/all/main.yml").write_text(by_acme())
    with visited(BOX["box"]) as crowd:
        changed = changes(play("box", "site.yml", "-e", "lykeion_release=t1"))
    loaded = none_failed(crowd, sent_again=RELOADS)
    return f"{changed['box']} changes; served: {served()}; {loaded}; {changes_nothing('box')}; {well()}"


def is_renewed() -> str:
    """As certbot's timer does it, but at once."""
    before = served()
    with visited(BOX["box"]) as crowd:
        at("box", "certbot renew --force-renewal --no-random-sleep-on-renew")
        wait("the new certificate", lambda: served() != before, 20)
        time.sleep(5)
    if at("box", "systemctl is-active certbot.timer", good=(0, 3)) != "active":
        raise Wrong("nothing renews the certificate by itself: certbot.timer does not run")
    loaded = none_failed(crowd, sent_again=RELOADS)
    return f"another certificate is served; {loaded}; `site.yml`: {changes_nothing('box')}"


def comes_before_nginx() -> str:
    """As on an empty host: no certificate, and nginx is off."""
    before = served()
    at("box", "systemctl stop nginx && rm -r /etc/letsencrypt /etc/lykeion/tls")
    play("box", "site.yml", "-e", "lykeion_release=t1")
    first = served()
    at("box", "certbot renew --force-renewal --no-random-sleep-on-renew")
    wait("the new certificate", lambda: served() != first, 20)
    if first == before:
        raise Wrong("the certificate is the one of before")
    return f"issued before the site was served by TLS, renewed later; `site.yml`: {changes_nothing('box')}; {well()}"


def well() -> str:
    is_well("box")
    return "smoke green"


def served(address: str = BOX["box"]) -> str:
    """Serial number of the certificate that a host serves, which is by Pebble and for the site's name."""
    where = ("-connect", f"{address}:443", "-servername", NAME, "-verify_hostname", NAME)
    said = run("openssl", "s_client", *where, "-CAfile", FOLDER / "root.pem", "-showcerts")
    if "Verify return code: 0" not in said:
        raise Wrong(f"the served certificate is not by Pebble: {said[-600:]}")
    (FOLDER / "served.pem").write_text(said[said.index("-----BEGIN") :])
    return run("openssl", "x509", "-noout", "-serial", "-in", FOLDER / "served.pem").strip().removeprefix("serial=")
