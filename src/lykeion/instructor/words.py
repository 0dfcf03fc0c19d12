"""The words of the audit log, by what was done; and those of certificates."""

from __future__ import annotations

from typing import Any, Final

from django.utils.translation import gettext_lazy

from lykeion.certificates.types import Status

CERTIFICATES: Final[dict[Status, Any]] = {
    Status.DOWNLOADABLE: gettext_lazy("Valid"),
    Status.NOT_PASSING: gettext_lazy("Withdrawn: does not pass"),
    Status.UNAVAILABLE: gettext_lazy("Invalidated"),
}
_WORDS: Final[dict[str, Any]] = {
    "enrol": gettext_lazy("Enrolled"),
    "unenrol": gettext_lazy("Unenrolled"),
    "report": gettext_lazy("Ordered a report"),
    "cancel_report": gettext_lazy("Cancelled a report"),
    "fetch_report": gettext_lazy("Downloaded a report"),
    "fetch_learners": gettext_lazy("Downloaded the list of learners"),
    "order_engagement": gettext_lazy("Ordered a report of what learners did"),
    "fetch_engagement": gettext_lazy("Downloaded a report of what learners did"),
    "ask_sql": gettext_lazy("Asked a question in SQL"),
    "track": gettext_lazy("Moved to another track"),
    "invite": gettext_lazy("Invited an address"),
    "uninvite": gettext_lazy("Withdrew an invitation"),
    "register": gettext_lazy("Made an account"),
    "list_done": gettext_lazy("Worked on a list of people"),
    "list_continued": gettext_lazy("Went on with a list of people"),
    "list_undone": gettext_lazy("Took a list of people back"),
    "role_given": gettext_lazy("Gave a role"),
    "role_taken": gettext_lazy("Took a role away"),
    "cohort": gettext_lazy("Put into a cohort, or taken out"),
    "cohorts_on": gettext_lazy("Switched cohorts on"),
    "cohorts_off": gettext_lazy("Switched cohorts off"),
    "cohort_made": gettext_lazy("Made a cohort"),
    "cohort_changed": gettext_lazy("Changed a cohort"),
    "cohort_deleted": gettext_lazy("Deleted a cohort"),
    # Grades, learners' work, dates
    "override": gettext_lazy("Grade overridden"),
    "remove_override": gettext_lazy("Override taken back"),
    "grade_template": gettext_lazy("File of grades ordered"),
    "fetch_grade_file": gettext_lazy("File of grades downloaded"),
    "grade_file": gettext_lazy("File of grades uploaded"),
    "add_column": gettext_lazy("Column added to the gradebook"),
    "change_column": gettext_lazy("Column of the gradebook changed"),
    "remove_column": gettext_lazy("Column of the gradebook removed"),
    "mark": gettext_lazy("Column filled in"),
    "reset_attempts": gettext_lazy("Attempts reset"),
    "rescore": gettext_lazy("Rescored"),
    "rescore_higher": gettext_lazy("Rescored if better"),
    "delete_state": gettext_lazy("Answers and score deleted"),
    "set_score": gettext_lazy("Score set"),
    "skip_entrance": gettext_lazy("Let in without the entrance exam"),
    "reset_attempts_all": gettext_lazy("Attempts of all learners reset"),
    "rescore_all": gettext_lazy("All learners rescored"),
    "rescore_higher_all": gettext_lazy("All learners rescored if better"),
    "delete_state_all": gettext_lazy("Answers and scores of all learners deleted"),
    "extend": gettext_lazy("Due date given"),
    "reset_due": gettext_lazy("Due date taken back"),
    "allow_time": gettext_lazy("Time for an exam granted"),
    "delete_attempt": gettext_lazy("Attempt at an exam deleted"),
    "resume_attempt": gettext_lazy("Attempt at an exam resumed"),
    "mail": gettext_lazy("Sent or scheduled a mail"),
    "stop_mail": gettext_lazy("Stopped a mail"),
    "certificates_generate": gettext_lazy("Ordered certificates for many"),
    "certificate_allow": gettext_lazy("Allowed a certificate, whatever the grade"),
    "certificate_allow_many": gettext_lazy("Allowed certificates to the people of a file"),
    "certificate_disallow": gettext_lazy("Took off the list of exceptions for certificates"),
    "certificate_invalidate": gettext_lazy("Invalidated a certificate"),
    "certificate_validate": gettext_lazy("Made a certificate valid again"),
}


def deed_words(what: str) -> str:
    """What was done, in words; the name that the log keeps for what has none yet."""
    return str(_WORDS.get(what, what))
