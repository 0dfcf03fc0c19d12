"""The program ``git``, run so that nothing of a repository or of the machine's accounts is obeyed: no shell, no hooks,
no configuration but ours, no questions, no more time than the operator gives. Only bare repositories of our own are
made, and nothing is checked out: trees come out as archives and go in through an index.

Passwords come from a file of the operator (Git's own ``store`` helper reads it), keys from a file or an agent; neither
is in an argument, a message or a log.
"""

from __future__ import annotations

import os
import re
import subprocess
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

from django.conf import settings
from django.utils.translation import gettext as _

from lykeion.authoring.types import AuthoringError

_BRANCH: Final = re.compile(r"(?!-)(?!.*(?:\.\.|//|@\{|/\.|\.lock(?:/|\Z)))[\w][\w./-]{0,190}(?<![./])", re.ASCII)
_FOLDER: Final = re.compile(r"(?:[\w][\w. -]{0,80}(?:/(?!\.)[\w][\w. -]{0,80}){0,10})?", re.ASCII)
_SCHEMES: Final = frozenset({"https", "ssh", "file", ""})
_SECRET: Final = re.compile(r"(?<=://)[^/@\s]+@")
_LONGEST: Final = 400
_CONFIG: Final = """[core]
\thooksPath = /dev/null
\tfsmonitor = false
\tsymlinks = false
\tautocrlf = false
\tattributesFile = /dev/null
[safe]
\tdirectory = *
[protocol]
\tallow = never
[protocol "https"]
\tallow = always
[protocol "ssh"]
\tallow = always
[protocol "file"]
\tallow = always
[transfer]
\tfsckObjects = true
[gc]
\tauto = 0
[http]
\tfollowRedirects = false
"""


class GitFailed(AuthoringError):
    """Git did not do what was asked; the message is fit for authors and holds no secret."""


def check_url(url: str) -> str:
    """``url`` if a course may be kept there. Raises :class:`AuthoringError`."""
    allowed = settings.LYKEION_GIT_REMOTES
    if not allowed:
        raise AuthoringError(_("Git is not set up on this site. Its operators can allow it (LYKEION_GIT_REMOTES)."))
    try:
        parts = urlsplit(url)
    except ValueError as error:
        raise AuthoringError(_("This is no address of a repository: {url}.").format(url=url)) from error
    # Git reads %2e%2e as .., so an address that is written in another way than it is meant is none of the allowed.
    is_plain = url.isprintable() and not url.startswith("-") and not any(part in url for part in ("..", "%", "?", "#"))
    is_sound = parts.scheme in _SCHEMES and is_plain
    if parts.password or (parts.username and parts.scheme == "https"):
        raise AuthoringError(_("Leave name and password out of the address: they come from the operators' file."))
    if not is_sound or not any(_begins(url, prefix) for prefix in allowed):
        words = _("This site keeps courses only in repositories whose address begins with: {prefixes}.")
        raise AuthoringError(words.format(prefixes=", ".join(allowed)))
    return url


def check_branch(branch: str) -> str:
    """``branch`` if it is the name of one. Raises :class:`AuthoringError`."""
    if not _BRANCH.fullmatch(branch):
        raise AuthoringError(_("“{branch}” is no name of a branch.").format(branch=branch[:80]))
    return branch


def check_folder(folder: str) -> str:
    """``folder`` without slashes around it, if it is one in a repository. Raises :class:`AuthoringError`."""
    found = folder.strip("/ ")
    if not _FOLDER.fullmatch(found):
        raise AuthoringError(_("“{folder}” is no folder of a repository.").format(folder=folder[:80]))
    return found


def _begins(url: str, prefix: str) -> bool:
    """A prefix ends where a name ends: ``https://host/team`` does not allow ``https://host/teammates``."""
    rest = url.removeprefix(prefix)
    return url.startswith(prefix) and (prefix.endswith(("/", ":")) or rest in ("", ".git") or rest.startswith("/"))


