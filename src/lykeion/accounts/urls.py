"""The addresses of ``/account/``."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, include, path

from lykeion.accounts import views

urlpatterns: list[URLPattern | URLResolver] = [
    path("settings/", views.settings, name="account_settings"),
    path("delete/", views.delete, name="account_delete"),
    path("profile/<str:username>", views.profile, name="profile"),
    path("signup/", views.SignupView.as_view(), name="account_signup"),
    path("2fa/", include("allauth.mfa.urls")),
    path("", include("allauth.account.urls")),
]
