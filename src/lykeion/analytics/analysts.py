"""What analysts may ask in SQL: the tables, their columns, and what these hold. Pure: the page and the guide are made
of it (``docs/teachers/sql.md``, by ``python -m lykeion.analytics.analysts``)."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Final

GUIDE: Final = Path(__file__).resolve().parents[3] / "docs" / "teachers" / "sql-tables.md"
_WHO: Final = (
    ("time", "timestamp", "when, in UTC"),
    ("course_id", "text", "key of the course"),
    ("user_id", "whole number", "number of the learner; nothing for visitors and for people who deleted their account"),
)


@dataclass(frozen=True, slots=True)
class Exposed:
    """A table: its ``name``, what a row of it is, and its columns: name, type, what it holds."""

    name: str
    about: str
    columns: tuple[tuple[str, str, str], ...]


TABLES: Final[tuple[Exposed, ...]] = (
    Exposed(
        "learners",
        "a learner who is enrolled now, as the page Learners shows them",
        (
            ("course_id", "text", "key of the course"),
            ("user_id", "whole number", "number of the learner"),
            ("mode", "text", "track"),
            ("enrolled_on", "date", "day of the first enrolment"),
            ("last", "timestamp", "when they were last active"),
            ("percent", "number", "latest grade, 0 to 1"),
            ("passed", "yes or no", "whether that is a pass"),
            ("problem_attempts", "whole number", "submissions in the last seven days"),
            ("problems_attempted", "whole number", "problems tried in the last seven days"),
            ("problems_completed", "whole number", "problems solved in the last seven days"),
            ("videos_viewed", "whole number", "videos played in the last seven days"),
            ("discussion_contributions", "whole number", "posts in the last seven days"),
            ("days_active", "whole number", "days, of the last seven, on which they did one of these"),
            ("problem_attempts_ever", "whole number", "the same since the learner began, as are the next five"),
            ("problems_attempted_ever", "whole number", ""),
            ("problems_completed_ever", "whole number", ""),
            ("videos_viewed_ever", "whole number", ""),
            ("discussion_contributions_ever", "whole number", ""),
            ("days_active_ever", "whole number", ""),
            (
                "attempts_per_completed",
                "number",
                "attempts for each problem solved in the last seven days; none when nothing was",
            ),
            ("at_risk", "yes or no", "the words of the page Learners, as are the next four"),
            ("struggling", "yes or no", ""),
            ("disengaging", "yes or no", "*fading*"),
            ("inactive", "yes or no", "*away*"),
            ("highly_engaged", "yes or no", "*very active*"),
        ),
    ),
    Exposed(
        "blocks",
        "a block of the course as it is published now",
        (
            ("course_id", "text", "key of the course"),
            ("block_id", "text", "its key, as in `problem_id` and other columns; of a video see `id`"),
            ("id", "text", "the last part of the key; `video_id` is that of the block whose `type` is `video`"),
            ("type", "text", "`problem`, `video`, `html` …"),
            ("title", "text", "what learners read"),
            ("section", "text", "title of the section that it is in"),
            ("subsection", "text", "title of the subsection"),
            ("unit", "text", "title of the unit"),
            ("position", "whole number", "its place in the course, from 0"),
        ),
    ),
    Exposed(
        "activity",
        "a learner on a day on which anything of theirs is in the log; enrolments, grades and completions do not count",
        (
            ("day", "date", "in UTC"),
            *_WHO[1:],
            ("events", "whole number", "all events"),
            ("attempts", "whole number", "submissions"),
            ("posts", "whole number", "posts in the forum"),
            ("plays", "whole number", "presses on play"),
            ("last", "timestamp", "the last event"),
        ),
    ),
    Exposed(
        "engagement",
        "what a learner did on a day",
        (
            ("day", "date", "in UTC"),
            ("course_id", "text", "key of the course"),
            ("user_id", "whole number", "number of the learner"),
            ("days_active", "whole number", "1, or 0 where only others voted for what they wrote"),
            ("problems_attempted", "whole number", "problems tried"),
            ("problem_attempts", "whole number", "submissions"),
            ("problems_correct", "whole number", "problems solved"),
            ("videos_played", "whole number", "videos"),
            ("forum_posts", "whole number", "threads begun"),
            ("forum_responses", "whole number", "answers written"),
            ("forum_comments", "whole number", "comments written"),
            ("upvotes_given", "whole number", "votes for, less those taken back, as are the next three"),
            ("downvotes_given", "whole number", "votes against"),
            ("upvotes_received", "whole number", "votes of others for what the learner wrote"),
            ("downvotes_received", "whole number", "votes of others against it"),
            ("textbook_pages", "whole number", "pages of textbooks"),
            ("last_subsection_viewed", "text", "ids of the section and the subsection that were opened last"),
        ),
    ),
    Exposed(
        "module_engagement",
        "what a learner did with a problem, a video or a topic of the forum on a day",
        (
            ("course_id", "text", "key of the course"),
            ("user_id", "whole number", "number of the learner"),
            ("day", "date", "in UTC"),
            ("entity_type", "text", "`problem`, `video`, `discussion`"),
            ("entity_id", "text", "key of the problem, id of the video, topic of the forum"),
            ("event", "text", "`attempted`, `completed`, `viewed`, `contributed`"),
            ("count", "whole number", "how often"),
        ),
    ),
    Exposed(
        "enrolments",
        "a change of an enrolment",
        (*_WHO, ("event", "text", "`activated`, `deactivated`, `mode_changed`"), ("mode", "text", "track")),
    ),
    Exposed(
        "submissions",
        "a submission to a problem",
        (
            *_WHO,
            ("problem_id", "text", "key of the problem"),
            ("display_name", "text", "its title then"),
            ("attempts", "whole number", "which of the learner's attempts"),
            ("grade", "number", "points"),
            ("max_grade", "number", "of so many"),
            ("success", "text", "`correct`, `incorrect`"),
        ),
    ),
    Exposed(
        "answers",
        "an answer in a submission: a problem with three questions has three",
        (
            *_WHO,
            ("problem_id", "text", "key of the problem"),
            ("part_id", "text", "which of its questions"),
            ("question", "text", "its words"),
            ("answer", "text", "what the learner chose or typed; several as `[a|b]`"),
            ("value_id", "text", "the id of the choice, where there is one"),
            ("correct", "yes or no", "nothing where nobody marked it"),
            ("response_type", "text", "`multiplechoiceresponse` …"),
            ("variant", "text", "which of several wordings, `1` without"),
        ),
    ),
    Exposed(
        "help",
        "a hint or a solution that was asked for",
        (
            *_WHO,
            ("event", "text", "`showanswer`, `demandhint_displayed`"),
            ("problem_id", "text", "key of the problem"),
        ),
    ),
    Exposed(
        "video_events",
        "something that happened in a player",
        (
            *_WHO,
            ("event", "text", "`play_video`, `pause_video`, `seek_video`, `stop_video` …"),
            ("video_id", "text", "id of the video's block"),
            ("position", "number", "seconds; after a seek where it went"),
            ("old_position", "number", "seconds; where a seek came from"),
            ("duration", "number", "seconds of the whole video"),
        ),
    ),
    Exposed(
        "forum_events",
        "something that happened in the forum",
        (
            *_WHO,
            ("event", "text", "`thread.created` …"),
            ("topic_id", "text", "topic"),
            ("vote", "text", "`up`, `down`; nothing where it is no vote"),
            ("change", "whole number", "1, or -1 where a vote was taken back"),
        ),
    ),
    Exposed(
        "grades",
        "a grade that was computed",
        (
            *_WHO,
            ("event", "text", "`problem.submitted`, `subsection.grade_calculated`, `course.grade_calculated` …"),
            ("block_id", "text", "key of the problem or the subsection; nothing for the course"),
            ("earned", "number", "points"),
            ("possible", "number", "of so many"),
            ("percent", "number", "of the course, 0 to 1"),
            ("letter", "text", "of the course"),
        ),
    ),
    Exposed(
        "completions",
        "a block that a learner did or undid",
        (
            *_WHO,
            ("block_id", "text", "key of the block"),
            ("block_type", "text", "its type"),
            ("completion", "number", "1 for done"),
        ),
    ),
    Exposed(
        "navigation",
        "a step through the course",
        (
            *_WHO,
            ("event", "text", "`seq_next`, `edx.ui.lms.outline.selected` …"),
            ("block_id", "text", "where the learner was"),
            ("target", "text", "the link or its words"),
        ),
    ),
)
"""In the order of their page."""
NAMES: Final = frozenset(one.name for one in TABLES)


def guide() -> str:
    """The page of the guide."""
    parts = [
        "# Tables for SQL\n\nWhat the page **SQL** of the analytics can be asked ([how](analytics.md#sql)). "
        "This page is made from `src/lykeion/analytics/analysts.py`.\n"
    ]
    for table in TABLES:
        lines = [f"| `{name}` | {kind} | {about} |" for name, kind, about in table.columns]
        parts.append(
            f"\n## `{table.name}`\n\nA row is {table.about}.\n\n| column | type | holds |\n|---|---|---|\n"
            + "\n".join(lines)
            + "\n"
        )
    return "".join(parts)


if __name__ == "__main__":
    GUIDE.write_text(guide())
