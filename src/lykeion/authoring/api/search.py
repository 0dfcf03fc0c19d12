"""Search across all that somebody may work on. What it finds is the draft as it is now.

Each block's words are kept in a table. A draft that moved since is caught up with before it is searched: what differs
between two versions is told by their ids, so an edit costs a row or two. New courses are read by a job; one that nobody
has read yet is read when it is searched.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from django.db import transaction

from lykeion.accounts.types import Person
from lykeion.authoring import fulltext
from lykeion.authoring.api import courses
from lykeion.authoring.models import SearchedRun, SearchEntry
from lykeion.authoring.texts import seen_words
from lykeion.authoring.types import CourseCard
from lykeion.content import api as content
from lykeion.content.types import Node, ObjectId, ObjectMissing
from lykeion.core.keys import CourseLocator

__all__ = ["Found", "Result", "catch_up", "search"]

PAGE: Final = 20
_LONGEST: Final = 20_000  # letters of a block that are searched
_AROUND: Final = 70  # letters shown on either side of what was found
_TEXTS: Final = ("data", "markdown", "question", "xml", "html")
_ROWS: Final = 500


@dataclass(frozen=True, slots=True)
class Found:
    """One block that was found: ``unit`` is the page to open (the course's outline when empty); ``text`` is what
    stands around the first word found."""

    run: CourseLocator
    course: str
    ref: str
    kind: str
    title: str
    where: tuple[str, ...]
    unit: str
    text: str


@dataclass(frozen=True, slots=True)
class Result:
    """One page of what was found, how much there is, and of which kinds."""

    found: tuple[Found, ...]
    total: int
    kinds: tuple[tuple[str, int], ...]
    pages: int


def search(person: Person, text: str, *, kind: str = "", run: CourseLocator | None = None, page: int = 1) -> Result:
    """What has all the words of ``text`` (or words that begin with them) in the courses ``person`` may open."""
    words = fulltext.words_of(text)
    cards = {str(card.run): card for card in courses.mine(person) if run in (None, card.run)}
    if not words or not cards:
        return Result((), 0, (), 1)
    catch_up([card.run for card in cards.values()])
    rows = SearchEntry.objects.filter(run__in=list(cards))
    matches = list(fulltext.matching(rows, words).values_list("id", "kind")[:_ROWS])
    counts: dict[str, int] = {}
    for _, one in matches:
        counts[one] = counts.get(one, 0) + 1
    chosen = [row for row, one in matches if kind in ("", one)]
    shown = chosen[(page - 1) * PAGE : page * PAGE]
    entries = {entry.pk: entry for entry in SearchEntry.objects.filter(pk__in=shown)}
    found = _found([entries[row] for row in shown if row in entries], cards, words)
    kinds = tuple(sorted(counts.items(), key=lambda one: (-one[1], one[0])))
    return Result(found, len(chosen), kinds, max(1, -(-len(chosen) // PAGE)))


def catch_up(runs: Sequence[CourseLocator]) -> None:
    """Makes search know the drafts of ``runs`` as they are now."""
    known = dict(SearchedRun.objects.filter(run__in=[str(run) for run in runs]).values_list("run", "root"))
    heads = content.heads("draft")
    for run in runs:
        root = heads.get(run)
        if root is not None and known.get(str(run)) != root:
            _follow(run, known.get(str(run)), root)


def _follow(run: CourseLocator, old: str | None, new: ObjectId) -> None:
    with transaction.atomic():
        if old is None or not _changed(run, ObjectId(old), new):
            SearchEntry.objects.filter(run=str(run)).delete()
            SearchEntry.objects.bulk_create(_entries(run, content.blocks(new)), batch_size=200, ignore_conflicts=True)
        SearchedRun.objects.update_or_create(run=str(run), defaults={"root": new})


def _changed(run: CourseLocator, old: ObjectId, new: ObjectId) -> bool:
    """Brings the rows from one version to the other; False when the old one is not stored any more."""
    try:
        changes = [change for change in content.diff(old, new) if "@" in change.ref]
    except ObjectMissing:
        return False
    SearchEntry.objects.filter(run=str(run), ref__in=[change.ref for change in changes]).delete()
    ways = content.find_many((new, change.ref) for change in changes if change.kind != "removed")
    nodes = content.nodes([way[-1].object_id for way in ways.values()])
    pairs = ((ref, nodes[way[-1].object_id]) for (_root, ref), way in ways.items())
    SearchEntry.objects.bulk_create(_entries(run, pairs), batch_size=200, ignore_conflicts=True)
    return True


def _entries(run: CourseLocator, blocks: Iterable[tuple[str, Node]]) -> Iterator[SearchEntry]:
    for ref, node in blocks:
        name = node.fields.get("display_name")
        title = name if isinstance(name, str) else ""
        texts = [value for field in _TEXTS if isinstance(value := node.fields.get(field), str)]
        text = " ".join(" ".join(seen_words(one) for one in texts).split())[:_LONGEST]
        if title or text:
            yield SearchEntry(run=str(run), ref=ref, kind=node.type, title=title, text=text)


def _found(entries: Sequence[SearchEntry], cards: Mapping[str, CourseCard], words: list[str]) -> tuple[Found, ...]:
    """What pages show of ``entries``, with a handful of reads for all of them."""
    heads = content.heads("draft")
    roots = {entry.run: heads[cards[entry.run].run] for entry in entries}
    ways = content.find_many((roots[entry.run], entry.ref) for entry in entries)
    nodes = content.nodes(list({step.object_id: None for way in ways.values() for step in way}))
    found = []
    for entry in entries:
        way = ways.get((roots[entry.run], entry.ref))
        if way is None:  # taken out a moment ago
            continue
        titles = [str(nodes[step.object_id].fields.get("display_name") or step.id) for step in way]
        found.append(
            Found(
                run=cards[entry.run].run,
                course=cards[entry.run].title,
                ref=entry.ref,
                kind=entry.kind,
                title=entry.title or titles[-1],
                where=tuple(titles[1:-1]),
                unit=next((step.ref for step in way if step.ref.startswith("vertical@")), ""),
                text=_around(entry.text, words),
            )
        )
    return tuple(found)


def _around(text: str, words: list[str]) -> str:
    folded = text.casefold()
    place = min((at for word in words if (at := folded.find(word)) >= 0), default=0)
    start, end = max(0, place - _AROUND), place + _AROUND
    return f"{'… ' if start else ''}{text[start:end].strip()}{' …' if end < len(text) else ''}"
