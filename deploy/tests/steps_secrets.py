"""A step in which every secret that day-2.md lets an operator change in the vault becomes another one."""

from __future__ import annotations

import base64
import re
import secrets
from typing import Final

from bed import BIN, DEPLOY, PASSWORD, WORK, Wrong, at, changes_nothing, is_well, play, run, wait, what_is_there
from loading import loaded
from steps_primary import hears

NEW_SITE: Final = loaded(DEPLOY / "bin/new-site")
BY_HAND: Final = {"lykeion_mongodb_admin_password"}  # MongoDB has to know the new one first


def secrets_are_new(address: str) -> str:
    """All at once, by the vault and ``site.yml``; servers that copy or know each other by one go on."""
    before = what_is_there(address, new=True, learner="of-old-secrets")
    new = {name: secrets.token_hex(24) for name in NEW_SITE.PASSWORDS if name not in BY_HAND}
    new["lykeion_mongodb_keyfile"] = base64.b64encode(secrets.token_bytes(384)).decode()
    into_the_vault("many", new)
    play("many", "site.yml", "-e", "lykeion_release=t1")
    nothing = changes_nothing("many")
    at("data2", "systemctl restart mariadb")  # a copy that has the old password would only now be refused
    wait("the copy", hears)
    after = what_is_there(address, new=False, learner="of-old-secrets")
    if after != before:
        raise Wrong(f"a learner's state was {before}, and is {after}")
    is_well("many")
    return f"{len(new)} of them, by one `site.yml`; again: {nothing}; the copy was restarted and hears; smoke green"


def the_vault(site: str) -> dict[str, str]:
    """The secrets of a site, in the order of its vault."""
    vault = WORK / site / "group_vars/all/vault.yml"
    plain = run(BIN / "ansible-vault", "view", "--vault-password-file", PASSWORD, vault)
    return dict(re.findall(r"(?m)^(\w+): (.*)$", plain))


def into_the_vault(site: str, new: dict[str, str]) -> None:
    """Other values for secrets that a site has."""
    told = the_vault(site)
    if unknown := set(new) - set(told):
        raise Wrong(f"the vault has no {', '.join(unknown)}")
    plain = "".join(f"{name}: {value}\n" for name, value in (told | new).items())
    NEW_SITE.encrypt(f"---\n{plain}", PASSWORD, WORK / site / "group_vars/all/vault.yml")
