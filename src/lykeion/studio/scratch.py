"""What somebody tried out on the pages of one draft, and how far their editors are, kept in their session."""

from __future__ import annotations

from typing import Final

from django.http import HttpRequest

from lykeion.authoring.api import trying
from lykeion.authoring.types import Author
from lykeion.content.types import ObjectId

SCRATCH: Final = "studio_scratch"
EDITING: Final = "studio_editing"
MOST_CHARACTERS: Final = 200_000
MOST_EDITORS: Final = 50


def scratch_of(request: HttpRequest, author: Author) -> trying.Scratch:
    """What ``author`` tried out in this course so far."""
    found = request.session.get(SCRATCH, {})
    return trying.opened(found["tried"] if found.get("run") == str(author.run) else {})


def keep_scratch(request: HttpRequest, author: Author, scratch: trying.Scratch) -> None:
    """Keeps it, as much as a session can hold: that of one course, the last one."""
    if scratch.changed:
        request.session[SCRATCH] = {"run": str(author.run), "tried": trying.kept(scratch, most=MOST_CHARACTERS)}


def forget_scratch(request: HttpRequest) -> None:
    """Begins anew."""
    request.session.pop(SCRATCH, None)


def base_now(request: HttpRequest, ref: str, base: str) -> ObjectId:
    """The version that an editor which was opened on ``base`` has last written itself."""
    known: dict[str, str] = request.session.get(EDITING, {})
    return ObjectId(known.get(f"{ref} {base}", base))


def wrote(request: HttpRequest, ref: str, base: str, version: ObjectId) -> None:
    """The editor of ``ref`` that was opened on ``base`` has written ``version``."""
    known: dict[str, str] = {**request.session.get(EDITING, {}), f"{ref} {base}": version}
    request.session[EDITING] = dict(list(known.items())[-MOST_EDITORS:])
