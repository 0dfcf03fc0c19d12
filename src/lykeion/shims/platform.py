"""Settings of Open edX that packages of others read without asking whether they are there."""

from __future__ import annotations

from collections.abc import Mapping
from email.utils import parseaddr
from typing import Any, Final

KEY: Final = r"[^/?]+"
"""A key in an address; views parse what they are given."""


def platform_settings(ours: Mapping[str, Any]) -> dict[str, Any]:
    """Those settings, as ours (``settings.py``) make them."""
    site = ours["SITE_URL"]
    return {
        "SERVICE_VARIANT": "lms",
        "LMS_ROOT_URL": site,
        "LMS_BASE": site.partition("://")[2],
        "LTI_BASE": site,
        "LTI_API_BASE": site,
        "LTI_CUSTOM_PARAM_TEMPLATES": {},
        "LEARNING_MICROFRONTEND_URL": site,
        "PLATFORM_NAME": ours["SITE_NAME"],
        "TECH_SUPPORT_EMAIL": parseaddr(ours["DEFAULT_FROM_EMAIL"])[1],
        "COURSE_ID_PATTERN": rf"(?P<course_id>{KEY})",
        "COURSE_KEY_PATTERN": rf"(?P<course_key_string>{KEY})",
        "USAGE_ID_PATTERN": rf"(?P<usage_id>{KEY})",
        "USAGE_KEY_PATTERN": rf"(?P<usage_key_string>{KEY})",
        "TRACK_MAX_EVENT": 50_000,  # characters
        "FEATURES": {},
        "ENV_TOKENS": {},
        "AUTH_TOKENS": {},
        "MAKO_TEMPLATE_DIRS_BASE": [],
        "OPEN_EDX_FILTERS_CONFIG": {},
        "ORA2_FILEUPLOAD_BACKEND": "django",
        "HOTJAR_SITE_ID": "",  # else open response loads a tracker of that company's into every page
    }
