"""As ``xblock.utils.resources``."""

from xblock.utils.resources import *  # noqa: F403  # all of it, for blocks of others
