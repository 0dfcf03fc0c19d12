"""What blocks that choose show to one learner: the rules, as tables."""

from __future__ import annotations

from random import Random
from typing import Any

import pytest

from lykeion.courseware.choosers import choosers_of
from lykeion.courseware.choosing import Draw, Left, decide, draw, selected_in, selected_of
from tests.factories import Spec, block, chapter, course, html, outline, problem, sequential, vertical


def chosen(tree: Spec, left: Left | None = None, groups: dict[int, int] | None = None, **how: Any) -> dict[str, Any]:
    """What the choosers of a unit with ``tree`` show."""
    whole = outline(course(chapter("c", sequential("s", vertical("u", tree)))))
    chance, staff = how.get("chance", Random(1)), how.get("staff", False)
    return dict(decide(choosers_of(whole).all, left or Left(), groups or {}, chance, staff=staff).chosen)


# Banks


@pytest.mark.parametrize(
    ("before", "pool", "count", "kept", "added", "invalid", "overlimit"),
    [
        ([], "abcd", 2, 0, 2, 0, 0),  # the first draw
        ([], "abcd", -1, 0, 4, 0, 0),  # all
        ([], "ab", 5, 0, 2, 0, 0),  # a small pool
        ([], "", 2, 0, 0, 0, 0),  # an empty one
        ([], "ab", 0, 0, 0, 0, 0),
        (["b", "a"], "abcd", 2, 2, 0, 0, 0),  # the pool grew: nothing changes
        (["b", "x"], "abcd", 2, 1, 1, 1, 0),  # one vanished: topped up
        (["x", "y"], "", 2, 0, 0, 2, 0),
        (["a", "b", "c"], "abcd", 1, 1, 0, 0, 2),  # fewer wanted
        (["a", "x", "c"], "abcd", 1, 1, 0, 1, 1),
        (["a"], "abcd", -1, 1, 3, 0, 0),  # all now
        (["a", "a"], "ab", 1, 1, 0, 0, 0),  # a pick counts once
    ],
)
def test_a_draw_keeps_what_it_can_and_tops_up(
    before: list[str], pool: str, count: int, kept: int, added: int, invalid: int, overlimit: int
) -> None:
    drawn = draw(before, list(pool), count, Random(7))

    stayed = [one for one in drawn.selected if one in before]
    assert (len(stayed), len(drawn.added), len(drawn.invalid), len(drawn.overlimit)) == (
        kept,
        added,
        invalid,
        overlimit,
    )
    assert stayed == [one for one in dict.fromkeys(before) if one in stayed]  # in their old order
    assert set(drawn.selected) <= set(pool)
    assert len(set(drawn.selected)) == len(drawn.selected)
    assert drawn.changed is bool(added or invalid or overlimit)


def test_draws_are_as_likely_for_each_of_the_pool() -> None:
    chance, found = Random(3), dict.fromkeys("abcde", 0)
    for _ in range(1000):
        for one in draw([], list("abcde"), 2, chance).selected:
            found[one] += 1

    assert all(340 < times < 460 for times in found.values())


def test_a_bank_keeps_pairs_of_type_and_id_as_open_edx_does() -> None:
    stored = {"selected": [["problem", "a@b"], ["html", "c"], "odd", ["x"]]}

    assert selected_in(stored) == ["problem@a@b", "html@c"]
    assert selected_of(["problem@a@b", "html@c"]) == [["problem", "a@b"], ["html", "c"]]
    assert [selected_in(odd) for odd in ({}, {"selected": None}, {"selected": "x"})] == [[], [], []]


BANK = block("library_content", "b", problem("a"), problem("b"), problem("c"), max_count=2)


def test_without_a_chance_a_bank_shows_what_was_drawn() -> None:
    left = Left({"library_content@b": {"selected": [["problem", "c"], ["problem", "gone"], ["problem", "a"]]}})

    assert chosen(BANK, left, chance=None) == {"library_content@b": ("problem@c", "problem@a")}
    assert chosen(BANK, chance=None) == {"library_content@b": ()}


def test_a_draw_is_to_be_kept_once() -> None:
    whole = outline(course(chapter("c", sequential("s", vertical("u", BANK)))))
    known = Left({"library_content@b": {"selected": [["problem", "c"], ["problem", "a"]]}})

    first = decide(choosers_of(whole).all, Left(), {}, Random(1), staff=False)
    second = decide(choosers_of(whole).all, known, {}, Random(1), staff=False)

    assert first.draws == {
        "library_content@b": Draw(0, first.chosen[0][1], added=first.chosen[0][1]),
    }
    assert (first.is_news, second.is_news) == (True, False)


# Randomizers


@pytest.mark.parametrize(
    ("stored", "shown"), [({"choice": 1}, "html@y"), ({"choice": 0}, "html@x"), ({"choice": 2}, None), ({}, None)]
)
def test_a_randomizer_shows_the_child_it_picked(stored: dict[str, int], shown: str | None) -> None:
    tree = block("randomize", "r", html("x"), html("y"))

    found = chosen(tree, Left({"randomize@r": stored}))["randomize@r"]

    assert len(found) == 1  # the children changed, or it never picked: it picks
    assert shown in {None, *found}
    assert chosen(tree, Left({"randomize@r": stored}), chance=None)["randomize@r"] == ((shown,) if shown else ())


# Experiments

SPLIT = block(
    "split_test",
    "x",
    vertical("va", html("ha")),
    vertical("vb", html("hb")),
    user_partition_id=2_100_000_000,
    group_id_to_child={
        "1": "i4x://Lyk/T101/vertical/va",
        "2": "block-v1:Lyk+T101+2019+type@vertical+block@vb",
        "3": "block-v1:Lyk+T101+2019+type@vertical+block@gone",
        "4": "what",
    },
)


