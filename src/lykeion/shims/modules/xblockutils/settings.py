"""As ``xblock.utils.settings``."""

from xblock.utils.settings import *  # noqa: F403  # all of it, for blocks of others
