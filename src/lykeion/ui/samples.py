"""What the style page shows: made-up people, courses and states."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from django import forms
from django.core.paginator import Paginator
from django.http import HttpRequest

from lykeion.ui.icons import icon_names
from lykeion.ui.types import AccountMenu, Link, OutlineGroup, OutlineItem, UnitTab

COLOURS = (
    *("paper", "surface", "sunken", "line", "line-strong", "ink-soft", "ink"),
    *("accent-soft", "accent", "accent-strong"),
)
DUE = datetime(2026, 11, 30, 23, 59, tzinfo=UTC)


class SampleForm(forms.Form):
    """One field of each kind."""

    name = forms.CharField(label="Full name", help_text="As it should stand on a certificate.")
    email = forms.EmailField(label="E-mail")
    bio = forms.CharField(label="About you", widget=forms.Textarea(attrs={"rows": 3}), required=False)
    level = forms.ChoiceField(label="Level", choices=[("a", "Introductory"), ("b", "Intermediate")])
    pace = forms.ChoiceField(
        label="Pace",
        widget=forms.RadioSelect,
        choices=[("self", "At your own pace"), ("instructor", "With the class")],
        help_text="You can change it later.",
    )
    picture = forms.FileField(label="Picture", required=False)
    mail = forms.BooleanField(label="Send me a mail when a due date comes near", required=False)


UNITS = (
    UnitTab("What a question is", "#1", "text", complete=True),
    UnitTab("The walk in the Lyceum", "#2", "video", complete=True, bookmarked=True),
    UnitTab("Check what you know", "#3", "problem", current=True),
    UnitTab("Say it in your own words", "#4", "discussion"),
    UnitTab("A block from elsewhere", "#5", "other"),
)
OUTLINE = (
    OutlineGroup(
        "1. Asking well",
        (
            OutlineItem("Questions that open", "#a", "complete"),
            OutlineItem(
                "Questions that close", "#b", "started", current=True, kind="Homework", due=DUE, note="4 questions"
            ),
            OutlineItem("A week of questions, written down and looked at again", "#c", "todo"),
        ),
        open=True,
        state="started",
    ),
    OutlineGroup(
        "2. Looking closely",
        (OutlineItem("Things as they are", locked="Opens on 1 December"),),
        open=True,
    ),
    OutlineGroup("3. Saying it plainly", ()),
)
NAV = (Link("My courses", "#", current=True), Link("Discover", "#"), Link("Help", "#"))
CRUMBS = (Link("The Art of Asking", "#"), Link("1. Asking well", "#"), Link("Questions that close"))
ACCOUNT = AccountMenu(
    "Alice",
    (
        Link("Profile", "#", icon="person"),
        Link("Settings", "#", icon="settings"),
        Link("Log out", "#", post=True, icon="log-out"),
    ),
)
VISITOR = AccountMenu("", (Link("Sign in", "#"), Link("Sign up", "#")))
TABS = (Link("Course", "#", current=True), Link("Progress", "#"), Link("Dates", "#"), Link("Bookmarks", "#"))
ROWS = (("Homework", 3, 1, "40%", "85%"), ("Labs", 6, 2, "20%", "72%"), ("Final", 1, 0, "40%", "0%"))


def wrong_form() -> SampleForm:
    """Return the form as it comes back with mistakes in it."""
    form = SampleForm({"email": "alice@", "level": "a", "bio": "I ask."}, auto_id="wrong_%s")
    form.add_error(None, "Two answers need another look.")
    return form


def context(request: HttpRequest) -> dict[str, Any]:
    """Return everything the style page shows; ``?dir=rtl`` turns it around."""
    return {
        "direction": "rtl" if request.GET.get("dir") == "rtl" else "ltr",
        "breadcrumbs": CRUMBS,
        "colours": COLOURS,
        "meanings": ("good", "good-soft", "warn", "warn-soft", "bad", "bad-soft"),
        "steps": ("xs", "sm", "md", "lg", "xl", "2xl", "3xl"),
        "icons": icon_names(),
        "form": SampleForm(),
        "wrong": wrong_form(),
        "units": UNITS,
        "outline": OUTLINE,
        "tabs": TABS,
        "rows": ROWS,
        "nav_items": NAV,
        "before": Link("Before", "#"),
        "after": Link("After", "#"),
        "page": Paginator(range(95), 10).page(3),
        "account_menu": ACCOUNT,
        "visitor": VISITOR,
        "kinds": ("info", "success", "warning", "error"),
    }
