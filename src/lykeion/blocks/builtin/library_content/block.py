"""A bank of problems: each learner gets some of them."""

from __future__ import annotations

import json
from html import escape
from http import HTTPStatus
from typing import Any

from django.utils.translation import gettext as _
from web_fragments.fragment import Fragment
from webob import Request, Response
from xblock.core import XBlock
from xblock.fields import Boolean, Integer, List, Scope, String

from lykeion.blocks.builtin.choosing import ChoosingBlock


class LibraryContentBlock(ChoosingBlock):
    """Source: ``library_content_block.py`` of Open edX. The children are what its author took from a library, chosen by
    kind (``capa_type``) when they took it; the host draws ``max_count`` of them (-1: all)."""

    display_name = String(default="Randomized Content Block", scope=Scope.settings)
    max_count = Integer(default=1, scope=Scope.settings)
    allow_resetting_children = Boolean(default=False, scope=Scope.settings)
    selected = List(default=[], scope=Scope.user_state)
    """What was drawn for the learner: pairs of type and id."""

    def student_view(self, context: dict[str, Any] | None = None) -> Fragment:
        """What was drawn, and a button to draw anew where the author allows that."""
        shown = super().student_view(context)
        if not self.children:
            shown.add_content(self.team_note(_("Nothing can be drawn from this bank, so learners see nothing here.")))
        elif self.allow_resetting_children:
            shown.add_content(self._reset_form())
        return shown

    def _reset_form(self) -> str:
        url = escape(self.runtime.handler_url(self, "reset_selected_children"))
        says = _("Your answers above are cleared, and you may get other problems.")
        return (
            f'<form class="bank-reset" method="post" action="{url}"><button class="button">{_("Draw again")}</button>'
            f"<p>{says}</p></form>"
        )

    @XBlock.handler  # type: ignore[untyped-decorator]
    def reset_selected_children(self, request: Request, suffix: str = "") -> Response:
        """Resets the problems that were drawn, and forgets the draw: the next page draws anew."""
        if request.method != "POST":
            return _told(_("Send this by POST."), HTTPStatus.METHOD_NOT_ALLOWED)
        if not self.allow_resetting_children:
            return _told(_("The author of this course does not let learners draw again."), HTTPStatus.BAD_REQUEST)
        for child in self.get_children():
            if hasattr(child, "reset_problem"):
                child.reset_problem(None)
                child.save()
        self.selected = []
        return Response(json.dumps({"success": True}), content_type="application/json", charset="utf-8")


def _told(error: str, status: HTTPStatus) -> Response:
    return Response(json.dumps({"error": error}), status=status, content_type="application/json", charset="utf-8")
