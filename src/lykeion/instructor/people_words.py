"""What is to become, and what became, of the lines of a list: words, and whether they are good news."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

from django.utils.translation import gettext_lazy as _


@dataclass(frozen=True, slots=True)
class Word:
    """``tone``: good, bad or '' (nothing happens)."""

    text: Any  # translated when shown
    tone: str = ""


_WORDS: Final[dict[str, Word]] = {
    # what is to become of a line
    "enrol": Word(_("Will be enrolled"), "good"),
    "reenrol": Word(_("Will be enrolled again; their work is still there"), "good"),
    "track": Word(_("Changes track"), "good"),
    "already": Word(_("Nothing to do: it is so already")),
    "invite": Word(_("Will be invited: nobody here has confirmed this address"), "good"),
    "reinvite": Word(_("Is invited already; the invitation is renewed")),
    "unenrol": Word(_("Will be unenrolled; their work is kept"), "good"),
    "uninvite": Word(_("Their invitation will be withdrawn"), "good"),
    "give": Word(_("Will be a beta tester"), "good"),
    "take": Word(_("Will no longer be a beta tester"), "good"),
    "place": Word(_("Will be put into the cohort"), "good"),
    "move": Word(_("Will be moved from another cohort"), "good"),
    "present": Word(_("Is in this cohort already")),
    "preassign": Word(_("Will be put into the cohort once the address is confirmed"), "good"),
    "register": Word(_("An account will be made, and a link to set a password sent"), "good"),
    # what is wrong with it
    "unknown": Word(_("Nobody here has this user name; an e-mail address would have an @"), "bad"),
    "nobody": Word(_("Nobody here has confirmed this address"), "bad"),
    "bad_address": Word(_("This is not an e-mail address"), "bad"),
    "empty": Word(_("The user name or the address is missing"), "bad"),
    "no_track": Word(_("The course has no such track"), "bad"),
    "cohortless": Word(_("The cohort is missing"), "bad"),
    "no_cohort": Word(_("The course has no such cohort"), "bad"),
    "twice": Word(_("The same person is further up in the list"), "bad"),
    "not_enrolled": Word(_("Does not take the course"), "bad"),
    "not_tester": Word(_("Is no beta tester"), "bad"),
    "taken": Word(_("The user name or the address belongs to an account already"), "bad"),
    # what became of it
    "enrolled": Word(_("Enrolled"), "good"),
    "invited": Word(_("Invited"), "good"),
    "reinvited": Word(_("Invitation renewed"), "good"),
    "unenrolled": Word(_("Unenrolled"), "good"),
    "uninvited": Word(_("Invitation withdrawn"), "good"),
    "given": Word(_("Beta tester now"), "good"),
    "taken_away": Word(_("No longer a beta tester"), "good"),
    "placed": Word(_("In the cohort now"), "good"),
    "moved": Word(_("Moved"), "good"),
    "preassigned": Word(_("Remembered until the address is confirmed"), "good"),
    "registered": Word(_("Account made, link sent"), "good"),
    "refused": Word(_("Not done"), "bad"),
    "undone": Word(_("Taken back")),
    "not_undone": Word(_("Could not be taken back"), "bad"),
}

_KINDS: Final[dict[str, Any]] = {
    "enrol": _("Enrol people"),
    "unenrol": _("Unenrol people"),
    "beta": _("Beta testers"),
    "cohort": _("Put people into cohorts"),
    "register": _("Make accounts"),
}


def word(code: str) -> Word:
    """What a code means; the code itself where it has no words."""
    return _WORDS.get(code, Word(code))


def kind_words(kind: str) -> str:
    """What a list is for."""
    return str(_KINDS.get(kind, kind))
