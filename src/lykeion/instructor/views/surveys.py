"""The surveys of the site: what courses may ask their learners before they enter."""

from __future__ import annotations

from http import HTTPStatus
from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from lykeion.surveys import api
from lykeion.surveys.types import Kind, Question, Survey, SurveyError
from lykeion.ui.sitestaff import for_site_staff

KINDS = [
    (Kind.LINE.value, gettext_lazy("One line")),
    (Kind.TEXT.value, gettext_lazy("Several lines")),
    (Kind.ONE.value, gettext_lazy("One of the options")),
    (Kind.SOME.value, gettext_lazy("Any of the options")),
]


class SurveyForm(forms.Form):
    """The head of a survey."""

    name = forms.CharField(
        label=gettext_lazy("Name"),
        max_length=100,
        help_text=gettext_lazy("Courses point to the survey by it: in Studio, under “Advanced settings”."),
        widget=forms.TextInput({"autocomplete": "off"}),  # browsers would offer the names of people
    )
    title = forms.CharField(label=gettext_lazy("Title"), max_length=200)
    intro = forms.CharField(
        label=gettext_lazy("What it is for"), required=False, max_length=5000, widget=forms.Textarea({"rows": 3})
    )


class QuestionForm(forms.Form):
    """One question; an empty one is left out."""

    label = forms.CharField(label=gettext_lazy("Question"), max_length=300)
    kind = forms.ChoiceField(label=gettext_lazy("Answer"), choices=KINDS, initial=Kind.LINE.value)
    options = forms.CharField(
        label=gettext_lazy("Options, each on a line"),
        required=False,
        max_length=5000,
        widget=forms.Textarea({"rows": 3}),
    )
    required = forms.BooleanField(label=gettext_lazy("Must be answered"), required=False)

    def question(self) -> Question:
        """The question; for valid forms."""
        clean = self.cleaned_data
        kind = Kind(clean["kind"])
        lines = tuple(dict.fromkeys(line.strip() for line in clean["options"].splitlines() if line.strip()))
        return Question(clean["label"], kind, lines if kind in (Kind.ONE, Kind.SOME) else (), clean["required"])


Questions: Any = forms.formset_factory(
    QuestionForm, extra=3, max_num=api.MOST_QUESTIONS, absolute_max=api.MOST_QUESTIONS, can_order=True, can_delete=True
)


@require_safe
@for_site_staff
def surveys(request: HttpRequest) -> HttpResponse:
    """All surveys."""
    return render(request, "instructor/whole_site/surveys.html", {"surveys": api.surveys()})


@require_http_methods(["GET", "HEAD", "POST"])
@for_site_staff
def edit(request: HttpRequest, name: str = "") -> HttpResponse:
    """Makes a survey, or (``name``) changes one."""
    old = api.find(name) if name else None
    if name and old is None:
        raise Http404(_("There is no such survey."))
    data = request.POST if request.method == "POST" else None
    form, questions = SurveyForm(data, initial=_head(old)), Questions(data, initial=_asked(old), prefix="q")
    form.fields["name"].disabled = old is not None
    if data is not None and form.is_valid() and questions.is_valid() and _kept(form, questions, old):
        messages.success(request, _("The survey is kept."))
        return redirect("instructor:survey", form.cleaned_data["name"])
    status = HTTPStatus.OK if data is None else HTTPStatus.UNPROCESSABLE_ENTITY
    return render(
        request, "instructor/whole_site/survey.html", {"form": form, "questions": questions, "old": old}, status=status
    )


def _kept(form: SurveyForm, questions: Any, old: Survey | None) -> bool:
    chosen = [one.question() for one in questions.ordered_forms if one.cleaned_data.get("label")]
    write = api.write if old else api.make
    try:
        write(form.cleaned_data["name"], form.cleaned_data["title"], form.cleaned_data["intro"], chosen)
    except SurveyError as error:
        form.add_error("name" if error.field == "name" else None, str(error))
        return False
    return True


def _head(old: Survey | None) -> dict[str, Any]:
    return {"name": old.name, "title": old.title, "intro": old.intro} if old else {}


def _asked(old: Survey | None) -> list[dict[str, Any]]:
    return [
        {"label": one.label, "kind": one.kind.value, "options": "\n".join(one.options), "required": one.required}
        for one in (old.questions if old else ())
    ]
