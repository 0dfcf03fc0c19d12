"""Components that choose what a learner sees: their forms in words, and the groups of an experiment."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import datetime
from typing import Final
from uuid import uuid4

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from lykeion.authoring import working
from lykeion.authoring.api import components, groups
from lykeion.authoring.types import Author
from lykeion.blocks.types import FieldFacts
from lykeion.content import api as content
from lykeion.content.api import Draft
from lykeion.content.types import Json, NewBlock, ObjectId
from lykeion.core.keys import ref_meant, split_ref, usage_of

__all__ = ["CHOOSERS", "form", "save"]

Dressed = Callable[[Author, FieldFacts], FieldFacts]

_SOURCES: Final = ("problem", "poll", "survey", "poll_question", "openassessment", "drag-and-drop-v2", "video", "done")
_CONDITIONS: Final = (
    ("correct", gettext_lazy("It is solved, with full points")),
    ("attempted", gettext_lazy("An answer was handed in, once")),
    ("submitted", gettext_lazy("There is an answer now")),
    ("completed", gettext_lazy("It is complete")),
    ("voted", gettext_lazy("Its poll was answered")),
    ("poll_answer", gettext_lazy("Its poll was answered with the value below")),
)


def form(author: Author, ref: str, *, at: datetime) -> list[FieldFacts]:
    """The fields of a component that chooses, as a form in words: those that authors decide, with what there is to
    choose from. All others are in ``components.form``."""
    dressed = CHOOSERS[split_ref(ref)[0]]
    facts = {one.name: one for one in components.form(author, ref, at=at)}
    return [dress(author, facts[name]) for name, dress in dressed.items() if name in facts]


def save(
    author: Author,
    ref: str,
    values: Mapping[str, Json],
    *,
    unset: Iterable[str] = (),
    base: ObjectId | None,
    at: datetime,
) -> ObjectId:
    """Saves the form; the version that the component then has. An experiment gets a place for each of its groups.

    Raises as :func:`~lykeion.authoring.api.components.save` does.
    """
    gone, names = tuple(unset), {str(one.id): one for one in groups.partitions(author)}

    def change(draft: Draft) -> None:
        working.set_fields(author, draft, ref, values, gone, base)
        partition = names.get(str(draft.node(ref).fields.get("user_partition_id")))
        if split_ref(ref)[0] == "split_test" and partition is not None:
            _make_places(author, draft, ref, partition)

    done = working.edit(author, change, f"Edited: {ref}", at)
    return content.way(done.new, ref)[-1].object_id


def _make_places(author: Author, draft: Draft, ref: str, partition: groups.Partition) -> None:
    """A group of components for each group of the partition that has none yet."""
    given = draft.node(ref).fields.get("group_id_to_child")
    places = {str(key): child for key, child in given.items()} if isinstance(given, Mapping) else {}
    there = set(draft.children(ref))
    for group in partition.groups:
        if ref_meant(places.get(str(group.id))) not in there:
            made = draft.add(ref, NewBlock("vertical", uuid4().hex, {"display_name": group.name}))
            places[str(group.id)] = str(usage_of(author.run, made))
    draft.update(ref, {"group_id_to_child": places})


def _as_it_is(_author: Author, field: FieldFacts) -> FieldFacts:
    return field


def _experiment(author: Author, field: FieldFacts) -> FieldFacts:
    known = [(one.id, one.name) for one in groups.partitions(author) if one.scheme == "random"]
    if field.value not in [value for value, _name in known]:
        known.insert(0, (field.value, _("Choose an experiment")))
    text = _("Each of its groups gets a place below, to be filled. Experiments are made under Settings, Groups.")
    return replace(field, label=_("Experiment"), help=text, kind="choice", choices=tuple(known), is_set=False)


def _source(author: Author, field: FieldFacts) -> FieldFacts:
    now = [str(one) for one in field.value] if isinstance(field.value, list) else []
    named = dict(_components(author))
    if len(now) == 1 and ref_meant(now[0]) in named:
        now = [str(usage_of(author.run, ref_meant(now[0])))]
    found: dict[Json, str] = {json.dumps([str(usage_of(author.run, ref))]): words for ref, words in named.items()}
    present = json.dumps(now)
    if present not in found:
        found = {present: ", ".join(now) or _("Choose a component"), **found}
    return replace(
        field,
        label=_("Depends on"),
        help=_("What learners have to do first. More than one can be named under All settings."),
        kind="choice",
        value=present,
        choices=tuple(found.items()),
        is_set=False,
    )


def _components(author: Author) -> Iterator[tuple[str, str]]:
    outline = content.outline_at(author.run, author.root)
    for block in outline.blocks:
        if block.type in _SOURCES:
            above = [one.title for one in outline.ancestors(block) if one.type in ("sequential", "vertical")]
            yield block.ref, ": ".join([*above, block.title])


def _condition(_author: Author, field: FieldFacts) -> FieldFacts:
    choices: tuple[tuple[Json, str], ...] = tuple((value, str(words)) for value, words in _CONDITIONS)
    if field.value not in dict(choices):
        choices = ((field.value, str(field.value)), *choices)
    return replace(field, label=_("Shown when"), help="", kind="choice", choices=choices, is_set=False)


_BANK: Final[Mapping[str, Dressed]] = {"max_count": _as_it_is, "allow_resetting_children": _as_it_is}
CHOOSERS: Final[Mapping[str, Mapping[str, Dressed]]] = {
    "itembank": _BANK,
    "library_content": _BANK,
    "split_test": {"user_partition_id": _experiment},
    "conditional": {
        "sources_list": _source,
        "conditional_attr": _condition,
        "conditional_value": _as_it_is,
        "conditional_message": _as_it_is,
    },
}
"""The types with such a form, and how each of its fields is shown."""
