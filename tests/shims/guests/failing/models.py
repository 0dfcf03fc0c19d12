"""Its tables need what is not there."""

import openedx.core.djangoapps.nowhere  # noqa: F401
