"""Addresses that blocks ask for on pages of Studio. The studio face answers them; a test holds both together."""

from __future__ import annotations

from urllib.parse import quote

from django.urls import get_script_prefix

from lykeion.content.types import ObjectId
from lykeion.core.keys import CourseLocator
from lykeion.core.paths import SAFE, SAFE_IN_SEGMENT


class DraftUrls:
    """The addresses of a run's draft in Studio. Handlers write nothing but what somebody tries out; those of the block
    that is being edited, whose version ``editing`` the author saw, may change the draft. ``as_learner``: handlers of
    the pages on which the team looks at the draft as learners do."""

    __slots__ = ("_base", "_handlers")

    def __init__(self, run: CourseLocator, editing: ObjectId | None = None, *, as_learner: bool = False) -> None:
        self._base = f"{get_script_prefix()}studio/course/{quote(str(run), safe=SAFE)}/"
        self._handlers = "as/xblock/" if as_learner else "xblock/" if editing is None else f"editing/{editing}/"

    def handler(self, usage: str, handler: str, suffix: str, query: str, *, thirdparty: bool) -> str:
        """Address of a handler of the block (or aside) ``usage``. Third parties have no way into drafts: they get the
        same address, which asks them to sign in."""
        path = f"{self._base}{self._handlers}{quote(usage, safe=SAFE_IN_SEGMENT)}/handler/{quote(handler, safe='')}"
        path += f"/{quote(suffix, safe=SAFE)}" if suffix else ""
        return f"{path}?{query}" if query else path

    def resource(self, block_type: str, uri: str) -> str:
        """Address of a file in a block's package; it is the same for learners."""
        return f"{get_script_prefix()}xblock/resource/{quote(block_type, safe='')}/{quote(uri, safe=SAFE)}"

    def asset(self, path: str) -> str:
        """Address of a file of the draft."""
        return f"{self._base}static/{quote(path, safe=SAFE)}"

    def jump(self, block_id: str) -> str:
        """Address that leads to the page of Studio with a block."""
        tail = "?as=learner" if self._handlers.startswith("as/") else ""
        return f"{self._base}jump_to_id/{quote(block_id, safe=SAFE_IN_SEGMENT)}{tail}"

    def course(self, tail: str) -> str:
        """Address below the course in Studio."""
        return self._base + quote(tail, safe=SAFE)
