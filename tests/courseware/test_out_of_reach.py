"""What a learner cannot reach, no way in gives: every kind of wall, every block behind it, every entry point."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from django.contrib.auth.models import AnonymousUser
from webob import Request

from lykeion.accounts.models import User
from lykeion.blocks import registry
from lykeion.catalog import api as catalog
from lykeion.core.keys import usage_of
from lykeion.courseware import api as courseware
from lykeion.courseware.completion import read_done
from lykeion.courseware.entering import plan, sheet
from lykeion.courseware.models import Bookmark, LastPlace, LearnerState, ScopedState
from lykeion.courseware.tags import FAMILY
from lykeion.courseware.types import AccessDenied, Visitor
from lykeion.grades.models import BlockScore
from tests.courseware.acting import enter, post, usage
from tests.factories import (
    FUTURE,
    NOW,
    PAST,
    RUN,
    Spec,
    block,
    chapter,
    course,
    learner,
    question,
    sequential,
    store_course,
    teacher,
    text,
    vertical,
    video,
    walk,
)

CHOOSING = {
    "split_test": {"user_partition_id": 8, "group_id_to_child": {"1": "i4x://Lyk/T101/html/t8"}},
    "conditional": {"sources_list": ["i4x://Lyk/T101/problem/p0"]},
    "library_content": {},
    "itembank": {},
    "randomize": {},
}
"""Kinds of blocks that choose, set so that they show ``html@t8`` only, or nothing, to who has these in their state:"""
DRAWN = {
    "library_content@x9": '{"selected": [["html", "t8"]]}',
    "itembank@x9": '{"selected": [["html", "t8"]]}',
    "randomize@x9": '{"choice": 0}',
}
GROUPS = [
    {"id": 7, "scheme": "cohort", "active": True, "groups": [{"id": 1, "name": "A"}]},
    {"id": 8, "scheme": "random", "active": True, "groups": [{"id": 1, "name": "A"}]},
]
WALLS = {
    "staff only": {"visible_to_staff_only": True},
    "not released": {"start": FUTURE},
    "of another group": {"group_access": {"7": [1]}},
    "closed": {"hide_after_due": True, "due": PAST},
}


def inside() -> tuple[Spec, ...]:
    """A bit of everything, to be put behind a wall."""
    return (text("t9"), question("p9"), video("v9", transcripts={"en": "en.srt"}))


def with_section(part: Spec) -> Spec:
    """A course with an open unit, and ``part`` as its second section."""
    return course(chapter("c1", sequential("s1", vertical("u1", text("t1")))), part, user_partitions=GROUPS)


def hidden_courses() -> Iterator[tuple[str, Spec, tuple[str, ...]]]:
    """Courses in each of which something is out of reach: a name, the course, the refs of what is."""
    for name, fields in WALLS.items():
        unit = vertical("u9", *inside(), **fields)
        whole = chapter("c9", sequential("s9", vertical("u9", *inside())), **fields)
        yield f"unit {name}", with_section(chapter("c2", sequential("s2", unit))), _refs(unit)
        yield f"section {name}", with_section(whole), _refs(whole)
    for kind, fields in CHOOSING.items():
        others = (*inside(), block("wrapper", "w9", text("t10")))
        unit = vertical("u9", block(kind, "x9", text("t8"), *others, **fields))
        tree = with_section(chapter("c2", sequential("s2", unit, graded=True, format="Homework")))
        yield kind, tree, tuple(ref for one in others for ref in _refs(one))
    yield from courses_with_work_first()


def courses_with_work_first() -> Iterator[tuple[str, Spec, tuple[str, ...]]]:
    """Courses in which a learner has to do something before the rest opens."""
    first = chapter("c1", sequential("s1", vertical("u1", text("t1"), question("p1"))))
    for name, fields in {"timed exam": {"is_time_limited": True}, "gated": {"required_prereq": "s1"}}.items():
        shut = sequential("s9", vertical("u9", *inside()), **fields)
        yield name, course(first, chapter("c2", shut), enable_subsection_gating=True), _refs(shut)
    rest = chapter("c9", sequential("s9", vertical("u9", *inside())))
    yield (
        "before the entrance exam",
        course(first, rest, entrance_exam_enabled=True, entrance_exam_id="c1"),
        _refs(rest),
    )


def _refs(spec: Spec) -> tuple[str, ...]:
    return tuple(f"{one.type}@{one.id}" for one in walk(spec))


CASES = [pytest.param(tree, refs, id=name) for name, tree, refs in hidden_courses()]


def drawn(user: User) -> User:
    """``user``, for whom banks and randomizers drew already."""
    run_id = catalog.run(RUN).id
    rows = [LearnerState(user_id=user.pk, run_id=run_id, ref=ref, state=state, created=PAST, modified=PAST)
            for ref, state in DRAWN.items()]  # fmt: skip
    LearnerState.objects.bulk_create(rows)
    return user


@pytest.fixture
def asides(monkeypatch: pytest.MonkeyPatch) -> None:
    """The aside of the samples is in use at this site."""
    from tests.blocks import samples

    table = registry.Registry(lambda: [*registry.installed_entry_points(), *samples.entry_points()], asides=("note",))
    monkeypatch.setattr(registry, "installed", table)


def aside(ref: str) -> str:
    """The key of the aside beside ``ref``."""
    return f"aside-usage-v2:{usage(ref).replace('block-v1:', 'block-v1$:')}::note"


def calls(visitor: Visitor, ref: str) -> dict[str, Callable[[], object]]:
    """Every way to ask ``courseware`` for something of one block."""
    named = [("xmodule_handler", "problem_get"), ("xmodule_handler", "problem_check"), ("transcript", "translation/en")]
    made: dict[str, Callable[[], object]] = {
        f"{key.partition(':')[0]} {handler}/{suffix} {request.method}": lambda k=key, h=handler, s=suffix, r=request: (
            courseware.handle(visitor, k, h, s, r)
        )
        for key in (usage(ref), ref, aside(ref))
        for handler, suffix in [*named, ("publish_completion", ""), ("write", ""), ("goto_position", "")]
        for request in (post({"input_p9_2_1": "choice_1"}), Request.blank("/"))
    }
    for view in ("student_view", "public_view", "author_view"):
        made[view] = lambda v=view: courseware.view(visitor, ref, v)
    made["unit"] = lambda: courseware.unit(visitor, ref)
    made["data"] = lambda: courseware.block_data(visitor, ref, depth=9, asked={ref.partition("@")[0]})
    made["jump"] = lambda: courseware.check_open(visitor, ref)
    made["bookmark"] = lambda: courseware.bookmark(visitor, ref, True)
    made["position"] = lambda: courseware.goto_position(visitor, ref, 1)
    return made


def gives(call: Callable[[], object]) -> bool:
    """Whether a call is not refused."""
    try:
        call()
    except AccessDenied:
        return False
    return True


@pytest.mark.django_db
@pytest.mark.usefixtures("asides")
@pytest.mark.parametrize(("tree", "refs"), CASES)
def test_no_way_in_gives_anything_of_a_block_out_of_reach(tree: Spec, refs: tuple[str, ...]) -> None:
    store_course(tree)
    alice = enter(drawn(learner()))

    given = [(ref, name) for ref in refs for name, call in calls(alice, ref).items() if gives(call)]
    courseware.complete(alice, dict.fromkeys(refs, 1.0))

    assert given == []
    assert [courseware.is_done(alice, ref) for ref in refs] == [False] * len(refs)
    assert not LearnerState.objects.filter(ref__in=refs).exists()
    assert [kind.objects.count() for kind in (BlockScore, Bookmark, LastPlace)] == [0, 0, 0]
    assert not ScopedState.objects.exclude(family=FAMILY).exists()


@pytest.mark.django_db
@pytest.mark.usefixtures("asides")
@pytest.mark.parametrize("name", ["staff only", "not released", "of another group", "closed"])
def test_an_aside_is_refused_in_the_words_of_the_block_beside_it(name: str) -> None:
    store_course(with_section(chapter("c2", sequential("s2", vertical("u9", *inside(), **WALLS[name])))))
    alice = enter(learner())

    said = []
    for key in (usage("html@t9"), aside("html@t9")):
        with pytest.raises(AccessDenied) as denied:
            courseware.handle(alice, key, "write", "", Request.blank("/", method="POST", body=b"{}"))
        said.append((denied.value.code, denied.value.until, str(denied.value)))

    assert said[0] == said[1]


@pytest.mark.django_db
@pytest.mark.usefixtures("asides")
def test_an_aside_of_an_open_block_answers() -> None:
    store_course(with_section(chapter("c2")))
    request = Request.blank("/", method="POST", body=b'{"text": "hi"}')

    reply = courseware.handle(enter(learner()), aside("html@t1"), "write", "", request)

    assert (reply.status, reply.body) == (200, b'{"text": "hi"}')


@pytest.mark.django_db
@pytest.mark.parametrize("kind", [kind for kind in CHOOSING if kind != "split_test"])
def test_what_is_not_chosen_counts_for_nobody(kind: str) -> None:
    chooser = block(kind, "x9", text("t8"), question("p9"), text("t9"), **CHOOSING[kind])
    part = sequential("s2", vertical("u9", chooser), vertical("u10", question("p10")), graded=True, format="Homework")
    store_course(with_section(chapter("c2", part)))
    alice, bob = enter(drawn(learner())), enter(drawn(teacher()))
    mine = () if kind == "conditional" else ("html@t8",)

    leaves = [plan(visitor).subsections["sequential@s2"].leaves for visitor in (alice, bob)]

    assert leaves == [(*mine, "problem@p10")] * 2
    assert ["problem@p9" in sheet(visitor).line_of for visitor in (alice, bob)] == [False] * 2
    assert plan(alice).subsections["sequential@s2"].problems == 1
    assert read_done(alice, plan(alice)).by_subsection == {}
    with pytest.raises(AccessDenied):
        courseware.view(bob, "problem@p9")


@pytest.mark.django_db
@pytest.mark.parametrize("ref", ["course@course", "chapter@c1"])
def test_a_view_of_one_block_never_shows_a_whole_course(ref: str) -> None:
    store_course(with_section(chapter("c2")))

    with pytest.raises(AccessDenied):
        courseware.view(enter(learner()), ref)


# Services of other sites


def service(spec: Spec) -> Visitor:
    """Another site's service in a course."""
    store_course(spec)
    return courseware.enter(AnonymousUser(), RUN, NOW, noauth=True)


