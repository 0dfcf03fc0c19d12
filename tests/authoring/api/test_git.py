"""Courses in Git repositories: pushed, pulled by a merge, nothing lost."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from lykeion.authoring.api import files, git
from lykeion.authoring.api.files import Bytes
from lykeion.authoring.models import Repository
from lykeion.authoring.types import Author, AuthoringError, NotAllowed
from lykeion.authoring.wholecourse import places
from lykeion.content import api as content
from lykeion.content import shapes
from lykeion.content.cache import forget
from lykeion.content.types import NewBlock, ObjectId
from lykeion.core.keys import CourseLocator
from lykeion.jobs import api as jobs
from tests.content.trees import NOON

Enter = Callable[..., Author]
NOBODY = {
    "PATH": os.environ["PATH"],
    "GIT_CONFIG_NOSYSTEM": "1",
    "GIT_CONFIG_GLOBAL": os.devnull,
    **{f"GIT_{role}_{what}": "dora" for role in ("AUTHOR", "COMMITTER") for what in ("NAME", "EMAIL")},
}


def shell(*arguments: str, at: Path) -> str:
    done = subprocess.run(["git", *arguments], cwd=at, env=NOBODY, capture_output=True, text=True, check=True)
    return done.stdout


class Remote:
    """A bare repository, and what somebody else does in it."""

    def __init__(self, folder: Path) -> None:
        self.url = str(folder / "course.git")
        self._clone = folder / "clone"
        shell("init", "--quiet", "--bare", "--initial-branch=main", self.url, at=folder)

    def log(self) -> list[str]:
        return shell("log", "--format=%s", "main", at=Path(self.url)).splitlines()

    def files(self) -> list[str]:
        return shell("ls-tree", "-r", "--name-only", "main", at=Path(self.url)).splitlines()

    def change(self, path: str, old: str, new: str) -> None:
        """Dora replaces ``old`` by ``new`` in the file ``path`` (None there yet: makes it) and pushes."""
        if not self._clone.exists():
            shell("clone", "--quiet", self.url, str(self._clone), at=self._clone.parent)
        shell("pull", "--quiet", "origin", "main", at=self._clone)
        file = self._clone / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(file.read_text().replace(old, new) if old else new)
        shell("add", "-A", at=self._clone)
        shell("commit", "--quiet", "-m", f"Dora changed {path}", at=self._clone)
        shell("push", "--quiet", "origin", "HEAD:main", at=self._clone)


@pytest.fixture
def remote(tmp_path: Path, settings: Any) -> Remote:
    settings.LYKEION_UPLOADS = tmp_path / "uploads"
    settings.LYKEION_GIT_REMOTES = (f"{tmp_path}/",)
    return Remote(tmp_path)


def connect(author: Author, remote: Remote, folder: str = "") -> None:
    git.connect(author, url=remote.url, branch="main", folder=folder)


def done(author: Author, order: Callable[..., int], kind: str, *more: Any) -> git.Shown:
    number = order(author, *more, at=NOON)
    jobs.run_pending()
    found = git.shown(author, number, kind)
    assert found.is_over
    return found


def pushed(author: Author) -> git.Shown:
    return done(author, git.push, git.PUSH)


def fetched(author: Author) -> git.Shown:
    return done(author, git.fetch, git.FETCH)


def pulled(author: Author, prefer: str = "here") -> git.Shown:
    commit = fetched(author).report["commit"]
    return done(author, git.pull, git.PULL, commit, prefer)


def text(run: CourseLocator, ref: str = "html@text") -> str:
    object_id = content.way(content.head(run, "draft"), ref)[-1].object_id
    return str(content.nodes([object_id])[object_id].fields["data"])


def write(run: CourseLocator, ref: str = "html@text", **values: str) -> None:
    content.edit(run, lambda draft: draft.update(ref, values), author="carol", at=NOON)


def test_a_course_is_pushed_with_messages_that_say_what_changed(
    author: Enter, run: CourseLocator, remote: Remote
) -> None:
    connect(author(), remote)
    first = pushed(author())
    write(run, data="<p>Rivers run to the sea.</p>")
    pushed(author())
    nothing = pushed(author())

    assert first.phase == "done", first.refused
    assert remote.log() == ["Waters: changed html@text 'Text' (data)", "Waters: first version"]
    assert nothing.report["commit"] == ""
    assert {"course.xml", "html/text.html", "vertical/unit.xml"} <= set(remote.files())
    assert shell("log", "-1", "--format=%an %ae", "main", at=Path(remote.url)).startswith("Carol carol@users.noreply")


def test_what_else_is_in_the_repository_stays(author: Enter, remote: Remote) -> None:
    connect(author(), remote, "courses/waters")
    pushed(author())
    remote.change("notes.txt", "", "For the team\n")
    pulled(author())
    files.put(author(), "a.txt", Bytes(b"a"), NOON)

    found = pushed(author())

    assert found.phase == "done", found.refused
    assert {"notes.txt", "courses/waters/course.xml", "courses/waters/static/a.txt"} <= set(remote.files())


def test_what_others_pushed_is_shown_and_pulled_as_one_change_that_can_be_undone(
    author: Enter, run: CourseLocator, remote: Remote
) -> None:
    connect(author(), remote)
    pushed(author())
    before = content.head(run, "draft")
    remote.change("html/text.html", "Rivers", "Great rivers")
    remote.change("static/new.txt", "", "new")

    seen = fetched(author())
    found = pulled(author())

    changes = {(one["kind"], one["ref"]) for one in seen.report["changes"]}
    assert ("changed", "html@text") in changes
    assert ("added", "files/new.txt") in changes
    assert seen.report["conflicts"] == []
    assert (text(run), list(content.files(content.head(run, "draft")))) == ("<p>Great rivers run.</p>", ["new.txt"])
    assert content.history(run, "draft")[0].old == before
    git.undo(author(), found.id, at=NOON)
    assert content.head(run, "draft") == before
    assert fetched(author()).report["changes"] == seen.report["changes"]


def test_changes_of_both_sides_come_together_block_by_block(author: Enter, run: CourseLocator, remote: Remote) -> None:
    connect(author(), remote)
    pushed(author())
    remote.change("html/text.html", "Rivers", "Great rivers")
    remote.change("vertical/unit.xml", 'display_name="Rivers"', 'display_name="All rivers"')
    write(run, "problem@sum", data="<problem><p>3+3</p></problem>")
    content.edit(run, lambda d: d.add("vertical@unit", NewBlock("html", "mine", {"data": "Mine"})), author="c", at=NOON)

    refused = pushed(author())
    found = pulled(author())

    assert "Somebody pushed to the repository since" in refused.refused
    assert found.report["conflicts"] == []
    assert text(run) == "<p>Great rivers run.</p>"
    assert "3+3" in text(run, "problem@sum")
    assert text(run, "html@mine") == "Mine"
    assert pushed(author()).phase == "done"
    assert "html/mine.html" in remote.files()


@pytest.mark.parametrize(("prefer", "kept"), [("here", "<p>Ours</p>"), ("there", "<p>Great rivers run.</p>")])
def test_a_conflict_is_told_and_decided_by_the_author(
    author: Enter, run: CourseLocator, remote: Remote, prefer: str, kept: str
) -> None:
    connect(author(), remote)
    pushed(author())
    remote.change("html/text.html", "Rivers", "Great rivers")
    write(run, data="<p>Ours</p>")
    ours = content.head(run, "draft")

    seen = fetched(author())
    assert seen.report["conflicts"] == [{"ref": "html@text", "what": "data"}]
    assert content.head(run, "draft") == ours
    pulled(author(), prefer)

    assert text(run) == kept


def test_what_was_changed_here_and_not_pushed_stays_ours_after_a_pull(
    author: Enter, run: CourseLocator, remote: Remote
) -> None:
    connect(author(), remote)
    pushed(author())
    write(run, data="<p>Ours</p>")
    remote.change("vertical/unit.xml", 'display_name="Rivers"', 'display_name="All rivers"')
    assert pulled(author()).report["conflicts"] == []
    remote.change("html/text.html", "Rivers", "Great rivers")

    found = pulled(author())

    assert found.report["conflicts"] == [{"ref": "html@text", "what": "data"}]
    assert text(run) == "<p>Ours</p>"
    assert pushed(author()).phase == "done"
    assert remote.log()[0] == "Waters: changed html@text 'Text' (data)"


def test_blocks_that_come_go_and_move_there_do_so_here(author: Enter, run: CourseLocator, remote: Remote) -> None:
    connect(author(), remote)
    pushed(author())
    remote.change("vertical/unit.xml", '<problem url_name="sum"/>', "")
    remote.change("vertical/second.xml", "/>", '><problem url_name="sum"/><html url_name="extra"/></vertical>')
    remote.change("html/extra.xml", "", '<html filename="extra" display_name="Extra"/>')
    remote.change("html/extra.html", "", "<p>Extra</p>")

    pulled(author())
    refs = [place.ref for place in places(content.head(run, "draft")) if place.unit]
    remote.change("vertical/second.xml", '<problem url_name="sum"/>', "")
    pulled(author())

    assert refs == ["vertical@unit", "html@text", "vertical@second", "problem@sum", "html@extra"]
    assert "problem@sum" not in [place.ref for place in places(content.head(run, "draft"))]


def test_what_was_changed_here_is_not_removed_because_it_was_removed_there(
    author: Enter, run: CourseLocator, remote: Remote
) -> None:
    connect(author(), remote)
    pushed(author())
    remote.change("vertical/unit.xml", '<html url_name="text"/>', "")
    write(run, data="<p>Ours</p>")

    found = pulled(author())

    assert found.report["conflicts"] == [{"ref": "html@text", "what": "removed"}]
    assert text(run) == "<p>Ours</p>"


def test_a_branch_that_holds_another_course_is_not_overwritten(author: Enter, remote: Remote) -> None:
    connect(author(), remote)
    pushed(author())
    git.connect(author(), url="", branch="", folder="")
    connect(author(), remote)

    assert "holds something already" in pushed(author()).refused


@pytest.mark.parametrize(
    ("url", "words"),
    [
        ("https://evil.example/x.git", "begins with"),
        ("ext::sh -c touch% /tmp/x", "begins with"),
        ("--upload-pack=/bin/sh", "begins with"),
        ("https://user:secret@good.example/x.git", "Leave name and password out"),
        ("https://good.example.evil.org/x.git", "begins with"),
        ("https://good.example/../x.git", "begins with"),
    ],
)
def test_addresses_that_the_operators_do_not_allow_are_refused(
    author: Enter, settings: Any, url: str, words: str
) -> None:
    settings.LYKEION_GIT_REMOTES = ("https://good.example",)

    with pytest.raises(AuthoringError, match=words):
        git.connect(author(), url=url, branch="main", folder="")
    git.connect(author(), url="https://good.example/x.git", branch="main", folder="")


@pytest.mark.parametrize(("branch", "folder"), [("-x", ""), ("a..b", ""), ("main", "../x"), ("main", "a/.git/hooks")])
def test_names_that_are_none_are_refused(author: Enter, remote: Remote, branch: str, folder: str) -> None:
    with pytest.raises(AuthoringError, match="is no"):
        git.connect(author(), url=remote.url, branch=branch, folder=folder)


def test_without_the_operators_there_is_no_git(author: Enter, settings: Any) -> None:
    settings.LYKEION_GIT_REMOTES = ()

    with pytest.raises(AuthoringError, match="LYKEION_GIT_REMOTES"):
        git.connect(author(), url="/srv/x.git", branch="main", folder="")


def test_what_git_says_is_told_without_secrets(author: Enter, remote: Remote) -> None:
    git.connect(author(), url=f"{remote.url}.gone", branch="main", folder="")

    assert "Git said" in pushed(author()).refused


def test_hooks_of_the_repository_are_not_run(author: Enter, remote: Remote, tmp_path: Path) -> None:
    hook = Path(remote.url) / "hooks" / "pre-receive"
    hook.parent.mkdir(exist_ok=True)
    hook.write_text(f"#!/bin/sh\ntouch {tmp_path}/ran\n")
    hook.chmod(0o755)
    connect(author(), remote)

    found = pushed(author())

    assert (found.phase, (tmp_path / "ran").exists()) == ("done", False)


def test_editors_keep_no_course_in_git(author: Enter, remote: Remote) -> None:
    with pytest.raises(NotAllowed):
        connect(author("editor"), remote)


def forget_version(root: str) -> None:
    """What ``content gc`` does to a version that no ref and no retained move of one names."""
    assert content.store().delete_many([ObjectId(root)], touched_before=datetime(2100, 1, 1, tzinfo=UTC)) == 1
    forget()
    shapes.forget()


@pytest.mark.parametrize("gone", [False, True])
def test_a_common_version_that_was_collected_is_read_again_from_its_commit(
    author: Enter, run: CourseLocator, remote: Remote, gone: bool
) -> None:
    connect(author(), remote)
    pushed(author())
    content.edit(run, lambda draft: draft.remove("problem@sum"), author="carol", at=NOON)
    common = Repository.objects.get().root
    if gone:
        forget_version(common)

    sent = pushed(author())
    remote.change("html/text.html", "Rivers", "Great rivers")
    got = pulled(author())

    assert sent.phase == "done", sent.refused
    assert [one["ref"] for one in sent.report["changes"] if one["kind"] == "removed"] == ["problem@sum"]
    assert got.phase == "done", got.refused
    assert (got.report["conflicts"], text(run)) == ([], "<p>Great rivers run.</p>")


def test_a_pull_removes_what_was_removed_there_though_the_common_version_is_gone(
    author: Enter, run: CourseLocator, remote: Remote
) -> None:
    connect(author(), remote)
    pushed(author())
    common = Repository.objects.get().root
    write(run, data="<p>Rivers run to the sea.</p>")
    remote.change("vertical/unit.xml", '<problem url_name="sum"/>', "")
    forget_version(common)

    got = pulled(author())

    assert got.phase == "done", got.refused
    assert got.report["conflicts"] == []
    assert "problem@sum" not in {place.ref for place in places(content.head(run, "draft"))}
    assert text(run) == "<p>Rivers run to the sea.</p>"
