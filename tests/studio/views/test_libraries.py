"""Libraries: from a new one to a course that follows it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from lykeion.accounts import api as accounts
from lykeion.accounts.types import Role
from lykeion.authoring.api import components, courses, libraries
from lykeion.authoring.types import Author
from lykeion.content import api as content
from lykeion.core.keys import CourseLocator, LibraryLocatorV2, library_of
from lykeion.jobs import api as jobs
from tests.content.conftest import _fresh  # noqa: F401  # files of its own for every test
from tests.content.trees import NOON

HTMX = {"HX-Request": "true"}
POOL = library_of("Lykeion", "pool")


@pytest.fixture
def pool(run: CourseLocator, as_person: Callable[[str], Client]) -> LibraryLocatorV2:
    """A library of the organisation's admin, in which Carol writes and the reader reads."""
    as_person("orgadmin").post(reverse("studio:libraries"), {"title": "Pool", "org": "Lykeion"})
    for name, role in (("carol", Role.AUTHOR), ("reader", Role.READER)):
        accounts.grant_role(accounts.find_person(name).id, role, org="Lykeion", run=str(POOL))  # type: ignore[union-attr]
    return POOL


def entered(name: str, home: CourseLocator | LibraryLocatorV2) -> Author:
    person = accounts.find_person(name)
    assert person is not None
    return courses.enter(person, home)


def item(pool: LibraryLocatorV2, text: str) -> str:
    """A published text; its ref."""
    author = entered("carol", pool)
    ref = components.add(author, libraries.TOP, "html", {"display_name": "Shared", "data": text}, at=NOON)
    content.publish(pool, ref=ref, author="carol", at=NOON)
    return ref


def test_a_library_is_made_and_listed(pool: LibraryLocatorV2, as_person: Callable[[str], Client]) -> None:
    assert "Pool" in as_person("carol").get(reverse("studio:libraries")).content.decode()
    assert "Pool" not in as_person("dan").get(reverse("studio:libraries")).content.decode()
    assert "Nothing in here yet" in as_person("carol").get(reverse("studio:library", args=[pool])).content.decode()


def test_the_editor_of_an_item_publishes_that_item_and_leads_back_to_its_library(
    pool: LibraryLocatorV2, as_person: Callable[[str], Client]
) -> None:
    ref = item(pool, "x")

    page = as_person("carol").get(reverse("studio:component", args=[pool, ref])).content.decode()

    assert f'href="{reverse("studio:publishing", args=[pool, ref])}"' in page
    assert f'href="{reverse("studio:library", args=[pool])}#{ref}"' in page
    assert reverse("studio:outline", args=[pool]) + '"' not in page


@pytest.mark.parametrize(
    ("sent", "words"),
    [({"title": "", "org": "Lykeion"}, "Give the library a name"), ({"title": "Pool", "org": "Lykeion"}, "already")],
)
def test_a_library_that_cannot_be_made_is_told_why(
    sent: dict[str, str], words: str, pool: LibraryLocatorV2, as_person: Callable[[str], Client]
) -> None:
    response = as_person("orgadmin").post(reverse("studio:libraries"), sent)

    assert response.status_code == 422
    assert words in response.content.decode()


def test_items_are_added_edited_and_published(pool: LibraryLocatorV2, as_person: Callable[[str], Client]) -> None:
    carol = as_person("carol")

    unit = carol.post(reverse("studio:library_add", args=[pool]), {"kind": "vertical", "title": "Shared unit"})
    text = carol.post(reverse("studio:library_add", args=[pool]), {"kind": "html"})
    shown = carol.get(unit["Location"])
    assert shown.status_code == 200
    assert f'href="{reverse("studio:outline", args=[pool])}"' not in shown.content.decode()
    assert carol.get(text["Location"]).status_code == 200
    page = carol.get(reverse("studio:library", args=[pool])).content.decode()
    [first, second] = libraries.items(entered("carol", pool))
    carol.post(reverse("studio:library_change", args=[pool]), {"act": "publish", "ref": first.ref})

    assert "Shared unit" in page
    assert [one.state for one in libraries.items(entered("carol", pool))] == ["published", "new"]
    carol.post(reverse("studio:library_change", args=[pool]), {"act": "remove", "ref": second.ref})
    assert [one.ref for one in libraries.items(entered("carol", pool))] == [first.ref]


def test_who_reads_a_library_changes_nothing(pool: LibraryLocatorV2, as_person: Callable[[str], Client]) -> None:
    reader = as_person("reader")

    assert reader.get(reverse("studio:library", args=[pool])).status_code == 200
    assert reader.post(reverse("studio:library_add", args=[pool]), {"kind": "html"}).status_code == 403
    assert as_person("dan").get(reverse("studio:library", args=[pool])).status_code == 403
    assert as_person("carol").get(reverse("studio:rerun", args=[pool])).status_code == 404


