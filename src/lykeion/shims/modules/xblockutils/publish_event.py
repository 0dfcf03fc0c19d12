"""As ``xblock.utils.publish_event``."""

from xblock.utils.publish_event import *  # noqa: F403  # all of it, for blocks of others
