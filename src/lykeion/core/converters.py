"""Keys of the field in addresses. A key that is no key answers 404, before any view runs.

Whoever writes ``<run:...>`` in an address imports this module, which registers them.
"""

from __future__ import annotations

from django.urls import register_converter

from lykeion.core.keys import (
    LONGEST_RUN,
    LONGEST_USAGE,
    BadKey,
    BlockUsageLocator,
    CourseLocator,
    Home,
    parse_home,
    parse_run,
    parse_usage,
)


class RunKeyConverter:
    """``course-v1:ORG+COURSE+RUN`` in a path."""

    regex = rf"course-v1:[^/]{{1,{LONGEST_RUN}}}"

    def to_python(self, value: str) -> CourseLocator:
        """The key of the run. Raises ``ValueError`` (for Django: no match) when it is none."""
        try:
            return parse_run(value)
        except BadKey as error:
            raise ValueError(str(error)) from error

    def to_url(self, value: CourseLocator | str) -> str:
        """The key as text."""
        return str(value)


class HomeConverter:
    """``course-v1:ORG+COURSE+RUN`` or ``lib:ORG:NAME`` in a path."""

    regex = rf"(?:course-v1|lib):[^/]{{1,{LONGEST_RUN}}}"

    def to_python(self, value: str) -> Home:
        """The key of the run or library. Raises ``ValueError`` (for Django: no match) when it is none."""
        try:
            return parse_home(value)
        except BadKey as error:
            raise ValueError(str(error)) from error

    def to_url(self, value: Home | str) -> str:
        """The key as text."""
        return str(value)


class UsageConverter:
    """``block-v1:ORG+COURSE+RUN+type@TYPE+block@ID`` in a path."""

    regex = rf"block-v1:[^/]{{1,{LONGEST_USAGE}}}"

    def to_python(self, value: str) -> BlockUsageLocator:
        """The key of the usage. Raises ``ValueError`` (for Django: no match) when it is none."""
        try:
            return parse_usage(value)
        except BadKey as error:
            raise ValueError(str(error)) from error

    def to_url(self, value: BlockUsageLocator | str) -> str:
        """The key as text."""
        return str(value)


class AssetRunConverter(RunKeyConverter):
    """``ORG+COURSE+RUN`` of a file's address, as the key of the run."""

    regex = rf"[^/+]{{1,{LONGEST_RUN}}}\+[^/+]{{1,{LONGEST_RUN}}}\+[^/+]{{1,{LONGEST_RUN}}}"

    def to_python(self, value: str) -> CourseLocator:
        """The key of the run. Raises ``ValueError`` when it is none."""
        return super().to_python(f"course-v1:{value}")

    def to_url(self, value: CourseLocator | str) -> str:
        """The key without its kind."""
        return str(value).removeprefix("course-v1:")


register_converter(RunKeyConverter, "run")
register_converter(HomeConverter, "home")
register_converter(UsageConverter, "usage")
register_converter(AssetRunConverter, "assetrun")