def test_items_are_gathered_in_collections(pool: LibraryLocatorV2, as_person: Callable[[str], Client]) -> None:
    carol, ref = as_person("carol"), item(pool, "x")
    change = reverse("studio:library_change", args=[pool])

    carol.post(change, {"act": "gather", "title": "Week one"})
    carol.post(change, {"act": "gather", "slug": "week-one", "ref": ref})
    assert [(one.title, one.members) for one in libraries.collections(entered("carol", pool))] == [("Week one", (ref,))]
    assert "Shared" in carol.get(reverse("studio:library", args=[pool]), {"in": "week-one"}).content.decode()
    carol.post(change, {"act": "scatter", "slug": "week-one", "ref": ref})
    assert libraries.collections(entered("carol", pool))[0].members == ()
    carol.post(change, {"act": "scatter", "slug": "week-one"})
    assert libraries.collections(entered("carol", pool)) == []


def test_a_course_uses_an_item_and_follows_it(
    run: CourseLocator, pool: LibraryLocatorV2, as_person: Callable[[str], Client]
) -> None:
    carol, ref = as_person("carol"), item(pool, "<p>First</p>")
    pick = reverse("studio:library_pick", args=[run, "vertical@second"])
    [offer] = libraries.offers(entered("carol", run), "vertical@second")
    assert "Shared" in carol.get(pick).content.decode()

    used = carol.post(pick, {"item": offer.items[0].key})
    copy = used["Location"].rpartition("#")[2]
    components.save(entered("carol", run), copy, {"display_name": "Ours"}, base=None, at=NOON)
    components.save(entered("carol", pool), ref, {"data": "<p>Second</p>"}, base=None, at=NOON)
    assert (
        "Everything is as its library has it"
        in carol.get(reverse("studio:library_updates", args=[run])).content.decode()
    )
    content.publish(pool, ref=ref, author="carol", at=NOON)

    listed = carol.get(reverse("studio:library_updates", args=[run])).content.decode()
    beside = carol.get(reverse("studio:library_update", args=[run, copy])).content.decode()
    assert "Update available" in listed
    assert "First" in beside
    assert "Second" in beside
    carol.post(reverse("studio:library_update", args=[run, copy]), {"act": "mine"})

    way = content.way(content.head(run, "draft"), copy)
    fields = content.nodes([way[-1].object_id])[way[-1].object_id].fields
    assert (fields["display_name"], fields["data"]) == ("Ours", "<p>Second</p>")


def test_who_may_not_open_a_library_cannot_use_it(
    run: CourseLocator, pool: LibraryLocatorV2, as_person: Callable[[str], Client]
) -> None:
    ref = item(pool, "secret")
    editor = as_person("editor")
    pick = reverse("studio:library_pick", args=[run, "vertical@second"])

    assert "Shared" not in editor.get(pick).content.decode()
    assert editor.post(pick, {"item": f"lb:Lykeion:pool:html:{ref.partition('@')[2]}"}).status_code == 403


def test_files_of_a_library_are_uploaded_and_taken_back(pool: LibraryLocatorV2, carol: Client) -> None:
    sent = {"file": SimpleUploadedFile("a.txt", b"a")}
    answer = carol.post(reverse("studio:upload", args=[pool]), sent, headers={"Accept": "application/json"})

    assert answer.json()["files"][0]["web_url"] == ""
    assert carol.post(answer.json()["undo"]).status_code == 302
    assert content.file(content.head(pool, "draft"), "a.txt") is None


def test_an_item_can_be_taken_to_a_course_and_its_files_are_told(
    run: CourseLocator, pool: LibraryLocatorV2, as_person: Callable[[str], Client]
) -> None:
    carol, ref = as_person("carol"), item(pool, "x")
    carol.post(reverse("studio:unit_copy", args=[pool, ref]))
    assert carol.get(reverse("studio:outline", args=[run])).status_code == 200
    upload = SimpleUploadedFile("map.txt", b"here")

    told = carol.post(
        reverse("studio:upload", args=[pool]), {"file": upload}, headers={"X-Requested-With": "XMLHttpRequest"}
    )

    assert told.status_code == 200
    assert told.json()["files"][0]["web_url"] == ""


def test_a_copy_of_a_library_one_may_not_open_tells_nothing(
    run: CourseLocator, pool: LibraryLocatorV2, as_person: Callable[[str], Client]
) -> None:
    ref = item(pool, "secret")
    upstream = f"lb:Lykeion:pool:html:{ref.partition('@')[2]}"
    content.edit(
        run, lambda draft: draft.update("html@text", {"upstream": upstream}), author="editor", at=NOON, why="Imported"
    )
    page, editor = reverse("studio:library_update", args=[run, "html@text"]), as_person("editor")

    assert editor.get(page).status_code == 403
    assert editor.post(page, {"act": "theirs"}).status_code == 403
    content.edit(
        run, lambda draft: draft.update("html@text", {"upstream": "no key"}), author="editor", at=NOON, why="Imported"
    )
    assert editor.get(page).status_code == 404


