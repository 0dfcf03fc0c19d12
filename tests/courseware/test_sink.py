from lykeion.content.types import BlockFacts
from lykeion.courseware.sink import Published
from lykeion.grades.types import NewScore
from tests.factories import block, chapter, course, html, outline, problem, sequential, vertical, video

OWN_RULES = BlockFacts(has_score=True, max_score=1.0, custom_completion=True)
TREES = outline(
    course(
        chapter(
            "c", sequential("s", vertical("u", problem("p"), html("h"), video("v"), block("lti", "l", facts=OWN_RULES)))
        )
    )
)
ALICE, BOB = 7, 8


def graded(
    ref: str, *, viewer: int | None = ALICE, deleted: bool = False, late: bool = False, whose: int | None = None
):
    sink = Published(TREES, viewer)
    sink.grade(ref, 1, 2, only_if_higher=False, user_id=whose, score_deleted=deleted, grader_response=late)
    return sink.scores, sink.completions


def test_a_score_completes_a_problem() -> None:
    score = NewScore("problem@p", 1, 2)

    assert graded("problem@p") == ({ALICE: [score]}, {ALICE: {"problem@p": 1.0}})


def test_a_deleted_score_takes_completion_away() -> None:
    assert graded("problem@p", deleted=True)[1] == {ALICE: {"problem@p": 0.0}}


def test_a_late_grader_and_blocks_with_rules_of_their_own_complete_nothing() -> None:
    assert graded("problem@p", late=True)[1] == {}
    assert graded("lti@l")[1] == {}


def test_a_score_may_be_another_learner_s_and_nobody_s_is_dropped() -> None:
    assert list(graded("problem@p", whose=BOB)[0]) == [BOB]
    assert graded("problem@p", viewer=None) == ({}, {})
    assert list(graded("problem@p", viewer=None, whose=BOB)[0]) == [BOB]


def test_only_what_can_be_completed_is() -> None:
    sink = Published(TREES, ALICE)

    for ref in ("vertical@u", "nothing@here", "html@h"):
        sink.completion(ref, 0.5, user_id=None)

    assert sink.completions == {ALICE: {"html@h": 0.5}}
