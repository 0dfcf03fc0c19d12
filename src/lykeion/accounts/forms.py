"""Forms about accounts."""

from __future__ import annotations

import zoneinfo
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, ClassVar

from allauth.account import forms as allauth_forms
from allauth.account.adapter import get_adapter
from allauth.account.utils import setup_user_email
from allauth.mfa.base import forms as mfa_forms
from allauth.mfa.totp import forms as totp_forms
from django import forms
from django.conf import settings
from django.db import transaction
from django.http import HttpRequest
from django.utils.translation import get_language_info
from django.utils.translation import gettext_lazy as _

from lykeion.accounts import api
from lykeion.accounts.models import User
from lykeion.accounts.names import USERNAME_MAX, USERNAME_MIN
from lykeion.accounts.types import EDUCATION, GENDERS
from lykeion.core.clock import now

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise


class Plain:
    """Mixed into allauth's forms: our words as labels, nothing in grey inside the boxes."""

    words: ClassVar[dict[str, Any]] = {}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        fields: dict[str, forms.Field] = getattr(self, "fields")  # noqa: B009  # the form's, beside this class
        for name, field in fields.items():
            field.widget.attrs.pop("placeholder", None)
            field.label = self.words.get(name, field.label)
            if name == "password1":
                field.help_text = _("At least 8 characters; not a common word, not only digits.")


_NEW_PASSWORD = {
    "oldpassword": _("Present password"),
    "password1": _("New password"),
    "password2": _("New password, once more"),
}


class AddEmailForm(Plain, allauth_forms.AddEmailForm):  # type: ignore[misc]
    """The new address."""

    words: ClassVar = {"email": _("New e-mail address")}


class ResetPasswordForm(Plain, allauth_forms.ResetPasswordForm):  # type: ignore[misc]
    """Whose password."""

    words: ClassVar = {"email": _("E-mail address")}


class ResetPasswordKeyForm(Plain, allauth_forms.ResetPasswordKeyForm):  # type: ignore[misc]
    """The new password, twice."""

    words: ClassVar = _NEW_PASSWORD


class ChangePasswordForm(Plain, allauth_forms.ChangePasswordForm):  # type: ignore[misc]
    """The old password and the new one, twice."""

    words: ClassVar = _NEW_PASSWORD


class SetPasswordForm(Plain, allauth_forms.SetPasswordForm):  # type: ignore[misc]
    """A first password, twice."""

    words: ClassVar = _NEW_PASSWORD


class ReauthenticateForm(Plain, allauth_forms.ReauthenticateForm):  # type: ignore[misc]
    """The password, once more."""

    words: ClassVar = {"password": _("Your password")}


class AuthenticateForm(Plain, mfa_forms.AuthenticateForm):  # type: ignore[misc]
    """A code of the second step, when signing in."""

    words: ClassVar = {"code": _("Code")}


class MfaReauthenticateForm(Plain, mfa_forms.ReauthenticateForm):  # type: ignore[misc]
    """A code of the second step, once more."""

    words: ClassVar = {"code": _("Code")}


class ActivateTOTPForm(Plain, totp_forms.ActivateTOTPForm):  # type: ignore[misc]
    """The first code of a new authenticator app."""

    words: ClassVar = {"code": _("Code that the app shows")}


