"""Making room for blocks of others: where their imports look, and which Django apps come with them.

Only looks at what is installed; imports none of it, so a site without such blocks pays nothing.
"""

from __future__ import annotations

import importlib.util
import sys
from collections.abc import Iterable
from importlib.metadata import EntryPoint, entry_points
from pathlib import Path
from typing import Any, Final

from lykeion.core.storages import far_storage

MODULES: Final = Path(__file__).parent / "modules"
PLUGINS: Final = "lms.djangoapp"
"""Entry points by which packages bring a Django app to Open edX's site for learners."""
BLOCKS: Final = "xblock.v1"
"""Entry points of blocks. A package of theirs that has tables is an app too, also when it does not say so: Open edX's
operators list those by hand."""
OURS: Final = "lykeion"

COMPANIONS: Final = {
    "openassessment": (
        "waffle",
        "submissions",
        "openassessment",
        "openassessment.assessment",
        "openassessment.fileupload",
        "openassessment.staffgrader",
        "openassessment.workflow",
        "openassessment.xblock",
    ),
    "edx_sga": ("submissions",),
    "lti_consumer": ("waffle",),
    "drag_and_drop_v2": ("waffle",),
}
"""Django apps that Open edX's own settings list for a package: blocks of it need them."""


WITHOUT: Final = frozenset({"xblocks_contrib"})
"""Packages whose apps stay out: xblocks_contrib's app is the problem engine's, which our own stands in for, and would
cost every process four seconds of imports."""

HOSTS: Final = ("lykeion.shims", "common.djangoapps.student")
"""Apps of ours that blocks of others stand on; a site without such blocks has none of them."""

MIDDLEWARE: Final = {
    "crum": "crum.CurrentRequestUserMiddleware",
    "edx_django_utils": "edx_django_utils.cache.middleware.RequestCacheMiddleware",
}
"""Middleware that Open edX has and packages count on: whose request this is; a cache that must end with the request."""


def block_files(url: str) -> dict[str, Any]:
    """Django's default storage, where blocks keep files: in the object store at ``url``, or in the home."""
    if url:
        return far_storage(url, "block-files", "lykeion.shims.storage.FarBlockFiles")
    return {"BACKEND": "lykeion.shims.storage.BlockFiles"}


def lend_modules() -> None:
    """Lets blocks import the stand-ins. Last on the path: a module that is really installed goes first."""
    if str(MODULES) not in sys.path:
        sys.path.append(str(MODULES))


def guest_apps(points: Iterable[EntryPoint] | None = None) -> list[str]:
    """The Django apps of what is installed besides Lykeion, each once, in a settled order."""
    points = list(points or (*entry_points(group=PLUGINS), *entry_points(group=BLOCKS)))
    companions = [app for package, apps in COMPANIONS.items() if _is_there(package) for app in apps]
    plugins = sorted(point.value.replace(":", ".") for point in points if point.group == PLUGINS)
    taken = {app.partition(".")[0] for app in (*companions, *plugins)}
    others = sorted(_with_tables(points) - taken)
    return list(dict.fromkeys(app for app in (*companions, *plugins, *others) if _fits(app.partition(".")[0])))


def with_tables() -> frozenset[str]:
    """The packages installed here whose blocks keep learners' work in tables of their own (``edx-submissions``)."""
    lent = {name for name, apps in COMPANIONS.items() if "submissions" in apps and _is_there(name)}
    return frozenset(lent | _with_tables(entry_points(group=BLOCKS)))


def _with_tables(points: Iterable[EntryPoint]) -> set[str]:
    """The packages of others that bring a block and tables of their own."""
    packages = {point.value.partition(":")[0].partition(".")[0] for point in points if point.group == BLOCKS}
    return {package for package in packages - {OURS} if _has_tables(package)}


def guest_middleware() -> list[str]:
    """The middleware that installed packages of others count on, and our own for them."""
    return [path for package, path in MIDDLEWARE.items() if _is_there(package)] + ["lykeion.shims.middleware.lending"]


def _fits(package: str) -> bool:
    return package not in WITHOUT and _is_there(package)


def _has_tables(package: str) -> bool:
    found = importlib.util.find_spec(package)
    return any(Path(folder, "migrations").is_dir() for folder in (found and found.submodule_search_locations) or ())


def _is_there(package: str) -> bool:
    return importlib.util.find_spec(package) is not None