@pytest.mark.parametrize(
    ("groups", "staff", "shown"),
    [
        ({2_100_000_000: 1}, False, ("vertical@va",)),
        ({2_100_000_000: 2}, False, ("vertical@vb",)),
        ({2_100_000_000: 3}, False, ()),  # its child was removed
        ({2_100_000_000: 4}, False, ()),  # its child is no key
        ({2_100_000_000: 9}, False, ()),  # a group without a child
        ({7: 1}, False, ()),  # in no group
        ({}, True, ("vertical@va", "vertical@vb")),
    ],
)
def test_an_experiment_shows_the_child_of_the_group(
    groups: dict[int, int], staff: bool, shown: tuple[str, ...]
) -> None:
    assert chosen(SPLIT, groups=groups, staff=staff) == {"split_test@x": shown}


def test_what_is_below_a_child_that_was_not_chosen_decides_nothing() -> None:
    inner = block("itembank", "i", problem("p"))
    arms = {"1": "i4x://a/b/vertical/va", "2": "i4x://a/b/vertical/vb"}
    tree = block("split_test", "x", vertical("va", inner), vertical("vb"), user_partition_id=5, group_id_to_child=arms)

    assert chosen(tree, groups={5: 2}) == {"split_test@x": ("vertical@vb",)}
    assert chosen(tree, groups={5: 1}) == {"split_test@x": ("vertical@va",), "itembank@i": ("problem@p",)}


# Conditionals


def conditional(attribute: str, value: str, *sources: str) -> Spec:
    """One that shows ``html@h``."""
    return block(
        "conditional", "k", html("h"), conditional_attr=attribute, conditional_value=value, sources_list=list(sources)
    )


P = "i4x://Lyk/T101/problem/p"
RIGHT = {"attempts": 1, "done": True, "score": {"raw_earned": 2, "raw_possible": 2}}
WRONG = {"attempts": 1, "done": True, "score": {"raw_earned": 1, "raw_possible": 2}}
RESET = {"attempts": 1, "done": False, "score": {"raw_earned": 0, "raw_possible": 2}}


@pytest.mark.parametrize(
    ("attribute", "value", "document", "met"),
    [
        ("attempted", "True", {}, False),
        ("attempted", "True", WRONG, True),
        ("attempted", "True", RESET, True),
        ("attempted", "true", WRONG, True),
        ("attempted", "False", {}, True),
        ("attempted", "False", WRONG, False),
        ("submitted", "True", WRONG, True),
        ("submitted", "True", RESET, False),  # Open edX: Reset takes it back
        ("correct", "True", {}, False),
        ("correct", "True", WRONG, False),
        ("correct", "True", RIGHT, True),
        ("poll_answer", "Yes", {"poll_answer": "Yes", "voted": True}, True),
        ("poll_answer", "Yes", {"poll_answer": "yes", "voted": True}, False),
        ("poll_answer", "R", {"choice": "R"}, True),
        ("poll_answer", "R", {}, False),
        ("voted", "True", {"voted": True}, True),
        ("voted", "True", {"choice": "R"}, True),
        ("voted", "True", {"choices": {"q": "y"}}, True),
        ("voted", "True", {"choice": None}, False),
        ("happy", "True", RIGHT, False),
    ],
)
def test_a_condition_asks_what_the_learner_left(
    attribute: str, value: str, document: dict[str, Any], met: bool
) -> None:
    found = chosen(conditional(attribute, value, P), Left({"problem@p": document}))

    assert found == {"conditional@k": ("conditional@k", "html@h") if met else ()}


def test_all_sources_must_agree_and_there_must_be_one() -> None:
    other = "block-v1:Lyk+T101+2026+type@problem+block@q"
    both = conditional("attempted", "True", P, other)

    assert chosen(both, Left({"problem@p": RIGHT}))["conditional@k"] == ()
    assert chosen(both, Left({"problem@p": RIGHT, "problem@q": WRONG}))["conditional@k"] != ()
    assert chosen(conditional("attempted", "True"), Left({"problem@p": RIGHT}))["conditional@k"] == ()
    assert chosen(conditional("attempted", "True", "no key"))["conditional@k"] == ()


def test_blocks_of_others_are_judged_by_their_scores_and_completion() -> None:
    dnd = "i4x://Lyk/T101/drag-and-drop-v2/d"
    part = Left(scores={"drag-and-drop-v2@d": (1.0, 2.0)})
    full = Left(scores={"drag-and-drop-v2@d": (2.0, 2.0)}, completions={"drag-and-drop-v2@d": 1.0})

    met = {
        attribute: [bool(chosen(conditional(attribute, "True", dnd), left)["conditional@k"]) for left in (part, full)]
        for attribute in ("attempted", "submitted", "correct", "completed")
    }

    assert met == {
        "attempted": [True, True],
        "submitted": [True, True],
        "correct": [False, True],
        "completed": [False, True],
    }


def test_a_block_that_nobody_installed_shows_nothing() -> None:
    assert chosen(block("mystery", "m", html("h"))) == {"mystery@m": ()}


def test_nothing_is_drawn_for_learners_from_what_is_for_the_team() -> None:
    tree = block("itembank", "b", problem("a"), visible_to_staff_only=True)

    assert chosen(tree) == {}
    assert chosen(tree, staff=True) == {"itembank@b": ("problem@a",)}
