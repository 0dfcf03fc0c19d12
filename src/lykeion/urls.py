"""Which face answers which address."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, include, path

urlpatterns: list[URLPattern | URLResolver] = [
    path("", include("lykeion.learn.urls")),
    path("account/", include("lykeion.accounts.urls")),
    path("ui/", include("lykeion.ui.urls")),
]
