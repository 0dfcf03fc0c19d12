"""What blocks may ask of the platform, by the names that blocks in the wild use.

Source: the services table of ``lms/djangoapps/courseware/block_render.py`` of Open edX. Those that need the site's
tables are lent by the host (``courseware/lending.py``); those for things that the platform does not have say so
(``unmet.py``). One that is nowhere is absent: blocks that merely want it get None, blocks that need it are shown as
broken, with the reason. See docs/developers/xblock.md.
"""

from __future__ import annotations

import gettext as gettext_module
import importlib.util
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from django.utils import translation
from xblock.runtime import NullI18nService

from lykeion.blocks.completions import Completion
from lykeion.blocks.folders import Folders
from lykeion.blocks.links import with_addresses
from lykeion.blocks.teams import NoTeams, TeamsSettings
from lykeion.blocks.types import Directory, Viewer
from lykeion.blocks.unmet import UNMET
from lykeion.capa.types import ScriptRunner
from lykeion.content.types import Json, ObjectId

if TYPE_CHECKING:
    from lykeion.blocks.mako import MakoTemplates
    from lykeion.blocks.runtime import BlockRuntime

PREFIX = "edx-platform."


@dataclass
class Person:
    """What ``XBlockUser`` of XBlock holds (its own module would load a library of file systems with it)."""

    emails: list[str]
    full_name: str | None
    display_name: str | None
    opt_attrs: dict[str, object]
    is_current_user: bool = True


class People:
    """Service ``user``: who looks, and as far as the host's ``directory`` tells, who others are."""

    def __init__(self, viewer: Viewer, directory: Directory | None = None) -> None:
        self.viewer = viewer
        self.directory = directory

    def get_current_user(self) -> Person:
        """The viewer, with the attributes that Open edX gives."""
        viewer = self.viewer
        known = viewer.user_id is not None
        return Person(
            emails=[viewer.email] if viewer.email else [],
            full_name=viewer.full_name or None,
            display_name=viewer.username or None,
            opt_attrs={PREFIX + name: value for name, value in _attributes(viewer, known).items()},
        )

    def get_anonymous_user_id(self, username: str, course_id: object) -> str | None:
        """The viewer's anonymous id in this run; those of others are for staff."""
        if username and username == self.viewer.username:
            return self.viewer.anonymous_id
        return self.directory.anonymous_id(username) if self.directory and self.viewer.is_staff else None

    def get_external_user_id(self, type_name: str) -> str | None:
        """The viewer's id for systems of a kind (``lti``), the same in every run."""
        return self.directory.external_id(type_name) if self.directory else None

    def get_user_by_anonymous_id(self, uuid: str | None = None) -> Any | None:
        """The person (a row of Django's user model) whose anonymous id in this run that is; the viewer without one."""
        if self.directory is None:
            return None
        return self.directory.me() if uuid is None else self.directory.whose(uuid)


def _attributes(viewer: Viewer, known: bool) -> dict[str, object]:
    return {
        "user_id": viewer.user_id,
        "username": viewer.username or None,
        "is_authenticated": known,
        "user_is_staff": viewer.is_staff,
        "user_is_global_staff": viewer.is_global_staff,
        "user_is_beta_tester": viewer.is_beta_tester,
        "user_role": viewer.role,
        "anonymous_user_id": viewer.anonymous_id or None,
        "deprecated_anonymous_user_id": viewer.anonymous_id or None,
        "request_country_code": viewer.country or None,
        "user_preferences": {"pref-lang": viewer.language, "time_zone": viewer.time_zone},
    }


class Translations(NullI18nService):  # type: ignore[misc]
    """Service ``i18n``: a block's own translations, else the platform's."""

    def __init__(self, block_class: type, language: str) -> None:
        self._translations = _catalogue(block_class.__module__, language)


@lru_cache(maxsize=512)
def _catalogue(module: str, language: str) -> Any:
    package = module.partition(".")[0]
    found = importlib.util.find_spec(package) if package != "lykeion" else None
    for folder in found.submodule_search_locations or () if found else ():
        for place in ("conf/locale", "locale", "translations"):
            for domain in ("text", "django"):
                if gettext_module.find(domain, Path(folder) / place, [translation.to_locale(language)]):
                    return gettext_module.translation(domain, Path(folder) / place, [translation.to_locale(language)])
    return _Platform(language)


class _Platform:
    """The platform's translations, with the methods of :class:`gettext.NullTranslations`.

    What was said before is remembered: a problem says thirty sentences each time it is shown.
    """

    def __init__(self, language: str) -> None:
        self._language = language
        self.gettext = self.ugettext = lru_cache(maxsize=1024)(self._translated)

    def _translated(self, message: str) -> str:
        with translation.override(self._language):
            return translation.gettext(message)

    ngettext = ungettext = staticmethod(translation.ngettext)
    pgettext = staticmethod(translation.pgettext)
    npgettext = staticmethod(translation.npgettext)


