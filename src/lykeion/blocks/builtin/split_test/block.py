"""A content experiment: each group of a partition sees one child. The course team sees all of them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from html import escape
from typing import Any

from django.utils.translation import gettext as _
from web_fragments.fragment import Fragment
from xblock.fields import Dict, Integer, Scope, String

from lykeion.blocks.builtin.choosing import ChoosingBlock
from lykeion.core.keys import ref_meant, ref_of
from lykeion.events.types import ChildRenderPayload

CHILD_RENDER = "xblock.split_test.child_render"


@dataclass(frozen=True, slots=True)
class Arm:
    """What one group of the experiment sees. ``child`` is None where the author gave the group nothing."""

    key: str
    name: str
    child: Any


class SplitTestBlock(ChoosingBlock):
    """Source: ``split_test_block.py`` of Open edX. The host says which group somebody is in."""

    display_name = String(default="Content Experiment", scope=Scope.settings)
    user_partition_id = Integer(default=-1, scope=Scope.settings)
    group_id_to_child = Dict(default={}, scope=Scope.settings)

    def student_view(self, context: dict[str, Any] | None = None) -> Fragment:
        """The child of the learner's group; for the course team all of them, with a menu."""
        if self.is_for_team:
            return self._team_view(context)
        shown = super().student_view(context)
        for child in self.get_children():
            self.runtime.publish(self, CHILD_RENDER, ChildRenderPayload(child_id=str(child.scope_ids.usage_id)))
        return shown

    @property
    def partition(self) -> Mapping[str, Any] | None:
        """The partition as the course has it; None when it was removed."""
        listed = self.runtime.visit.outline.course.settings.get("user_partitions") or ()
        found = (one for one in listed if isinstance(one, Mapping) and one.get("id") == self.user_partition_id)
        return next(found, None)

    @property
    def arms(self) -> list[Arm]:
        """What each group sees, in the order of the groups; then children of no group."""
        children = {ref_of(child.scope_ids.usage_id): child for child in self.get_children()}
        meant = {str(group): ref_meant(child) for group, child in self.group_id_to_child.items()}
        groups = [one for one in (self.partition or {}).get("groups") or () if isinstance(one, Mapping)]
        found = [
            Arm(str(one.get("id")), str(one.get("name") or ""), children.get(meant.get(str(one.get("id")), "")))
            for one in groups
        ]
        taken = {id(arm.child) for arm in found}
        rest = [(ref, child) for ref, child in children.items() if id(child) not in taken]
        return found + [Arm(ref, _("No group"), child) for ref, child in rest]

    def _team_view(self, context: dict[str, Any] | None) -> Fragment:
        shown = Fragment()
        if self.partition is None:
            said = _("The experiment of this part is not in the course any more, so learners see nothing here.")
            shown.add_content(self.team_note(said))
        arms = self.arms
        shown.add_content(f'<div class="split-test" data-controller="split-test">{self._menu(arms)}')
        for arm in arms:
            self._add_arm(shown, arm, context)
        shown.add_content("</div>")
        return shown

    def _menu(self, arms: list[Arm]) -> str:
        name = str((self.partition or {}).get("name") or self.title)
        menu_id = escape(f"{self.scope_ids.place.ref}-menu")
        options = "".join(f'<option value="{escape(arm.key)}">{escape(arm.name)}</option>' for arm in arms)
        says = _("Experiment “%(name)s”: a learner sees what their group sees. You see all groups.") % {"name": name}
        return (
            f'<div class="split-test-menu"><p>{escape(says)}</p>'
            '<div class="field" data-split-test-target="menu" hidden>'
            f'<label class="field-label" for="{menu_id}">{_("Show")}</label>'
            f'<select id="{menu_id}" data-split-test-target="choice" data-action="split-test#show" '
            f'autocomplete="off"><option value="">{_("All groups")}</option>{options}</select></div></div>'
        )

    def _add_arm(self, shown: Fragment, arm: Arm, context: dict[str, Any] | None) -> None:
        key, name = escape(arm.key), escape(arm.name)
        shown.add_content(
            f'<section class="split-test-arm" data-split-test-target="arm" data-group="{key}" aria-label="{name}">'
            f'<p class="split-test-name">{name}</p>'
        )
        if arm.child is None:
            shown.add_content(self.team_note(_("This group has nothing here: learners in it see an empty place.")))
        else:
            part = arm.child.render("student_view", context)
            shown.add_content(part.content)
            shown.add_fragment_resources(part)
        shown.add_content("</section>")
