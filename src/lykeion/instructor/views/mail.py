"""Mail to the course's people: what was sent, writing one, looking at it before it goes out."""

from __future__ import annotations

import json
import secrets
from datetime import datetime, time, timedelta
from hashlib import blake2s
from http import HTTPStatus
from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.timezone import get_current_timezone, localtime
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from lykeion.core.clock import now
from lykeion.core.whole import whole
from lykeion.courseware import api as courseware
from lykeion.instructor.frame import frame
from lykeion.instructor.guards import in_course
from lykeion.instructor.mailwords import DELIVERIES, left_out_lines, mail_lines
from lykeion.notices.types import LEARNERS, STOPPED, Draft
from lykeion.teaching.api import mail as rules
from lykeion.teaching.types import Capability, FieldError, Teacher
from lykeion.ui.cleanhtml import clean
from lykeion.ui.editorwords import editor_words
from lykeion.ui.types import Link

_MOMENT = "%Y-%m-%dT%H:%M"


class MailForm(forms.Form):
    """What a teacher sends. Rules about the mail itself are those of ``teaching``; this reads dates and groups."""

    groups = forms.MultipleChoiceField(
        label=gettext_lazy("To"),
        widget=forms.CheckboxSelectMultiple,
        help_text=gettext_lazy("Who is in several groups gets one mail. The team is not among the learners."),
        error_messages={
            "required": gettext_lazy("Choose who gets the mail."),
            "invalid_choice": gettext_lazy("One of the groups is gone. Choose again who gets the mail."),
        },
    )
    subject = forms.CharField(
        label=gettext_lazy("Subject"), max_length=200, error_messages={"required": gettext_lazy("Write a subject.")}
    )
    html = forms.CharField(strip=False, required=False)
    replies = forms.BooleanField(
        label=gettext_lazy("Answers come to me; recipients see my address"), required=False
    )  # fmt: skip
    due = forms.DateTimeField(
        label=gettext_lazy("Send later"), required=False,
        widget=forms.DateTimeInput({"type": "datetime-local"}, format=_MOMENT),
        error_messages={"invalid": gettext_lazy("Give a day and a time, such as 2030-12-24 18:00.")},
    )  # fmt: skip
    shown_until = forms.DateField(
        label=gettext_lazy("Also show it on the home of the course, until the end of"), required=False,
        widget=forms.DateInput({"type": "date"}, format="%Y-%m-%d"),
        help_text=gettext_lazy("For mails to all learners."),
    )  # fmt: skip
    reader = forms.CharField(required=False, max_length=254)
    once = forms.CharField(required=False, max_length=32)
    seen = forms.CharField(required=False, max_length=32)

    def __init__(self, teacher: Teacher, data: Any = None, initial: dict[str, Any] | None = None) -> None:
        super().__init__(data, initial=initial)
        self.fields["groups"].choices = rules.groups(teacher)  # type: ignore[attr-defined]
        self.fields["due"].help_text = _("By the clock of %(zone)s. Without a time the mail goes out at once.") % {
            "zone": get_current_timezone()
        }

    def draft(self) -> Draft:
        """The mail. Raises :class:`FieldError` when a date or a group cannot be read."""
        if not self.is_valid():
            field, errors = next(iter(self.errors.items()))
            raise FieldError(str(errors[0]), field)
        clean = self.cleaned_data
        return Draft(
            clean["subject"], clean["html"], tuple(clean["groups"]), clean["replies"], _end_of(clean["shown_until"])
        )


