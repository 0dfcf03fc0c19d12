"""As ``xblock.utils.helpers``."""

from xblock.utils.helpers import *  # noqa: F403  # all of it, for blocks of others
