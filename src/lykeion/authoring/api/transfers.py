"""Courses, parts of them and libraries, in from archives and out to archives. Both are jobs; their reports stay."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any, BinaryIO, Final

from django.utils.translation import gettext as _

from lykeion.accounts import api as accounts
from lykeion.authoring import errands
from lykeion.authoring.api import courses, uploads
from lykeion.authoring.api.courses import require
from lykeion.authoring.errands import Shown
from lykeion.authoring.fileuses import run_in_files, uses
from lykeion.authoring.models import Errand
from lykeion.authoring.pasting import fitted, with_files, wrapped
from lykeion.authoring.saving import course_fields
from lykeion.authoring.types import Author, AuthoringError, Capability, is_library
from lykeion.content import api as content
from lykeion.content.api import Draft
from lykeion.content.types import (
    ContentError,
    ExportReport,
    ImportReport,
    ImportWarning,
    LibraryReport,
    ObjectId,
    Progress,
    RefMoved,
)
from lykeion.core import parcels
from lykeion.core.clock import now
from lykeion.core.keys import parse_home, plain_name, split_ref
from lykeion.grades.api import policy_trouble
from lykeion.jobs.api import Running

__all__ = [
    "DRAFT",
    "EXPORT",
    "IMPORT",
    "PASTE",
    "STAGES",
    "Shown",
    "archive_of",
    "containers",
    "entered",
    "export",
    "import_archive",
    "latest",
    "paste_archive",
    "shown",
    "undo",
]

IMPORT, EXPORT, PASTE = "import", "export", "paste"
DRAFT: Final = "draft"
"""What is exported in the place of a block: the whole draft."""
STAGES: Final = ("uploading", "unpacking", "verifying", "updating")
_UPDATING: Final = frozenset({"storing files", "storing blocks", "compiling"})
_WARNINGS: Final = 500  # that a report keeps
shown, latest = errands.shown, errands.latest


def import_archive(author: Author, upload: str, *, at: datetime) -> int:
    """Orders that an uploaded archive replaces the course or library, draft and published alike; the number of the
    errand."""
    require(author, Capability.REPLACE)
    known, _source = uploads.finished(author, upload, "course")
    return errands.order(author, IMPORT, {"upload": upload, "name": known.path}, at=at)


def paste_archive(author: Author, upload: str, target: str, *, at: datetime) -> int:
    """Orders that what an uploaded archive holds is put at the end of block ``target`` of the draft."""
    require(author, Capability.EDIT)
    known, _source = uploads.finished(author, upload, "part")
    return errands.order(author, PASTE, {"upload": upload, "name": known.path, "target": target}, at=at)


def export(author: Author, ref: str = "", *, at: datetime) -> int:
    """Orders an archive of the course or library as it is published with its drafts, or of block ``ref`` of the draft
    of a course, or (:data:`DRAFT`) of all of that draft as if it were published."""
    if ref and author.is_library:
        raise AuthoringError(_("A library is exported as a whole."))
    if ref not in ("", DRAFT):
        content.way(author.root, ref)
    uploads.plan_sweep(at)
    return errands.order(author, EXPORT, {"ref": ref}, at=at)


def archive_of(author: Author, number: int) -> tuple[str, BinaryIO]:
    """The name and content of an archive that was made. Raises :class:`ContentError` when there is none any more."""
    found = errands.shown(author, number, EXPORT)
    if not found.file:
        raise ContentError(_("That archive is not there any more. Export again."))
    name = "-".join([plain_name(author.run), *split_ref(found.payload["ref"])[1:]])
    return f"{name.rstrip('-')}{_ending(author)}", parcels.open_kept(found.file)


def _ending(author: Author) -> str:
    return ".zip" if author.is_library else ".tar.gz"


def containers(author: Author, kinds: Collection[str]) -> list[tuple[str, str]]:
    """The blocks of some kinds of a course, in order: ref, and its title after those of what it is in. Grows with the
    course."""
    titles: dict[str, str] = {}
    steps = list(_inside(content.parts(author.root)["course"], kinds, ()))
    named = content.nodes([step.object_id for step, _above in steps])
    for step, above in steps:
        name = named[step.object_id].fields.get("display_name") or step.id
        titles[step.ref] = f"{titles[above[-1]]} / {name}" if above else str(name)
    return list(titles.items())


def _inside(
    object_id: ObjectId, kinds: Collection[str], above: tuple[str, ...]
) -> Iterator[tuple[content.Step, tuple[str, ...]]]:
    for step in content.children(object_id):
        if split_ref(step.ref)[0] in kinds:
            yield step, above
            yield from _inside(step.object_id, kinds, (*above, step.ref))


def undo(author: Author, number: int, kind: str, *, at: datetime) -> None:
    """Takes an import or paste back, if nobody changed the course since. Raises :class:`AuthoringError` else."""
    require(author, Capability.REPLACE if kind == IMPORT else Capability.EDIT)
    found = errands.shown(author, number, kind)
    before, after = found.report.get("before", {}), found.report.get("after", {})
    if not before:
        raise AuthoringError(_("There is nothing to take back."))
    moves = {branch: (after[branch], root) for branch, root in before.items()}
    try:
        content.rollback_from(author.run, moves, author=author.person.username, at=at, why="Undid: an import")
    except RefMoved as error:
        words = _("The course was changed since. Choose the version to go back to in its history.")
        raise AuthoringError(words) from error


def do_import(row: Errand, running: Running) -> dict[str, Any]:
    """The work of an import."""
    author = entered(row)
    require(author, Capability.REPLACE)  # they may have lost the role since they ordered it
    if "before" not in row.payload:  # kept before the first try: a second one may find the import done
        before = {branch: content.head(author.run, branch) for branch in ("draft", "published")}
        row.payload = {**row.payload, "before": before}
        row.save(update_fields=["payload"])
    with content.work_folder("upload") as folder:
        archive = _fetched(author, row, "course", folder)
        told = _Stages(running)
        told(0, 0, "unpacking")
        report = _brought_in(author, archive, told)
        warnings = (*_of_grading(report), *report.warnings)
    return {
        **_told(replace(report, warnings=warnings)),
        "before": row.payload["before"],
        "after": {"draft": report.draft, "published": report.published},
    }


def _of_grading(report: ImportReport | LibraryReport) -> tuple[ImportWarning, ...]:
    """A policy that is JSON, but no rules of grading, is kept as it is; nothing counts until somebody mends it."""
    found = policy_trouble(course_fields(report.draft).get("grading_policy"))
    return (ImportWarning(found, "grading_policy.json"),) if found else ()


def _brought_in(author: Author, archive: Path, told: Progress) -> ImportReport | LibraryReport:
    who, home = author.person.username, author.run
    if is_library(home):
        return content.import_library(archive, library=home, author=who, at=now(), progress=told)
    return content.import_course(archive, run=home, author=who, at=now(), progress=told)


def do_paste(row: Errand, running: Running) -> dict[str, Any]:
    """The work of a paste: one change of the draft."""
    author = entered(row)
    target = row.payload["target"]
    with content.work_folder("upload") as folder:
        archive = _fetched(author, row, "part", folder)
        running.progress(0, 0, "unpacking")
        with content.opened_portion(archive, _Stages(running)) as portion:
            running.progress(0, 0, "updating")
            blocks = [wrapped(block, portion.around, split_ref(target)[0]) for block in portion.blocks]
            fitting = [block for block in blocks if block is not None]
            if not fitting or len(fitting) < len(blocks):
                raise AuthoringError(_("What the archive holds cannot be put there. Choose a place further up."))
            files = {path: content.store_file(path, source) for path, source in portion.files.items()}

            def change(draft: Draft) -> list[str]:
                taken = draft.holding(ref for block in fitting for ref in block.refs())
                linked = with_files(fitted(fitting, taken), files, draft, run_in_files(author.run))
                return [draft.add(target, block) for block in linked]

            why = f"Pasted: {target}"
            edited = content.edit(author.run, change, author=row.username, at=now(), why=why)
            warnings = [_warning(one) for one in portion.warnings]
    counts: dict[str, int] = {}
    for ref in (ref for block in fitting for ref in block.refs()):
        counts[split_ref(ref)[0]] = counts.get(split_ref(ref)[0], 0) + 1
    ends = {"before": {"draft": edited.old}, "after": {"draft": edited.new}}
    return {"counts": counts, "files": len(files), "warnings": warnings, "refs": edited.value, **ends}


def put_away(payload: Any) -> None:
    """Drops the upload of an errand that is over."""
    row = Errand.objects.filter(pk=payload["errand"]).first()
    if row is not None and row.report is not None:
        uploads.drop_key(row.payload["upload"])


def do_export(row: Errand, running: Running) -> dict[str, Any]:
    """The work of an export. The archive is kept for a week."""
    author = entered(row)
    ref = row.payload["ref"]

    def progress(done: int, total: int, what: str) -> None:
        running.progress(done, total, what)

    with content.work_folder("export") as folder:
        archive = folder / f"export{_ending(author)}"
        report: ExportReport | LibraryReport
        if is_library(author.run):
            report = content.export_library(author.run, archive, at=now(), progress=progress)
        elif ref == DRAFT:
            report = content.export_course(author.run, archive, root=author.root, progress=progress)
        elif ref:
            files = _files_below(author, ref)
            report = content.export_portion(author.run, author.root, ref, archive, files=files, progress=progress)
        else:
            report = content.export_course(author.run, archive, progress=progress)
        size = archive.stat().st_size
        with archive.open("rb") as stream:
            row.file = parcels.keep_stream(stream)
    return {**_told(report), "size": size}


def _files_below(author: Author, ref: str) -> list[str]:
    outline = content.part_outline(author.run, author.root, ref)
    top = outline.get(ref)
    below = {block.ref for block in outline.subtree(top)} if top else set()
    found = uses(author.root, author.run)
    used = [path for path, places in found.places.items() if any(place.ref in below for place in places)]
    return used + [path for path, loaders in found.files.items() if set(loaders) & set(used)]


class _Stages:
    """Progress of an import in the stages that pages show. Not every call is told: each would be a write."""

    def __init__(self, running: Running) -> None:
        self._running, self._last = running, (-1, "")

    def __call__(self, done: int, total: int, what: str) -> None:
        stage = "updating" if what in _UPDATING else "unpacking" if what == "unpacking" else "verifying"
        step = (50 * done // total if total else 0, what)
        if step != self._last:
            self._last = step
            self._running.progress(done, total, stage)


def entered(row: Errand) -> Author:
    """Who ordered it, if they may still come in."""
    person = accounts.find_person(row.username)
    if person is None:
        raise AuthoringError(_("Whoever ordered this has no account any more."))
    return courses.enter(person, parse_home(row.run))


def _fetched(author: Author, row: Errand, purpose: str, folder: Path) -> Path:
    known, source = uploads.finished(author, row.payload["upload"], purpose)
    archive = folder / known.path.rpartition("/")[2]
    with source.open() as stream, archive.open("xb") as target:
        while piece := stream.read(1 << 20):
            target.write(piece)
    return archive


def _told(report: ImportReport | ExportReport | LibraryReport) -> dict[str, Any]:
    warnings = [_warning(one) for one in report.warnings[:_WARNINGS]]
    more = len(report.warnings) - len(warnings)
    return {"counts": dict(report.counts), "files": report.files, "warnings": warnings, "more": more}


def _warning(one: ImportWarning) -> dict[str, Any]:
    return {"message": one.message, "file": one.file, "line": one.line}
