"""Where courses may be kept in Git: nothing but what the operators allow, however it is written."""

from __future__ import annotations

import pytest
from pytest_django.fixtures import Settings

from lykeion.authoring.gitcommand import check_url
from lykeion.authoring.types import AuthoringError


@pytest.fixture(autouse=True)
def _allowed(settings: Settings) -> None:
    settings.LYKEION_GIT_REMOTES = ("https://git.example/team", "ssh://git@git.example/team")


def test_an_address_below_an_allowed_one_will_do() -> None:
    assert check_url("https://git.example/team/waters.git") == "https://git.example/team/waters.git"


@pytest.mark.parametrize(
    "url",
    [
        "https://git.example/other/waters.git",
        "https://git.example/team/../other",
        "https://git.example/team/%2e%2e/other",
        "ssh://git@git.example/team/%2e%2e/other",
        "https://git.example/team/x?y",
        "https://[x",
        "--upload-pack=touch",
    ],
)
def test_any_other_is_refused(url: str) -> None:
    with pytest.raises(AuthoringError):
        check_url(url)