@pytest.mark.django_db
@pytest.mark.usefixtures("asides")
@pytest.mark.parametrize("name", ["staff only", "not released"])
@pytest.mark.parametrize("key", ["counter", "aside"])
def test_services_of_other_sites_get_nothing_of_what_nobody_may_have_yet(name: str, key: str) -> None:
    hidden = vertical("u9", block("counter", "n9"), **WALLS[name])
    somebody = service(with_section(chapter("c2", sequential("s2", hidden))))
    named = usage("counter@n9") if key == "counter" else aside("counter@n9")

    with pytest.raises(AccessDenied):
        courseware.handle(
            somebody, named, "click", "", Request.blank("/", method="POST", body=b'{"by": 1}'), noauth=True
        )


@pytest.mark.django_db
@pytest.mark.usefixtures("asides")
def test_services_of_other_sites_reach_blocks_made_for_them() -> None:
    tree = with_section(chapter("c2", sequential("s2", vertical("u9", block("counter", "n9"), **WALLS["closed"]))))
    request = Request.blank("/", method="POST", body=b'{"by": 1}')

    reply = courseware.handle(service(tree), str(usage_of(RUN, "counter@n9")), "click", "", request, noauth=True)

    assert reply.status == 200


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("ref", "handler", "suffix"),
    [("problem@p9", "xmodule_handler", "problem_get"), ("video@v9", "transcript", "translation/en")],
)
def test_our_own_blocks_have_nothing_for_other_sites(ref: str, handler: str, suffix: str) -> None:
    somebody = service(with_section(chapter("c2", sequential("s2", vertical("u9", *inside())))))

    reply = courseware.handle(somebody, usage(ref), handler, suffix, Request.blank("/"), noauth=True)

    assert (reply.status, reply.body) == (404, f"There is no handler {handler}.".encode())
