"""Pages about one's own account, and the profile that others see."""

from __future__ import annotations

from typing import Any

from allauth.account.internal.decorators import login_not_required
from allauth.account.views import SignupView as AllauthSignupView
from allauth.decorators import rate_limit
from django.contrib import messages
from django.contrib.auth import logout
from django.contrib.auth.decorators import login_required
from django.db import IntegrityError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_safe

from lykeion.accounts import api
from lykeion.accounts.forms import DeleteForm, SettingsForm, SignupForm
from lykeion.accounts.models import User
from lykeion.accounts.profiles import is_too_young
from lykeion.accounts.profiles import profile as profile_of
from lykeion.core.clock import now


@method_decorator(login_not_required, name="dispatch")
class SignupView(AllauthSignupView):  # type: ignore[misc]
    """allauth's page; a name that somebody took in the same moment is a message, not a fault."""

    def form_valid(self, form: SignupForm) -> HttpResponse:
        """The new person, logged in; or the form again."""
        try:
            return super().form_valid(form)  # type: ignore[no-any-return]
        except IntegrityError:
            form.full_clean()  # now says which name is taken
            if form.is_valid():
                raise
            return self.form_invalid(form)  # type: ignore[no-any-return]


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def settings(request: HttpRequest) -> HttpResponse:
    """The person's own settings."""
    user = _own(request)
    form = SettingsForm(request.POST or None, instance=user)
    if request.method == "POST" and form.is_valid():
        form.save()
        messages.success(request, _("Your settings are saved."))
        return redirect("account_settings")
    context: dict[str, Any] = {
        "form": form,
        "confirmed": api.has_confirmed(user.pk, user.email),
        "too_young": is_too_young(user.year_of_birth, now().date()),
    }
    return render(request, "account/settings.html", context, status=422 if form.errors else 200)


@login_required
@require_safe
def profile(request: HttpRequest, username: str) -> HttpResponse:
    """What others see of a person; 404 for names nobody has (any more)."""
    user = User.objects.filter(username_key=username.lower(), is_active=True).first()
    if user is None:
        raise Http404(_("Nobody here has this username."))
    shown = profile_of(user, request.user.pk, now().date())
    return render(request, "account/profile.html", {"profile": shown})


@login_required
@never_cache
@sensitive_post_parameters("password")
@require_http_methods(["GET", "HEAD", "POST"])
@rate_limit(action="reauthenticate")  # type: ignore[untyped-decorator]  # it must be no way to guess the password
def delete(request: HttpRequest) -> HttpResponse:
    """Deletes the person's own account, after they typed its name and the password."""
    user = _own(request)
    form = DeleteForm(user, request.POST or None)
    if request.method == "POST" and form.is_valid():
        api.retire(user.pk, at=now())
        logout(request)
        messages.success(request, _("Your account is deleted. Good-bye!"))
        return redirect("home")
    return render(request, "account/delete.html", {"form": form}, status=422 if form.errors else 200)


def _own(request: HttpRequest) -> User:
    return User.objects.get(pk=request.user.pk)  # type: ignore[misc]  # a form may spoil it, never ``request.user``
