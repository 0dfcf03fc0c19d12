"""Courses kept as course XML in a Git repository: pushed there, pulled from there by a merge of blocks."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any, Final
from urllib.parse import urlsplit

from django.conf import settings
from django.utils.translation import gettext as _

from lykeion.authoring import errands
from lykeion.authoring.api.courses import require
from lykeion.authoring.api.transfers import entered
from lykeion.authoring.gitcommand import Git, check_branch, check_folder, check_url
from lykeion.authoring.models import Errand, Repository
from lykeion.authoring.threeway import Conflict, Merge, Prefer
from lykeion.authoring.types import Author, AuthoringError, Capability
from lykeion.content import api as content
from lykeion.content.api import Draft
from lykeion.content.types import Branch, Change, ObjectId, ObjectMissing, RefMoved
from lykeion.core.clock import now
from lykeion.jobs.api import Running

__all__ = ["FETCH", "PULL", "PUSH", "Kept", "connect", "fetch", "kept", "latest", "pull", "push", "shown", "undo"]

PUSH, FETCH, PULL = "git_push", "git_fetch", "git_pull"
_TOLD: Final = 200  # changes that a message or report names
shown, latest = errands.shown, errands.latest


@dataclass(frozen=True, slots=True)
class Kept:
    """Where a course is kept, and which commit both sides had in common last ('' for none)."""

    url: str
    branch: str
    folder: str
    commit: str
    at: datetime | None


def kept(author: Author) -> Kept | None:
    """Where the course is kept, if it is."""
    row = Repository.objects.filter(run=str(author.run)).first()
    return None if row is None else Kept(row.url, row.branch, row.folder, row.commit, row.at)


def connect(author: Author, *, url: str, branch: str, folder: str) -> None:
    """Says where the course is kept; '' takes that away. What was in common with another place is forgotten.

    Raises :class:`AuthoringError` for places that the operators do not allow.
    """
    require(author, Capability.REPLACE)
    if not url:
        Repository.objects.filter(run=str(author.run)).delete()
        return
    where = {"url": check_url(url.strip()), "branch": check_branch(branch.strip()), "folder": check_folder(folder)}
    row = Repository.objects.filter(run=str(author.run)).first()
    if row is not None and {name: getattr(row, name) for name in where} == where:
        return
    Repository.objects.update_or_create(run=str(author.run), defaults={**where, "commit": "", "root": "", "at": None})


def push(author: Author, *, at: datetime) -> int:
    """Orders a commit of the draft as it is; the number of the errand."""
    return _order(author, PUSH, {}, at)


def fetch(author: Author, *, at: datetime) -> int:
    """Orders a look at what is there; its report tells the changes and conflicts that a pull would bring."""
    return _order(author, FETCH, {}, at)


def pull(author: Author, commit: str, prefer: Prefer, *, at: datetime) -> int:
    """Orders that what was looked at (``commit``) is merged into the draft, with whose side is taken in conflicts."""
    return _order(author, PULL, {"commit": commit, "prefer": prefer}, at)


def undo(author: Author, number: int, *, at: datetime) -> None:
    """Takes a pull back. Raises :class:`AuthoringError` when the draft was changed since."""
    require(author, Capability.REPLACE)
    report = errands.shown(author, number, PULL).report
    moves: dict[Branch, tuple[ObjectId, ObjectId]] = {"draft": (ObjectId(report["new"]), ObjectId(report["old"]))}
    try:
        content.rollback_from(author.run, moves, author=author.person.username, at=at, why="Undid: a pull")
    except RefMoved as error:
        words = _("The course was changed since. Choose the version to go back to in its history.")
        raise AuthoringError(words) from error
    common = report["common"]
    Repository.objects.filter(run=str(author.run)).update(commit=common["commit"], root=common["root"])


def do_push(row: Errand, running: Running) -> dict[str, Any]:
    """The work of a push."""
    author = entered(row)
    with _repository(author) as (place, git):
        there = git.fetch(place.url, place.branch)
        if there != place.commit:
            raise AuthoringError(_not_in_common(place))
        running.progress(1, 3, "writing")
        tree = git.work / "tree"
        tree.mkdir()
        report = content.export_version(author.run, author.root, tree / place.folder if place.folder else tree / ".")
        changes = content.diff(_common(author, place, git), author.root) if place.root else []
        name = author.person.full_name or author.person.username
        who = (name, f"{author.person.username}@users.noreply.{urlsplit(settings.SITE_URL).hostname}")
        commit = git.commit(tree, place.folder, there, _message(author, changes, is_first=not place.root), who)
        running.progress(2, 3, "pushing")
        if commit:
            git.push(place.url, place.branch, commit)
        _agree(author, commit or there, author.root)
    return {"commit": commit, "changes": _told(changes), "files": report.files, "counts": dict(report.counts)}


def do_fetch(row: Errand, _running: Running) -> dict[str, Any]:
    """The work of a look: a pull that is not kept."""
    author = entered(row)
    with _repository(author) as (place, git):
        commit = _there(git, place)
        old, new = _sides(author, place, git, commit)
        draft = Draft(content.store(), author.run, author.root)
        conflicts = Merge(draft, old, new, _base(author, place, git, old), "here").run()
        changes = content.diff(old, new)
    return {
        "commit": commit,
        "is_known": commit == place.commit,
        "in_common": bool(place.commit) and old != author.root,
        "changes": _told(changes),
        "more": max(0, len(changes) - _TOLD),
        "conflicts": [asdict(one) for one in conflicts],
    }


def do_pull(row: Errand, _running: Running) -> dict[str, Any]:
    """The work of a pull: one change of the draft."""
    author = entered(row)
    prefer: Prefer = "there" if row.payload["prefer"] == "there" else "here"
    with _repository(author) as (place, git):
        commit = _there(git, place)
        if commit != row.payload["commit"]:
            raise AuthoringError(_("Somebody pushed to the repository meanwhile. Compare once more."))
        old, new = _sides(author, place, git, commit)
        base = _base(author, place, git, old)

        def change(draft: Draft) -> list[Conflict]:
            return Merge(draft, old, new, base, prefer).run()

        why = f"Pulled: {commit[:12]}"
        edited = content.edit(author.run, change, author=row.username, at=now(), why=why)
        _agree(author, commit, edited.new if edited.old == base else _as_there(author, old, new, base))
    return {
        "commit": commit,
        "old": edited.old,
        "new": edited.new,
        "common": {"commit": place.commit, "root": place.root},
        "changes": _told(content.diff(edited.old, edited.new)),
        "conflicts": [asdict(one) for one in edited.value],
        "prefer": prefer,
    }


def _order(author: Author, kind: str, payload: dict[str, Any], at: datetime) -> int:
    require(author, Capability.REPLACE)
    if kept(author) is None:
        raise AuthoringError(_("Say first in which repository the course is kept."))
    return errands.order(author, kind, payload, at=at)


@contextmanager
def _repository(author: Author) -> Iterator[tuple[Repository, Git]]:
    """Where the course is kept, looked at anew (operators may have changed what they allow), and a Git to work with."""
    require(author, Capability.REPLACE)
    row = Repository.objects.filter(run=str(author.run)).first()
    if row is None:
        raise AuthoringError(_("Say first in which repository the course is kept."))
    check_url(row.url)
    with content.work_folder("git") as work:
        yield row, Git(work)


def _there(git: Git, place: Repository) -> str:
    commit = git.fetch(place.url, place.branch)
    if not commit:
        words = _("The repository has no branch {branch} yet. Push the course first.")
        raise AuthoringError(words.format(branch=place.branch))
    return commit


def _sides(author: Author, place: Repository, git: Git, commit: str) -> tuple[ObjectId, ObjectId]:
    """What was there when both sides were the same, and what is there now. Without anything in common the draft stands
    for the first: then all that is different there is taken."""
    new = content.stage_course(git.archive(commit, place.folder, "new.tar"), author.run).draft
    if not place.commit or not git.has(place.commit):
        return author.root, new
    return _committed(author, place, git), new


def _committed(author: Author, place: Repository, git: Git) -> ObjectId:
    """The tree of the commit that both sides had in common last."""
    return content.stage_course(git.archive(place.commit, place.folder, "old.tar"), author.run).draft


def _as_there(author: Author, old: ObjectId, new: ObjectId, base: ObjectId) -> ObjectId:
    """What both sides have in common after a pull: what they had before, with what was changed there. What was changed
    here and not pushed is no part of it: the next pull must not take it for agreed."""
    draft = Draft(content.store(), author.run, base)
    Merge(draft, old, new, base, "there").run()
    return draft.write()


def _base(author: Author, place: Repository, git: Git, committed: ObjectId) -> ObjectId:
    """What the draft was when both sides were the same; what its commit holds when that version is not kept any more
    (``content gc`` forgets versions that nobody can go back to)."""
    if not place.root or not git.has(place.commit):
        return author.root
    return ObjectId(place.root) if _is_kept(ObjectId(place.root), author.root) else committed


def _common(author: Author, place: Repository, git: Git) -> ObjectId:
    root = ObjectId(place.root)
    return root if _is_kept(root, author.root) else _committed(author, place, git)


def _is_kept(root: ObjectId, beside: ObjectId) -> bool:
    """Whether version ``root`` is there as a whole; what it has in common with ``beside``, which is in use, is."""
    try:
        content.diff(root, beside)
    except ObjectMissing:
        return False
    return True


def _agree(author: Author, commit: str, root: ObjectId) -> None:
    Repository.objects.filter(run=str(author.run)).update(commit=commit, root=root, at=now())


def _not_in_common(place: Repository) -> str:
    if place.commit:
        return _("Somebody pushed to the repository since. Compare and pull first; nothing was pushed.")
    words = _("The branch {branch} holds something already. Compare and pull it first, or choose another branch.")
    return words.format(branch=place.branch)


def _message(author: Author, changes: list[Change], *, is_first: bool) -> str:
    """The message of a commit: what changed, for people who read the log. English, as the history of the course is."""
    if is_first:
        return f"{author.title}: first version\n"
    count = f"{len(changes)} change{'' if len(changes) == 1 else 's'}"
    head = f"{author.title}: {_line(changes[0])}" if len(changes) == 1 else f"{author.title}: {count}"
    lines = [f"- {_line(one)}" for one in changes[:_TOLD]]
    more = [f"- and {len(changes) - _TOLD} more"] if len(changes) > _TOLD else []
    return "\n".join([head, "", *lines, *more, ""])


def _line(one: Change) -> str:
    names = f" ({', '.join(one.names)})" if one.names else ""
    return f"{one.kind} {one.ref} {one.title!r}{names}"


def _told(changes: list[Change]) -> list[dict[str, Any]]:
    return [asdict(one) for one in changes[:_TOLD]]
