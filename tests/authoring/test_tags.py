"""Tags and taxonomies: what may be given to what, and what files say."""

from __future__ import annotations

import json
from collections.abc import Callable

import pytest

from lykeion.accounts import api as accounts
from lykeion.accounts.types import Person
from lykeion.authoring import taxonomy_files
from lykeion.authoring.api import tags
from lykeion.authoring.types import Author, AuthoringError, NotAllowed
from lykeion.content.types import ChangedMeanwhile
from tests.content.trees import NOON
from tests.studio.conftest import as_person, author, run  # noqa: F401  fixtures

CSV = "id,value,parent_id\n1,Maths,\n2,Algebra,1\n3,Music,\n4,Rings,2\n"
TREE = [("Maths", ""), ("Algebra", "Maths"), ("Rings", "Algebra"), ("Music", "")]


def someone(name: str) -> Person:
    found = accounts.find_person(name)
    assert found is not None
    return found


def test_a_file_is_read_in_either_form_and_written_in_both() -> None:
    assert taxonomy_files.read(CSV) == TREE
    assert taxonomy_files.read(taxonomy_files.as_csv(TREE)) == TREE
    assert taxonomy_files.read(taxonomy_files.as_json("Subjects", TREE)) == TREE
    assert json.loads(taxonomy_files.as_json("Subjects", TREE))["name"] == "Subjects"


@pytest.mark.parametrize(
    ("file", "words"),
    [
        ("value\nx\n", "Line 1: a CSV file of tags begins with"),
        ("id,value\n1,A\n,B\n", "Line 3: a tag needs an id and a value"),
        ("id,value\n1,A\n2,A\n", "Line 3: “A” .id 2. is there twice"),
        ("id,value,parent_id\n1,A,9\n", "Line 2: there is no tag with id 9"),
        ("id,value,parent_id\n1,A,2\n2,B,1\n", "lie below themselves"),
        ("id,value\n1,A;B\n", "Line 2: a tag has at most"),
        ('{"tags": [}', "Line 1: this is no JSON"),
        ('{"tag": []}', "A JSON file of tags looks like"),
    ],
)
def test_a_file_that_will_not_do_is_told_where_and_why(file: str, words: str) -> None:
    with pytest.raises(AuthoringError, match=words):
        taxonomy_files.read(file)


def test_a_block_is_tagged_with_what_its_taxonomies_have(author: Callable[[], Author]) -> None:  # noqa: F811
    closed = tags.make(someone("root"), name="Subjects", org="", free=False, file=CSV)
    free = tags.make(someone("orgadmin"), name="Words", org="Lykeion", free=True)
    tags.make(someone("root"), name="Theirs", org="Elsewhere", free=True)

    tags.tag(author(), "html@text", closed.name_in_files, ["Algebra", "Music", "Algebra"], base=None, at=NOON)
    tags.tag(author(), "html@text", free.name_in_files, [" rivers ", ""], base=None, at=NOON)

    assert tags.tags_of(author(), "html@text") == {"subjects": ["Algebra", "Music"], "words": ["rivers"]}
    assert tags.used(author()) == {
        "subjects": {"Algebra": ["html@text"], "Music": ["html@text"]},
        "words": {"rivers": ["html@text"]},
    }
    with pytest.raises(AuthoringError, match="Subjects has no tag “Dance”"):
        tags.tag(author(), "html@text", "subjects", ["Dance"], base=None, at=NOON)
    with pytest.raises(AuthoringError, match="no taxonomy theirs"):
        tags.tag(author(), "html@text", "theirs", ["x"], base=None, at=NOON)
    tags.tag(author(), "html@text", "subjects", [], base=None, at=NOON)
    tags.tag(author(), "html@text", "words", [], base=None, at=NOON)
    assert tags.tags_of(author(), "html@text") == {}


def test_a_tag_that_its_taxonomy_lost_stays_where_it_is(author: Callable[[], Author]) -> None:  # noqa: F811
    made = tags.make(someone("root"), name="Subjects", org="", free=False, file=CSV)
    tags.tag(author(), "html@text", "subjects", ["Music"], base=None, at=NOON)
    tags.replace(someone("root"), made.id, "id,value\n1,Maths\n")

    tags.tag(author(), "html@text", "subjects", ["Music", "Maths"], base=None, at=NOON)

    assert tags.tags_of(author(), "html@text") == {"subjects": ["Music", "Maths"]}


def test_two_authors_who_tag_at_once_are_told(author: Callable[[], Author]) -> None:  # noqa: F811
    from lykeion.authoring.api import outline

    tags.make(someone("root"), name="Words", org="", free=True)
    seen = outline.item(author(), "html@text").base
    tags.tag(author(), "html@text", "words", ["hers"], base=seen, at=NOON)

    with pytest.raises(ChangedMeanwhile):
        tags.tag(author(), "html@text", "words", ["his"], base=seen, at=NOON)


@pytest.mark.usefixtures("run")
def test_names_in_files_are_never_shared() -> None:
    names = [tags.make(someone("root"), name="Words", org="", free=True).name_in_files for _ in range(3)]

    assert names == ["words", "words-2", "words-3"]


@pytest.mark.usefixtures("run")
@pytest.mark.parametrize(
    ("who", "org"), [("carol", "Lykeion"), ("orgadmin", ""), ("orgadmin", "Elsewhere"), ("dan", "")]
)
def test_only_who_may_make_courses_there_makes_taxonomies(who: str, org: str) -> None:
    with pytest.raises(NotAllowed):
        tags.make(someone(who), name="Words", org=org, free=True)
