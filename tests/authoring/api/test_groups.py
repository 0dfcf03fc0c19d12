"""Groups of learners, certificates, the team."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from lykeion.accounts import api as accounts
from lykeion.accounts.types import Role
from lykeion.authoring.api import certificates, groups, team
from lykeion.authoring.api import settings as areas
from lykeion.authoring.api.certificates import Signatory
from lykeion.authoring.api.groups import Group
from lykeion.authoring.types import Author, AuthoringError, FieldError, NotAllowed
from lykeion.catalog import api as catalog
from lykeion.content import api as content
from lykeion.content.types import ChangedMeanwhile
from tests.content.trees import NOON

Enter = Callable[..., Author]


def stored(author: Author, name: str) -> object:
    course = content.part(content.head(author.run, "draft"), "course")
    return course and course.fields.get(name)


def test_content_groups_are_one_partition_with_ids_of_their_own(author: Enter) -> None:
    first = groups.add(author(), "cohort", "", ["Evening"], at=NOON).value
    second = groups.add(author(), "cohort", "", ["Morning"], at=NOON).value

    [partition] = groups.partitions(author())
    assert (first, second) == (partition.id, partition.id)
    assert [group.name for group in partition.groups] == ["Evening", "Morning"]
    ids = [partition.id, *(group.id for group in partition.groups)]
    assert len(set(ids)) == 3
    assert min(number or 0 for number in ids) >= 100


def test_experiments_count_their_groups_and_keep_ids_through_changes(author: Enter) -> None:
    number = groups.add(author(), "random", "Colours", ["Red", "Blue"], at=NOON).value
    [partition] = groups.partitions(author())
    assert [(one.name, one.id) for one in partition.groups] == [("Red", 0), ("Blue", 1)]

    groups.save_partition(
        author(),
        number,
        name="Colours",
        description="Which is quicker?",
        groups=[Group("Azure", 1), Group("Green"), Group("", None)],
        base=partition.base,
        at=NOON,
    )

    [changed] = groups.partitions(author())
    assert [(one.name, one.id) for one in changed.groups] == [("Azure", 1), ("Green", 2)]
    with pytest.raises(ChangedMeanwhile):
        groups.save_partition(
            author(), number, name="C", description="", groups=[Group("A", 1)], base=partition.base, at=NOON
        )


def test_a_group_that_content_is_for_stays(author: Enter) -> None:
    number = groups.add(author(), "cohort", "", ["Evening", "Morning"], at=NOON).value
    [partition] = groups.partitions(author())
    evening, morning = partition.groups
    access = {str(number): [evening.id]}
    content.edit(author().run, lambda d: d.update("html@text", {"group_access": access}), author="carol", at=NOON)

    [use] = groups.uses(author())
    assert (use.partition, use.group, use.title, use.unit) == (number, evening.id, "Text", "vertical@unit")
    with pytest.raises(AuthoringError, match="Text"):
        groups.save_partition(author(), number, name="", description="", groups=[morning], base="", at=NOON)
    with pytest.raises(AuthoringError, match="Text"):
        groups.remove(author(), number, at=NOON)
    groups.save_partition(author(), number, name="", description="", groups=[evening], base="", at=NOON)
    assert [one.name for one in groups.partitions(author())[0].groups] == ["Evening"]


def test_groups_need_a_name_and_an_experiment_at_least_one(author: Enter) -> None:
    with pytest.raises(FieldError):
        groups.add(author(), "cohort", "", [" "], at=NOON)
    with pytest.raises(FieldError):
        groups.add(author(), "random", "", ["A"], at=NOON)
    number = groups.add(author(), "random", "X", ["A"], at=NOON).value
    with pytest.raises(FieldError):
        groups.save_partition(author(), number, name="X", description="", groups=[], base="", at=NOON)


def test_cohorts_of_a_group_are_told(author: Enter) -> None:
    number = groups.add(author(), "cohort", "", ["Evening"], at=NOON).value
    areas.publish(author(), "groups", at=NOON)
    group = groups.partitions(author())[0].groups[0].id or 0
    run = author().run
    catalog.set_cohorted(run, True, at=NOON)
    catalog.make_cohort(run, "Thursdays", at=NOON)
    catalog.link_cohort(run, "Thursdays", (number, group), at=NOON)

    assert [one.name for one in groups.cohorts(author())[number, group]] == ["Thursdays"]


def test_a_certificate_is_designed_signed_and_activated(author: Enter) -> None:
    certificates.make(author(), at=NOON)
    with pytest.raises(AuthoringError, match="Nobody signs"):
        certificates.activate(author(), True, at=NOON)
    base = certificates.design(author()).base  # type: ignore[union-attr]

    people = [Signatory("Hypatia", "Dr", "Museion", "sign.png"), Signatory("", "", "", "")]
    certificates.save_design(author(), course_title="Waters", signatories=people, base=base, at=NOON)
    certificates.activate(author(), True, at=NOON)

    design = certificates.design(author())
    assert design is not None
    assert (design.course_title, design.active, [one.name for one in design.signatories]) == (
        "Waters",
        True,
        ["Hypatia"],
    )
    [kept] = stored(author(), "certificates")["certificates"]  # type: ignore[index]
    assert {"id", "name", "description", "is_active", "version", "signatories", "course_title"} <= set(kept)
    assert kept["signatories"][0]["signature_image_path"] == "sign.png"
    with pytest.raises(ChangedMeanwhile):
        certificates.save_design(author("staff"), course_title="X", signatories=people, base=base, at=NOON)
    edit = certificates.remove(author(), at=NOON)
    assert certificates.design(author()) is None
    areas.take_back(author(), edit.old, edit.new, at=NOON)
    assert certificates.design(author()) == design


def test_the_team_is_listed_with_roles_from_elsewhere_last(author: Enter) -> None:
    found = team.team(author())

    assert (found[0].person.username, found[0].role) == ("admin", Role.INSTRUCTOR)
    assert (found[-1].person.username, found[-1].everywhere) == ("orgadmin", "Lykeion")


def test_roles_are_given_by_name_or_address_and_replace_each_other(author: Enter) -> None:
    team.give(author("admin"), "dan@example.org", Role.READER, at=NOON)
    team.give(author("admin"), "DAN", Role.EDITOR, at=NOON)

    assert [one.role for one in team.team(author()) if one.person.username == "dan"] == [Role.EDITOR]
    person, before = team.take(author("admin"), "dan", at=NOON)
    assert (person.username, before) == ("dan", {Role.EDITOR})
    with pytest.raises(FieldError):
        team.give(author("admin"), "nobody", Role.READER, at=NOON)
    with pytest.raises(NotAllowed):
        team.give(author("staff"), "dan", Role.READER, at=NOON)


def test_the_tracking_log_says_who_gave_and_took_which_role(
    author: Enter, tmp_path: Path, settings: Any, django_capture_on_commit_callbacks: Any
) -> None:
    settings.LYKEION_TRACKING_LOG = tmp_path / "log"

    with django_capture_on_commit_callbacks(execute=True):
        team.give(author("admin"), "dan", Role.READER, at=NOON)
        team.give(author("admin"), "dan", Role.EDITOR, at=NOON)
        team.take(author("admin"), "dan", at=NOON)

    lines = [json.loads(line) for line in (tmp_path / "log").read_text().splitlines()]
    told = [(line["event"]["before"], line["event"]["after"]) for line in lines]
    assert told == [([], ["reader"]), (["reader"], ["editor"]), (["editor"], [])]
    assert {line["context"]["course_id"] for line in lines} == {str(author("admin").run)}


def test_the_last_admin_stays(author: Enter) -> None:
    with pytest.raises(AuthoringError, match="only admin"):
        team.take(author("admin"), "admin", at=NOON)
    with pytest.raises(AuthoringError, match="only admin"):
        team.give(author("admin"), "admin", Role.STAFF, at=NOON)

    team.give(author("admin"), "staff", Role.INSTRUCTOR, at=NOON)
    team.take(author("staff"), "admin", at=NOON)

    admin = accounts.find_person("admin")
    assert admin is not None
    assert accounts.grants(admin.id) == ()
