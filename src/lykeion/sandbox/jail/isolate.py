"""The walls: namespaces with a file system of their own, or Landlock where the kernel does not let us make those.

Two steps, in two processes. :func:`leave` is for the process whose children will run code: it goes into namespaces of
its own. :class:`Walls` then closes the file system once all libraries are loaded, and each process that runs code
closes the last doors behind itself.
"""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from lykeion.sandbox.jail import kernel, landlock, seccomp
from lykeion.sandbox.jail.plan import LEVELS, Plan

NOBODY: Final = 65534
BOX: Final = "/box"
_APART: Final = (
    kernel.CLONE_NEWNS
    | kernel.CLONE_NEWPID
    | kernel.CLONE_NEWNET
    | kernel.CLONE_NEWIPC
    | kernel.CLONE_NEWUTS
    | kernel.CLONE_NEWCGROUP
)


class TooWeak(Exception):
    """This machine gives less isolation than the site asks for."""


def leave(plan: Plan) -> str:
    """Goes into namespaces where the kernel lets us; the level reached. Raises TooWeak. Children are apart, not we."""
    level = "namespaces" if plan.strongest == "namespaces" and seccomp.is_known_machine() and _unshare() else "limits"
    if level == "limits" and plan.strongest != "limits" and seccomp.is_known_machine() and landlock.version():
        level = "filtered"
    if LEVELS.index(level) < LEVELS.index(plan.minimum):
        raise TooWeak(
            f"This machine gives authors' code the isolation '{level}', and the site asks for '{plan.minimum}' "
            "(LYKEION_SANDBOX_MINIMUM)."
        )
    return level


def _unshare() -> bool:
    user, group = os.getuid(), os.getgid()
    try:
        if user == 0:
            kernel.unshare(_APART)
        else:
            kernel.unshare(_APART | kernel.CLONE_NEWUSER)
            Path("/proc/self/setgroups").write_text("deny")
            Path("/proc/self/uid_map").write_text(f"{NOBODY} {user} 1")
            Path("/proc/self/gid_map").write_text(f"{NOBODY} {group} 1")
    except OSError:
        return False
    return True


@dataclass(frozen=True, slots=True)
class Walls:
    """What the processes that run code have around them."""

    plan: Plan
    level: str
    readable: tuple[str, ...]

    def close(self) -> None:
        """Leaves a root that holds nothing but the library, read only. Once, after everything is loaded."""
        if self.level == "namespaces":
            _new_root(self.plan.scratch, self.readable)

    def new_box(self) -> str:
        """The folder for one run: of its own where we have no namespaces, else the place for one."""
        if self.level == "namespaces":
            return BOX
        box = tempfile.mkdtemp(dir=self.plan.scratch)
        if os.getuid() == 0 and self.level == "limits":
            os.chown(box, NOBODY, NOBODY)
        return box

    def enter(self, box: str) -> None:
        """Goes into the folder; in namespaces it is a new, empty one in memory that nobody else sees."""
        if self.level == "namespaces":
            kernel.unshare(kernel.CLONE_NEWNS)
            owner = f",uid={NOBODY},gid={NOBODY}" if os.getuid() == 0 else ""
            options = f"size={self.plan.disk_mb}m,nr_inodes=1000,mode=700{owner}"
            kernel.mount("box", box, "tmpfs", kernel.MS_NOSUID | kernel.MS_NODEV | kernel.MS_NOEXEC, options)
        os.chdir(box)

    def lock(self, box: str) -> None:
        """The last step before foreign code: no privileges, no way to get any, and only harmless system calls."""
        if self.level == "filtered":
            landlock.restrict(self.readable, [box])  # root without capabilities sees no more than these either
        elif os.getuid() == 0:
            os.setgroups([])
            os.setresgid(NOBODY, NOBODY, NOBODY)
            os.setresuid(NOBODY, NOBODY, NOBODY)
        kernel.drop_capabilities()
        kernel.prctl(kernel.PR_SET_DUMPABLE)
        kernel.end_with_parent(signal.SIGKILL)  # a new user forgets it
        if self.level != "limits":
            seccomp.apply()


def readable_folders() -> tuple[str, ...]:
    """The folders of Python's library and of the shared libraries in use: all that code may read."""
    libraries = set(re.findall(r"(/\S+)/[^/\s]+\.so[.\d]*$", Path("/proc/self/maps").read_text(), re.MULTILINE))
    found = sorted({os.path.realpath(path) for path in [*sys.path, *libraries] if Path(path).is_dir()})
    return tuple(path for path in found if not any(path.startswith(f"{other}/") for other in found))


def _new_root(folder: str, readable: tuple[str, ...]) -> None:
    kernel.mount("none", "/", flags=kernel.MS_REC | kernel.MS_PRIVATE)
    kernel.mount("root", folder, "tmpfs", kernel.MS_NOSUID | kernel.MS_NODEV, "size=1m,mode=755")
    for path in readable:
        _bind(path, folder + path)
    for name in [*sys.path, "/lib", "/lib64", "/usr/lib64"]:
        _link(name, folder)
    Path(folder + BOX).mkdir()
    kernel.pivot_root(folder)
    kernel.mount(
        "none", "/", flags=kernel.MS_REMOUNT | kernel.MS_BIND | kernel.MS_RDONLY | kernel.MS_NOSUID | kernel.MS_NODEV
    )


def _bind(source: str, target: str) -> None:
    """Shows a folder at its own place, read only, with the restrictions its file system has already."""
    Path(target).mkdir(parents=True, exist_ok=True)
    kernel.mount(source, target, flags=kernel.MS_BIND | kernel.MS_REC)
    kept = os.statvfs(target).f_flag & (os.ST_NOEXEC | os.ST_NOATIME | os.ST_NODIRATIME | os.ST_RELATIME)
    flags = kernel.MS_REMOUNT | kernel.MS_BIND | kernel.MS_RDONLY | kernel.MS_NOSUID | kernel.MS_NODEV
    kernel.mount("none", target, flags=flags | _mount_flags(kept))


def _mount_flags(kept: int) -> int:
    pairs = {os.ST_NOEXEC: 8, os.ST_NOATIME: 1024, os.ST_NODIRATIME: 2048, os.ST_RELATIME: 1 << 21}
    return sum(flag for bit, flag in pairs.items() if kept & bit)


def _link(name: str, folder: str) -> None:
    """Where a folder is reached by another name, that name too."""
    place, real = Path(folder + name), os.path.realpath(name)
    if real != name and Path(folder + real).exists() and not os.path.lexists(place):
        place.parent.mkdir(parents=True, exist_ok=True)
        place.symlink_to(real)


def clear(box: str) -> None:
    """Removes a folder made by :meth:`Walls.new_box` on a disk, however deep or locked what was left in it is.

    Another process does it, so that nobody waits for it; links are not followed.
    """
    if box != BOX:
        words = ["/bin/sh", "-c", 'chmod -R u+rwx -- "$1"; exec rm -rf -- "$1"', "sh", box]
        subprocess.Popen(words, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)  # noqa: S603 - words of our own


def clear_all(scratch: str) -> None:
    """Removes what an earlier sandbox left, when it could not itself."""
    for box in Path(scratch).iterdir():
        clear(str(box))
