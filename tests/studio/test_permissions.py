"""Every address of Studio, for everybody: who gets in is said in one table, and an address without a line fails."""

from __future__ import annotations

from collections.abc import Callable
from http import HTTPStatus

from django.db import transaction
from django.http import HttpResponse
from django.test import Client
from django.urls import URLPattern, reverse

from lykeion.accounts import api as accounts
from lykeion.authoring.models import Taxonomy
from lykeion.content import api as content
from lykeion.core.keys import CourseLocator, library_of
from lykeion.studio import urls
from tests.content.trees import NOON
from tests.studio.conftest import TEAM as TEAM_ROLES

VIEW = frozenset({"root", "orgadmin", "admin", "staff", "carol", "editor", "reader"})
EDIT = VIEW - {"reader"}
PUBLISH = EDIT - {"editor"}
SETTINGS = PUBLISH
TEAM = frozenset({"root", "orgadmin", "admin"})
PEOPLE = sorted(VIEW | {"limited", "beta", "alice", "dan"})
ANYBODY = frozenset(PEOPLE)

# Name of the address -> who may, the method, and further parts of the address. Whoever may gets anything but 401, 403
# and the sign-in page (what they send here is often incomplete).
RULES: dict[str, tuple[frozenset[str], str, dict[str, str]]] = {
    "home": (ANYBODY, "get", {}),
    "new": (ANYBODY, "get", {}),
    "search": (ANYBODY, "get", {}),
    "taxonomies": (VIEW, "get", {}),
    "taxonomy": (frozenset({"root"}), "post", {"number": "1"}),
    "taxonomy_file": (VIEW, "get", {"number": "1", "form": "csv"}),
    "tags": (VIEW, "get", {}),
    "tag": (EDIT, "get", {"ref": "html@text"}),
    "libraries": (ANYBODY, "get", {}),
    "library": (VIEW, "get", {}),
    "library_add": (EDIT, "post", {}),
    "library_change": (EDIT, "post", {}),
    "library_pick": (EDIT, "get", {"ref": "vertical@unit"}),
    "library_updates": (VIEW, "get", {}),
    "library_update": (EDIT, "get", {"ref": "html@text"}),
    "rerun": (VIEW, "get", {}),
    "outline": (VIEW, "get", {}),
    "children": (VIEW, "get", {"ref": "chapter@week1"}),
    "add": (EDIT, "post", {}),
    "rename": (EDIT, "post", {}),
    "tree": (VIEW, "post", {}),
    "find": (VIEW, "get", {}),
    "remove": (EDIT, "post", {}),
    "restore": (EDIT, "post", {}),
    "move": (EDIT, "post", {}),
    "places": (EDIT, "get", {"ref": "vertical@unit"}),
    "duplicate": (EDIT, "post", {}),
    "copy": (VIEW, "post", {}),
    "paste": (EDIT, "post", {}),
    "publishing": (PUBLISH, "get", {"ref": "chapter@week1"}),
    "publish": (PUBLISH, "post", {}),
    "problem_fill": (EDIT, "post", {"ref": "problem@sum"}),
    "problem_check": (EDIT, "post", {"ref": "problem@sum"}),
    "problem_rows": (EDIT, "post", {"ref": "problem@sum"}),
    "problem_again": (EDIT, "post", {"ref": "problem@sum"}),
    "problem_answer": (EDIT, "post", {"ref": "problem@sum", "seed": "3", "handler": "xmodule_handler", "suffix": "x"}),
    "discarding": (PUBLISH, "get", {"ref": "chapter@week1"}),
    "discard": (PUBLISH, "post", {}),
    "undiscard": (PUBLISH, "post", {}),
    "block_settings": (EDIT, "get", {"ref": "sequential@sub"}),
    "clash": (EDIT, "post", {}),
    "settle": (EDIT, "post", {}),
    "history": (VIEW, "get", {}),
    "change": (VIEW, "get", {}),
    "deleted": (VIEW, "get", {}),
    "restore_version": (EDIT, "post", {}),
    "version": (VIEW, "get", {"root": "0" * 48, "ref": "vertical@unit"}),
    "component": (EDIT, "get", {"ref": "html@text"}),
    "component_preview": (VIEW, "get", {"ref": "html@text"}),
    "transcript_upload": (EDIT, "post", {"ref": "video@talk"}),
    "transcript": (EDIT, "get", {"ref": "video@talk", "language": "en"}),
    "transcript_remove": (EDIT, "post", {"ref": "video@talk", "language": "en"}),
    "transcript_file": (VIEW, "get", {"ref": "video@talk", "language": "en", "form": "srt"}),
    "choose_file": (VIEW, "get", {}),
    "choose_place": (VIEW, "get", {"ref": "chapter@week1"}),
    "component_settings": (EDIT, "get", {"ref": "html@text"}),
    "component_save": (EDIT, "post", {"ref": "html@text"}),
    "unit": (VIEW, "get", {"ref": "vertical@unit"}),
    "pages": (VIEW, "get", {}),
    "pages_save": (EDIT, "post", {}),
    "pages_add": (EDIT, "post", {}),
    "page": (VIEW, "get", {"slug": "syllabus"}),
    "page_save": (EDIT, "post", {"slug": "syllabus"}),
    "updates": (VIEW, "get", {}),
    "updates_save": (EDIT, "post", {}),
    "textbooks": (VIEW, "get", {}),
    "textbooks_save": (EDIT, "post", {}),
    "schedule": (VIEW, "get", {}),
    "schedule_save": (SETTINGS, "post", {}),
    "about_preview": (VIEW, "get", {}),
    "grading": (VIEW, "get", {}),
    "grading_save": (SETTINGS, "post", {}),
    "groups": (VIEW, "get", {}),
    "groups_save": (SETTINGS, "post", {}),
    "groups_uses": (VIEW, "get", {"partition": "100"}),
    "features": (VIEW, "get", {}),
    "features_save": (SETTINGS, "post", {}),
    "team": (VIEW, "get", {}),
    "team_save": (TEAM, "post", {}),
    "certificates": (VIEW, "get", {}),
    "certificates_save": (SETTINGS, "post", {}),
    "advanced": (VIEW, "get", {}),
    "advanced_save": (SETTINGS, "post", {}),
    "settings_undo": (EDIT, "post", {}),
    "settings_publish": (PUBLISH, "post", {"name": "grading"}),
    "settings_discard": (PUBLISH, "post", {"name": "grading"}),
    "unit_more": (EDIT, "get", {"ref": "vertical@unit"}),
    "unit_add": (EDIT, "post", {"ref": "vertical@unit"}),
    "unit_rename": (EDIT, "post", {"ref": "vertical@unit"}),
    "unit_move": (EDIT, "post", {"ref": "html@text"}),
    "unit_places": (EDIT, "get", {"ref": "html@text"}),
    "unit_duplicate": (EDIT, "post", {"ref": "html@text"}),
    "unit_remove": (EDIT, "post", {"ref": "html@text"}),
    "unit_restore": (EDIT, "post", {}),
    "unit_copy": (VIEW, "post", {"ref": "problem@sum"}),
    "unit_paste": (EDIT, "post", {"ref": "vertical@unit"}),
    "unit_discard": (PUBLISH, "post", {"ref": "vertical@unit"}),
    "unit_undiscard": (PUBLISH, "post", {}),
    "unit_forget": (VIEW, "post", {"ref": "vertical@unit"}),
    "unit_access": (EDIT, "get", {"ref": "problem@sum"}),
    "handler": (VIEW, "post", {"usage": "problem@sum", "handler": "xmodule_handler"}),
    "handler_suffix": (VIEW, "post", {"usage": "problem@sum", "handler": "xmodule_handler", "suffix": "problem_get"}),
    "editing": (EDIT, "post", {"base": "0", "usage": "problem@sum", "handler": "h"}),
    "editing_suffix": (EDIT, "post", {"base": "0", "usage": "problem@sum", "handler": "h", "suffix": "s"}),
    "jump": (VIEW, "get", {"block_id": "sum"}),
    "view_as": (VIEW, "post", {}),
    "as_learner": (VIEW, "get", {"ref": "vertical@unit"}),
    "as_handler": (VIEW, "post", {"usage": "problem@sum", "handler": "xmodule_handler"}),
    "as_handler_suffix": (VIEW, "post", {"usage": "problem@sum", "handler": "h", "suffix": "problem_get"}),
    "files": (VIEW, "get", {}),
    "files_used": (VIEW, "get", {}),
    "files_uses": (VIEW, "get", {}),
    "files_change": (EDIT, "post", {}),
    "files_undo": (EDIT, "post", {}),
    "files_zip": (VIEW, "get", {}),
    "import": (PUBLISH, "get", {}),
    "import_report": (PUBLISH, "get", {"number": "1"}),
    "import_part": (EDIT, "get", {}),
    "import_part_report": (EDIT, "get", {"number": "1"}),
    "transfer_undo": (EDIT, "post", {"kind": "paste", "number": "1"}),
    "export": (VIEW, "get", {}),
    "export_report": (VIEW, "get", {"number": "1"}),
    "export_file": (VIEW, "get", {"number": "1"}),
    "checks": (VIEW, "get", {}),
    "checks_start": (VIEW, "post", {}),
    "checks_state": (VIEW, "get", {"kind": "checks", "number": "1"}),
    "uploads": (EDIT, "post", {}),
    "uploads_take": (EDIT, "post", {}),
    "upload_part": (EDIT, "get", {"key": "0"}),
    "git": (PUBLISH, "get", {}),
    "git_act": (PUBLISH, "post", {"what": "push"}),
    "git_report": (PUBLISH, "get", {"what": "push", "number": "1"}),
    "git_undo": (PUBLISH, "post", {"number": "1"}),
    "upload": (EDIT, "post", {}),
    "static": (VIEW, "get", {"path": "a.png"}),
}
# The same for pages of a library, in which everybody has the role that they have in the course.
OF_LIBRARIES: dict[str, tuple[frozenset[str], str, dict[str, str]]] = {
    "library": (VIEW, "get", {}),
    "library_add": (EDIT, "post", {}),
    "library_change": (EDIT, "post", {}),
    "files": (VIEW, "get", {}),
    "files_used": (VIEW, "get", {}),
    "files_uses": (VIEW, "get", {}),
    "files_change": (EDIT, "post", {}),
    "files_undo": (EDIT, "post", {}),
    "files_zip": (VIEW, "get", {}),
    "upload": (EDIT, "post", {}),
    "uploads": (EDIT, "post", {}),
    "uploads_take": (EDIT, "post", {}),
    "team": (VIEW, "get", {}),
    "team_save": (TEAM, "post", {}),
    "import": (PUBLISH, "get", {}),
    "import_report": (PUBLISH, "get", {"number": "1"}),
    "transfer_undo": (PUBLISH, "post", {"kind": "import", "number": "1"}),
    "export": (VIEW, "get", {}),
    "export_report": (VIEW, "get", {"number": "1"}),
    "export_file": (VIEW, "get", {"number": "1"}),
    "history": (VIEW, "get", {}),
    "publish": (PUBLISH, "post", {}),
}
NOT_OF_LIBRARIES = ("schedule", "grading", "groups", "features", "advanced", "git", "import_part", "checks", "rerun")
SHUT = {HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN}


