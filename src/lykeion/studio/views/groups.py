"""Groups of learners that content can be for."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from lykeion.authoring.api import groups as rules
from lykeion.authoring.api.groups import Group
from lykeion.authoring.types import Author, Capability
from lykeion.core.clock import now
from lykeion.core.whole import whole
from lykeion.studio.frame import frame
from lykeion.studio.guards import in_course
from lykeion.studio.views.settings import Said, acted, shown


def _show(request: HttpRequest, author: Author) -> HttpResponse:
    found = rules.partitions(author)
    linked = rules.cohorts(author)
    names = {
        (one.id, group.id): ", ".join(cohort.name for cohort in linked.get((one.id, group.id or -1), ()))
        for one in found
        for group in one.groups
    }
    rows = [(one, [(group, names[one.id, group.id]) for group in one.groups]) for one in found]
    return shown(
        request,
        author,
        "groups",
        content_groups=[row for row in rows if row[0].scheme == "cohort"],
        experiments=[row for row in rows if row[0].scheme == "random"],
        others=[row for row in rows if row[0].scheme not in ("cohort", "random")],
        tracks=rules.tracks(author),
    )


def _add_content(form: QueryDict, author: Author) -> Said:
    return Said(_("Added."), rules.add(author, "cohort", "", [form.get("group_name", "")], at=now()))


def _add_experiment(form: QueryDict, author: Author) -> Said:
    groups = form.getlist("group_name") or [_("Group A"), _("Group B")]
    return Said(_("Added."), rules.add(author, "random", form.get("name", ""), groups, at=now()))


def _save(form: QueryDict, author: Author) -> Said:
    pairs = zip(form.getlist("group_name"), form.getlist("group_id"), strict=False)
    groups = [Group(name, whole(number)) for name, number in pairs]
    edit = rules.save_partition(
        author,
        whole(form.get("id", "")) or 0,
        name=form.get("name", ""),
        description=form.get("description", ""),
        groups=groups,
        base=form.get("base", ""),
        at=now(),
    )
    return Said(_("Saved."), edit)


def _remove(form: QueryDict, author: Author) -> Said:
    return Said(_("Removed."), rules.remove(author, whole(form.get("id", "")) or 0, at=now()))


_ACTIONS = {"add_content": _add_content, "add_experiment": _add_experiment, "save": _save, "remove": _remove}


@require_safe
@in_course()
def groups(request: HttpRequest, author: Author) -> HttpResponse:
    """Content groups, experiments, and the groups that are made elsewhere."""
    return _show(request, author)


@require_POST
@in_course(Capability.SETTINGS)
def save(request: HttpRequest, author: Author) -> HttpResponse:
    """Adds, changes or removes groups."""
    return acted(request, author, _ACTIONS, _show, reverse("studio:groups", args=[author.run]))


@require_safe
@in_course()
def uses(request: HttpRequest, author: Author, partition: int) -> HttpResponse:
    """Where the groups of one partition are used, as a list to be put into the page."""
    known = {group.id: group.name for one in rules.partitions(author) if one.id == partition for group in one.groups}
    found = [(use, known.get(use.group, "")) for use in rules.uses(author) if use.partition == partition]
    return render(request, "studio/settings/parts/uses.html", frame(author, "groups", uses=found))
