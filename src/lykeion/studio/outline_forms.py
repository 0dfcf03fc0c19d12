"""Forms for the settings of sections, subsections and units: fields in words, and what they are in the course."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import Any, Final

from django import forms
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from lykeion.authoring.api import outline_settings as rules
from lykeion.authoring.api.outline import Item
from lykeion.authoring.api.wording import moment, moment_of
from lykeion.authoring.types import Author
from lykeion.content.types import Json
from lykeion.core.keys import ref_meant

_MINUTE: Final = "%Y-%m-%dT%H:%M"
_HIGHLIGHTS: Final = 5
Values = dict[str, Json]


class _Moment(forms.DateTimeField):
    """A date with a time, in the author's own zone, by the browser's field for it."""

    widget = forms.DateTimeInput(attrs={"type": "datetime-local"}, format=_MINUTE)

    def __init__(self, **more: Any) -> None:
        super().__init__(required=False, input_formats=[_MINUTE], **more)


class _Percent(forms.IntegerField):
    def __init__(self, **more: Any) -> None:
        super().__init__(required=False, min_value=0, max_value=100, **more)


class SettingsForm(forms.Form):
    """What all of them share. ``values`` are the fields that the author changed, None for what is taken off."""

    def __init__(self, author: Author, item: Item, seen: Mapping[str, Json], data: Any = None) -> None:
        self.author, self.item, self.seen = author, item, seen
        super().__init__(data, initial=self.read(seen), prefix=None, auto_id="set-%s")
        zone = timezone.get_current_timezone_name()
        for field in self.fields.values():
            if isinstance(field, _Moment):
                field.help_text = f"{field.help_text} {_('Time zone: {zone}.').format(zone=zone)}".strip()
        self.fit()

    def read(self, seen: Mapping[str, Json]) -> dict[str, Any]:
        """What the fields of the form show for a block with fields ``seen``."""
        raise NotImplementedError

    def fit(self) -> None:
        """Takes away what this course has no use for."""

    @property
    def values(self) -> Values:
        """The fields of the block that the author changed, as the course keeps them."""
        found: Values = {}
        for name in self.changed_data:
            found.update(WRITE[name](self.cleaned_data[name]))
        return {name: value for name, value in found.items() if self.seen.get(name) != value}

    def leave_out(self, *names: str) -> None:
        """Takes fields off the form."""
        for name in names:
            del self.fields[name]


class SectionForm(SettingsForm):
    """The settings of a section."""

    start = _Moment(
        label=gettext_lazy("Release date"),
        help_text=gettext_lazy("Learners see nothing of this section before. Empty: when the course starts."),
    )
    visibility = forms.ChoiceField(
        label=gettext_lazy("Who sees it"),
        widget=forms.RadioSelect,
        choices=[
            ("", gettext_lazy("Learners, from the release date on")),
            ("toc", gettext_lazy("Learners who have a link: it is left out of the table of contents")),
            ("staff", gettext_lazy("The team only: learners never see it, and it does not count for their grade")),
        ],
        required=False,
    )
    highlights = forms.CharField(
        label=gettext_lazy("Highlights"),
        help_text=gettext_lazy("What learners do in this section, one line each, at most five. Mails tell them."),
        widget=forms.Textarea(attrs={"rows": 3}),
        required=False,
    )

    def read(self, seen: Mapping[str, Json]) -> dict[str, Any]:
        listed = seen.get("highlights")
        lines = [str(one) for one in listed] if isinstance(listed, list) else []
        return {"start": _minute(seen.get("start")), "visibility": _visibility(seen), "highlights": "\n".join(lines)}

    def fit(self) -> None:
        if self.author.course.fields.get("self_paced") is True:
            self.leave_out("start")

    def clean_highlights(self) -> str:
        lines = self.cleaned_data["highlights"].splitlines()
        if len([line for line in lines if line.strip()]) > _HIGHLIGHTS:
            raise forms.ValidationError(_("These are more than five highlights."))
        return str(self.cleaned_data["highlights"])


class SubsectionForm(SettingsForm):
    """The settings of a subsection."""

    start = _Moment(
        label=gettext_lazy("Release date"),
        help_text=gettext_lazy("Learners cannot open it before. Empty: with its section."),
    )
    due = _Moment(
        label=gettext_lazy("Due date"),
        help_text=gettext_lazy("Answers after it do not count. Empty: no due date."),
    )
    weeks = forms.IntegerField(
        label=gettext_lazy("Due, in weeks after a learner starts"),
        help_text=gettext_lazy("Everybody goes at their own pace here. Empty: no due date."),
        min_value=1,
        max_value=200,
        required=False,
    )
    graded_as = forms.ChoiceField(
        label=gettext_lazy("Graded as"),
        help_text=gettext_lazy("The type of assignment it counts as. The types are those of the page Grading."),
        required=False,
    )
    visibility = forms.ChoiceField(
        label=gettext_lazy("Who sees it"),
        widget=forms.RadioSelect,
        choices=[
            ("", gettext_lazy("Learners, from the release date on")),
            ("due", gettext_lazy("Learners, until it is due: afterwards it is shut, and still counts")),
            ("toc", gettext_lazy("Learners who have a link: it is left out of the table of contents")),
            ("staff", gettext_lazy("The team only: learners never see it, and it does not count for their grade")),
        ],
        required=False,
    )
    results = forms.ChoiceField(
        label=gettext_lazy("When learners see whether they were right"),
        choices=[
            ("", gettext_lazy("As the course says")),
            ("always", gettext_lazy("At once, after each answer")),
            ("past_due", gettext_lazy("After the due date")),
            ("never", gettext_lazy("Never, and neither their points")),
            ("never_but_include_grade", gettext_lazy("Never, but they see their grade")),
        ],
        required=False,
    )
    timed = forms.BooleanField(
        label=gettext_lazy("Timed exam"),
        help_text=gettext_lazy("Learners start a clock, and their exam ends when their time is up."),
        required=False,
    )
    minutes = forms.IntegerField(
        label=gettext_lazy("Minutes for the exam"), min_value=1, max_value=60 * 24 * 14, required=False
    )
    before = forms.ChoiceField(
        label=gettext_lazy("To be done before"),
        help_text=gettext_lazy("Learners cannot open this subsection until they have done that one."),
        required=False,
    )
    least_score = _Percent(label=gettext_lazy("with at least so many percent of its points"))
    least_done = _Percent(label=gettext_lazy("with at least so many percent completed"))

    def __init__(self, author: Author, item: Item, seen: Mapping[str, Json], data: Any = None) -> None:
        super().__init__(author, item, seen, data)
        types = list(dict.fromkeys([*rules.grade_types(author), *([seen["format"]] if seen.get("format") else [])]))
        self.fields["graded_as"].choices = [("", _("Not graded")), *((one, one) for one in types)]  # type: ignore[attr-defined]
        others = [(one.ref, one.title) for one in rules.prerequisites(author, item.ref)]
        self.fields["before"].choices = [("", _("Nothing")), *others]  # type: ignore[attr-defined]

    def read(self, seen: Mapping[str, Json]) -> dict[str, Any]:
        return {
            "start": _minute(seen.get("start")),
            "due": _minute(seen.get("due")),
            "weeks": seen.get("relative_weeks_due"),
            "graded_as": seen.get("format") if seen.get("graded") is True else "",
            "visibility": _visibility(seen),
            "results": seen.get("show_correctness") or "",
            "timed": seen.get("is_time_limited") is True,
            "minutes": seen.get("default_time_limit_minutes"),
            "before": ref_meant(seen.get("required_prereq") or ""),
            "least_score": seen.get("min_score"),
            "least_done": seen.get("min_completion"),
        }

    def fit(self) -> None:
        paced = self.author.course.fields.get("self_paced") is True
        self.leave_out(*(["start", "due"] if paced else ["weeks"]))

    def clean(self) -> dict[str, Any]:
        given: dict[str, Any] = super().clean() or self.cleaned_data
        if given.get("timed") and not given.get("minutes"):
            self.add_error("minutes", _("Say how many minutes learners have."))
        return given

    @property
    def values(self) -> Values:
        found = super().values
        asked = found.get("required_prereq")
        if asked:
            found["required_prereq"] = rules.required(self.author, asked)
            for name, field in (("min_score", "least_score"), ("min_completion", "least_done")):
                if self.cleaned_data.get(field) is None and self.seen.get(name) is None:
                    found[name] = 100
        return found


class UnitForm(SettingsForm):
    """The settings of a unit."""

    visibility = forms.ChoiceField(
        label=gettext_lazy("Who sees it"),
        widget=forms.RadioSelect,
        choices=[
            ("", gettext_lazy("Learners, with its subsection")),
            ("staff", gettext_lazy("The team only: learners never see it, and it does not count for their grade")),
        ],
        required=False,
    )
    discussion = forms.BooleanField(
        label=gettext_lazy("Learners may discuss this unit"),
        help_text=gettext_lazy("Where the course has a discussion beside each unit."),
        required=False,
    )

    def __init__(self, author: Author, item: Item, seen: Mapping[str, Json], data: Any = None) -> None:
        super().__init__(author, item, seen, data)
        access = seen.get("group_access")
        chosen = access if isinstance(access, Mapping) else {}
        for one in rules.partitions(author):
            self.fields[f"groups_{one.id}"] = forms.TypedMultipleChoiceField(
                label=_("Only for: {name}").format(name=one.name),
                help_text=_("Nobody chosen: everybody sees it."),
                widget=forms.CheckboxSelectMultiple,
                choices=one.groups,
                coerce=int,
                required=False,
                initial=list(chosen.get(str(one.id)) or chosen.get(one.id) or []),
            )

    def read(self, seen: Mapping[str, Json]) -> dict[str, Any]:
        return {
            "visibility": "staff" if seen.get("visible_to_staff_only") is True else "",
            "discussion": seen.get("discussion_enabled") is not False,
        }

    @property
    def values(self) -> Values:
        found: Values = {}
        if "visibility" in self.changed_data:
            found["visible_to_staff_only"] = True if self.cleaned_data["visibility"] == "staff" else None
        if "discussion" in self.changed_data:
            found["discussion_enabled"] = None if self.cleaned_data["discussion"] else False
        changed = [name for name in self.changed_data if name.startswith("groups_")]
        if changed:
            found["group_access"] = self._access(changed) or None
        return found

    def _access(self, changed: list[str]) -> Values:
        old = self.seen.get("group_access")
        access = dict(old) if isinstance(old, Mapping) else {}
        for name in changed:
            number = name.removeprefix("groups_")
            access.pop(number, None)
            if self.cleaned_data[name]:
                access[number] = self.cleaned_data[name]
        return access


FORMS: Final[Mapping[str, type[SettingsForm]]] = {
    "chapter": SectionForm,
    "sequential": SubsectionForm,
    "vertical": UnitForm,
}


def inherited(item: Item) -> str:
    """What a block has from those above it, in words; '' when there is nothing to say."""
    held = item.held or {}
    said = []
    if held.get("visible_to_staff_only") and item.fields.get("visible_to_staff_only") is not True:
        said.append(_("What it lies in is for the team only, so learners do not see it, whatever is chosen here."))
    if "start" not in item.fields and held.get("start") and item.type != "vertical":
        said.append(_("It is released with what it lies in: {date}.").format(date=moment(held["start"])))
    return " ".join(said)


def _visibility(seen: Mapping[str, Json]) -> str:
    for name, choice in (("visible_to_staff_only", "staff"), ("hide_from_toc", "toc"), ("hide_after_due", "due")):
        if seen.get(name) is True:
            return choice
    return ""


def _minute(given: Json) -> datetime | None:
    """A date as the browser's field shows it: whole minutes."""
    found = moment_of(given)
    return found.replace(second=0, microsecond=0) if found else None


def _stored(moment: datetime | None) -> Json:
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ") if moment else None


def _seen_by(choice: str) -> Values:
    names = {"staff": "visible_to_staff_only", "toc": "hide_from_toc", "due": "hide_after_due"}
    return {name: True if choice == one else None for one, name in names.items()}


def _one(name: str) -> Callable[[Any], Values]:
    return lambda value: {name: value if value != "" else None}


WRITE: Final[Mapping[str, Callable[[Any], Values]]] = {
    "start": lambda value: {"start": _stored(value)},
    "due": lambda value: {"due": _stored(value)},
    "weeks": _one("relative_weeks_due"),
    "graded_as": lambda value: {"format": value or None, "graded": True if value else None},
    "visibility": _seen_by,
    "results": _one("show_correctness"),
    "timed": lambda value: {"is_time_limited": True if value else None},
    "minutes": _one("default_time_limit_minutes"),
    "before": _one("required_prereq"),
    "least_score": _one("min_score"),
    "least_done": _one("min_completion"),
    "highlights": lambda text: {"highlights": [line.strip() for line in text.splitlines() if line.strip()] or None},
}
