#!/usr/bin/env python3
"""What of deploy/terraform can be tried without a cloud, rung by rung; the exit code tells whether all held.

    deploy/terraform/.venv/bin/python deploy/terraform/ladder.py              # all rungs
    deploy/terraform/.venv/bin/python deploy/terraform/ladder.py format aws   # some

format   terraform fmt; aws: init, validate by the real provider, `terraform test` with a mocked one
policy   checkov over all modules: what is public, not encrypted, or may do everything
emulate  aws applied to an emulator (moto), planned again (no changes), its inventory made and checked, destroyed
google   Google Cloud and
azure    Azure by the real schemas of their providers, with no cloud behind (standin/): validated, tested; all sizes
         applied, planned again (no changes), their inventories made and checked, destroyed; mistakes made and found

Terraform is found on PATH. Providers come from a mirror (LYKEION_TERRAFORM_MIRROR, or a folder of the file system that
Terraform's manual names), else from the registry. With --write the times go into README.md.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import re
import shlex
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

HERE = Path(__file__).resolve().parent
DEPLOY = HERE.parent
SCHEMA = DEPLOY / "contract" / "inventory.schema.json"
MIRRORS = ("/usr/local/share/terraform/plugins", "/usr/share/terraform/plugins")
AWS = "registry.*/hashicorp/aws"
START = "<!-- results -->"
END = "<!-- end of results -->"

# What is asked of every cloud; the sizes in env/ say the rest.
SITE = {
    "name": "lykeion",
    "region": "eu-central-1",
    "site_url": "https://learn.example.org",
    "admin_networks": '["203.0.113.0/24"]',
    "ssh_public_key": f"ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAI{'A' * 43} nobody",  # no private key fits
    "alarm_email": "ops@example.org",
}
# What a cloud asks for beside it.
OWN = {
    "google": {"project": "school", "billing_account": "0123AB-4567CD-89EF01", "dns_zone": "learn"},
    "azure": {
        "subscription": "01234567-89ab-cdef-0123-456789abcdef",
        "mysql_password": "abcdefghijklmnop12345678",
        "dns_zone": "/subscriptions/x/resourceGroups/names/providers/Microsoft.Network/dnsZones/example.org",
    },
}
IMAGES = {"google": "lykeion-web-1", "azure": "/subscriptions/x/images/web-1"}
PROVIDERS = {"google": ("google", "6.50.0"), "azure": ("azurerm", "4.55.0")}
# The emulator knows no figures of statements, and its Redis groups lack members, for which the provider waits in vain.
EMULATED = {
    "emulated": "true",
    "deletion_protection": "false",
    "redis": '{"mode":"self"}',
    "mysql": '{"mode":"managed","type":"db.m6g.large","insights":false}',
}
FORGOTTEN = {  # by the emulator, which then says that they are not as they were made
    ("aws_db_parameter_group", "parameter"),
    ("aws_vpc_security_group_ingress_rule", "description"),  # of rules between groups
    ("aws_vpc_security_group_egress_rule", "description"),
}


class Failed(Exception):
    """A rung that did not hold; the message says why."""


class Missing(Exception):
    """What a rung needs is not on this machine."""


def main() -> int:
    """Climbs the rungs that were asked for, all of them without a word."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("rungs", nargs="*", choices=[*RUNGS, []], help="which (default: all)")
    parser.add_argument("--write", action="store_true", help="put the times into README.md")
    asked = parser.parse_args()
    lines: list[tuple[str, str, float]] = []
    failed = False
    for name in asked.rungs or RUNGS:
        started = time.monotonic()
        try:
            said = RUNGS[name]()
        except Missing as missing:
            said = f"left out: {missing}"
        except Failed as error:
            failed, said = True, f"FAILED: {error}"
        lines.append((name, said, time.monotonic() - started))
        print(f"{name}: {said} ({lines[-1][2]:.0f} s)", flush=True)
    if asked.write and not failed:
        write(lines)
    return int(failed)


def write(lines: list[tuple[str, str, float]]) -> None:
    """Puts a table of the rungs between the marks of README.md."""
    rows = "\n".join(f"| {name} | {said} | {seconds:.0f} s |" for name, said, seconds in lines)
    readme = HERE / "README.md"
    before, _mark, rest = readme.read_text().partition(START)
    after = rest.partition(END)[2]
    readme.write_text(f"{before}{START}\n| rung | result | time |\n|---|---|---|\n{rows}\n{END}{after}")


# Rungs


