"""The survey of a course: what it asks its learners, before they enter where it is required."""

from __future__ import annotations

from hashlib import blake2s
from typing import Any, Final

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from lykeion.catalog import api as catalog
from lykeion.content import api as content
from lykeion.content.types import RunMissing
from lykeion.core.clock import now
from lykeion.core.keys import CourseLocator
from lykeion.surveys import api as surveys
from lykeion.surveys.types import Kind, Question, Survey

_LONGEST_LINE: Final = 500
_LONGEST_TEXT: Final = 10_000


class AnswerForm(forms.Form):
    """The questions of a survey. A field is named after its label: a form that was opened before the survey changed
    answers no other question."""

    def __init__(self, survey: Survey, data: Any = None) -> None:
        super().__init__(data)
        self._labels = {_name(one): one.label for one in survey.questions}
        self.fields.update({_name(one): _field(one) for one in survey.questions})

    def given(self) -> dict[str, list[str]]:
        """What was answered, by label; for valid forms."""
        return {label: _texts(self.cleaned_data[name]) for name, label in self._labels.items()}


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def survey(request: HttpRequest, run: CourseLocator) -> HttpResponse:
    """Asks a learner, once; where there is nothing to ask (any more) it leads to the course."""
    user_id, home = int(request.user.pk or 0), reverse("course_home", args=[run])
    try:
        offered, enrolment = catalog.run_and_enrolment(run, user_id)
        asked = surveys.asked(content.outline(run).course.own)
    except RunMissing as error:
        raise Http404(str(error)) from error
    if enrolment is None or not enrolment.is_active:
        raise Http404(_("You do not take this course."))
    found = surveys.find(asked.name) if asked.name and surveys.owes(user_id, asked.name) else None
    if found is None:
        return HttpResponseRedirect(home)
    form = AnswerForm(found, request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        surveys.answer(found, user_id=user_id, run_id=offered.id, given=form.given(), at=now())
        messages.success(request, _("Thank you for your answers."))
        return HttpResponseRedirect(home)
    context = {"survey": found, "form": form, "offered": offered, "required": asked.required, "home": home}
    return render(request, "learn/survey.html", context, status=422 if form.errors else 200)


def _name(question: Question) -> str:
    return "q" + blake2s(question.label.encode(), digest_size=8).hexdigest()


def _field(question: Question) -> forms.Field:
    common: dict[str, Any] = {"label": question.label, "required": question.required}
    choices = [(one, one) for one in question.options]
    match question.kind:
        case Kind.ONE:
            return forms.ChoiceField(choices=choices, widget=forms.RadioSelect, **common)
        case Kind.SOME:
            return forms.MultipleChoiceField(choices=choices, widget=forms.CheckboxSelectMultiple, **common)
        case Kind.TEXT:
            return forms.CharField(max_length=_LONGEST_TEXT, widget=forms.Textarea({"rows": 4}), **common)
        case Kind.LINE:
            return forms.CharField(max_length=_LONGEST_LINE, **common)


def _texts(value: Any) -> list[str]:
    return list(value) if isinstance(value, list) else [value] if value else []
