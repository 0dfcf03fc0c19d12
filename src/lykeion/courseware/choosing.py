"""What a learner sees of the children of a block that chooses: pure rules.

Sources: ``library_content_block.py`` and ``item_bank_block.py`` (make_selection), ``randomize_block.py``,
``split_test_block.py``, ``conditional_block.py`` (conditions_map, is_condition_satisfied) of Open edX.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from random import Random
from typing import Any, Final

from lykeion.content.types import Json
from lykeion.core.keys import split_ref
from lykeion.courseware.choosers import BANKS, Chooser

Document = Mapping[str, Json]


@dataclass(frozen=True, slots=True)
class Draw:
    """A draw from a bank: what is ``selected`` now, in order, and what became of what was before."""

    before: int
    selected: tuple[str, ...]
    added: tuple[str, ...] = ()
    invalid: tuple[str, ...] = ()
    overlimit: tuple[str, ...] = ()

    @property
    def changed(self) -> bool:
        """Whether the learner gets anything else than before."""
        return bool(self.added or self.invalid or self.overlimit)


def draw(before: Sequence[str], pool: Collection[str], count: int, chance: Random) -> Draw:
    """``count`` of ``pool`` (all when negative): those drawn ``before`` stay, in their order, as long as they are in
    the pool and there are not too many; others fill up."""
    most = len(pool) if count < 0 else min(count, len(pool))
    if len(before) == most == len(set(before).intersection(pool)):  # as it mostly is
        return Draw(most, tuple(before))
    known, there = list(dict.fromkeys(before)), set(pool)
    valid = [one for one in known if one in there]
    over = set(chance.sample(valid, max(0, len(valid) - most)))
    kept = [one for one in valid if one not in over]
    rest = sorted(there - set(kept))
    added = chance.sample(rest, max(0, most - len(valid)))
    return Draw(
        before=len(known),
        selected=(*kept, *added),
        added=tuple(added),
        invalid=tuple(one for one in known if one not in valid),
        overlimit=tuple(one for one in valid if one in over),
    )


@dataclass(frozen=True, slots=True)
class Left:
    """What a learner left in the blocks that decide. ``scores`` are (earned, possible)."""

    documents: Mapping[str, Document] = field(default_factory=dict)
    completions: Mapping[str, float | None] = field(default_factory=dict)
    scores: Mapping[str, tuple[float, float]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Choices:
    """``chosen`` as :class:`~lykeion.courseware.types.LearnerFacts` holds it. ``draws`` and ``picks`` are what banks
    and randomizers have yet to keep."""

    chosen: tuple[tuple[str, tuple[str, ...]], ...]
    draws: Mapping[str, Draw]
    picks: Mapping[str, int]

    @property
    def is_news(self) -> bool:
        """Whether there is something to keep."""
        return bool(self.draws or self.picks)


def decide(
    choosers: Collection[Chooser], left: Left, groups: Mapping[int, int], chance: Random | None, *, staff: bool
) -> Choices:
    """What each of ``choosers``, given in document order, shows to a learner in ``groups`` who ``left`` so much behind;
    those below what is not chosen, or for the team only, decide nothing. Without a ``chance`` nothing is drawn: what
    was drawn stays."""
    deciding = _Deciding(left, groups, chance, staff)
    chosen: list[tuple[str, tuple[str, ...]]] = []
    passed_over: list[range] = []
    for one in choosers:
        is_shut = one.for_team and not staff
        if not is_shut and not any(one.index in places for places in passed_over):
            shown = deciding.shown(one)
            chosen.append((one.ref, shown))
            passed_over.extend(places for ref, places in one.children.items() if len(places) > 1 and ref not in shown)
    return Choices(tuple(chosen), deciding.draws, deciding.picks)


@dataclass
class _Deciding:
    left: Left
    groups: Mapping[int, int]
    chance: Random | None
    staff: bool
    draws: dict[str, Draw] = field(default_factory=dict)
    picks: dict[str, int] = field(default_factory=dict)

    def shown(self, one: Chooser) -> tuple[str, ...]:
        pool = list(one.children)
        if one.type in BANKS:
            return self._drawn(one, pool)
        if one.type == "randomize":
            return self._picked(one, pool)
        if one.type == "split_test":
            wanted = one.by_group.get(self.groups.get(one.partition, -1), "")
            return tuple(ref for ref in pool if self.staff or ref == wanted)
        return (one.ref, *pool) if one.type == "conditional" and is_met(one, self.left) else ()

    def _drawn(self, one: Chooser, pool: Sequence[str]) -> tuple[str, ...]:
        before = selected_in(self.left.documents.get(one.ref, {}))
        if self.chance is None:
            valid = tuple(ref for ref in before if ref in pool)
            return valid if one.count < 0 else valid[: one.count]
        drawn = draw(before, pool, one.count, self.chance)
        if drawn.changed:
            self.draws[one.ref] = drawn
        return drawn.selected

    def _picked(self, one: Chooser, pool: Sequence[str]) -> tuple[str, ...]:
        choice = self.left.documents.get(one.ref, {}).get("choice")
        if isinstance(choice, int) and 0 <= choice < len(pool):
            return (pool[choice],)
        if self.chance is None:
            return ()
        self.picks[one.ref] = choice = self.chance.randrange(len(pool))
        return (pool[choice],)


def selected_in(document: Document) -> list[str]:
    """The refs that a bank's state says were drawn: pairs of type and id, as Open edX keeps them."""
    stored = document.get("selected")
    pairs = stored if isinstance(stored, list) else []
    return [f"{one[0]}@{one[1]}" for one in pairs if isinstance(one, list) and len(one) == 2]


