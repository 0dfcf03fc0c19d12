"""Packages that bring a Django app to Open edX by its plug-in contract: their apps, settings and addresses.

Source: ``edx_django_utils/plugins`` (``plugin_app`` of an AppConfig: ``settings_config`` and ``url_config``, by project
type). A package that cannot be imported, or whose settings or addresses fail, is left out as far as it fails; the site
starts, says so in its log, and ``lykeion check`` repeats it.
"""

from __future__ import annotations

import logging
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from importlib import import_module
from typing import Any, Final

from django.apps import AppConfig
from django.urls import URLResolver, include, re_path

log = logging.getLogger(__name__)

PROJECT: Final = "lms.djangoapp"
FORMS: Final = ("common", "production")
"""The settings that Open edX asks plug-ins for, in its order."""

UNGUARDED: Final = frozenset({"bulk_grades"})
"""Apps whose addresses stay out: their views give every learner's grades to whoever asks (bulk_grades/views.py checks
nobody; its blocks do not need them)."""


@dataclass(frozen=True, slots=True)
class Trouble:
    """What of a package does not work here, and why."""

    app: str
    what: str
    error: str

    def __str__(self) -> str:
        return f"{self.what} of {self.app} cannot be used ({self.error})"


troubles: list[Trouble] = []
"""What went wrong in this process, for ``lykeion check``."""


def note(app: str, what: str, error: Exception) -> None:
    """Keeps and logs that something of ``app`` cannot be used: one line."""
    said = " ".join(f"{type(error).__name__}: {error}".split())[:300]
    trouble = Trouble(app, what, said)
    if trouble not in troubles:
        troubles.append(trouble)
        log.warning("%s", trouble)


class Guest:
    """Mixed into the AppConfig of a package, so that what fails in it harms nobody else."""

    def import_models(self) -> None:
        """The tables of the app; none of those after one that fails."""
        try:
            super().import_models()  # type: ignore[misc]  # of the AppConfig this is mixed into
        except Exception as error:  # noqa: BLE001  a package's code may raise anything
            self.models: dict[str, Any] = dict(self.apps.all_models[self.label])  # type: ignore[attr-defined]
            note(self.name, "A table", error)  # type: ignore[attr-defined]

    def ready(self) -> None:
        """What the app does when all is loaded."""
        try:
            super().ready()  # type: ignore[misc]  # as above
        except Exception as error:  # noqa: BLE001  as above
            note(self.name, "Something", error)  # type: ignore[attr-defined]


def guests(apps: Iterable[str]) -> list[AppConfig]:
    """The apps of ``apps`` (dotted names, of packages or of AppConfigs) that can be imported, kept from doing harm."""
    return [found for name in apps if (found := _guest(name)) is not None]


def _guest(name: str) -> AppConfig | None:
    try:
        config = AppConfig.create(name)
        config.__class__ = type(type(config).__name__, (Guest, type(config)), {"__module__": type(config).__module__})
    except Exception as error:  # noqa: BLE001  as above
        note(name, "The app", error)
        return None
    return config


class Namespace:
    """Settings as plug-ins see and change them. Lists may be changed in place, as in Open edX."""

    def __init__(self, values: Mapping[str, Any]) -> None:
        self.__dict__.update({name: _own(value) for name, value in values.items() if name.isupper()})


def _own(value: Any) -> Any:
    return value.copy() if isinstance(value, list | dict | set) else value


def with_settings(configs: Iterable[AppConfig], values: Mapping[str, Any]) -> dict[str, Any]:
    """``values`` with what the plug-ins among ``configs`` set; one that fails has set nothing."""
    settled = dict(values)
    for form in FORMS:
        for config in configs:
            asked = _asked(config, "settings_config").get(form)
            if isinstance(asked, Mapping):
                settled.update(_set(config, str(asked.get("relative_path", "settings")), settled))
    return settled


def _set(config: AppConfig, path: str, values: Mapping[str, Any]) -> dict[str, Any]:
    namespace = Namespace(values)
    try:
        import_module(f"{config.name}.{path}").plugin_settings(namespace)
    except Exception as error:  # noqa: BLE001  as above
        note(config.name, f"{path}.py", error)
        return {}
    return vars(namespace)


def addresses(configs: Iterable[AppConfig]) -> Iterator[URLResolver]:
    """The addresses that the plug-ins among ``configs`` bring, each app's in a namespace of its own."""
    for config in configs:
        asked = _asked(config, "url_config")
        if not asked or config.name in UNGUARDED:
            continue
        space = str(asked.get("namespace") or config.label)
        path = f"{config.name}.{asked.get('relative_path', 'urls')}"
        try:
            module = import_module(path)
            yield re_path(str(asked.get("regex", "")), include((module, asked.get("app_name", space)), namespace=space))
        except Exception as error:  # noqa: BLE001  as above
            note(config.name, path.removeprefix(f"{config.name}.") + ".py", error)


def _asked(config: AppConfig, what: str) -> Mapping[str, Any]:
    """What a plug-in says for our kind of project; nothing for what is no plug-in, or says it in no known form."""
    plugin = getattr(config, "plugin_app", None)
    asked = plugin.get(what, {}) if isinstance(plugin, Mapping) else {}
    found = asked.get(PROJECT, {}) if isinstance(asked, Mapping) else {}
    return found if isinstance(found, Mapping) else {}
