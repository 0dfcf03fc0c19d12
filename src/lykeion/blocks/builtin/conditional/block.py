"""Shows its children once a learner did something elsewhere: answered a problem, voted in a poll."""

from __future__ import annotations

from collections.abc import Iterator
from html import escape
from typing import Any

from django.utils.translation import gettext as _
from web_fragments.fragment import Fragment
from xblock.exceptions import NoSuchUsage
from xblock.fields import List, Scope, String

from lykeion.blocks.builtin.choosing import ChoosingBlock
from lykeion.core.keys import ref_meant, usage_of, usage_text

_ON_THE_WAY = "shown_by"
"""Where a view's context says which conditionals it is in: two may show each other."""


class ConditionalBlock(ChoosingBlock):
    """Source: ``conditional_block.py`` of Open edX. The host decides whether the condition holds; until then nobody
    gets anything of what is inside. ``show_tag_list`` names blocks from elsewhere that are shown as well."""

    display_name = String(default="Conditional", scope=Scope.settings)
    conditional_attr = String(default="correct", scope=Scope.settings)
    conditional_value = String(default="True", scope=Scope.settings)
    conditional_message = String(default="", scope=Scope.settings)
    sources_list = List(default=[], scope=Scope.settings)
    show_tag_list = List(default=[], scope=Scope.settings)

    @property
    def is_met(self) -> bool:
        """Whether the condition holds for the viewer."""
        return self.scope_ids.place.ref in self.chosen

    def student_view(self, context: dict[str, Any] | None = None) -> Fragment:
        """What is inside, or what there is to do first. The page asks again after answers."""
        if not self.is_met:
            return Fragment(self._closed_html())
        way = {*(context or {}).get(_ON_THE_WAY, ()), self.scope_ids.place.ref}
        below = {**(context or {}), _ON_THE_WAY: way}
        shown = super().student_view(below)
        for block in self._from_elsewhere(way):
            part = block.render("student_view", below)
            shown.add_content(part.content)
            shown.add_fragment_resources(part)
        return shown

    def _from_elsewhere(self, way: set[str]) -> Iterator[Any]:
        """The blocks that the author named, as far as they are open to the viewer where they stand."""
        outline, own = self.runtime.visit.outline, {str(child) for child in self.children}
        here = self.scope_ids.place.outline.index
        for ref in map(ref_meant, self.show_tag_list or ()):
            block = outline.get(ref)
            if block is None or ref in way or block.index <= here < block.end:
                continue
            usage = usage_of(outline.run, ref)
            try:
                found = None if str(usage) in own else self.runtime.get_block(usage)
            except NoSuchUsage:  # not for this viewer
                continue
            if found is not None:
                yield found

    def _closed_html(self) -> str:
        usage = usage_text(self.runtime.course_id, self.scope_ids.place.ref)
        urls = self.runtime.visit.urls
        url, seen = escape(urls.course(f"xblock/{usage}/view/student_view")), escape(urls.course("completion"))
        return (
            f'<div class="block-notice" data-controller="conditional" data-conditional-url-value="{url}" '
            f'data-conditional-usage-value="{escape(usage)}" data-conditional-seen-url-value="{seen}" '
            f'data-conditional-opened-value="{escape(_("A further part of this page is open now."))}" '
            'data-action="problem:changed@document->conditional#ask completion:done@document->conditional#ask '
            f'xblock:answered@document->conditional#ask">{"".join(self._messages())}</div>'
        )

    def _messages(self) -> Iterator[str]:
        words = self.conditional_message or _("You must complete {link} before you can access this unit.")
        sources = [ref_meant(one) for one in self.sources_list or ()]
        for ref in sources:
            yield f"<p>{escape(words).replace('{link}', self._link(ref))}</p>"
        if not sources:
            said = _("The author named no block that opens this part, so it stays closed.")
            yield f"<p>{escape(said)}</p>" if self.is_for_team else f"<p>{escape(_('This part is not open yet.'))}</p>"

    def _link(self, ref: str) -> str:
        """A link to what is to be done; its bare name where it is not in the course, or not for the viewer."""
        outline = self.runtime.visit.outline
        block, is_visible = outline.get(ref), self.runtime.visit.services.get("visible")
        if block is None or (is_visible is not None and not is_visible(block)):
            return escape(_("another part of the course"))
        return f'<a href="{escape(self.runtime.visit.urls.jump(block.id))}">{escape(block.title)}</a>'
