"""Templates of others' blocks, compiled once.

``ResourceLoader`` of XBlock lists all tag libraries and compiles the template each time that a block is shown, which is
two thirds of what a unit with such blocks costs (``bench/BLOCKS.md``). A template in a package never changes.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Any, Final

from django.template import Context, Engine, Template
from django.template.backends.django import get_installed_libraries
from xblock.utils.resources import ResourceLoader

TAGS: Final = {"i18n": "xblock.utils.templatetags.i18n"}
"""Tag libraries that templates of blocks find in place of Django's."""


def compile_once() -> None:
    """Lets every :class:`ResourceLoader` keep the templates it has compiled."""
    ResourceLoader.render_django_template = _render


def _render(self: Any, template_path: str, context: dict[str, Any] | None = None, i18n_service: object = None) -> str:
    values = {} if context is None else context
    values["_i18n_service"] = i18n_service  # where the tags look for it
    return str(_compiled(self.module_name, template_path).render(Context(values)))


@lru_cache(maxsize=512)
def _compiled(module_name: str, template_path: str) -> Template:
    return Template(ResourceLoader(module_name).load_unicode(template_path), engine=_engine())


@lru_cache(maxsize=1)
def _engine() -> Engine:
    return Engine(libraries={**get_installed_libraries(), **TAGS})
