"""As ``xblock.utils.studio_editable``."""

from xblock.utils.studio_editable import *  # noqa: F403  # all of it, for blocks of others