def well_formed() -> str:
    """``terraform fmt``."""
    run(terraform(), "fmt", "-check", "-recursive", "-diff", str(HERE))
    return f"{len(list(HERE.rglob('*.tf')))} files are formatted"


def aws() -> str:
    """The real provider's word on the configuration, and the tests with a mocked one."""
    with workplace("aws") as place:
        place.run("init", "-backend=false")
        place.run("validate")
        told = place.run("test")
    passed = re.search(r"Success! (\d+) passed", told)
    if passed is None:
        raise Failed(told[-2_000:])
    return f"valid; {passed[1]} tests passed"


def policy() -> str:
    """checkov, with the exceptions that .checkov.yaml gives reasons for."""
    done = subprocess.run(
        [str(Path(sys.executable).parent / "checkov"), "--directory", ".", "--config-file", ".checkov.yaml"],
        cwd=HERE, text=True, capture_output=True, check=False,
    )  # fmt: skip
    counted = re.search(r"Passed checks: (\d+), Failed checks: (\d+)", done.stdout)
    if done.returncode or counted is None:
        raise Failed((done.stdout + done.stderr)[-6_000:])
    return f"{counted[1]} checks passed"


def emulate() -> str:
    """A campus at an emulated AWS: made, found unchanged, told to Ansible, and taken away."""
    told = []
    with emulator() as address, workplace("aws", local=True) as place:
        place.environ |= {
            "AWS_ENDPOINT_URL": address,
            "AWS_ACCESS_KEY_ID": "test",
            "AWS_SECRET_ACCESS_KEY": "test",
            "AWS_EC2_METADATA_DISABLED": "true",
        }
        image = {"image": an_image(address)}
        variables = [f"-var={name}={value}" for name, value in (SITE | EMULATED | image).items()]
        size = ["-var-file=env/campus.tfvars", *variables]
        place.run("init")
        made = place.run("apply", "-auto-approve", *size)
        told.append(_counted(r"(\d+) added", made, "made"))
        place.run("plan", "-out=again.plan", *size)
        differs = _changes(json.loads(place.run("show", "-json", "again.plan")))
        if differs - FORGOTTEN:
            raise Failed(f"a second plan would change {sorted(differs - FORGOTTEN)}")
        told.append("nothing to change after")
        hosts = inventory(place.run("output", "-json"))
        told.append(f"an inventory of {hosts} hosts")
        told.append(_counted(r"(\d+) destroyed", place.run("destroy", "-auto-approve", *size), "taken away"))
    return ", ".join(told)


def google() -> str:
    """Google Cloud; see :func:`stood_in`."""
    return stood_in("google")


def azure() -> str:
    """Azure; see :func:`stood_in`."""
    return stood_in("azure")


def stood_in(cloud: str) -> str:
    """A cloud whose provider is not here, by its real schema: valid, tested, made in all sizes, mistakes found."""
    with workplace(cloud, local=True) as place:
        place.run("init")
        place.run("validate")
        tested = place.run("test")
        told = ["valid", _counted(r"Success! (\d+) passed", tested, "tests passed")]
        told += [f"{size.stem}: {cycle(place, cloud, size.stem)}" for size in sorted(place.folder.glob("env/*.tfvars"))]
        told.append(f"{mistakes(place, cloud)} mistakes found")
    return "; ".join(told)


def cycle(place: Place, cloud: str, size: str) -> str:
    """A size, with web hosts that come with the load, made, found unchanged, told to Ansible, and taken away."""
    given = SITE | OWN[cloud] | {"deletion_protection": "false"}
    variables = [f"-var-file=env/{size}.tfvars", *(f"-var={name}={value}" for name, value in given.items())]
    if size == "nation":
        autoscale = {"image": IMAGES[cloud], "most": 60, "requests_per_minute": 24_000}
        variables.append(f"-var=autoscale={json.dumps(autoscale)}")
    made = _counted(r"(\d+) added", place.run("apply", "-auto-approve", *variables), "made")
    place.run("plan", "-detailed-exitcode", *variables)
    hosts = inventory(place.run("output", "-json"))
    gone = _counted(r"(\d+) destroyed", place.run("destroy", "-auto-approve", *variables), "taken away")
    return f"{made}, nothing to change after, an inventory of {hosts} hosts, {gone}"


