"""Service ``mako``: templates of Mako, from the package of the block that asks. Loaded when a block first asks."""

from __future__ import annotations

import importlib.resources
from collections.abc import Mapping
from functools import lru_cache
from typing import Any

from mako.exceptions import TopLevelLookupException
from mako.lookup import TemplateLookup

FOLDERS = ("", "templates", "static/html")


class NoSuchTemplate(Exception):
    """The package has no such template; those of Open edX itself are not here."""


class MakoTemplates:
    """Renders templates of the block's own package. The templates of Open edX are none of ours."""

    def __init__(self, block_class: type) -> None:
        self._package = block_class.__module__.partition(".")[0]

    def render_template(self, template_file: str, dictionary: Mapping[str, Any], namespace: str = "main") -> str:
        """The HTML of a template with the values of ``dictionary``. Raises :class:`NoSuchTemplate`."""
        try:
            template = _lookup(self._package).get_template(template_file)
        except TopLevelLookupException as error:
            text = f"{self._package} has no template {template_file}, and Open edX's own templates are not here."
            raise NoSuchTemplate(text) from error
        return str(template.render_unicode(**dictionary))

    render_lms_template = render_cms_template = render_template


@lru_cache(maxsize=64)
def _lookup(package: str) -> TemplateLookup:
    root = importlib.resources.files(package)
    return TemplateLookup([str(root / folder) for folder in FOLDERS])
