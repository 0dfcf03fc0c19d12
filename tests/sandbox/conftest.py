"""Sandboxes that run for the time of the tests, one at each level of isolation that this machine gives."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from lykeion.sandbox.api import Sandbox, private_sandbox

LEVELS = ["namespaces", "filtered"]


@pytest.fixture(scope="package", params=LEVELS)
def walled(request: pytest.FixtureRequest) -> Iterator[Sandbox]:
    """A sandbox with the strongest isolation, then one as on a kernel without namespaces for everybody."""
    level = request.param
    with private_sandbox(running=3, strongest=level, minimum=level, cpu_seconds=2, wall_seconds=5) as sandbox:
        yield sandbox


@pytest.fixture(scope="package")
def sandbox() -> Iterator[Sandbox]:
    """A sandbox as a site has it."""
    with private_sandbox(running=3, cpu_seconds=2, wall_seconds=4) as running:
        yield running