def mistakes(place: Place, cloud: str) -> int:
    """How many mistakes ``terraform validate`` finds, which are all. Raises :class:`Failed` for one that passes."""
    known = json.loads((HERE / "standin" / "mistakes.json").read_text())[cloud]
    for one in known:
        module, right, wrong, said = one["module"], one["right"], one["wrong"], one["said"]
        file = place.folder.parent / "modules" / cloud / module / "main.tf"
        text = file.read_text()
        if right not in text:
            raise Failed(f"{cloud}/{module} has no {right!r} any more: mend mistakes.json")
        file.write_text(text.replace(right, wrong, 1))
        try:
            place.run("validate")
        except Failed as found:
            if said not in " ".join(str(found).replace("│", " ").split()):
                raise Failed(f"{wrong!r} in {cloud}/{module} should be told by {said!r}, but: {found}") from found
        else:
            raise Failed(f"{wrong!r} in {cloud}/{module} was not found")
        finally:
            file.write_text(text)
    return len(known)


def _changes(plan: dict[str, Any]) -> set[tuple[str, str]]:
    """What a plan would change: type of the resource and attribute; '' for one that comes or goes."""
    found: set[tuple[str, str]] = set()
    for one in plan.get("resource_changes", ()):
        change = one["change"]
        if one["mode"] != "managed" or change["actions"] in (["no-op"], ["read"]):
            continue
        if change["actions"] != ["update"]:
            found.add((one["type"], ""))
            continue
        before, after, unknown = change["before"], change["after"], change["after_unknown"]
        differing = {name for name in before.keys() | after.keys() if before.get(name) != after.get(name)}
        found |= {(one["type"], name) for name in differing if name not in unknown}
    return found


def an_image(address: str) -> str:
    """The emulator knows no image of Debian's."""
    import boto3

    client = boto3.client(
        "ec2", endpoint_url=address, region_name=SITE["region"], aws_access_key_id="test", aws_secret_access_key="test"
    )
    return str(client.describe_images()["Images"][0]["ImageId"])


def _counted(pattern: str, words: str, what: str) -> str:
    found = re.search(pattern, words)
    if found is None:
        raise Failed(words[-2_000:])
    return f"{found[1]} {what}"


def inventory(outputs: str) -> int:
    """Makes an inventory of Terraform's outputs as the guide does; how many hosts it has. Raises :class:`Failed`."""
    import jsonschema
    import yaml

    told = json.loads(outputs)["inventory"]["value"]
    try:
        jsonschema.validate(told, json.loads(SCHEMA.read_text()))
    except jsonschema.ValidationError as error:
        raise Failed(f"the inventory breaks its contract at {error.json_path}: {error.message}") from error
    with tempfile.TemporaryDirectory() as folder:
        run(sys.executable, str(DEPLOY / "bin" / "tf2inventory"), folder, given=outputs)
        made: dict[str, Any] = yaml.safe_load(Path(folder, "hosts.yml").read_text())
        yaml.safe_load(Path(folder, "group_vars/all/cloud.yml").read_text())
    found = made["all"]["hosts"]
    if set(found) != {host["name"] for host in told["hosts"]}:
        raise Failed(f"hosts.yml has {sorted(found)}")
    return len(found)


# Terraform


class Place:
    """A copy of the modules, in which Terraform may leave what it likes."""

    def __init__(self, folder: Path, environ: dict[str, str]) -> None:
        self.folder, self.environ = folder, environ

    def run(self, *words: str) -> str:
        """What Terraform says. Raises :class:`Failed`."""
        return run(terraform(), *words, "-no-color", cwd=self.folder, environ=self.environ)


@contextmanager
def workplace(cloud: str, *, local: bool = False) -> Iterator[Place]:
    """The root of ``cloud``, copied; ``local``: with its state in a file."""
    with tempfile.TemporaryDirectory(prefix="lykeion-terraform-") as name:
        folder = Path(name)
        for part in ("modules", cloud):
            shutil.copytree(HERE / part, folder / part, ignore=shutil.ignore_patterns(".terraform*"))
        if local:
            versions = folder / cloud / "versions.tf"
            versions.write_text(re.sub(r'backend "\w+" \{\}', "", versions.read_text()))
        yield Place(folder / cloud, configured(folder, cloud))


def configured(folder: Path, cloud: str) -> dict[str, str]:
    """The environment in which Terraform finds its providers."""
    words = "disable_checkpoint = true\n"
    found = stand_in(folder, cloud) if cloud in PROVIDERS else mirror()
    if found is not None:
        words += f'provider_installation {{\n  filesystem_mirror {{\n    path = "{found}"\n  }}\n}}\n'
    elif not reached(registry(folder)):
        raise Missing(f"the provider of {cloud} is in no mirror here, and the registry cannot be reached")
    config = folder / "terraformrc"
    config.write_text(words)
    return {"TF_CLI_CONFIG_FILE": str(config), "CHECKPOINT_DISABLE": "1"}