def test_a_library_goes_out_and_comes_in_again(
    pool: LibraryLocatorV2, carol: Client, settings: Any, tmp_path: Path
) -> None:
    settings.LYKEION_UPLOADS = tmp_path
    ref = item(pool, "<p>Kept</p>")
    carol.post(reverse("studio:upload", args=[pool]), {"file": SimpleUploadedFile("loose.txt", b"a")})
    assert "restore a library" in carol.get(reverse("studio:export", args=[pool])).content.decode()
    made = carol.post(reverse("studio:export", args=[pool]))["Location"]
    jobs.run_pending()
    answer = carol.get(f"{made}/course.tar.gz")
    archive = b"".join(answer)  # type: ignore[call-overload]
    assert answer["Content-Disposition"] == 'attachment; filename="Lykeion-pool.zip"'
    assert "static/loose.txt" in carol.get(made).content.decode()
    carol.post(reverse("studio:library_change", args=[pool]), {"act": "remove", "ref": ref})

    page = reverse("studio:import", args=[pool])
    report = carol.post(page, {"file": SimpleUploadedFile("pool.zip", archive)})["Location"]
    jobs.run_pending()
    told = carol.get(report).content.decode()

    assert ("Done" in told, "Take the import back" in told) == (True, True)
    assert [(one.ref, one.state) for one in libraries.items(entered("carol", pool))] == [(ref, "published")]
    number = report.rpartition("/")[2]
    assert carol.post(reverse("studio:transfer_undo", args=[pool, "import", number]))["Location"] == reverse(
        "studio:library", args=[pool]
    )
    assert [one.state for one in libraries.items(entered("carol", pool))] == ["removed"]
    assert "Imports so far" in carol.get(page).content.decode()


def test_what_is_no_library_is_refused_and_the_old_one_stays(
    pool: LibraryLocatorV2, carol: Client, settings: Any, tmp_path: Path
) -> None:
    settings.LYKEION_UPLOADS = tmp_path
    ref = item(pool, "x")

    report = carol.post(reverse("studio:import", args=[pool]), {"file": SimpleUploadedFile("a.zip", b"no")})["Location"]
    jobs.run_pending()

    assert "Nothing was changed" in carol.get(report).content.decode()
    assert [one.ref for one in libraries.items(entered("carol", pool))] == [ref]
    assert carol.post(reverse("studio:export", args=[pool]), {"ref": ref}).status_code == 422


def test_the_admin_of_a_library_gives_its_three_roles(
    pool: LibraryLocatorV2, as_person: Callable[[str], Client]
) -> None:
    admin, save = as_person("orgadmin"), reverse("studio:team_save", args=[pool])
    shown = admin.get(reverse("studio:team", args=[pool])).content.decode()
    given = admin.post(save, {"do": "give", "name": "dan", "role": "library_user"}, headers=HTMX)

    assert ("The team of this library" in shown, "Beta tester" in shown) == (True, False)
    assert given.status_code == 422
    admin.post(save, {"do": "give", "name": "dan", "role": Role.READER.value})
    assert as_person("dan").get(reverse("studio:library", args=[pool])).status_code == 200
    assert as_person("dan").get(reverse("studio:import", args=[pool])).status_code == 403
    refused = admin.post(save, {"do": "give", "name": "dan", "role": Role.BETA_TESTER.value}, headers=HTMX)
    assert "no such role" in refused.content.decode()
    last = admin.post(save, {"do": "take", "name": "orgadmin"}, headers=HTMX)
    assert "only admin" in last.content.decode()
    admin.post(save, {"do": "take", "name": "dan"})
    assert as_person("dan").get(reverse("studio:library", args=[pool])).status_code == 403


def test_files_of_a_library_are_found_moved_and_told_where_they_are_used(pool: LibraryLocatorV2, carol: Client) -> None:
    ref = item(pool, '<img src="/static/map.png" alt="">')
    upload = SimpleUploadedFile("map.png", b"not really one")
    carol.post(reverse("studio:upload", args=[pool]), {"file": upload})

    listed = carol.get(reverse("studio:files", args=[pool]), {"q": "map"}).content.decode()
    used = carol.get(reverse("studio:files_used", args=[pool])).content.decode()
    uses = carol.get(reverse("studio:files_uses", args=[pool]), {"path": "map.png"}).content.decode()
    change = reverse("studio:files_change", args=[pool])
    moved = carol.post(change, {"action": "rename", "path": "map.png", "new": "maps/one.png"}, headers=HTMX)

    assert ("map.png" in listed, "Copy web address" in listed) == (True, False)
    assert "1 place" in used
    assert reverse("studio:component", args=[pool, ref]) in uses
    assert moved.status_code == 200
    text = content.way(content.head(pool, "draft"), ref)[-1].object_id
    assert "/static/maps/one.png" in str(content.nodes([text])[text].fields["data"])
    packed = carol.get(reverse("studio:files_zip", args=[pool]))
    assert packed["Content-Disposition"] == 'attachment; filename="Lykeion-pool-files.zip"'
    assert b"maps/one.png" in b"".join(packed)  # type: ignore[call-overload]
