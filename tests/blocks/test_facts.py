from __future__ import annotations

from lykeion.blocks.api import facts, is_container
from lykeion.content.types import BlockFacts, Node


def test_texts_complete_by_being_seen() -> None:
    assert facts(Node("html", {"data": "x"})) == BlockFacts(completion="completable")


def test_units_are_complete_when_what_they_hold_is() -> None:
    assert {facts(Node(tag, {})).completion for tag in ("course", "chapter", "sequential", "vertical")} == {
        "aggregator"
    }


def test_third_party_blocks_tell_their_maximum_without_a_learner() -> None:
    assert facts(Node("counter", {"xml": '<counter limit="9"/>'})) == BlockFacts(has_score=True, max_score=9.0)


def test_an_author_may_decide_whether_a_block_is_scored() -> None:
    scored = Node("tool", {"xml": '<tool has_score="true" icon_class="problem"/>'})

    assert facts(Node("tool", {"xml": "<tool/>"})) == BlockFacts(icon="video")
    assert facts(scored) == BlockFacts(has_score=True, max_score=5.0, icon="problem", custom_completion=True)


def test_what_a_block_cannot_tell_without_a_learner_its_class_does() -> None:
    shy = Node("shytool", {"xml": '<shytool has_score="true"/>'})

    assert facts(shy) == BlockFacts(icon="video", custom_completion=True)


def test_unknown_and_broken_types_never_count() -> None:
    assert {facts(Node(tag, {})) for tag in ("h5p", "gone", "error")} == {BlockFacts(completion="excluded")}


def test_containers_are_those_of_olx_and_installed_ones_with_children() -> None:
    found = {tag: is_container(tag) for tag in ("vertical", "acid_parent", "acid", "html", "problem", "unheard-of")}

    assert found == {
        "vertical": True,
        "acid_parent": True,
        "acid": False,
        "html": False,
        "problem": False,
        "unheard-of": False,
    }