def test_every_address_has_a_rule() -> None:
    names = {pattern.name for pattern in urls.urlpatterns if isinstance(pattern, URLPattern)}

    assert names == set(RULES)


def answered(client: Client, method: str, address: str) -> HttpResponse:
    """What the address answers; what it did is undone, so that the next one finds the course as it was."""
    with transaction.atomic():
        response: HttpResponse = getattr(client, method)(address)
        transaction.set_rollback(True)
    return response


def test_who_gets_in(run: CourseLocator, as_person: Callable[[str], Client]) -> None:
    Taxonomy.objects.create(pk=1, name="Skills", name_in_files="skills")
    clients = {who: as_person(who) for who in PEOPLE}
    got_in: dict[str, set[str]] = {}
    turned_away: dict[str, bool] = {}
    patterns = {pattern.name: str(pattern.pattern) for pattern in urls.urlpatterns if isinstance(pattern, URLPattern)}

    for name, (_may, method, more) in RULES.items():
        in_course = urls.IN_COURSE in patterns[name]
        address = reverse(f"studio:{name}", kwargs={**({"run": run} if in_course else {}), **more})
        got_in[name] = {
            who for who, client in clients.items() if answered(client, method, address).status_code not in SHUT
        }
        visitor = answered(as_person(""), method, address)
        turned_away[name] = visitor.status_code == HTTPStatus.FOUND and "/account/" in visitor["Location"]

    assert {name: who for name, who in got_in.items() if who != RULES[name][0]} == {}
    assert [name for name, away in turned_away.items() if not away] == []


def test_who_gets_into_a_library(run: CourseLocator, as_person: Callable[[str], Client]) -> None:
    pool = library_of("Lykeion", "pool")
    content.create_library(pool, title="Pool", author="carol", at=NOON)
    for name, role in TEAM_ROLES.items():
        found = accounts.find_person(name)
        assert found is not None
        accounts.grant_role(found.id, role, org="Lykeion", run=str(pool))
    clients = {who: as_person(who) for who in PEOPLE}
    got_in: dict[str, set[str]] = {}

    for name, (_may, method, more) in OF_LIBRARIES.items():
        address = reverse(f"studio:{name}", kwargs={"run": pool, **more})
        got_in[name] = {
            who for who, client in clients.items() if answered(client, method, address).status_code not in SHUT
        }
        visitor = answered(as_person(""), method, address)
        assert visitor.status_code == HTTPStatus.FOUND

    assert {name: who for name, who in got_in.items() if who != OF_LIBRARIES[name][0]} == {}
    missing = [clients["root"].get(reverse(f"studio:{name}", args=[pool])).status_code for name in NOT_OF_LIBRARIES]
    assert missing == [HTTPStatus.NOT_FOUND] * len(NOT_OF_LIBRARIES)
