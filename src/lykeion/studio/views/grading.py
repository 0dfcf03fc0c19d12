"""How a course is graded."""

from __future__ import annotations

from dataclasses import replace

from django.http import HttpRequest, HttpResponse, QueryDict
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from lykeion.authoring.api import grading as rules
from lykeion.authoring.api.grading import Cutoff, Kind
from lykeion.authoring.types import Author, Capability, FieldError
from lykeion.content.types import Edited
from lykeion.core.clock import now
from lykeion.studio.guards import in_course
from lykeion.studio.views.settings import Said, acted, base_of, shown

_LETTERS = ("A", "B", "C", "D", "E")


def _show(request: HttpRequest, author: Author) -> HttpResponse:
    return shown(request, author, "grading", rules=rules.rules(author))


def _save(form: QueryDict, author: Author) -> Said:
    edit = _saved(form, author, _kinds(form), _cutoffs(form))
    words = ngettext(
        "Saved. {count} subsection has its new assignment type.",
        "Saved. {count} subsections have their new assignment type.",
        edit.value,
    )
    return Said(words.format(count=edit.value) if edit.value else _("Saved."), edit)


def _add_kind(form: QueryDict, author: Author) -> Said:
    kinds = _kinds(form)
    name, number = _("New assignment type"), 1
    while name in {one.type for one in kinds}:
        number += 1
        name = f"{_('New assignment type')} {number}"
    return Said(_("Added."), _saved(form, author, [*kinds, Kind(name, "", 0, 1, 0)], _cutoffs(form)))


def _remove_kind(form: QueryDict, author: Author) -> Said:
    kinds = _kinds(form)
    gone = next((one for one in kinds if one.was == _which(form)), None)
    if gone is None:
        raise FieldError(_("This assignment type is not there any more."), "kind")
    edit = _saved(form, author, [one for one in kinds if one is not gone], _cutoffs(form))
    words = ngettext(
        "“{name}” is removed; {count} subsection is no longer graded.",
        "“{name}” is removed; {count} subsections are no longer graded.",
        edit.value,
    )
    return Said(words.format(name=gone.type, count=edit.value), edit)


def _add_cutoff(form: QueryDict, author: Author) -> Said:
    cutoffs = sorted(_cutoffs(form), key=lambda one: -one.percent)
    if len(cutoffs) == 1 and cutoffs[0].letter not in _LETTERS:
        cutoffs = [replace(cutoffs[0], letter="A")]
    lowest = cutoffs[-1].percent if cutoffs else 100
    taken = {one.letter for one in cutoffs}
    letter = next((one for one in _LETTERS if one not in taken), f"{len(cutoffs) + 1}")
    new = Cutoff(letter, max(1, lowest - 10 if lowest > 10 else lowest - 1))
    return Said(_("Added."), _saved(form, author, _kinds(form), [*cutoffs, new]))


def _remove_cutoff(form: QueryDict, author: Author) -> Said:
    kept = [one for one in _cutoffs(form) if one.letter != _which(form)]
    return Said(_("Removed."), _saved(form, author, _kinds(form), kept))


_ACTIONS = {
    "save": _save,
    "add_kind": _add_kind,
    "remove_kind": _remove_kind,
    "add_cutoff": _add_cutoff,
    "remove_cutoff": _remove_cutoff,
}


@require_safe
@in_course()
def grading(request: HttpRequest, author: Author) -> HttpResponse:
    """Assignment types, cutoffs, late work."""
    return _show(request, author)


@require_POST
@in_course(Capability.SETTINGS)
def save(request: HttpRequest, author: Author) -> HttpResponse:
    """Saves the form, with what was added to it or removed."""
    return acted(request, author, _ACTIONS, _show, reverse("studio:grading", args=[author.run]))


def _which(form: QueryDict) -> str:
    """What a button such as ``remove_kind:Homework`` is about."""
    return form.get("do", "").partition(":")[2]


def _saved(form: QueryDict, author: Author, kinds: list[Kind], cutoffs: list[Cutoff]) -> Edited[int]:
    grace, credit = form.get("grace", ""), form.get("credit", "")
    return rules.save_rules(author, kinds, cutoffs, grace, credit, base=base_of(form, author), at=now())


def _kinds(form: QueryDict) -> list[Kind]:
    names = ("type", "short_label", "weight", "min_count", "drop_count", "was")
    rows = zip(*(form.getlist(name) for name in names), strict=False)
    return [
        Kind(
            kind.strip(),
            short.strip() or kind.strip(),
            _number(weight, f"weight-{place}"),
            int(_number(count, f"min_count-{place}")),
            int(_number(drop, f"drop_count-{place}")),
            was,
        )
        for place, (kind, short, weight, count, drop, was) in enumerate(rows)
    ]


def _cutoffs(form: QueryDict) -> list[Cutoff]:
    rows = zip(form.getlist("letter"), form.getlist("cutoff"), strict=False)
    return [
        Cutoff(letter.strip(), int(_number(percent, f"cutoff-{place}"))) for place, (letter, percent) in enumerate(rows)
    ]


def _number(text: str, field: str) -> float:
    try:
        found = float(text.replace(",", ".") or 0)
    except ValueError as error:
        raise FieldError(_("“{text}” is no number.").format(text=text), field) from error
    if not -1e9 < found < 1e9:
        raise FieldError(_("“{text}” is no number.").format(text=text), field)
    return found