def selected_of(refs: Sequence[str]) -> list[list[str]]:
    """``refs`` as a bank keeps them: the other way round than :func:`selected_in`."""
    return [list(split_ref(ref)) for ref in refs]


# Conditions


def is_met(one: Chooser, left: Left) -> bool:
    """Whether the condition of a conditional holds of all its sources; never without any."""
    ask = _CONDITIONS.get(one.attribute)
    return ask is not None and bool(one.sources) and all(_holds(ask(ref, left), one.value) for ref in one.sources)


def _holds(found: Json, value: str) -> bool:
    """Whether ``found`` reads like ``value``; truth values in any case, since authors write ``true`` as well."""
    return str(found).lower() == value.strip().lower() if isinstance(found, bool) else str(found) == value


def _attempted(ref: str, left: Left) -> bool:
    return bool(left.documents.get(ref, {}).get("attempts")) or ref in left.scores


def _submitted(ref: str, left: Left) -> bool:
    document = left.documents.get(ref, {})
    return bool(document.get("done") or document.get("submitted")) or ref in left.scores


def _correct(ref: str, left: Left) -> bool:
    score = left.documents.get(ref, {}).get("score")
    if isinstance(score, Mapping) and "raw_possible" in score:
        return bool(score.get("raw_earned") == score["raw_possible"])
    earned, possible = left.scores.get(ref, (0.0, 0.0))
    return bool(possible) and earned == possible


def _completed(ref: str, left: Left) -> bool:
    return (left.completions.get(ref) or 0.0) >= 1.0


def _poll_answer(ref: str, left: Left) -> Json:
    document = left.documents.get(ref, {})
    return document.get("poll_answer", document.get("choice"))


def _voted(ref: str, left: Left) -> bool:
    document = left.documents.get(ref, {})
    return any(document.get(name) for name in ("voted", "choice", "choices"))


_CONDITIONS: Final[Mapping[str, Callable[[str, Left], Any]]] = {
    "attempted": _attempted,
    "submitted": _submitted,
    "correct": _correct,
    "completed": _completed,
    "poll_answer": _poll_answer,
    "voted": _voted,
}
"""What may be asked of a source. Polls of ``poll_question`` and of the package xblock-poll keep their votes under
different names."""
