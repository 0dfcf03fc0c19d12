"""How a course is graded: assignment types and their weights, cutoffs, and what work that comes late is worth."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final

from django.utils.translation import gettext as _

from lykeion.authoring.api.courses import require
from lykeion.authoring.codecs import number, read_duration, seconds_of
from lykeion.authoring.saving import COURSE, UNSET, Unset, course_fields, edited, meanwhile, subsections
from lykeion.authoring.types import Author, Capability, FieldError
from lykeion.content.api import Draft
from lykeion.content.types import Edited, Json, ObjectId
from lykeion.grades.api import policy_trouble, read_policy

__all__ = ["Cutoff", "Kind", "Rules", "rules", "save_rules"]

MOST_CUTOFFS: Final = 10
_WHOLE: Final = 100


@dataclass(frozen=True, slots=True)
class Kind:
    """One assignment type. ``weight`` in percent; ``was`` is the name that it has in the draft ('' for a new one),
    ``subsections`` how many of the draft are graded as it."""

    type: str
    short_label: str
    weight: float
    min_count: int
    drop_count: int
    was: str = ""
    subsections: int = 0


@dataclass(frozen=True, slots=True)
class Cutoff:
    """A letter and the whole percent from which it is given."""

    letter: str
    percent: int


@dataclass(frozen=True, slots=True)
class Rules:
    """All that the page shows. ``grace`` is hours and minutes as ``51:00``; ``unlike``: labels of graded subsections
    that are no assignment type, with how many there are; ``wrong``: why the stored rules cannot be read."""

    kinds: tuple[Kind, ...]
    cutoffs: tuple[Cutoff, ...]
    grace: str
    credit: str
    unlike: tuple[tuple[str, int], ...] = ()
    wrong: str = ""

    @property
    def total(self) -> float:
        """The sum of the weights in percent."""
        return round(sum(kind.weight for kind in self.kinds), 2)

    @property
    def adds_up(self) -> bool:
        """Whether the weights make up the whole grade."""
        return self.total == _WHOLE


def rules(author: Author) -> Rules:
    """The rules of the draft, with how many subsections each assignment type has. Four reads."""
    fields = course_fields(author.root)
    counts = Counter(
        str(node.fields.get("format") or "")
        for _ref, node in subsections(author.root)
        if node.fields.get("graded") is True
    )
    wrong = policy_trouble(fields.get("grading_policy"))
    policy = read_policy(None if wrong else fields.get("grading_policy"))
    kinds = tuple(_kind(one, counts) for one in policy.types)
    named = {kind.type for kind in kinds}
    return Rules(
        kinds,
        tuple(Cutoff(letter, round(share * _WHOLE)) for letter, share in policy.cutoffs),
        _clock(seconds_of(fields.get("graceperiod"))),
        str(fields.get("minimum_grade_credit", "")),
        tuple(sorted((label, count) for label, count in counts.items() if label not in named)),
        wrong,
    )


def save_rules(
    author: Author,
    kinds: Sequence[Kind],
    cutoffs: Sequence[Cutoff],
    grace: str,
    credit: str,
    *,
    base: ObjectId,
    at: datetime,
) -> Edited[int]:
    """Saves the rules as a whole; its value is how many subsections were labelled anew or are graded no longer.

    A type that has another name than it ``was`` takes the subsections of its name along; those of a type that is gone
    are no longer graded. Weights may add up to anything. Raises :class:`FieldError`, and ``ChangedMeanwhile`` when
    somebody else changed the rules since root ``base``.
    """
    require(author, Capability.SETTINGS)
    _check(kinds, cutoffs)
    fields: dict[str, Json | Unset] = {
        "graceperiod": _read_grace(grace),
        "minimum_grade_credit": _read_credit(credit),
    }

    def change(draft: Draft) -> int:
        seen, present = course_fields(base), draft.node(COURSE).fields
        wanted = {**fields, "grading_policy": _policy(kinds, cutoffs, seen.get("grading_policy"))}
        names = [name for name, value in wanted.items() if _is_changed(name, value, seen)]
        clashing = [name for name in names if present.get(name) not in (seen.get(name), wanted[name])]
        if clashing:
            raise meanwhile(COURSE, clashing, draft.root)
        given = {name: wanted[name] for name in names if wanted[name] is not UNSET}
        draft.update(COURSE, given, unset=names)
        if "grading_policy" not in names:
            return 0
        return _relabel(draft, kinds, [kind.type for kind in read_policy(seen.get("grading_policy")).types])

    return edited(author, change, at=at, why="Changed settings: grading")


def _is_changed(name: str, value: Json | Unset, seen: Mapping[str, Json]) -> bool:
    if name == "graceperiod" and not isinstance(value, Unset):
        return seconds_of(value) != seconds_of(seen.get(name))
    return (None if value is UNSET else value) != seen.get(name)


def _relabel(draft: Draft, kinds: Sequence[Kind], before: Sequence[str]) -> int:
    now = {kind.type: kind.type for kind in kinds} | {kind.was: kind.type for kind in kinds if kind.was}
    touched = 0
    for ref, node in subsections(draft.root):
        label = node.fields.get("format")
        if label not in before or now.get(str(label)) == label:
            continue
        touched += 1
        if label in now:
            draft.update(ref, {"format": now[label]})
        else:
            draft.update(ref, {"graded": False}, unset=["format"])
    return touched


def _policy(kinds: Sequence[Kind], cutoffs: Sequence[Cutoff], stored: Json) -> dict[str, Json]:
    """The policy as Open edX has it; what a type says that this page does not show stays."""
    listed = stored.get("GRADER") if isinstance(stored, Mapping) else None
    known = {str(one.get("type")): one for one in listed or () if isinstance(one, Mapping)}
    rest = dict(stored) if isinstance(stored, Mapping) else {}
    return {
        **rest,
        "GRADER": [{**known.get(kind.was, {}), **_entry(kind)} for kind in kinds],
        "GRADE_CUTOFFS": {one.letter: one.percent / _WHOLE for one in sorted(cutoffs, key=lambda one: -one.percent)},
    }


def _entry(kind: Kind) -> dict[str, Json]:
    return {
        "type": kind.type,
        "short_label": kind.short_label,
        "min_count": kind.min_count,
        "drop_count": kind.drop_count,
        "weight": round(kind.weight / _WHOLE, 6),
    }


def _check(kinds: Sequence[Kind], cutoffs: Sequence[Cutoff]) -> None:
    seen: set[str] = set()
    for place, kind in enumerate(kinds):
        if not kind.type.strip():
            raise FieldError(_("Give the assignment type a name."), f"type-{place}")
        if kind.type in seen:
            words = _("There are two assignment types called “{name}”.")
            raise FieldError(words.format(name=kind.type), f"type-{place}")
        seen.add(kind.type)
        _check_numbers(kind, place)
    _check_cutoffs(cutoffs)


def _check_numbers(kind: Kind, place: int) -> None:
    name = kind.type
    if not 0 <= kind.weight <= _WHOLE:
        raise FieldError(_("The weight of {name} must be from 0 to 100.").format(name=name), f"weight-{place}")
    if not 1 <= kind.min_count <= _WHOLE:
        raise FieldError(_("{name}: there must be 1 to 100 of them.").format(name=name), f"min_count-{place}")
    if not 0 <= kind.drop_count < kind.min_count:
        words = _("{name}: fewer must be dropped than there are.")
        raise FieldError(words.format(name=name), f"drop_count-{place}")


def _check_cutoffs(cutoffs: Sequence[Cutoff]) -> None:
    if not 1 <= len(cutoffs) <= MOST_CUTOFFS:
        raise FieldError(_("There must be a grade to pass with, and at most 10."), "cutoff-0")
    for place, one in enumerate(cutoffs):
        others = [*cutoffs[:place]]
        if not one.letter.strip() or one.letter in {other.letter for other in others}:
            raise FieldError(_("Give each grade a name of its own."), f"letter-{place}")
        if not 0 < one.percent <= _WHOLE:
            raise FieldError(_("A grade begins at 1 to 100 percent."), f"cutoff-{place}")
        if one.percent in {other.percent for other in others}:
            raise FieldError(_("Two grades cannot begin at the same percent."), f"cutoff-{place}")


def _read_grace(grace: str) -> Json | Unset:
    try:
        return read_duration(grace, UTC)
    except ValueError as error:
        raise FieldError(str(error), "grace") from error


def _read_credit(credit: str) -> Json | Unset:
    try:
        return number(least=0, most=1).read(credit, UTC)
    except ValueError as error:
        raise FieldError(str(error), "credit") from error


def _kind(one: Any, counts: Mapping[str, int]) -> Kind:
    weight = round(one.weight * _WHOLE, 4)
    count = counts.get(one.type, 0)
    return Kind(one.type, one.short_label, weight, one.min_count, one.drop_count, one.type, count)


def _clock(seconds: int) -> str:
    return f"{seconds // 3600}:{seconds % 3600 // 60:02d}" if seconds else ""