class Git:
    """A bare repository of our own in the folder ``work``, and the commands on it."""

    def __init__(self, work: Path) -> None:
        self.work = work
        self._config = work / "config"
        self._config.write_text(_CONFIG + _credentials())
        self.do("init", "--quiet", "--bare", "--template=", str(work / "clone"), bare=False)

    def do(self, *arguments: str, stdin: bytes = b"", more: Mapping[str, str] | None = None, bare: bool = True) -> str:
        """What ``git arguments`` prints. Raises :class:`GitFailed` with what it said, without names and passwords."""
        command = ["git", *(["--git-dir", str(self.work / "clone")] if bare else []), *arguments]
        try:
            done = subprocess.run(  # noqa: S603  no shell; what people typed was checked, and stands after the command
                command,
                cwd=self.work,
                env=self._environment() | dict(more or {}),
                input=stdin,
                capture_output=True,
                timeout=settings.LYKEION_GIT_SECONDS,
                check=False,
            )
        except subprocess.TimeoutExpired as error:
            raise GitFailed(_("Git took too long and was stopped. Nothing was changed.")) from error
        except FileNotFoundError as error:
            raise GitFailed(_("The program git is not installed on this server. Tell its operators.")) from error
        if done.returncode:
            said = _SECRET.sub("", done.stderr.decode("utf-8", "replace")).strip()[-_LONGEST:]
            raise GitFailed(_("Git said: {words}").format(words=said or arguments[0]))
        return done.stdout.decode("utf-8", "replace")

    def fetch(self, url: str, branch: str) -> str:
        """Brings the branch here; its commit, '' when the repository has no such branch."""
        listed = self.do("ls-remote", "--heads", "--", url, f"refs/heads/{branch}")
        if not listed.strip():
            return ""
        self.do("fetch", "--quiet", "--no-tags", "--", url, f"+refs/heads/{branch}:refs/heads/there")
        return self.do("rev-parse", "--verify", "refs/heads/there").strip()

    def has(self, commit: str) -> bool:
        """Whether ``commit`` came along."""
        try:
            self.do("cat-file", "-e", f"{commit}^{{commit}}")
        except GitFailed:
            return False
        return True

    def archive(self, commit: str, folder: str, name: str) -> Path:
        """The tree of ``commit`` (or of ``folder`` in it) as a .tar."""
        path = self.work / name
        self.do("archive", "--format=tar", f"--output={path}", f"{commit}:{folder}" if folder else commit)
        return path

    def commit(self, tree: Path, folder: str, parent: str, message: str, who: Sequence[str]) -> str:
        """A commit in which ``folder`` holds what ``tree`` holds; '' when it did already. ``who``: name and address."""
        index = {"GIT_INDEX_FILE": str(self.work / "index"), "GIT_WORK_TREE": str(tree)}
        here = ("-C", str(tree))
        if parent:
            self.do(*here, "read-tree", parent, more=index)
        listed = self.do(*here, "ls-files", "-z", more=index).split("\0")
        old = [path for path in listed if path and _is_ours(path, folder)]
        gone = "\0".join([*old, ""]).encode()
        self.do(*here, "update-index", "--force-remove", "-z", "--stdin", stdin=gone, more=index)
        self.do(*here, "add", "--force", "--no-all", "--", ".", more=index)
        made = self.do(*here, "write-tree", more=index).strip()
        if parent and self.do("rev-parse", f"{parent}^{{tree}}").strip() == made:
            return ""
        names = {
            f"GIT_{role}_{what}": text
            for role in ("AUTHOR", "COMMITTER")
            for what, text in zip(("NAME", "EMAIL"), who, strict=True)
        }
        parents = ["-p", parent] if parent else []
        return self.do("commit-tree", made, *parents, "-F", "-", stdin=message.encode(), more=names).strip()

    def push(self, url: str, branch: str, commit: str) -> None:
        """Makes ``commit`` the branch, which must be behind it: nothing of others is overwritten."""
        self.do("push", "--quiet", "--no-verify", "--", url, f"{commit}:refs/heads/{branch}")

    def _environment(self) -> dict[str, str]:
        known = {name: os.environ[name] for name in ("PATH", "SSH_AUTH_SOCK", "SSL_CERT_FILE") if name in os.environ}
        key = settings.LYKEION_GIT_SSH_KEY
        identity = f" -o IdentitiesOnly=yes -i '{key}'" if key else ""
        return known | {
            "HOME": str(self.work),
            "LC_ALL": "C.UTF-8",
            "GIT_CONFIG_NOSYSTEM": "1",
            "GIT_CONFIG_GLOBAL": str(self._config),
            "GIT_TERMINAL_PROMPT": "0",
            "GIT_ASKPASS": "true",
            "GIT_SSH_COMMAND": f"ssh -o BatchMode=yes -o StrictHostKeyChecking=yes{identity}",
        }


def _credentials() -> str:
    path = settings.LYKEION_GIT_CREDENTIALS
    return f'[credential]\n\thelper = "store --file={path}"\n' if path else ""


def _is_ours(path: str, folder: str) -> bool:
    """Whether a file of the repository is replaced by a push: what lies in the folder; at the top all but notes."""
    if folder:
        return path.startswith(f"{folder}/")
    top = path.partition("/")[0]
    return not top.startswith(".") and not top.upper().startswith(("README", "LICENSE", "LICENCE"))
