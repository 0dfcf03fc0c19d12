"""Builders that tests of several packages share: people, and small courses as outlines or as stored content."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import count
from typing import Any

from lykeion.accounts import api as accounts
from lykeion.accounts.models import User
from lykeion.accounts.types import Role
from lykeion.catalog import api as catalog
from lykeion.catalog.types import Run
from lykeion.content import api as content
from lykeion.content.types import BlockFacts, LogEntry, Node, ObjectId, ObjectStore, Outline, OutlineBlock
from lykeion.core.keys import CourseLocator, run_of

RUN = run_of("Lyk", "T101", "2026")
PAST = datetime(2020, 1, 1, tzinfo=UTC)
NOW = datetime(2026, 6, 1, 12, tzinfo=UTC)
FUTURE = datetime(2030, 1, 1, tzinfo=UTC)

OWN = (
    "display_name", "format", "weight", "hide_after_due", "hide_from_toc", "relative_weeks_due", "graded",
    "max_count", "user_partition_id", "group_id_to_child", "conditional_attr", "conditional_value", "sources_list",
    "other_course_settings",
    "is_time_limited", "default_time_limit_minutes", "required_prereq", "min_score", "min_completion",
    "enable_subsection_gating", "entrance_exam_enabled", "entrance_exam_id", "entrance_exam_minimum_score_pct",
    "is_entrance_exam",
)  # fmt: skip
INHERITED = (
    "graded", "start", "due", "visible_to_staff_only", "graceperiod", "group_access", "show_correctness",
    "days_early_for_beta", "user_partitions", "self_paced", "hide_from_toc",
)  # fmt: skip

PROBLEM = BlockFacts(has_score=True, max_score=1.0, icon="problem")
VIDEO = BlockFacts(icon="video", custom_completion=True)
HTML = BlockFacts()
CONTAINER = BlockFacts(completion="aggregator")
FACTS = {"problem": PROBLEM, "video": VIDEO, "html": HTML, "discussion": BlockFacts(completion="excluded")}


_roots = count(1)


@dataclass(frozen=True)
class Spec:
    """A block to be built, with those below it. ``facts`` are what its class would say of it."""

    type: str
    id: str
    fields: Mapping[str, Any]
    children: tuple[Spec, ...]
    facts: BlockFacts


def block(kind: str, block_id: str, *children: Spec, facts: BlockFacts | None = None, **fields: Any) -> Spec:
    """A block ``kind@block_id`` with ``fields`` of its own."""
    return Spec(kind, block_id, fields, children, facts or FACTS.get(kind, CONTAINER))


def course(*chapters: Spec, **fields: Any) -> Spec:
    """A course that started long ago."""
    return block("course", "course", *chapters, **{"start": PAST, "display_name": "Trees", **fields})


def chapter(block_id: str, *children: Spec, **fields: Any) -> Spec:
    """A section."""
    return block("chapter", block_id, *children, **fields)


def sequential(block_id: str, *children: Spec, **fields: Any) -> Spec:
    """A subsection."""
    return block("sequential", block_id, *children, **fields)


def vertical(block_id: str, *children: Spec, **fields: Any) -> Spec:
    """A unit."""
    return block("vertical", block_id, *children, **fields)


def problem(block_id: str, points: float | None = 1.0, **fields: Any) -> Spec:
    """A problem with ``points`` raw points to earn."""
    return block("problem", block_id, facts=BlockFacts(has_score=True, max_score=points, icon="problem"), **fields)


def html(block_id: str, **fields: Any) -> Spec:
    """A text."""
    return block("html", block_id, **fields)


def video(block_id: str, **fields: Any) -> Spec:
    """A video."""
    return block("video", block_id, **fields)


def outline(spec: Spec, run: CourseLocator = RUN) -> Outline:
    """The compiled outline of a course, without storing anything."""
    blocks: list[OutlineBlock] = []
    _compile(spec, blocks, parent=-1, depth=0, inherited={})
    return Outline(
        run=run,
        root=ObjectId(f"root-{next(_roots)}"),
        blocks=tuple(blocks),
        index={one.ref: one.index for one in blocks},
        by_id={one.id: one.index for one in blocks},
    )


def _compile(spec: Spec, blocks: list[OutlineBlock], *, parent: int, depth: int, inherited: Mapping[str, Any]) -> int:
    place = len(blocks)
    blocks.append(None)  # type: ignore[arg-type]  # its end is known once its children are there
    settings = _settings(spec, inherited)
    children = tuple(_compile(one, blocks, parent=place, depth=depth + 1, inherited=settings) for one in spec.children)
    blocks[place] = OutlineBlock(
        index=place,
        end=len(blocks),
        parent=parent,
        depth=depth,
        type=spec.type,
        id=spec.id,
        object_id=ObjectId(f"object-{spec.type}-{spec.id}"),
        title=spec.fields.get("display_name", spec.id),
        children=children,
        settings=settings,
        own={name: spec.fields[name] for name in OWN if name in spec.fields},
        facts=spec.facts,
    )
    return place


def _settings(spec: Spec, inherited: Mapping[str, Any]) -> Mapping[str, Any]:
    own = {name: spec.fields[name] for name in INHERITED if name in spec.fields}
    merged = {**inherited, **own}
    if "group_access" in own and inherited.get("group_access"):
        merged["group_access"] = _merged(inherited["group_access"], own["group_access"])
    return merged


def _merged(above: Mapping[str, Any], own: Mapping[str, Any]) -> dict[str, Any]:
    merged = dict(above)
    for partition, groups in own.items():
        if groups:
            old = merged.get(partition)
            merged[partition] = groups if not old else [one for one in old if one in groups] or False
    return merged


def walk(spec: Spec) -> Iterator[Spec]:
    """``spec`` and all below it."""
    yield spec
    for child in spec.children:
        yield from walk(child)


# Stored courses and people, for tests with a database

CHOICE = """<problem><multiplechoiceresponse><p>Which one is evergreen?</p><choicegroup type="MultipleChoice">
<choice correct="false">Larch</choice><choice correct="true">Spruce</choice></choicegroup>
</multiplechoiceresponse></problem>"""
"""A problem of one point; the right answer is ``choice_1``."""


def question(block_id: str, **fields: Any) -> Spec:
    """A real multiple choice problem: one point, for ``choice_1``."""
    return block("problem", block_id, facts=PROBLEM, **{"display_name": block_id, "data": CHOICE, **fields})


def text(block_id: str, **fields: Any) -> Spec:
    """A real text."""
    return block("html", block_id, **{"display_name": block_id, "data": f"<p>All about {block_id}.</p>", **fields})


def store_course(
    spec: Spec, run: CourseLocator = RUN, *, parts: Mapping[str, Node] | None = None, at: datetime = PAST
) -> Run:
    """Publishes ``spec`` (with further ``parts`` of the run document) as a run; again: as its new version."""
    store = content.store()
    children = [("course", _put(store, spec))]
    children += [(name, store.put_many([node])[0]) for name, node in sorted((parts or {}).items())]
    [root] = store.put_many([Node("run", {}, tuple(children))])
    for branch in ("published", "draft"):
        name = f"{run}/{branch}"
        store.compare_and_set_ref(name, LogEntry(name, store.read_ref(name), root, "carol", at, "Made for a test"))
    catalog.sync_run(content.outline(run))
    return catalog.run(run)


def _put(store: ObjectStore, spec: Spec) -> ObjectId:
    children = tuple((child.id, _put(store, child)) for child in spec.children)
    fields = {name: _as_stored(value) for name, value in spec.fields.items()}
    return store.put_many([Node(spec.type, fields, children)])[0]


def _as_stored(value: Any) -> Any:
    if isinstance(value, datetime):
        return value.isoformat().replace("+00:00", "Z")
    if isinstance(value, dict):
        return {str(key): item for key, item in value.items()}
    return value


def person(name: str, **fields: Any) -> User:
    """A confirmed account with password = user name."""
    made = accounts.create_person(
        username=name,
        email=f"{name.lower()}@example.org",
        password=name,
        full_name=name.title(),
        confirmed=True,
        strict_password=False,
        at=PAST,
        **fields,
    )
    return User.objects.get(pk=made.id)


def learner(name: str = "alice", run: CourseLocator = RUN, mode: str = "audit") -> User:
    """A person who takes ``run``."""
    user = person(name)
    catalog.enrol(user.pk, run, mode=mode, at=PAST, by=user.pk)
    return user


def teacher(name: str = "bob", run: CourseLocator = RUN, role: Role = Role.STAFF) -> User:
    """A person with a role in ``run``."""
    user = person(name)
    accounts.grant_role(user.pk, role, run=run)
    return user
