"""What the staff of the site announces to everybody."""

from __future__ import annotations

from http import HTTPStatus

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from lykeion.core.clock import now
from lykeion.notices import api as notices
from lykeion.notices.types import MailError
from lykeion.ui.sitestaff import for_site_staff


class AnnouncementForm(forms.Form):
    """What is announced, and whether it is shown."""

    html = forms.CharField(
        label=gettext_lazy("Text"),
        widget=forms.Textarea({"rows": 8}),
        help_text=gettext_lazy("HTML: paragraphs, lists, links. What could act is taken out."),
    )
    active = forms.BooleanField(label=gettext_lazy("Shown to everybody, on “My courses”"), required=False)


@require_safe
@for_site_staff
def announcements(request: HttpRequest) -> HttpResponse:
    """All announcements, newest first."""
    return render(request, "instructor/whole_site/announcements.html", {"announcements": notices.announcements()})


@require_http_methods(["GET", "HEAD", "POST"])
@for_site_staff
def edit(request: HttpRequest, number: int = 0) -> HttpResponse:
    """Writes an announcement, or (``number``) changes one."""
    old = notices.announcement(number) if number else None
    if number and old is None:
        raise Http404(_("There is no such announcement."))
    form = AnnouncementForm(
        request.POST or None, initial={"html": old.html if old else "", "active": old.active if old else True}
    )
    if form.is_valid() and _kept(request, form, number):
        messages.success(request, _("The announcement is kept."))
        return redirect("instructor:announcements")
    status = HTTPStatus.UNPROCESSABLE_ENTITY if form.errors else HTTPStatus.OK
    return render(request, "instructor/whole_site/announcement.html", {"form": form, "old": old}, status=status)


@require_POST
@for_site_staff
def remove(request: HttpRequest, number: int) -> HttpResponse:
    """Removes an announcement for good."""
    notices.withdraw(number)
    messages.success(request, _("The announcement is gone."))
    return redirect("instructor:announcements")


def _kept(request: HttpRequest, form: AnnouncementForm, number: int) -> bool:
    html, active = form.cleaned_data["html"], form.cleaned_data["active"]
    try:
        if number:
            notices.change_announcement(number, html, active=active)
        else:
            notices.announce(html, active=active, by=int(request.user.pk or 0), at=now())
    except MailError as error:
        form.add_error("html", str(error))
        return False
    return True
