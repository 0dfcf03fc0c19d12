"""The sample blocks, installed for as long as a test runs."""

from __future__ import annotations

import pytest

from lykeion.blocks import fragments, registry
from tests.blocks import samples


@pytest.fixture(autouse=True)
def installed(monkeypatch: pytest.MonkeyPatch) -> registry.Registry:
    """The registry of the process, with the samples beside what is really installed, and no asides."""
    table = registry.Registry(lambda: [*registry.installed_entry_points(), *samples.entry_points()])
    monkeypatch.setattr(registry, "installed", table)
    fragments.immutable.clear()
    return table