class Sandbox:
    """Service ``sandbox``. Authors' Python does not run through it; problems have a sandbox of their own."""

    def get_python_lib_zip(self) -> None:
        """No library of the course is handed out."""

    def can_execute_unsafe_code(self) -> bool:
        """Never."""
        return False


class Links:
    """Service ``replace_urls``: authors' short links made into addresses."""

    def __init__(self, runtime: BlockRuntime) -> None:
        self._runtime = runtime

    def replace_urls(self, text: str, static_replace_only: bool = False) -> str:
        """``text`` with ``/static/``, ``/course/`` and ``/jump_to_id/`` links as addresses of the site."""
        return with_addresses(text, self._runtime.visit.urls)


class SettingsBuckets:
    """Service ``settings``: what the operator set for a kind of block."""

    def __init__(self, buckets: Mapping[str, Any]) -> None:
        self._buckets = buckets

    def get_settings_bucket(self, block: Any, default: Any = None) -> Any:
        """The settings under the block's ``block_settings_key`` (else its class's name), or ``default`` or {}."""
        name = getattr(block, "block_settings_key", type(block).__name__)
        return self._buckets.get(name, {} if default is None else default)


class Caches:
    """Service ``cache``: the site's cache, one room for all blocks."""

    def __init__(self, open_cache: Callable[[str], Any]) -> None:
        self._open = open_cache

    def get_cache(self, name: str = "default") -> Any:
        """A cache with ``get`` and ``set``."""
        return self._open(name)


class CallsToAction:
    """Service ``call_to_action``: none."""

    def get_ctas(self, xblock: Any, category: str, completed: bool = False) -> list[Json]:
        """No calls."""
        return []


class Publishing:
    """Service ``publish``: what ``runtime.publish`` does."""

    def __init__(self, runtime: BlockRuntime) -> None:
        self._runtime = runtime

    def publish(self, block: Any, event_type: str, event_data: Any) -> None:
        """Publishes an event of ``block``."""
        self._runtime.publish(block, event_type, event_data)


class CourseFiles:
    """Service ``course_files`` (ours): the files of the course, as the root of the visit has them."""

    def __init__(
        self,
        root: ObjectId,
        read: Callable[[ObjectId, str], bytes | None],
        version: Callable[[ObjectId, str], str | None],
    ) -> None:
        self._root = root
        self._read = read
        self._version = version

    def read(self, path: str) -> bytes | None:
        """The bytes of ``/static/path``, or None when there is no such file."""
        return self._read(self._root, path)

    def version(self, path: str) -> str | None:
        """A text that is another one for every content of ``/static/path``, or None when there is no such file."""
        return self._version(self._root, path)


def mako_templates(block_class: type) -> MakoTemplates:
    """Service ``mako``; the library is loaded when a block first asks for it."""
    from lykeion.blocks.mako import MakoTemplates

    return MakoTemplates(block_class)


class Site:
    """What the site lends to all blocks; the app's configuration fills it in."""

    host: str = ""
    buckets: Mapping[str, Any] = {}
    read_extra: Callable[[ObjectId, str], bytes | None] | None = None
    with_tables: frozenset[str] = frozenset()
    read_file: Callable[[ObjectId, str], bytes | None] | None = None
    file_version: Callable[[ObjectId, str], str | None] | None = None
    cache: Callable[[str], Any] | None = None
    script_runner: Callable[[ObjectId], ScriptRunner] | None = None
    folders: Folders | None = None


site = Site()

PROVIDERS: dict[str, Callable[[Any, Any], Any]] = {
    **UNMET,
    "user": lambda runtime, block: People(runtime.visit.viewer, runtime.visit.services.get("directory")),
    "i18n": lambda runtime, block: Translations(type(block), runtime.visit.viewer.language),
    "sandbox": lambda runtime, block: Sandbox(),
    "replace_urls": lambda runtime, block: Links(runtime),
    "settings": lambda runtime, block: SettingsBuckets(site.buckets),
    "cache": lambda runtime, block: Caches(site.cache) if site.cache else None,
    "completion": lambda runtime, block: Completion(runtime, block),
    "call_to_action": lambda runtime, block: CallsToAction(),
    "teams": lambda runtime, block: NoTeams(),
    "teams_configuration": lambda runtime, block: TeamsSettings(),
    "publish": lambda runtime, block: Publishing(runtime),
    "course_files": lambda runtime, block: (
        CourseFiles(runtime.visit.outline.root, site.read_file, site.file_version)
        if site.read_file and site.file_version
        else None
    ),
    "fs": lambda runtime, block: site.folders,
    "mako": lambda runtime, block: mako_templates(type(block)),
}
"""How each service is made, for one runtime and the block that asks."""