@require_safe
@in_course(Capability.MAIL)
def mail(request: HttpRequest, teacher: Teacher) -> HttpResponse:
    """The mails of the course, newest first; ``before``: older than this one."""
    found, more = rules.history(teacher, before=whole(request.GET.get("before", "")))
    groups = dict(rules.groups(teacher))
    lines = [mail_lines(one, groups) for one in found]
    update = bool(courseware.latest_update(teacher.run.key))
    context = frame(teacher, "mail", mails=lines, next=found[-1].id if more else 0, update=update)
    return render(request, "instructor/mail/list.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@in_course(Capability.MAIL)
def write(request: HttpRequest, teacher: Teacher) -> HttpResponse:
    """Writes a mail (``again``: begins with an old one; ``update``: with the latest news); its buttons: ``preview``,
    ``test`` to oneself, ``send``."""
    if request.method != "POST":
        return _page(request, teacher, MailForm(teacher, initial=_initial(teacher, request)), {})
    form = MailForm(teacher, request.POST)
    try:
        return _done(request, teacher, form)
    except FieldError as error:
        told = {"error": str(error), "field": error.field}
        return _page(request, teacher, form, told, status=HTTPStatus.UNPROCESSABLE_ENTITY)


@require_safe
@in_course(Capability.MAIL)
def message(request: HttpRequest, teacher: Teacher, message_id: int) -> HttpResponse:
    """One mail, how far it is, and who did not get it (``after``: behind this one)."""
    found = rules.message(teacher, message_id)
    if found is None:
        raise Http404(_("There is no such mail."))
    failed, more = rules.undelivered(teacher, found, after=whole(request.GET.get("after", "")) or 0)
    context = frame(
        teacher,
        "mail",
        mail=mail_lines(found, dict(rules.groups(teacher))),
        shown=rules.shown(teacher, found),
        breadcrumbs=_crumbs(teacher, found.draft.subject),
        failed=[(one, str(DELIVERIES[one.delivery])) for one in failed],
        next=failed[-1].id if more else 0,
    )
    return render(request, "instructor/mail/message.html", context)


@require_POST
@in_course(Capability.MAIL)
def stop(request: HttpRequest, teacher: Teacher, message_id: int) -> HttpResponse:
    """Stops a mail."""
    rules.cancel(teacher, message_id, at=now())
    messages.success(request, _("The mail is stopped. Whoever did not get it yet will not."))
    return HttpResponseRedirect(reverse("instructor:mail_message", args=[teacher.run.key, message_id]))


def _done(request: HttpRequest, teacher: Teacher, form: MailForm) -> HttpResponse:
    """Does what the form's button says."""
    draft, do = form.draft(), request.POST.get("do")
    due, shown = form.cleaned_data["due"], form.cleaned_data["seen"]
    if do == "test":
        return _tried(request, teacher, form, draft)
    preview, seen = _preview(teacher, form, draft), _digest(draft, due)
    if do != "send" or shown != seen:
        stale = _("The mail was changed since you looked at it. Look once more, then send it.") if do == "send" else ""
        return _page(request, teacher, form, {**preview, "stale": stale})
    number = rules.send(teacher, draft, once=form.cleaned_data["once"] or seen, due=due, at=now())
    there = reverse("instructor:mail_message", args=[teacher.run.key, number])
    messages.success(request, _("The mail is scheduled.") if due else _("The mail is on its way."))
    if "HX-Request" in request.headers:
        return HttpResponse(headers={"HX-Redirect": there})
    return HttpResponseRedirect(there)


def _tried(request: HttpRequest, teacher: Teacher, form: MailForm, draft: Draft) -> HttpResponse:
    """Sends the mail to its writer alone; who was looking at it goes on looking."""
    preview = _preview(teacher, form, draft) if form.cleaned_data["seen"] else {}
    rules.try_out(teacher, draft)
    words = _("The mail is on its way to %(address)s.") % {"address": teacher.person.email}
    response = _page(request, teacher, form, {**preview, "told": words})
    response["HX-Trigger"] = json.dumps({"announce": words})
    return response


def _preview(teacher: Teacher, form: MailForm, draft: Draft) -> dict[str, Any]:
    """The mail as a recipient gets it, for the page. Raises :class:`FieldError`."""
    due = form.cleaned_data["due"]
    preview = rules.preview(teacher, draft, due=due, at=now(), name=form.cleaned_data["reader"].strip())
    left_out = left_out_lines(preview.reach.left_out)
    return {"preview": preview, "left_out": left_out, "seen": _digest(draft, due), "due": due}


def _page(
    request: HttpRequest, teacher: Teacher, form: MailForm, more: dict[str, Any], *, status: int = HTTPStatus.OK
) -> HttpResponse:
    context = frame(
        teacher,
        "mail",
        form=form,
        once=form["once"].value() or secrets.token_hex(16),
        keywords=rules.keywords(),
        words_json=json.dumps(editor_words()),
        breadcrumbs=_crumbs(teacher, _("Write a mail")),
        **more,
    )
    return render(request, "instructor/mail/write.html", context, status=status)


def _crumbs(teacher: Teacher, here: str) -> list[Link]:
    return [Link(_("Mail"), reverse("instructor:mail", args=[teacher.run.key])), Link(here, "")]


def _initial(teacher: Teacher, request: HttpRequest) -> dict[str, Any]:
    """What the form begins with: the latest update of the course (``update``), an old mail (``again``), or nothing.
    What was sent to the end is not shown on the home of the course twice; what was stopped is to be shown there still.
    """
    if "update" in request.GET:
        html = clean(
            courseware.latest_update(teacher.run.key), lambda path: reverse("asset", args=[teacher.run.key, path])
        )
        return {"groups": [LEARNERS], "subject": _("News: %(course)s") % {"course": teacher.run.title}, "html": html}
    old = rules.message(teacher, whole(request.GET.get("again", "")) or 0)
    if old is None:
        return {"groups": [LEARNERS]}
    draft = old.draft
    last = mail_lines(old, {}).last_day if old.state in STOPPED else None
    return {
        "groups": list(draft.groups),
        "subject": draft.subject,
        "html": draft.html,
        "replies": draft.replies,
        "shown_until": localtime(last).date() if last is not None and last > now() else None,
    }


def _digest(draft: Draft, due: datetime | None) -> str:
    """A short name of all that matters of a mail: one that was changed after the preview has another."""
    parts = (draft.subject, draft.html, *sorted(draft.groups), draft.replies, draft.shown_until, due)
    return blake2s("\0".join(map(str, parts)).encode(), digest_size=12).hexdigest()


def _end_of(day: Any) -> datetime | None:
    """The end of a day where the teacher is."""
    if day is None:
        return None
    return datetime.combine(day + timedelta(days=1), time(), get_current_timezone())