class LoginForm(Plain, allauth_forms.LoginForm):  # type: ignore[misc]
    """Username or e-mail address, and a password."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["login"].label = _("Username or e-mail address")
        self.fields["login"].widget.attrs.update({"autocomplete": "username", "autocapitalize": "none"})
        self.fields["password"].help_text = ""


class SignupForm(Plain, allauth_forms.SignupForm):  # type: ignore[misc]
    """Full name, username, e-mail address, password. Saving makes the account whole or not at all."""

    full_name = forms.CharField(
        label=_("Full name"),
        max_length=255,
        help_text=_("As it should stand on a certificate. Other learners see your username instead."),
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )
    field_order = ("full_name", "username", "email", "password1")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        username, email = self.fields["username"], self.fields["email"]
        username.label, username.min_length, username.max_length = _("Username"), USERNAME_MIN, USERNAME_MAX
        username.help_text = _("2 to 30 letters, digits, “_” or “-”. It is public and cannot be changed later.")
        username.widget.attrs |= {"minlength": USERNAME_MIN, "maxlength": USERNAME_MAX, "autocapitalize": "none"}
        email.label = _("E-mail address")
        email.help_text = _("We send you a link to confirm it. You can start learning before.")

    def save(self, request: HttpRequest) -> User:
        """The account with its address, in one transaction (which does not wait for the slow hash of the password)."""
        adapter = get_adapter()
        user: User = adapter.save_user(request, adapter.new_user(request), self, commit=False)
        user.full_name = self.cleaned_data["full_name"]
        with transaction.atomic():
            user.save()
            setup_user_email(request, user, [])
            api.announce(user, confirmed=False, at=now())
        return user


class SettingsForm(forms.ModelForm):  # type: ignore[type-arg]  # Django knows it is generic in its stubs only
    """What people change about themselves on the settings page."""

    class Meta:
        model = User
        fields = (
            "full_name", "language", "time_zone",
            "profile_visibility", "bio", "country", "year_of_birth", "gender", "education",
        )  # fmt: skip

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["full_name"].label = _("Full name")
        self.fields["full_name"].help_text = _("As it should stand on a certificate.")
        self.fields["full_name"].required = True
        self.fields["language"] = _choice(_("Language"), _languages, _("As your browser asks for"))
        self.fields["time_zone"] = _choice(
            _("Time zone"), _time_zones, _("That of the site (%(zone)s)") % {"zone": settings.TIME_ZONE}
        )
        self.fields["time_zone"].help_text = _("Dates of courses are shown in this time zone.")
        self._explain_profile()

    def _explain_profile(self) -> None:
        self.fields["profile_visibility"] = forms.ChoiceField(
            label=_("Who sees your profile"),
            choices=[
                ("all_users", _("Everybody who is signed in")),
                ("private", _("Only you; others see your username")),
            ],
        )
        self.fields["bio"] = forms.CharField(
            label=_("About you"), required=False, max_length=3000, widget=forms.Textarea(attrs={"rows": 4})
        )
        self.fields["country"].label = _("Country")
        self.fields["country"].help_text = _("Two letters, such as GR or DE.")
        self.fields["country"].widget.attrs["autocomplete"] = "country"
        self.fields["year_of_birth"] = forms.IntegerField(
            label=_("Year of birth"),
            required=False,
            min_value=1900,
            max_value=now().year,
            help_text=_("Without it, and for people under 14, others see the username only."),
        )
        counted = _("Nobody sees it: it is counted with that of others who take a course.")
        for name, label, words in (("gender", _("Gender"), GENDERS), ("education", _("Education"), EDUCATION)):
            self.fields[name] = _choice(label, lambda words=words: list(words.items()), _("Not told"))  # type: ignore[misc]
            self.fields[name].help_text = counted

    def clean_country(self) -> str:
        """Two capital letters, or nothing."""
        country = str(self.cleaned_data["country"]).strip().upper()
        if country and not (len(country) == 2 and country.isascii() and country.isalpha()):
            raise forms.ValidationError(_("Use the two letters of the country, such as GR or DE."))
        return country


class DeleteForm(forms.Form):
    """The username once more, so that nobody deletes an account by accident, and the password."""

    username = forms.CharField(label=_("Your username"), max_length=64)
    password = forms.CharField(
        label=_("Your password"), widget=forms.PasswordInput(attrs={"autocomplete": "current-password"})
    )

    def __init__(self, user: User, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.user = user
        self.fields["username"].widget.attrs["autocomplete"] = "off"

    def clean_username(self) -> str:
        """Must be the person's own."""
        if self.cleaned_data["username"].lower() != self.user.username_key:
            raise forms.ValidationError(_("This is not your username."))
        return str(self.cleaned_data["username"])

    def clean_password(self) -> str:
        """Must be the person's own."""
        if not self.user.check_password(self.cleaned_data["password"]):
            raise forms.ValidationError(_("The password is wrong."))
        return ""


def _choice(
    label: StrOrPromise, choices: Callable[[], list[tuple[str, str]]], empty: StrOrPromise
) -> forms.ChoiceField:
    return forms.ChoiceField(label=label, required=False, choices=lambda: [("", str(empty)), *choices()])


def _languages() -> list[tuple[str, str]]:
    return [(code, get_language_info(code)["name_local"]) for code, _name in settings.LANGUAGES]


def _time_zones() -> list[tuple[str, str]]:
    return [(name, name.replace("_", " ")) for name in sorted(zoneinfo.available_timezones()) if "/" in name]
