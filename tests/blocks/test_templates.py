"""Templates of others' blocks are compiled once, and say what they said before."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest
from xblock.utils.resources import ResourceLoader

from lykeion.blocks import templates

render_uncached = ResourceLoader.render_django_template


@pytest.fixture
def loader(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> ResourceLoader:
    package = tmp_path / "somebody"
    package.mkdir()
    (package / "__init__.py").write_text("")
    (package / "page.html").write_text("{% load i18n %}{% trans 'Hello' %} {{ name }} <{{ name|upper }}>")
    monkeypatch.syspath_prepend(str(tmp_path))
    monkeypatch.setattr(ResourceLoader, "render_django_template", render_uncached)
    templates._compiled.cache_clear()
    yield ResourceLoader("somebody")
    sys.modules.pop("somebody", None)
    templates._compiled.cache_clear()


def test_a_template_says_the_same_compiled_once(loader: ResourceLoader) -> None:
    before = loader.render_django_template("page.html", {"name": "a & b"})

    templates.compile_once()

    assert loader.render_django_template("/page.html", {"name": "a & b"}) == before == "Hello a &amp; b <A &amp; B>"
    assert loader.render_django_template("/page.html", {"name": "c"}) == "Hello c <C>"
    assert templates._compiled.cache_info().misses == 1
