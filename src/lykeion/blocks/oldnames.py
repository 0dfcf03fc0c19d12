"""Names that blocks in the wild ask a runtime for besides those of XBlock: those of the runtimes of Open edX."""

from __future__ import annotations

from importlib import import_module
from typing import Any

from lykeion.blocks.folders import CourseFolder
from lykeion.blocks.links import with_addresses
from lykeion.blocks.services import site
from lykeion.blocks.types import Visit
from lykeion.content.types import Json


class OldNames:
    """Attributes of a runtime for ``visit``; each says in other words what the visit knows."""

    visit: Visit
    resources_fs = CourseFolder()
    export_fs = None
    position: int | None = None
    DEBUG = False
    suppports_state_for_anonymous_users = False  # blocks ask for it by this spelling

    @property
    def anonymous_student_id(self) -> str:
        """The viewer's anonymous id in this run."""
        return self.visit.viewer.anonymous_id

    @property
    def user_is_staff(self) -> bool:
        """Whether the viewer is staff of the run."""
        return self.visit.viewer.is_staff

    @property
    def modulestore(self) -> Any:
        """Courses by key, for old blocks (the ``lti`` of Open edX): what ``lykeion.shims`` lends under that name."""
        return import_module("xmodule.modulestore.django").modulestore()

    @property
    def user_is_admin(self) -> bool:
        """Whether the viewer is staff of the site."""
        return self.visit.viewer.is_global_staff

    @property
    def user_is_beta_tester(self) -> bool:
        """Whether the viewer sees what is to come earlier than others."""
        return self.visit.viewer.is_beta_tester

    def get_real_user(self, anonymous_id: str) -> Any | None:
        """The row of whoever has that anonymous id in the run; None for nobody."""
        directory = self.visit.services.get("directory")
        return None if directory is None else directory.whose(anonymous_id)

    def get_policy(self, usage_id: object) -> dict[str, Json]:
        """Old blocks ask for their policy; it is merged into their settings already."""
        return {}

    @property
    def hostname(self) -> str:
        """The name of the site's host."""
        return site.host

    def get_user_role(self) -> str:
        """What the viewer is in the run: ``student``, ``staff`` or ``instructor``."""
        return self.visit.viewer.role

    def replace_jump_to_id_urls(self, text: str) -> str:
        """As :meth:`replace_urls`, which sees to those as well."""
        return with_addresses(text, self.visit.urls)

    replace_course_urls = replace_jump_to_id_urls

    def query(self, block: Any) -> Any:
        """Questions about the blocks around ``block``: none can be asked (XBlock never wrote what they would be)."""
        raise NotImplementedError("Blocks cannot be queried; ask get_block for a parent or a child.")
