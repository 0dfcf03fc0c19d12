"""Services ``teams`` and ``teams_configuration`` of Open edX: courses have no teams here, and these say so.

Source: ``lms/djangoapps/teams/services.py`` and ``xmodule/services.py`` (``TeamsConfigurationService``).
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any


class NoTeams:
    """Nobody is in a team."""

    def get_team(self, user: object, course_id: object, topic_id: object) -> None:
        """No team."""

    def get_teamset(self, course_id: object, teamset_id: object) -> None:
        """No set of teams."""

    def get_team_by_team_id(self, team_id: object) -> None:
        """No team."""

    def get_team_detail_url(self, team: object) -> str:
        """Leads nowhere."""
        return ""

    def get_team_names(self, course_id: object, topic_id: object) -> dict[str, str]:
        """None."""
        return {}

    def get_anonymous_user_ids_for_team(self, user: object, team: object) -> list[str]:
        """Nobody."""
        return []


@dataclass(frozen=True)
class TeamSettings:
    """How a course uses teams: not at all."""

    is_enabled: bool = False
    teamsets: tuple[Any, ...] = ()
    teamsets_by_id: dict[str, Any] = field(default_factory=dict)


class TeamsSettings:
    """How courses use teams."""

    def get_teams_configuration(self, course_id: object) -> TeamSettings:
        """Not at all."""
        return TeamSettings()
