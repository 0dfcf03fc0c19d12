"""Pages of Git."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from lykeion.content import api as content
from lykeion.core.keys import CourseLocator
from lykeion.jobs import api as jobs
from tests.authoring.api.test_git import Remote
from tests.content.conftest import _fresh  # noqa: F401  # files of its own for every test
from tests.content.trees import NOON


@pytest.fixture
def base(run: CourseLocator) -> str:
    return f"/studio/course/{run}/git"


@pytest.fixture
def remote(tmp_path: Path, settings: Any) -> Remote:
    settings.LYKEION_GIT_REMOTES = (f"{tmp_path}/",)
    return Remote(tmp_path)


def test_without_the_operators_the_page_says_who_can_set_it_up(carol: Client, base: str) -> None:
    assert "LYKEION_GIT_REMOTES" in carol.get(base).content.decode()


def test_a_wrong_address_stays_in_the_form_with_what_is_wrong(carol: Client, base: str, remote: Remote) -> None:
    answer = carol.post(base, {"url": "https://evil.example/x.git", "branch": "main"})

    page = answer.content.decode()
    assert (answer.status_code, "https://evil.example/x.git" in page, "begins with" in page) == (422, True, True)


def test_a_course_is_pushed_compared_pulled_and_the_pull_undone(
    carol: Client, base: str, run: CourseLocator, remote: Remote
) -> None:
    def act(what: str, **form: str) -> str:
        report: str = carol.post(f"{base}/{what}", form)["Location"]
        assert 'hx-trigger="load delay:1s"' in carol.get(report).content.decode()
        jobs.run_pending()
        return report

    def shown(report: str) -> str:
        return carol.get(report).content.decode()

    carol.post(base, {"url": remote.url, "branch": "main", "folder": ""})
    pushed = shown(act("push"))
    remote.change("html/text.html", "Rivers", "Great rivers")
    compared = act("fetch")
    commit = carol.get(compared).context["errand"].report["commit"]
    pulled = act("pull", commit=commit, prefer="here")

    assert "Pushed as commit" in pushed
    assert ("Pull these changes into the draft" in shown(compared), "html@text" in shown(compared)) == (True, True)
    assert "Take the pull back" in shown(pulled)
    number = pulled.rpartition("/")[2]
    assert carol.post(f"{base}/pull/{number}/undo").status_code == 302
    assert carol.get(base).status_code == 200


def test_what_was_changed_on_both_sides_is_told_by_its_name(
    carol: Client, base: str, run: CourseLocator, remote: Remote
) -> None:
    carol.post(base, {"url": remote.url, "branch": "main", "folder": ""})
    carol.post(f"{base}/push")
    jobs.run_pending()
    remote.change("html/text.html", "Rivers", "Great rivers")
    content.edit(run, lambda draft: draft.update("html@text", {"data": "Ours"}), author="carol", at=NOON)
    report = carol.post(f"{base}/fetch")["Location"]
    jobs.run_pending()

    shown = carol.get(report).content.decode()

    assert '<li>Text: Text <bdi class="soft">html@text</bdi></li>' in shown
    assert '<td data-label="What of it">Text</td>' in shown