def stand_in(folder: Path, cloud: str) -> Path:
    """A mirror that holds a stand-in for the cloud's provider. Raises :class:`Missing`."""
    sys.path.insert(0, str(HERE / "standin"))
    import schemas

    provider, version = PROVIDERS[cloud]
    schema = folder / f"{provider}.json"
    used = set(
        re.findall(r'^(?:resource|data) "(\w+)"', "".join(file.read_text() for file in folder.rglob("*.tf")), re.M)
    )
    try:
        known = schemas.schema_of(provider)
    except LookupError as missing:
        raise Missing(str(missing)) from missing
    except ValueError as error:
        raise Failed(str(error)) from error
    for kind in ("resources", "data"):  # Terraform reads all it is told at each start: of a thousand, what is used
        known[kind] = {name: block for name, block in known[kind].items() if name in used}
    schema.write_text(json.dumps(known))
    machine = f"linux_{'arm64' if platform.machine() in ('aarch64', 'arm64') else 'amd64'}"
    program = folder / "mirror" / registry(folder) / "hashicorp" / provider / version / machine
    program.mkdir(parents=True)
    program /= f"terraform-provider-{provider}_v{version}"
    words = shlex.join([sys.executable, "-B", str(HERE / "standin" / "provider.py"), str(schema)])
    program.write_text(f"#!/bin/sh\nexec {words}\n")
    program.chmod(0o700)
    return folder / "mirror"


def mirror() -> Path | None:
    """The folder that holds providers."""
    named = os.environ.get("LYKEION_TERRAFORM_MIRROR", "")
    candidates = [Path(named)] if named else [*map(Path, MIRRORS), *Path("/opt").glob("*")]
    return next((one for one in candidates if one.is_dir() and any(one.glob(AWS))), None)


def registry(folder: Path) -> str:
    """The host that Terraform takes providers from; a folder of a mirror is called so."""
    asked = folder / "asked"
    asked.mkdir()
    (asked / "main.tf").write_text(
        'terraform {\n  required_providers {\n    aws = { source = "hashicorp/aws" }\n  }\n}\n'
    )
    told = run(terraform(), "providers", "-no-color", cwd=asked)
    found = re.search(r"provider\[([^/\]]+)/", told)
    if found is None:
        raise Failed(f"terraform does not say where providers come from: {told[-500:]}")
    return found[1]


def reached(host: str) -> bool:
    """Whether Terraform can fetch providers itself."""
    try:
        socket.create_connection((host, 443), timeout=5).close()
    except OSError:
        return False
    return True


def terraform() -> str:
    """Terraform's program. Raises :class:`Missing`."""
    found = shutil.which("terraform")
    if found is None:
        raise Missing("terraform is not on PATH")
    return found


@contextmanager
def emulator() -> Iterator[str]:
    """moto's server on a free port of this machine; its address."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    words = [sys.executable, str(HERE / "emulator.py"), "-H", "127.0.0.1", "-p", str(port)]
    environ = {**os.environ, "MOTO_IAM_LOAD_MANAGED_POLICIES": "true"}
    with subprocess.Popen(words, env=environ, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as process:
        try:
            _wait_for(port, process)
            yield f"http://127.0.0.1:{port}"
        finally:
            process.terminate()


def _wait_for(port: int, process: subprocess.Popen[bytes]) -> None:
    until = time.monotonic() + 60
    while time.monotonic() < until and process.poll() is None:
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
        except OSError:
            time.sleep(0.2)
        else:
            return
    raise Failed("the emulator did not start")


def run(*words: str, cwd: Path = HERE, environ: dict[str, str] | None = None, given: str | None = None) -> str:
    """What a program says. Raises :class:`Failed` with its last words."""
    done = subprocess.run(
        words, cwd=cwd, env={**os.environ, **(environ or {})}, input=given, text=True, check=False,
        stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
    )  # fmt: skip
    if done.returncode:
        start = done.stdout.find("Error:")
        told = done.stdout[start:][:4_000] if start >= 0 else done.stdout[-4_000:]
        raise Failed(f"{' '.join(words[:3])} ended with {done.returncode}: {told}")
    return done.stdout


RUNGS: dict[str, Callable[[], str]] = {
    "format": well_formed, "aws": aws, "google": google, "azure": azure, "policy": policy, "emulate": emulate,
}  # fmt: skip

if __name__ == "__main__":
    sys.exit(main())
